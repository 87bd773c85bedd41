import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { all } from "../../src/operation/combinators.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { monotonicMs, startTimer } from "../../src/runtime/clock.ts";

test("a timer never calls early, whatever part of a millisecond it begins in", async () => {
  const early: number[] = [];
  const one = (durationMs: number): Promise<void> =>
    new Promise((resolve) => {
      const dueMs = monotonicMs() + durationMs;
      startTimer(durationMs, () => {
        if (monotonicMs() < dueMs) early.push(dueMs - monotonicMs());
        resolve();
      });
    });
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 20 }, (_, index) => one(1 + index / 7)));
  }
  assert.deepEqual(early, []);
});

test("sleep never ends early, in either driver", async () => {
  const shortest = { sync: Infinity, async: Infinity };
  function* nap(driver: keyof typeof shortest): Operation<void> {
    for (let turn = 0; turn < 30; turn++) {
      const startedMs = monotonicMs();
      yield* sleep(5);
      shortest[driver] = Math.min(shortest[driver], monotonicMs() - startedMs);
    }
  }
  runSync(nap("sync"));
  await runAsync(nap("async"));
  assert.ok(shortest.sync >= 5, `${shortest.sync}`);
  assert.ok(shortest.async >= 5, `${shortest.async}`);
});

test("sleeps of one length end in the order in which they began, also where the loop is busy", async () => {
  let ended: number[] = [];
  function* nap(index: number): Operation<void> {
    // The next begins in another part of a millisecond.
    const endMs = monotonicMs() + 0.15;
    while (monotonicMs() < endMs);
    yield* sleep(1);
    ended.push(index);
  }
  for (let round = 0; round < 60; round++) {
    ended = [];
    await runAsync(all(Array.from({ length: 8 }, (_, index) => nap(index))));
    assert.deepEqual(ended, [0, 1, 2, 3, 4, 5, 6, 7]);
  }
});

test("a timer that was called off does not call, also where its time has come", async () => {
  let called = 0;
  const stop = startTimer(1, () => called++);
  const endMs = monotonicMs() + 5;
  while (monotonicMs() < endMs);
  stop();
  await new Promise<void>((resolve) => void startTimer(10, resolve));
  assert.equal(called, 0);
});
