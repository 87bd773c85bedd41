/** Several processes ask for one run at the same time. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { scriptArguments } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { CallLog } from "./call_log.ts";
import { live } from "./mortal_process.ts";

const SCRIPT = fileURLToPath(new URL("./scripts/one_run.ts", import.meta.url));
const CALLS_OF_A_RUN = 7;

test(
  "of several processes that ask for one run at once, one pays for it, and the others are told so or get its text",
  { timeout: 120_000 },
  () =>
    inTemporaryDirectory(async (directory) => {
      const log = new CallLog();
      await log.start();
      try {
        const path = join(directory, "runs.db");
        const start = (how: string): Promise<{ status: number | null; stdout: string; stderr: string }> =>
          live([...scriptArguments(SCRIPT), path, "r", log.url("race"), how]);
        const lives = await Promise.all(["sync", "async", "sync", "async"].map(start));
        const texts = lives.filter(({ status }) => status === 0).map(({ stdout }) => stdout);
        assert.ok(texts.length >= 1);
        assert.equal(new Set(texts).size, 1);
        for (const { status, stderr } of lives) {
          if (status !== 0) {
            assert.match(stderr, /Cannot go on with run "r" as process \d+.* is working on it/);
          }
        }
        assert.equal(log.of("race").length, CALLS_OF_A_RUN);
        using storage = new SqliteStorage(path);
        assert.deepEqual(storage.runs.list().map(({ status }) => status), ["finished"]);
      } finally {
        await log.stop();
      }
    }),
);
