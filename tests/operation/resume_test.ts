import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { all, named, timeout } from "../../src/operation/combinators.ts";
import { emit, host, type Operation, sleep } from "../../src/operation/operation.ts";
import { finished, resume, timed } from "../../src/operation/resume.ts";
import { gives, outcomeOfAsync, testEveryDriver, throwsMessage } from "../helpers/drivers.ts";

/** Takes the first step by hand, as `timed` does. */
function* resumed<T>(operation: Operation<T>): Operation<T> {
  return yield* resume(operation, operation.next());
}

function* nested(log: string[]): Operation<void> {
  try {
    try {
      yield* sleep(500);
    } finally {
      yield* named("cleanup", all([sleep(2), emit({ type: "cleaning" })]));
      log.push("inner");
    }
  } finally {
    log.push("outer");
  }
}

testEveryDriver("a resumed operation gives what it would have given", {
  operation: () =>
    resumed((function* () {
      yield* sleep(1);
      try {
        yield* host(() => {
          throw new Error("caught");
        });
      } catch (error) {
        return (error as Error).message;
      }
    })()),
  check: gives<string | undefined>("caught"),
});

testEveryDriver("a resumed operation throws what it would have thrown", {
  operation: () =>
    resumed((function* (): Operation<void> {
      yield* sleep(1);
      throw new Error("its own");
    })()),
  check: throwsMessage(/^its own$/),
});

for (const wrap of [resumed, timed, (operation: Operation<void>) => resumed(resumed(operation))]) {
  testEveryDriver(
    `nested finally blocks run to their ends when ${wrap.name || "resume of resume"} is cancelled`,
    {
      operation: function* () {
        const log: string[] = [];
        try {
          yield* timeout(5, wrap(nested(log)) as Operation<unknown>);
        } catch (error) {
          log.push((error as Error).name);
        }
        return log;
      },
      check: gives(["inner", "outer", "TimeoutError"]),
    },
  );
}

test("an operation cancelled by its own first step, before it is timed, runs its finally blocks", async () => {
  for (const run of [runSync, runAsync]) {
    const controller = new AbortController();
    const log: string[] = [];
    const operation = (function* (): Operation<void> {
      try {
        controller.abort(new Error("mine"));
        yield* sleep(500);
      } finally {
        yield* emit({ type: "cleaned" });
        log.push("finally");
      }
    })();
    const outcome = await outcomeOfAsync(async () =>
      await run(timed(operation), { signal: controller.signal })
    );
    assert.match(String((outcome as { error: unknown }).error), /mine/);
    assert.deepEqual(log, ["finally"]);
  }
});

test("an operation that does not wait costs no look at the clock", () => {
  const { outcome, trace } = simulate(all([timed(finished("done"))]));
  assert.deepEqual(outcome, { ok: true, value: [{ value: "done", durationMs: 0 }] });
  assert.deepEqual(trace, []);
});

test("an operation that waits is timed from its first wait to its end", () => {
  const { outcome } = simulate(timed(sleep(25)));
  assert.deepEqual(outcome, { ok: true, value: { value: undefined, durationMs: 25 } });
});
