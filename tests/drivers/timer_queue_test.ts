import assert from "node:assert/strict";
import { test } from "node:test";
import { TimerQueue } from "../../src/drivers/timer_queue.ts";

test("timers are called in the order they come due, equal ones in the order they were set", () => {
  const queue = new TimerQueue();
  const called: string[] = [];
  for (const [index, dueMs] of [5, 1, 5, 3, 1, 9, 5].entries()) {
    queue.add(dueMs, () => called.push(`${dueMs}${index}`));
  }
  while (queue.nextDueMs < Infinity) queue.runNext();
  assert.deepEqual(called, ["11", "14", "33", "50", "52", "56", "95"]);
  queue.runNext();
});

test("timers that were called off are not called, in whatever order that happens", () => {
  const queue = new TimerQueue();
  const called: number[] = [];
  const timers = Array.from({ length: 1_000 }, (_, index) => {
    const dueMs = (index * 7919) % 1_000;
    return { dueMs, timer: queue.add(dueMs, () => called.push(dueMs)) };
  });
  for (const { dueMs, timer } of timers) {
    if (dueMs % 10 === 0) continue;
    timer.giveUp();
    timer.giveUp();
  }
  while (queue.nextDueMs < Infinity) queue.runNext();
  assert.deepEqual(called, Array.from({ length: 100 }, (_, index) => index * 10));
});

test("a timer may call others off, itself included", () => {
  const queue = new TimerQueue();
  const called: string[] = [];
  const second = queue.add(2, () => called.push("second"));
  const first = queue.add(1, () => {
    first.giveUp();
    second.giveUp();
    called.push("first");
  });
  queue.runNext();
  assert.deepEqual([called, queue.nextDueMs], [["first"], Infinity]);
});

test("bounds that are called off again and again do not pile up", () => {
  const queue = new TimerQueue();
  for (let index = 0; index < 100_000; index++) queue.add(1e9 + index, () => {}).giveUp();
  assert.ok(queue.size < 100, `${queue.size} timers are kept`);
});
