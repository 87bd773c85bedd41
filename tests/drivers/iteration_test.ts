import assert from "node:assert/strict";
import { test } from "node:test";
import { iterateAsync, runAsync } from "../../src/drivers/async.ts";
import { iterateSync } from "../../src/drivers/sync.ts";
import { TimeoutError } from "../../src/errors.ts";
import { all, race, timeout } from "../../src/operation/combinators.ts";
import { type Operation, produce, remote, sleep } from "../../src/operation/operation.ts";

const MODULE = new URL("../fixtures/calls.ts", import.meta.url).href;

function* endless(log: string[] = []): Operation<void> {
  try {
    for (let number = 1;; number++) yield* produce(number);
  } finally {
    yield* sleep(5);
    log.push("cleaned");
  }
}

const iterators = [["sync", iterateSync], ["async", iterateAsync]] as const;

for (const [driver, iterate] of iterators) {
  test(`a producer cancelled while its reader holds a chunk is not stepped by the reader (${driver})`, async () => {
    const log: string[] = [];
    function* producer(): Operation<void> {
      try {
        yield* produce("first");
      } finally {
        yield* sleep(30);
        log.push("rested");
      }
    }
    function* raced(): Operation<void> {
      yield* race([producer(), sleep(5)]);
      log.push("after");
      yield* produce("last");
    }
    const read: unknown[] = [];
    const startedMs = performance.now();
    for await (const chunk of iterate(raced())) {
      read.push(chunk);
      // The producer is cancelled while the reader is here.
      if (chunk === "first") await runAsync(sleep(15));
    }
    assert.deepEqual(read, ["first", "last"]);
    assert.deepEqual(log, ["rested", "after"]);
    assert.ok(performance.now() - startedMs >= 30);
  });

  test(`a chunk whose producer was cancelled is not handed out (${driver})`, async () => {
    function* two(): Operation<void> {
      yield* race([
        all([produce("a"), produce("b")]),
        sleep(5),
      ]);
      yield* produce("c");
    }
    const read: unknown[] = [];
    for await (const chunk of iterate(two())) {
      read.push(chunk);
      await runAsync(sleep(10));
    }
    assert.deepEqual(read, ["a", "c"]);
  });

  test(`leaving early does not wait for a reader of chunks from finally blocks (${driver})`, async () => {
    const log: string[] = [];
    function* chatty(): Operation<void> {
      try {
        yield* produce("hello");
      } finally {
        yield* produce("good-bye");
        log.push("cleaned");
      }
    }
    for await (const _ of iterate(chatty())) break;
    assert.deepEqual(log, ["cleaned"]);
  });

  test(`an error thrown at the reader's place cancels the operation and comes back (${driver})`, async () => {
    const log: string[] = [];
    await assert.rejects(async () => {
      for await (const _ of iterate(endless(log))) throw new Error("reader");
    }, /reader/);
    assert.deepEqual(log, ["cleaned"]);
    const chunks = iterate(endless(log));
    await chunks.next();
    await assert.rejects(async () => await chunks.throw(new Error("thrown into it")), /thrown into it/);
    assert.deepEqual(log, ["cleaned", "cleaned"]);
  });

  test(`an iteration read to its end, or left, has nothing more to give (${driver})`, async () => {
    const chunks = iterate<number, string>((function* () {
      yield* produce(1);
      return "value";
    })());
    assert.deepEqual(await chunks.next(), { done: false, value: 1 });
    assert.deepEqual(await chunks.next(), { done: true, value: "value" });
    assert.deepEqual(await chunks.next(), { done: true, value: undefined });
    const left = iterate(endless());
    await left.next();
    await left.return("left" as never);
    assert.deepEqual(await left.next(), { done: true, value: undefined });
  });

  test(`an iteration that is never begun runs nothing (${driver})`, async () => {
    const log: string[] = [];
    const chunks = iterate(endless(log));
    await chunks.return(undefined as never);
    assert.deepEqual(log, []);
  });

  test(`an abort between two chunks ends the iteration with the reason (${driver})`, async () => {
    const controller = new AbortController();
    const log: string[] = [];
    const reason = new Error("enough");
    await assert.rejects(async () => {
      for await (const chunk of iterate<number>(endless(log), { signal: controller.signal })) {
        assert.ok(chunk < 3, "went on after the abort");
        if (chunk === 2) controller.abort(reason);
      }
    }, reason);
    assert.deepEqual(log, ["cleaned"]);
  });

  test(`timeoutMs ends an iteration whose producer never waits (${driver})`, async () => {
    await assert.rejects(async () => {
      for await (const _ of iterate<number>(endless(), { timeoutMs: 10 })) await runAsync(sleep(1));
    }, TimeoutError);
  });

  test(`a stream left open by an iteration is closed when its reader leaves (${driver})`, async () => {
    const { watchStream } = await import("../helpers/watch_stream.ts");
    await watchStream(async (open) => {
      for await (
        const _ of iterate((function* () {
          yield* open();
          yield* produce("opened");
          yield* sleep(60_000);
        })())
      ) break;
    });
  });
}

test("a bound inside the operation is kept when the producer never waits (sync)", () => {
  const startedMs = performance.now();
  assert.throws(() => {
    for (const _ of iterateSync(timeout(10, endless()))) {
      assert.ok(performance.now() - startedMs < 20_000, "the bound was never looked at");
    }
  }, TimeoutError);
});

test("an answer is heard while a producer never waits (sync)", () => {
  const startedMs = performance.now();
  const answer = remote({ module: MODULE, name: "wait" }, 5);
  for (const _ of iterateSync(race([answer, endless()]))) {
    assert.ok(performance.now() - startedMs < 20_000, "the answer was never looked at");
  }
});
