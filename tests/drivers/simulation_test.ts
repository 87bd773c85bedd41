import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../src/drivers/simulation.ts";
import { all, limit, named, race, retry, timeout } from "../../src/operation/combinators.ts";
import {
  emit,
  host,
  now,
  type Operation,
  random,
  randomId,
  remote,
  sleep,
} from "../../src/operation/operation.ts";
import { Semaphore } from "../../src/operation/semaphore.ts";

const ref = { module: "file:///nowhere.ts", name: "ask" };

/** Something of everything, with ties in time. */
function* busy(log: string[]): Operation<unknown[]> {
  const semaphore = new Semaphore(2);
  const job = (name: string) =>
    limit(
      semaphore,
      (function* (): Operation<unknown> {
        log.push(`${name} begins`);
        yield* sleep(10);
        log.push(`${name} slept`);
        const value = yield* retry({ baseMs: 10 }, () => remote(ref, name));
        yield* emit({ type: name });
        return [name, value, yield* random(), yield* randomId(), yield* now()];
      })(),
    );
  return yield* all(["a", "b", "c", "d"].map((name) => named(name, job(name))));
}

function remoteOf(
  _: unknown,
  [name]: readonly unknown[],
  call: { random: () => number; nowMs: number },
): unknown {
  if (call.random() < 0.3) throw Object.assign(new Error("busy"), { retryable: true });
  return `${name} at ${call.nowMs}`;
}

function run(seed: number): { result: unknown; log: string[]; events: unknown[] } {
  const log: string[] = [];
  const events: unknown[] = [];
  const result = simulate(busy(log), {
    seed,
    remote: remoteOf,
    startMs: 1_000,
    onEvent: (event, path) => events.push([event.type, path]),
  });
  return { result, log, events };
}

test("the same seed gives the same run, to the order of every event and every effect", () => {
  for (let seed = 0; seed < 20; seed++) assert.deepEqual(run(seed), run(seed));
});

test("seeds give all the orders that ties in time allow", () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const log: string[] = [];
    const note = (name: string) =>
      (function* (): Operation<void> {
        yield* sleep(5);
        log.push(name);
      })();
    simulate(all([note("a"), note("b"), note("c")]), { seed });
    orders.add(log.join(""));
  }
  assert.equal(orders.size, 6);
});

test("the trace is in the order of time and names every effect once", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { trace, elapsedMs } = simulate(busy([]), { seed, remote: remoteOf });
    assert.ok(trace.every(({ atMs }, index) => atMs >= (trace[index - 1]?.atMs ?? 0) && atMs <= elapsedMs));
    assert.equal(new Set(trace.map(({ path }) => path)).size, trace.length);
  }
});

test("an endless operation is an error of the simulation, though it catches everything", () => {
  function* stubborn(): Operation<void> {
    for (;;) {
      try {
        yield* now();
      } catch {
        // Tries again.
      }
    }
  }
  const endless = /yielded more than 100 effects/;
  assert.throws(() => simulate(stubborn(), { maxEffects: 100 }), endless);
  assert.throws(
    () => simulate(retry({ isRetryable: () => true, attempts: 1e9 }, stubborn), { maxEffects: 100 }),
    endless,
  );
});

test("an operation that waits for what cannot happen is an error of the simulation", () => {
  const semaphore = new Semaphore(1);
  function* twice(): Operation<void> {
    yield* limit(semaphore, limit(semaphore, sleep(1)));
  }
  assert.throws(() => simulate(twice()), /waits for something that can never happen/);
});

test("an observer that throws is not heard by a simulated operation either", () => {
  const { outcome } = simulate(emit({ type: "one" }), {
    onEvent: () => {
      throw new Error("deaf");
    },
  });
  assert.deepEqual(outcome, { ok: true, value: undefined });
});

test("code of the caller that cannot be called synchronously is the same error as in a synchronous run", () => {
  const only = simulate(host(undefined, () => 1)).outcome;
  assert.match(String((only as { error: unknown }).error), /only an asynchronous form/);
  const promised = simulate(host(() => Promise.resolve(1))).outcome;
  assert.match(String((promised as { error: unknown }).error), /returned a promise/);
});

test("cancelAfterMs and timeoutMs end a run at their virtual time, after its finally blocks", () => {
  const log: string[] = [];
  function* careful(): Operation<void> {
    try {
      yield* sleep(1_000_000);
    } finally {
      yield* sleep(7);
      log.push("cleaned");
    }
  }
  const cancelled = simulate(careful(), { cancelAfterMs: 10 });
  assert.equal(cancelled.elapsedMs, 17);
  assert.match(String((cancelled.outcome as { error: unknown }).error), /AbortError/);
  const late = simulate(careful(), { timeoutMs: 20 });
  assert.equal(late.elapsedMs, 27);
  assert.match(String((late.outcome as { error: unknown }).error), /longer than 20 ms/);
  assert.deepEqual(log, ["cleaned", "cleaned"]);
  assert.throws(() => simulate(careful(), { timeoutMs: NaN }), /timeoutMs must be a number/);
  assert.throws(() => simulate(careful(), { cancelAfterMs: NaN }), /cancelAfterMs must be a number/);
});

test("whatever moment a run is cancelled at, its permits come back and its finally blocks run", () => {
  for (let cancelAfterMs = 0; cancelAfterMs < 60; cancelAfterMs++) {
    const semaphore = new Semaphore(2);
    let open = 0;
    const job = function* (): Operation<void> {
      open++;
      try {
        try {
          yield* race([remote(ref, "x"), timeout(15, sleep(40))]);
        } finally {
          // May itself be cancelled, when it is under way already.
          yield* sleep(1);
        }
      } finally {
        open--;
      }
    };
    const jobs = () => all(Array.from({ length: 5 }, () => limit(semaphore, job())));
    simulate(all([jobs(), jobs()], { concurrency: 1 }), {
      seed: cancelAfterMs,
      cancelAfterMs,
      remote: () => 1,
    });
    assert.deepEqual([semaphore.free, semaphore.waiting, open], [2, 0, 0], `at ${cancelAfterMs} ms`);
  }
});
