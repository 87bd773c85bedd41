import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { all, allSettled, limit, race, timeout } from "../../src/operation/combinators.ts";
import { host, type Operation, remote, sleep } from "../../src/operation/operation.ts";
import { Semaphore } from "../../src/operation/semaphore.ts";
import { gives, outcomeOf, outcomeOfAsync, testEveryDriver, throwsMessage } from "../helpers/drivers.ts";

const MODULE = new URL("../fixtures/calls.ts", import.meta.url).href;
const call = <T>(name: string, ...args: unknown[]) => remote<T>({ module: MODULE, name }, ...args);

const drivers = [["sync", runSync], ["async", runAsync]] as const;

for (const [driver, run] of drivers) {
  const outcome = (operation: Operation<unknown>, options = {}) =>
    outcomeOfAsync(async () => await run(operation, options));

  test(`an operation that never waits ends with the reason when its own code aborts it (${driver})`, async () => {
    const controller = new AbortController();
    const log: string[] = [];
    const reason = new Error("enough");
    function* busy(): Operation<void> {
      try {
        yield* host(() => void log.push("one"));
        yield* host(() => controller.abort(reason));
        yield* host(() => void log.push("two"));
      } finally {
        log.push("finally");
      }
    }
    assert.deepEqual(await outcome(busy(), { signal: controller.signal }), { ok: false, error: reason });
    assert.deepEqual(log, ["one", "finally"]);
  });

  test(`an operation aborted by its last effect ends with the reason (${driver})`, async () => {
    const controller = new AbortController();
    const reason = new Error("at the end");
    const ended = await outcome(host(() => controller.abort(reason)), { signal: controller.signal });
    assert.deepEqual(ended, { ok: false, error: reason });
  });

  test(`no child is started once a sibling has aborted the run (${driver})`, async () => {
    const controller = new AbortController();
    const log: string[] = [];
    function* inner(): Operation<void> {
      yield* all([
        host(() => controller.abort(new Error("stop"))),
        host(() => void log.push("started too late")),
      ]);
    }
    await outcome(all([all([inner(), host(() => void log.push("sibling"))])]), { signal: controller.signal });
    assert.deepEqual(log, []);
  });

  test(`a child started later that aborts the run before it waits is cancelled itself (${driver})`, async () => {
    const controller = new AbortController();
    const log: string[] = [];
    function* second(): Operation<void> {
      controller.abort(new Error("stop"));
      try {
        yield* sleep(60_000);
      } finally {
        log.push("finally");
      }
    }
    const startedMs = performance.now();
    await outcome(all([sleep(1), second()], { concurrency: 1 }), { signal: controller.signal });
    assert.ok(performance.now() - startedMs < 5_000);
    assert.deepEqual(log, ["finally"]);
  });

  test(`an abort after the end changes nothing and leaves no listener behind (${driver})`, async () => {
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => (listeners++, add(...args)),
      removeEventListener: (...args: Parameters<typeof remove>) => (listeners--, remove(...args)),
    });
    assert.deepEqual(await outcome(sleep(1), { signal }), { ok: true, value: undefined });
    assert.equal(listeners, 0);
    controller.abort();
  });

  for (const timeoutMs of [0, -5]) {
    test(`a bound of ${timeoutMs} ms ends an operation that waits and not one that does not (${driver})`, async () => {
      assert.deepEqual(await outcome(host(() => 1), { timeoutMs }), { ok: true, value: 1 });
      const ended = await outcome(sleep(60_000), { timeoutMs });
      assert.match(String((ended as { error: unknown }).error), /TimeoutError/);
    });
  }

  test(`a bound that is no number is refused before anything starts (${driver})`, async () => {
    for (const timeoutMs of [NaN, "5", null]) {
      const ended = await outcome(host(() => assert.fail("started")), { timeoutMs });
      assert.match(String((ended as { error: unknown }).error), /RangeError: timeoutMs must be a number/);
    }
    assert.deepEqual(await outcome(sleep(1), { timeoutMs: Infinity }), { ok: true, value: undefined });
  });
}

testEveryDriver("a sleep of no number is refused", {
  operation: () => all([sleep(1), sleep(NaN)]),
  check: throwsMessage(/^durationMs must be a number of milliseconds: durationMs is NaN$/),
});

testEveryDriver("timeout refuses a time that is no number and cancels the operation", {
  operation: function* () {
    const log: string[] = [];
    function* slow(): Operation<void> {
      try {
        yield* sleep(60_000);
      } finally {
        log.push("finally");
      }
    }
    const [outcome] = yield* allSettled([timeout(NaN, slow())]);
    return [outcome!.ok, ...log];
  },
  check: gives<unknown[]>([false, "finally"]),
});

testEveryDriver("an operation that is run a second time says so", {
  operation: function* () {
    const once = sleep(1);
    yield* all([once]);
    yield* all([once]);
  },
  check: throwsMessage(/^An operation can be run once/),
});

testEveryDriver("an operation given twice to one join says so, and is not stepped twice", {
  operation: function* () {
    const twice = (function* (): Operation<string> {
      yield* sleep(1);
      return "right";
    })();
    const outcomes = yield* allSettled([twice, twice]);
    return outcomes.map((outcome) => outcome.ok ? outcome.value : (outcome.error as Error).name);
  },
  check: gives(["right", "TypeError"]),
});

test("a run of an operation that has run says so", async () => {
  const once = sleep(1);
  runSync(once);
  assert.throws(() => runSync(once), /An operation can be run once/);
  await assert.rejects(runAsync(once), /An operation can be run once/);
  assert.match(String((simulate(once).outcome as { error: unknown }).error), /An operation can be run once/);
});

test("what is no operation is refused with a hint", () => {
  function* work(): Operation<void> {}
  assert.throws(() => runSync(work as never), /when it is called: found the function work/);
  assert.throws(() => runSync(undefined as never), /found undefined/);
  assert.throws(() => runSync(all([Promise.resolve(1) as never])), /found object/);
});

test("an answer that comes while the loop is full of timers is heard (sync)", () => {
  function* poll(): Operation<never> {
    for (;;) yield* sleep(0);
  }
  assert.equal(runSync(race([call("wait", 5), poll(), timeout(4_000, sleep(60_000))])), 5);
});

test("a synchronous run that can never go on runs its finally blocks and leaves no permit behind", () => {
  const semaphore = new Semaphore(1);
  const log: string[] = [];
  function* inner(): Operation<void> {
    try {
      yield* limit(semaphore, sleep(1));
    } finally {
      yield* sleep(1);
      log.push("finally");
    }
  }
  const outer = limit(
    semaphore,
    (function* () {
      yield* host(() =>
        assert.throws(
          () => runSync(inner()),
          (error: unknown) => error instanceof ConfigurationError && error.code === "deadlock",
        )
      );
    })(),
  );
  runSync(outer);
  assert.deepEqual(log, ["finally"]);
  assert.deepEqual([semaphore.free, semaphore.waiting], [1, 0]);
});

test("a permit granted to a run that is cancelled in the same moment is handed on", () => {
  const semaphore = new Semaphore(1);
  function* holder(): Operation<void> {
    yield* limit(semaphore, sleep(2));
  }
  for (let seed = 0; seed < 50; seed++) {
    const waiter = timeout(2, limit(semaphore, sleep(5)));
    simulate(allSettled([holder(), waiter, timeout(4, limit(semaphore, sleep(1)))]), { seed });
    assert.deepEqual([semaphore.free, semaphore.waiting], [1, 0], `seed ${seed}`);
  }
});

test("a thenable that answers at once, or twice, answers once (async)", async () => {
  // deno-lint-ignore no-explicit-any
  const thenable = (times: number): any => ({
    then: (resolve: (value: number) => void) => {
      for (let count = 1; count <= times; count++) resolve(count);
    },
  });
  const operation = all([host(() => thenable(1)), host(undefined, () => thenable(2)), host(() => 3)]);
  assert.deepEqual(await runAsync(timeout(1_000, operation)), [1, 1, 3]);
});

test("an observer that rejects is not heard, and does not end the process", async () => {
  const { emit } = await import("../../src/operation/operation.ts");
  const onEvent = async (): Promise<never> => await Promise.reject(new Error("deaf"));
  runSync(emit({ type: "one" }), { onEvent });
  await runAsync(emit({ type: "one" }), { onEvent });
  await runAsync(sleep(2));
});

test("a promise yielded by mistake that fails later ends nothing but the operation", async () => {
  const rejected = Promise.reject(new Error("nobody waits for me"));
  const wrong = (function* (): Operation<void> {
    yield rejected as never;
  })();
  assert.match(String((outcomeOf(() => runSync(wrong)) as { error: unknown }).error), /yielded a promise/);
  await runAsync(sleep(2));
});
