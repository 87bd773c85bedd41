/** Watches a stream of the fixture from its opening to its end. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAsync } from "../../src/drivers/async.ts";
import { type Operation, type RemoteStream, remoteStream, sleep } from "../../src/operation/operation.ts";

const MODULE = new URL("../fixtures/calls.ts", import.meta.url).href;

/**
 * Calls back with an operation that opens a stream, and asserts afterwards that the stream's generator has ended.
 *
 * @param use Opens the stream, and should see to it that it ends.
 * @param name The streaming function of the fixture, which gets the path of a file to leave its traces in.
 */
export async function watchStream(
  use: (open: () => Operation<RemoteStream<string>>, path: string) => Promise<void>,
  name = "watched",
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sifaka-"));
  const path = join(folder, "trace");
  const trace = (): string => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  };
  try {
    await use(() => remoteStream({ module: MODULE, name }, path), path);
    for (let waitedMs = 0; !trace().endsWith("ended") && waitedMs < 30_000; waitedMs += 5) {
      await runAsync(sleep(5));
    }
    // A call that was given up before its function was loaded finds its signal aborted already and hears no event.
    assert.match(trace(), /^(aborted |opened )*ended$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
