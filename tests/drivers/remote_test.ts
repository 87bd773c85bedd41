import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { iterateAsync, runAsync } from "../../src/drivers/async.ts";
import { iterateSync, runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, ModelApiError, TimeoutError } from "../../src/errors.ts";
import { all, race, timeout } from "../../src/operation/combinators.ts";
import {
  emit,
  host,
  now,
  type Operation,
  produce,
  randomId,
  remote,
  remoteStream,
  sleep,
} from "../../src/operation/operation.ts";
import { gives, testEveryDriver, throwsMessage } from "../helpers/drivers.ts";

const MODULE = new URL("../fixtures/calls.ts", import.meta.url).href;
const call = <T>(name: string, ...args: unknown[]) => remote<T>({ module: MODULE, name }, ...args);

/** Answers in the simulation what the fixture answers in earnest. */
function pretend(ref: { name: string }, args: readonly unknown[]): unknown {
  if (ref.name === "echo" || ref.name === "wait") return args[0];
  if (ref.name === "count") return Array.from({ length: args[0] as number }, (_, index) => index + 1);
  throw new Error(`no ${ref.name} here`);
}

testEveryDriver("remote gives what the function resolves to", {
  operation: () => call("echo", { text: "ä€😀", list: [1, null], nested: { yes: true } }),
  check: gives<unknown>({ text: "ä€😀", list: [1, null], nested: { yes: true } }),
  remote: pretend,
});

testEveryDriver("many remote calls keep their order", {
  operation: () => all([30, 1, 15].map((durationMs) => call("wait", durationMs))),
  check: gives<unknown[]>([30, 1, 15]),
  remote: pretend,
});

testEveryDriver("a stream gives its chunks and its end", {
  operation: function* () {
    const stream = yield* remoteStream<number>({ module: MODULE, name: "count" }, 3);
    const numbers: number[] = [];
    for (let chunk = yield* stream.next(); !chunk.done; chunk = yield* stream.next()) {
      numbers.push(chunk.value);
    }
    yield* stream.close();
    return [numbers, yield* stream.next()];
  },
  check: gives<unknown[]>([[1, 2, 3], { done: true, value: undefined }]),
  remote: pretend,
});

testEveryDriver("host gives what the caller's code returns, and throws what it throws", {
  operation: function* () {
    const value = yield* host(() => 42);
    try {
      yield* host(() => {
        throw new RangeError("mine");
      });
    } catch (error) {
      return [value, (error as Error).message];
    }
  },
  check: gives<unknown[] | undefined>([42, "mine"]),
});

testEveryDriver("clock and ids come from the driver", {
  operation: function* () {
    return [typeof (yield* now()), /^[0-9a-f-]{36}$/.test(yield* randomId())];
  },
  check: gives<unknown[]>(["number", true]),
});

for (const [driver, run] of [["sync", runSync], ["async", runAsync]] as const) {
  const outcome = async (operation: Operation<unknown>, options = {}): Promise<unknown> => {
    try {
      return await run(operation, options);
    } catch (error) {
      return error;
    }
  };

  test(`an error keeps its class, fields and cause (${driver})`, async () => {
    const error = await outcome(call("failWith", "api"));
    assert.ok(error instanceof ModelApiError);
    const { name, code, status, retryable, retryAfterMs, requestId, provider } = error;
    assert.deepEqual(
      { name, code, status, retryable, retryAfterMs, requestId, provider },
      {
        name: "ModelApiError",
        code: "rate_limit",
        status: 429,
        retryable: true,
        retryAfterMs: 1500,
        requestId: "req_1",
        provider: "test",
      },
    );
    assert.ok(error.cause instanceof TypeError);
    const range = await outcome(call("failWith", "range"));
    assert.ok(range instanceof RangeError);
    assert.equal((range as unknown as { limit: number }).limit, 3);
  });

  test(`falsy failures stay failures (${driver})`, async () => {
    function* caught(kind: string): Operation<unknown> {
      try {
        return yield* call("failWith", kind);
      } catch (error) {
        return ["caught", error];
      }
    }
    assert.deepEqual(await outcome(caught("undefined")), ["caught", undefined]);
    assert.deepEqual(await outcome(caught("zero")), ["caught", 0]);
  });

  test(`a function or module that is not there is a clear error (${driver})`, async () => {
    const error = await outcome(call("nothing"));
    assert.ok(error instanceof ConfigurationError);
    assert.match(error.message, /Cannot call nothing as .*calls\.ts exports no such function/);
    assert.match(String(await outcome(remote({ module: "file:///no/such.ts", name: "x" }))), /no\/such\.ts/);
  });

  test(`ten megabytes pass there and back (${driver})`, async () => {
    const text = "0123456789".repeat(1_000_000);
    assert.equal(await outcome(call("echo", text)), text);
  });

  test(`a cancelled call sees its signal aborted (${driver})`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "sifaka-"));
    try {
      const path = join(folder, "trace");
      await run(race([call("untilAborted", path), sleep(60)]));
      await runAsync(sleep(60));
      assert.equal(readFileSync(path, "utf8"), "aborted");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test(`a stream that is left early ends its generator, which was never far ahead (${driver})`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "sifaka-"));
    try {
      const path = join(folder, "trace");
      await run((function* () {
        const stream = yield* remoteStream<number>({ module: MODULE, name: "count" }, 1_000_000, path);
        for (let index = 0; index < 3; index++) yield* stream.next();
        yield* stream.close();
      })());
      await runAsync(sleep(60));
      assert.equal(readFileSync(path, "utf8"), "3");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test(`timeoutMs ends an operation (${driver})`, async () => {
    const log: string[] = [];
    const error = await outcome(
      (function* () {
        try {
          yield* sleep(5_000);
        } finally {
          log.push("finally");
        }
      })(),
      { timeoutMs: 10 },
    );
    assert.ok(error instanceof TimeoutError);
    assert.deepEqual(log, ["finally"]);
  });

  test(`a signal that is aborted already stops everything before it starts (${driver})`, async () => {
    const reason = new Error("not today");
    const error = await outcome(host(() => assert.fail()), { signal: AbortSignal.abort(reason) });
    assert.equal(error, reason);
  });

  test(`a signal aborted by the operation's own code ends it with the reason (${driver})`, async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const log: string[] = [];
    const error = await outcome(
      (function* () {
        try {
          yield* all([
            sleep(5_000),
            (function* () {
              yield* sleep(2);
              yield* host(() => controller.abort(reason));
              yield* sleep(5_000);
            })(),
          ]);
        } finally {
          log.push("finally");
        }
      })(),
      { signal: controller.signal },
    );
    assert.equal(error, reason);
    assert.deepEqual(log, ["finally"]);
  });

  test(`an observer hears events with their paths, and its own failure is dropped (${driver})`, async () => {
    const heard: unknown[] = [];
    await run(
      (function* () {
        yield* emit({ type: "one" });
        yield* sleep(1);
        yield* emit({ type: "two" });
      })(),
      {
        onEvent: (event, path) => {
          heard.push([event.type, path]);
          throw new Error("deaf");
        },
      },
    );
    assert.deepEqual(heard, [["one", "run/emit:0"], ["two", "run/emit:1"]]);
  });
}

test("an arguments object that cannot be cloned is an error of the call (sync)", () => {
  assert.throws(() => runSync(call("echo", () => 1)), /clone/i);
  assert.throws(() => runSync(call("unclonable")), /clone/i);
  assert.equal(runSync(call("echo", "still alive")), "still alive");
});

test("a synchronous run may start another inside its callbacks", () => {
  const inner = () => runSync(all([call("echo", "a"), call("wait", 5)]));
  const outer = all([host(inner), call("wait", 10), host(inner)]);
  assert.deepEqual(runSync(outer), [["a", 5], 10, ["a", 5]]);
});

test("a synchronous run inside an asynchronous one works too", async () => {
  assert.equal(await runAsync(host(() => runSync(call("echo", "inside")))), "inside");
});

test("a callback that returns a promise is refused in a synchronous run and awaited in an asynchronous one", async () => {
  assert.throws(() => runSync(host(() => Promise.resolve(1))), /returned a promise/);
  assert.equal(await runAsync(host(() => Promise.resolve(1))), 1);
  assert.throws(() => runSync(host(undefined, () => 1)), /only an asynchronous form/);
});

test("an asynchronous callback gets a signal that is aborted when it is cancelled", async () => {
  let seen: AbortSignal | undefined;
  const waiting = host<void>(undefined, (signal) => {
    seen = signal;
    return new Promise(() => {});
  });
  await assert.rejects(runAsync(timeout(5, waiting)), TimeoutError);
  assert.equal(seen?.aborted, true);
});

test("a synchronous wait that can never end is an error and not a hang", () => {
  function* chunksNobodyReads(): Operation<void> {
    yield* produce(1);
  }
  assert.equal(runSync(chunksNobodyReads()), undefined);
});

function* letters(log: string[]): Operation<string> {
  try {
    for (const letter of "abc") {
      log.push(letter);
      yield* produce(letter);
    }
    return "end";
  } finally {
    yield* sleep(1);
    log.push("finally");
  }
}

test("iterating goes step by step with its reader and gives the value at the end", async () => {
  const log: string[] = [];
  const sync = iterateSync<string>(letters(log));
  assert.equal(sync.next().value, "a");
  assert.deepEqual(log, ["a"]);
  assert.deepEqual([...sync], ["b", "c"]);
  const async = iterateAsync<string, string>(letters([]));
  const read: string[] = [];
  for (let chunk = await async.next();; chunk = await async.next()) {
    read.push(chunk.value);
    if (chunk.done) break;
  }
  assert.deepEqual(read, ["a", "b", "c", "end"]);
});

test("leaving an iteration early cancels the operation", async () => {
  const log: string[] = [];
  for (const letter of iterateSync<string>(letters(log))) if (letter === "b") break;
  assert.deepEqual(log, ["a", "b", "finally"]);
  log.length = 0;
  for await (const letter of iterateAsync<string>(letters(log))) if (letter === "a") break;
  assert.deepEqual(log, ["a", "finally"]);
});

test("a failure in the middle of an iteration reaches its reader", async () => {
  function* broken(): Operation<void> {
    yield* produce(1);
    yield* sleep(1);
    throw new Error("half way");
  }
  const read: number[] = [];
  assert.throws(() => {
    for (const number of iterateSync<number>(broken())) read.push(number);
  }, /half way/);
  await assert.rejects(async () => {
    for await (const number of iterateAsync<number>(broken())) read.push(number);
  }, /half way/);
  assert.deepEqual(read, [1, 1]);
});

testEveryDriver(
  "a missing function of the simulation, the worker and the thread is an error of the call alone",
  {
    operation: function* () {
      try {
        yield* call("missing");
      } catch {
        return "caught";
      }
    },
    check: gives<string | undefined>("caught"),
    remote: pretend,
  },
);

testEveryDriver("what a child throws reaches the parent's catch", {
  operation: () =>
    all([
      call("echo", 1),
      host(() => {
        throw new Error("told");
      }),
    ]),
  check: throwsMessage(/^told$/),
  remote: pretend,
});
