import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, WorkerLostError } from "../../src/errors.ts";
import { all } from "../../src/operation/combinators.ts";
import { remote } from "../../src/operation/operation.ts";
import { scriptArguments } from "../helpers/spawn_self.ts";

const MODULE = new URL("../fixtures/calls.ts", import.meta.url).href;
const call = (name: string, ...args: unknown[]) => remote({ module: MODULE, name }, ...args);

for (const how of ["exit", "throwLater", "spin"]) {
  test(`a worker lost by ${how} is an error within 5 s for every call in flight, and the next call works`, () => {
    const startedMs = performance.now();
    assert.throws(() => runSync(all([call("wait", 60_000), call(how)])), (error: unknown) => {
      assert.ok(error instanceof WorkerLostError);
      assert.match(error.message, /The I\/O worker died while 2 calls were in flight/);
      return true;
    });
    assert.ok(performance.now() - startedMs < 5_000);
    assert.equal(runSync(call("echo", "again")), "again");
  });
}

function runFixture(name: string): { stdout: string; stderr: string; status: number | null } {
  const path = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  return spawnSync(process.execPath, scriptArguments(path), { encoding: "utf8" });
}

// In a process of its own, as `bun test` takes errors of a worker for errors of the test.
test("the cause of a lost worker is told", () => {
  assert.match(runFixture("lost_worker.ts").stdout, /^Error: thrown in a timer/);
});

test("a thousand runs keep one worker and a steady memory, and the process ends by itself within a second", () => {
  const { stdout, stderr, status } = runFixture("many_runs.ts");
  assert.equal(status, 0, stderr);
  const { workers, grownBytes, endedAtMs } = JSON.parse(stdout);
  assert.equal(workers, 1);
  assert.ok(grownBytes < 32 * 2 ** 20, `grew by ${grownBytes} bytes`);
  assert.ok(Date.now() - endedAtMs < 2_000, "the process lingered");
});

test("where there are no worker threads a remote call is a clear error", async () => {
  const { getBuiltinModule } = process;
  // A fresh copy of the bridge, as a browser would load it.
  const { theBridge } = await import("../../src/runtime/bridge.ts?browser" as string);
  Object.assign(process, { getBuiltinModule: undefined });
  try {
    assert.throws(() => theBridge(), (error: unknown) => {
      assert.equal((error as ConfigurationError).code, "no_worker_threads");
      assert.match((error as ConfigurationError).suggestions[0]!, /_runAsync/);
      return true;
    });
  } finally {
    Object.assign(process, { getBuiltinModule });
  }
});
