import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, WorkerLostError } from "../../src/errors.ts";
import { all, allSettled, race } from "../../src/operation/combinators.ts";
import { host, type Operation, remote, remoteStream, sleep } from "../../src/operation/operation.ts";
import { RUNTIME, scriptArguments } from "../helpers/spawn_self.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

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

for (const how of ["exit", "throwLater"]) {
  test(`a worker lost by ${how} is an error on an event loop too, and the next call works`, async () => {
    const both = runAsync(all([call("wait", 60_000), call(how)]), { inWorker: true });
    await assert.rejects(both, (error: unknown) => {
      assert.ok(error instanceof WorkerLostError);
      assert.match(error.message, /The I\/O worker died while 2 calls were in flight/);
      return true;
    });
    assert.equal(await runAsync(call("echo", "again"), { inWorker: true }), "again");
  });
}

test("a worker that is lost while timers keep the caller awake is an error within 5 s too", () => {
  function* restless(): Operation<void> {
    for (let turn = 0; turn < 400; turn++) yield* sleep(20);
  }
  const startedMs = performance.now();
  assert.throws(() => runSync(all([call("spin"), restless()])), WorkerLostError);
  assert.ok(performance.now() - startedMs < 5_000);
});

test("a worker that takes its time to load a module is not taken for lost", () => {
  const module = new URL("../fixtures/slow_to_load.ts", import.meta.url).href;
  assert.equal(runSync(remote({ module, name: "answer" })), "loaded");
});

test("a stream of a lost worker is an error, while calls of the same run go on with a new one", () => {
  function* run(): Operation<unknown> {
    const stream = yield* remoteStream<number>({ module: MODULE, name: "count" }, 9);
    const first = yield* stream.next();
    yield* allSettled([call("exit")]);
    const [answer, next] = yield* allSettled<unknown>([call("wait", 50), stream.next()]);
    yield* stream.close();
    return [first, answer, (next as { error: unknown }).error];
  }
  const [first, answer, error] = runSync(run(), { timeoutMs: 5_000 }) as unknown[];
  assert.deepEqual([first, answer], [{ done: false, value: 1 }, { ok: true, value: 50 }]);
  assert.ok(error instanceof WorkerLostError);
  assert.match(error.message, /The I\/O worker that held the stream died/);
});

test("a worker lost inside a nested run fails the calls of the outer run too, and both can call again", () => {
  const inner = () =>
    runSync((function* () {
      const [lost] = yield* allSettled([call("exit")]);
      return [lost!.ok, yield* call("echo", "inner")];
    })());
  const outcomes = runSync((function* () {
    const settled = yield* allSettled<unknown>([
      call("wait", 60_000),
      (function* () {
        yield* sleep(5);
        return yield* host(inner);
      })(),
    ]);
    return [...settled, yield* call("echo", "outer")];
  })()) as [{ ok: false; error: unknown }, unknown, unknown];
  assert.ok(outcomes[0].error instanceof WorkerLostError);
  assert.deepEqual(outcomes.slice(1), [{ ok: true, value: [false, "inner"] }, "outer"]);
});

test("a call on the worker of an event loop that is given up is aborted there, and its answer dropped", async () => {
  await inTemporaryDirectory(async (folder) => {
    const path = join(folder, "aborted");
    assert.equal(
      await runAsync(race([call("untilAborted", path), sleep(20)]), { inWorker: true }),
      undefined,
    );
    for (let turn = 0; !existsSync(path) && turn < 400; turn++) await runAsync(sleep(5));
    assert.equal(readFileSync(path, "utf8"), "aborted");
  });
});

test("calls on the worker of an event loop leave that free, side by side and beside a blocking run", async () => {
  const calls = all(Array.from({ length: 20 }, (_, index) => call("echo", index)));
  const answers = runAsync(calls, { inWorker: true });
  assert.equal(runSync(call("echo", "blocking")), "blocking");
  assert.deepEqual(await answers, Array.from({ length: 20 }, (_, index) => index));
});

test("the worker of an event loop makes no more calls at once than it may, and none that was given up before", async () => {
  await inTemporaryDirectory(async (folder) => {
    const trace = (name: string) => join(folder, name);
    const inWorker = { atOnce: 2 };
    const stop = new AbortController();
    const held = ["a", "b"].map((name) =>
      runAsync(call("untilAborted", trace(name)), { inWorker, signal: stop.signal })
    );
    const dropped = runAsync(race([call("untilAborted", trace("dropped")), sleep(30)]), { inWorker });
    const last = runAsync(call("echo", "last"), { inWorker });
    await dropped;
    assert.equal(await Promise.race([last, runAsync(sleep(30))]), undefined);
    stop.abort(new Error("stopped"));
    await Promise.all(held.map((each) => assert.rejects(each, /stopped/)));
    assert.equal(await last, "last");
    assert.equal(existsSync(trace("dropped")), false);
    assert.equal(await runAsync(call("echo", "as many as come"), { inWorker: true }), "as many as come");
  });
});

test("calls that wait for their turn are not begun when all are given up together", async () => {
  await inTemporaryDirectory(async (folder) => {
    const stop = new AbortController();
    const options = { inWorker: { atOnce: 2 }, signal: stop.signal };
    const paths = Array.from({ length: 6 }, (_, index) => join(folder, `aborted ${index}`));
    const calls = paths.map((path) => runAsync(call("untilAborted", path), options));
    await runAsync(sleep(30));
    stop.abort(new Error("stopped"));
    await Promise.all(calls.map((each) => assert.rejects(each, /stopped/)));
    await runAsync(sleep(60));
    assert.deepEqual(paths.map((path) => existsSync(path)), [true, true, false, false, false, false]);
  });
});

test("a call that was given up but goes on disturbs no other, and its answer is dropped", () => {
  inFolder((folder) => {
    const path = join(folder, "stubborn");
    runSync(race([call("stubborn", path), sleep(5)]));
    for (let index = 0; index < 50; index++) assert.equal(runSync(call("echo", index)), index);
    const written = () => existsSync(path) ? readFileSync(path, "utf8") : "";
    for (let waitedMs = 0; written() === "" && waitedMs < 30_000; waitedMs += 5) runSync(sleep(5));
    assert.equal(written(), "to the end");
    assert.equal(runSync(call("echo", "after")), "after");
  });
});

test("calls in a row do not keep the worker from its timers", () => {
  inFolder((folder) => {
    const path = join(folder, "timer");
    runSync(call("writeLater", path, 10));
    const startedMs = performance.now();
    while (!existsSync(path)) {
      assert.ok(performance.now() - startedMs < 30_000, "the timer was never called");
      for (let index = 0; index < 20; index++) runSync(call("echo", index));
    }
  });
});

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "sifaka-"));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runFixture(
  name: string,
  args: readonly string[] = [],
  permissions?: readonly string[],
): { stdout: string; stderr: string; status: number | null } {
  const path = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  return spawnSync(process.execPath, [...scriptArguments(path, permissions), ...args], { encoding: "utf8" });
}

test("a call that comes while a worker waits for its end gets a new one", () => {
  const { stdout, stderr } = runFixture("call_after_last_words.ts");
  assert.match(stdout, /^answered/, stderr);
});

test("a worker thread of the program's own may run synchronously as well", () => {
  const { stdout, stderr } = runFixture("run_in_worker.ts");
  assert.deepEqual(JSON.parse(stdout || stderr), [[5, 10, null], [5, 10, null]]);
});

test("a worker whose file was left out of a bundle is told soon, with the file's name", () => {
  inFolder((folder) => {
    cpSync(fileURLToPath(new URL("../../src", import.meta.url)), join(folder, "src"), { recursive: true });
    rmSync(join(folder, "src/runtime/worker.ts"));
    const { stdout, stderr } = runFixture("start_failure.ts", [pathToFileURL(join(folder, "src")).href]);
    const failure = JSON.parse(stdout || stderr);
    assert.equal(failure.code, "worker_not_started");
    assert.match(failure.message, /there is no file file:\/\/.*src\/runtime\/worker\.ts$/);
    assert.match(failure.suggestions[0], /bundle/);
    assert.ok(failure.tookMs < 5_000);
  });
});

test(
  "a worker that may not be started says which permission is missing",
  { skip: RUNTIME !== "deno" },
  () => {
    const worker = fileURLToPath(new URL("../../src/runtime/worker.ts", import.meta.url));
    const { stdout, stderr } = runFixture("start_failure.ts", [], ["--allow-read", `--deny-read=${worker}`]);
    const failure = JSON.parse(stdout || stderr);
    assert.equal(failure.code, "worker_not_started");
    assert.match(
      failure.message,
      /The I\/O worker cannot be started: Requires read access to .*--allow-read/,
    );
  },
);

test("a program given to node --input-type=module --eval may call", { skip: RUNTIME !== "node" }, () => {
  const sources = new URL("../../src/", import.meta.url).href;
  const program = `
    import { runSync } from "${sources}drivers/sync.ts";
    import { remote } from "${sources}operation/operation.ts";
    console.log(runSync(remote({ module: "${MODULE}", name: "echo" }, "called")));
  `;
  for (const flag of [["--input-type=module"], ["--input-type", "module"]]) {
    const { stdout, stderr } = spawnSync(process.execPath, [...flag, "--eval", program], {
      encoding: "utf8",
    });
    assert.equal(stdout, "called\n", stderr);
  }
});

// In a process of its own, as `bun test` takes errors of a worker for errors of the test.
test("the cause of a lost worker is told", () => {
  assert.match(runFixture("lost_worker.ts").stdout, /^Error: thrown in a timer/);
});

test("a thousand runs keep one worker and a steady memory, and the process ends by itself soon", () => {
  const { stdout, stderr, status } = runFixture("many_runs.ts");
  assert.equal(status, 0, stderr);
  const { workers, grownBytes, endedAtMs } = JSON.parse(stdout);
  assert.equal(workers, 1);
  assert.ok(grownBytes < 32 * 2 ** 20, `grew by ${grownBytes} bytes`);
  assert.ok(Date.now() - endedAtMs < 8_000, "the process lingered");
});

test("a process waits for a call on the worker of its event loop, and ends by itself soon", () => {
  const { stdout, stderr, status } = runFixture("worker_of_event_loop.ts");
  assert.equal(status, 0, stderr);
  const { answer, endedAtMs } = JSON.parse(stdout);
  assert.equal(answer, 30);
  assert.ok(Date.now() - endedAtMs < 8_000, "the process lingered");
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
