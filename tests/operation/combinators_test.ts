import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../src/drivers/simulation.ts";
import { TimeoutError } from "../../src/errors.ts";
import { all, allSettled, limit, named, race, retry, timeout } from "../../src/operation/combinators.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { Semaphore } from "../../src/operation/semaphore.ts";
import { gives, testEveryDriver, throwsMessage } from "../helpers/drivers.ts";

function* after<T>(durationMs: number, value: T): Operation<T> {
  yield* sleep(durationMs);
  return value;
}

function* failAfter(durationMs: number, message: string): Operation<never> {
  yield* sleep(durationMs);
  throw new Error(message);
}

function* instantly<T>(value: T): Operation<T> {
  return value;
}

function* tracked(log: string[], name: string, durationMs: number): Operation<string> {
  try {
    yield* sleep(durationMs);
    log.push(`${name} done`);
    return name;
  } finally {
    log.push(`${name} finally`);
  }
}

testEveryDriver("all keeps the order given when later ones end first", {
  operation: () => all([after(6, "a"), instantly("b"), after(1, "c")]),
  check: gives(["a", "b", "c"]),
});

testEveryDriver("all of nothing gives nothing", { operation: () => all([]), check: gives<unknown[]>([]) });

testEveryDriver("all throws the first failure and not a later one", {
  operation: () => all([failAfter(5, "second"), failAfter(1, "first")]),
  check: throwsMessage(/^first$/),
});

testEveryDriver("all throws a failure that comes without waiting", {
  operation: () =>
    all([
      after(5, 1),
      (function* (): Operation<number> {
        throw new Error("at once");
      })(),
    ]),
  check: throwsMessage(/^at once$/),
});

testEveryDriver("all runs the finally blocks of the rest when one fails", {
  operation: function* () {
    const log: string[] = [];
    try {
      yield* all([tracked(log, "slow", 500), failAfter(2, "no")]);
    } catch {
      log.push("caught");
    }
    return log;
  },
  check: gives(["slow finally", "caught"]),
});

testEveryDriver("all waits for finally blocks that wait themselves", {
  operation: function* () {
    const log: string[] = [];
    function* careful(): Operation<void> {
      try {
        yield* sleep(500);
      } finally {
        yield* sleep(3);
        log.push("cleaned");
      }
    }
    try {
      yield* all([careful(), failAfter(1, "no")]);
    } catch {
      log.push("caught");
    }
    return log;
  },
  check: gives(["cleaned", "caught"]),
});

testEveryDriver("all cancels grandchildren before their parents go on", {
  operation: function* () {
    const log: string[] = [];
    function* parent(): Operation<unknown> {
      try {
        return yield* all([tracked(log, "grandchild", 500), tracked(log, "other", 500)]);
      } finally {
        log.push("parent finally");
      }
    }
    try {
      yield* all([parent(), failAfter(1, "no")]);
    } catch {
      log.push("caught");
    }
    return log;
  },
  check: gives(["grandchild finally", "other finally", "parent finally", "caught"]),
});

testEveryDriver("a cancelled outer operation does not go on behind an inner finally block that waits", {
  operation: function* () {
    const log: string[] = [];
    function* inner(): Operation<void> {
      try {
        yield* sleep(500);
      } finally {
        yield* sleep(1);
        log.push("inner cleaned");
      }
    }
    function* middle(): Operation<void> {
      try {
        yield* inner();
        log.push("middle goes on");
        yield* sleep(500);
      } finally {
        yield* named("cleanup", all([tracked(log, "a", 1), tracked(log, "b", 2)]));
        log.push("middle cleaned");
      }
    }
    function* outer(): Operation<void> {
      for (;;) {
        yield* middle();
        log.push("outer goes on");
        yield* sleep(500);
      }
    }
    yield* race([outer(), sleep(5)]);
    return log;
  },
  // Code up to the next effect may run; what it would wait for is never begun.
  check: gives([
    "inner cleaned",
    "middle goes on",
    "a done",
    "a finally",
    "b done",
    "b finally",
    "middle cleaned",
  ]),
});

testEveryDriver("an operation that refuses to be cancelled is left where it stands", {
  operation: function* () {
    let turns = 0;
    function* stubborn(): Operation<void> {
      for (;;) {
        try {
          yield* sleep(5);
        } finally {
          turns++;
          // deno-lint-ignore no-unsafe-finally -- the worst that a finally block can do
          continue;
        }
      }
    }
    yield* race([stubborn(), sleep(2)]);
    return turns < 100;
  },
  check: gives(true),
});

testEveryDriver("all starts no more than its concurrency at once", {
  operation: function* () {
    let running = 0;
    let most = 0;
    function* job(): Operation<void> {
      most = Math.max(most, ++running);
      yield* sleep(1);
      running--;
    }
    yield* all(Array.from({ length: 9 }, job), { concurrency: 3 });
    return most;
  },
  check: gives(3),
});

testEveryDriver("allSettled gives every outcome and keeps falsy failures", {
  operation: () =>
    allSettled<unknown>([
      after(3, 1),
      (function* (): Operation<never> {
        yield* sleep(1);
        throw undefined;
      })(),
      instantly(null),
    ]),
  check: gives<unknown>([{ ok: true, value: 1 }, { ok: false, error: undefined }, { ok: true, value: null }]),
});

testEveryDriver("race gives the first value and cancels the rest", {
  operation: function* () {
    const log: string[] = [];
    const winner = yield* race([tracked(log, "slow", 500), tracked(log, "fast", 2)]);
    return [winner, ...log];
  },
  check: gives(["fast", "fast done", "fast finally", "slow finally"]),
});

testEveryDriver("race throws when the first to end has failed", {
  operation: () => race([after(500, 1), failAfter(1, "lost")]),
  check: throwsMessage(/^lost$/),
});

testEveryDriver("race of one that is done at once starts no other", {
  operation: function* () {
    const log: string[] = [];
    yield* race([instantly("now"), tracked(log, "never", 1)]);
    return log;
  },
  check: gives<string[]>([]),
});

testEveryDriver("race of nothing is refused", {
  operation: () => race([]),
  check: throwsMessage(/at least one/),
});

testEveryDriver("timeout throws a TimeoutError that names its subject and bound", {
  operation: () => timeout(5, after(500, 1), "The answer"),
  check: (outcome) => {
    assert.equal(outcome.ok, false);
    const { error } = outcome as { error: unknown };
    assert.ok(error instanceof TimeoutError);
    assert.equal(error.message, "The answer took longer than 5 ms");
    assert.equal(error.metadata.timeoutMs, 5);
  },
});

testEveryDriver("timeout gives the value of one that is in time", {
  operation: () => timeout(500, after(1, "in time")),
  check: gives("in time"),
});

function* flaky(log: number[], failures: number, attempt: number): Operation<string> {
  log.push(attempt);
  if (attempt <= failures) throw Object.assign(new Error(`failure ${attempt}`), { retryable: true });
  return "done";
}

testEveryDriver("retry tries again until it succeeds", {
  operation: function* () {
    const log: number[] = [];
    const value = yield* retry({ baseMs: 1 }, (attempt) => flaky(log, 2, attempt));
    return [value, ...log];
  },
  check: gives<unknown[]>(["done", 1, 2, 3]),
});

testEveryDriver("retry gives up after its attempts and throws the last error", {
  operation: () => retry({ attempts: 2, baseMs: 1 }, (attempt) => flaky([], 9, attempt)),
  check: throwsMessage(/^failure 2$/),
});

testEveryDriver("retry with one attempt tries once", {
  operation: () => retry({ attempts: 1 }, (attempt) => flaky([], 1, attempt)),
  check: throwsMessage(/^failure 1$/),
});

testEveryDriver("retry leaves errors alone that will not pass", {
  operation: () =>
    retry({}, function* () {
      throw new Error("for ever");
    }),
  check: throwsMessage(/^for ever$/),
});

test("retry doubles its waits, draws them at random below the bound and obeys Retry-After", () => {
  const waits: number[] = [];
  function* failing(retryAfterMs: number): Operation<never> {
    throw Object.assign(new Error("busy"), { retryable: true, retryAfterMs });
  }
  const policy = { attempts: 6, baseMs: 100, maxMs: 400, jitter: false };
  const onRetry = function* (_error: unknown, _attempt: number, waitMs: number): Operation<void> {
    waits.push(waitMs);
  };
  simulate(retry({ ...policy, onRetry }, (attempt) => failing(attempt === 5 ? 60_000 : 0)));
  assert.deepEqual(waits, [100, 200, 400, 400, 60_000]);
  waits.length = 0;
  const { elapsedMs } = simulate(retry({ ...policy, jitter: true, onRetry }, () => failing(0)), { seed: 4 });
  assert.equal(elapsedMs, waits.reduce((sum, waitMs) => sum + waitMs, 0));
  assert.ok(waits.every((waitMs, index) => waitMs <= [100, 200, 400, 400, 400][index]!), String(waits));
  assert.ok(new Set(waits).size > 1);
});

testEveryDriver("limit lets no more through than there are permits, in order", {
  operation: function* () {
    const semaphore = new Semaphore(2);
    const log: string[] = [];
    let running = 0;
    function* job(name: string): Operation<void> {
      log.push(`${name}${++running}`);
      yield* sleep(1);
      running--;
    }
    yield* all(["a", "b", "c", "d"].map((name) => limit(semaphore, job(name))));
    return [semaphore.free, semaphore.waiting, Math.max(...log.map((entry) => Number(entry[1]))), log.length];
  },
  check: gives([2, 0, 2, 4]),
});

testEveryDriver("limit gives the permit back when its operation fails or is cancelled", {
  operation: function* () {
    const semaphore = new Semaphore(1);
    yield* allSettled([limit(semaphore, failAfter(1, "no"))]);
    yield* allSettled([timeout(2, limit(semaphore, sleep(500)))]);
    yield* allSettled([timeout(2, all([limit(semaphore, sleep(500)), limit(semaphore, sleep(500))]))]);
    return [semaphore.free, semaphore.waiting];
  },
  check: gives([1, 0]),
});

testEveryDriver("a yielded promise is answered with a hint", {
  operation: function* (): Operation<void> {
    yield Promise.resolve(1) as never;
  },
  check: throwsMessage(/yielded a promise; call asynchronous code with/),
});

testEveryDriver("a forgotten star is answered with a hint", {
  operation: function* (): Operation<void> {
    yield sleep(1) as never;
  },
  check: throwsMessage(/write `yield\*` instead of `yield`/),
});

testEveryDriver("a bare yield is answered with a hint that can be caught", {
  operation: function* (): Operation<string> {
    try {
      yield undefined as never;
    } catch (error) {
      return (error as Error).message;
    }
    return "not told";
  },
  check: (outcome) => assert.match((outcome as { value: string }).value, /it yielded nothing/),
});

test("paths name children by name and count, and leaves by kind and count", () => {
  function* twice(): Operation<void> {
    yield* named("iteration", all([sleep(1), sleep(1)], { name: "validate" }));
    yield* named("iteration", all([sleep(1)], { name: "validate" }));
    yield* sleep(1);
  }
  assert.deepEqual(simulate(twice()).trace.map(({ path }) => path), [
    "run/iteration.0/validate.0/sleep:0",
    "run/iteration.0/validate.1/sleep:0",
    "run/iteration.1/validate.0/sleep:0",
    "run/sleep:0",
  ]);
});

test("a thousand sequential joins do not grow the stack", () => {
  function* long(): Operation<number> {
    for (let index = 0; index < 20_000; index++) yield* all([instantly(1), sleep(1)]);
    return 1;
  }
  assert.deepEqual(simulate(long()).outcome, { ok: true, value: 1 });
});

testEveryDriver("a concurrency that is no whole number of at least 1 is refused", {
  operation: function* () {
    const messages: string[] = [];
    for (const concurrency of [0, -1, 1.5, NaN, "2" as never, null as never]) {
      try {
        yield* all([sleep(1)], { concurrency });
      } catch (error) {
        messages.push((error as Error).message);
      }
    }
    yield* all([sleep(1)], { concurrency: Infinity, name: undefined });
    return [messages.length, messages[2]];
  },
  check: gives<unknown[]>([6, "concurrency must be an integer of at least 1: concurrency is 1.5"]),
});

testEveryDriver("joins of no children end at once", {
  operation: function* () {
    return [yield* all([]), yield* allSettled([]), yield* all([], { concurrency: 1 })];
  },
  check: gives<unknown[]>([[], [], []]),
});

testEveryDriver("a race may be decided by undefined, and lost by it", {
  operation: function* () {
    const lost = (function* (): Operation<never> {
      yield* sleep(1);
      throw undefined;
    })();
    const won = yield* race([after(1, undefined), after(500, "slow")]);
    const [outcome] = yield* allSettled([race([lost, after(500, "slow")])]);
    return [won, outcome];
  },
  check: gives<unknown[]>([undefined, { ok: false, error: undefined }]),
});

testEveryDriver("retry takes its defaults for what is undefined, and refuses no attempts", {
  operation: function* () {
    let tries = 0;
    const policy = { attempts: undefined, baseMs: 1, maxMs: undefined, jitter: undefined };
    const failing = function* (): Operation<never> {
      tries++;
      throw Object.assign(new Error("busy"), { retryable: true });
    };
    const outcomes = [
      ...(yield* allSettled([retry(policy, failing)])),
      ...(yield* allSettled([retry({ attempts: 0 }, failing), retry({ attempts: NaN }, failing)])),
    ];
    return [tries, ...outcomes.map((outcome) => (outcome as { error: Error }).error.message)];
  },
  check: gives<unknown[]>([
    3,
    "busy",
    "attempts must be at least 1: attempts is 0",
    "attempts must be at least 1: attempts is NaN",
  ]),
});
