import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { allSettled, race, timeout } from "../../src/operation/combinators.ts";
import { host, type Operation, remoteStream, sleep } from "../../src/operation/operation.ts";
import { watchStream } from "../helpers/watch_stream.ts";

const MODULE = new URL("../fixtures/calls.ts", import.meta.url).href;

for (const [driver, run] of [["sync", runSync], ["async", runAsync]] as const) {
  test(`a stream whose operation is cancelled while it opens is ended (${driver})`, async () => {
    await watchStream(async (open) => {
      await run(allSettled([timeout(5, open())]));
    });
  });

  test(`a stream whose opening crosses with its cancellation is ended (${driver})`, async () => {
    await watchStream(async (open, path) => {
      // The opening takes 20 ms: the code of the caller holds the answer up until both have happened.
      const late = (function* (): Operation<void> {
        yield* sleep(5);
        yield* host(() => {
          const untilMs = performance.now() + 40;
          while (performance.now() < untilMs && !(existsSync(path) && readFileSync(path, "utf8") !== ""));
        });
      })();
      await run((function* () {
        yield* race([open(), late]);
        // The stream must not stay open for as long as the run goes on.
        yield* sleep(60);
      })());
    });
  });

  test(`a stream that is open at once is ended when its opening was given up (${driver})`, async () => {
    await watchStream(async (open) => {
      await run((function* () {
        yield* race([open(), sleep(0)]);
        yield* sleep(60);
      })());
    }, "watchedAtOnce");
  });

  test(`a stream that nobody closed is ended with its run, though its end throws (${driver})`, async () => {
    await watchStream(async (open) => {
      await run(open());
    });
  });

  test(`a stream written by hand whose end throws can be closed (${driver})`, async () => {
    await watchStream(async (open) => {
      const read = await run((function* () {
        const stream = yield* open();
        const { value } = yield* stream.next();
        yield* stream.close();
        yield* stream.close();
        return [value, yield* stream.next()];
      })());
      assert.deepEqual(read, ["chunk", { done: true, value: undefined }]);
    });
  });

  test(`what is no stream is a clear error of the opening (${driver})`, async () => {
    const opening = () => run(remoteStream({ module: MODULE, name: "echo" }, 1));
    await assert.rejects(async () => await opening(), /Cannot stream from echo of .*calls\.ts/);
  });
}

test("a simulated stream that nobody closed is ended with its run", () => {
  const log: string[] = [];
  function* chunks(): Generator<number> {
    try {
      yield 1;
      yield 2;
    } finally {
      log.push("ended");
    }
  }
  function* readOne(): Operation<unknown> {
    const stream = yield* remoteStream<number>({ module: MODULE, name: "count" });
    return yield* stream.next();
  }
  const { outcome } = simulate(readOne(), { remote: chunks });
  assert.deepEqual(outcome, { ok: true, value: { done: false, value: 1 } });
  assert.deepEqual(log, ["ended"]);
});
