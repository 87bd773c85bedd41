import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { Task } from "../../src/drivers/task.ts";
import { all, allSettled, limit, named, race, retry, timeout } from "../../src/operation/combinators.ts";
import {
  emit,
  host,
  now,
  type Operation,
  randomId,
  remote,
  remoteStream,
  sleep,
} from "../../src/operation/operation.ts";
import { timed } from "../../src/operation/resume.ts";
import { Semaphore } from "../../src/operation/semaphore.ts";

const MODULE = new URL("../fixtures/calls.ts", import.meta.url).href;
const call = <T>(name: string, ...args: unknown[]) => remote<T>({ module: MODULE, name }, ...args);

/** Tells where it is after each effect: an event's path names its task, and its count the events before it. */
function* told<T>(operation: Operation<T>): Operation<T> {
  const value = yield* operation;
  yield* emit({ type: "told" });
  return value;
}

function* flaky(attempt: number): Operation<void> {
  yield* told(now());
  if (attempt < 3) throw Object.assign(new Error("again"), { retryable: true });
}

function* readAll(): Operation<void> {
  const stream = yield* told(remoteStream<number>({ module: MODULE, name: "count" }, 2));
  try {
    while (!(yield* told(stream.next())).done);
  } finally {
    yield* told(stream.close());
  }
}

/** One operation with every kind of branch and leaf, none of whose paths hangs on which of two waits is shorter. */
function* bushy(): Operation<void> {
  const semaphore = new Semaphore(1);
  yield* told(randomId());
  for (const round of [1, 2]) {
    yield* named(
      "iteration",
      function* (): Operation<void> {
        const checks = [1, 2, 3].map((check) =>
          check === 2 ? told(host(() => check)) : told(call("echo", check))
        );
        yield* all(checks, { name: "validate", concurrency: round });
        yield* allSettled([
          limit(semaphore, told(sleep(2))),
          limit(semaphore, told(sleep(1))),
          told(call("failWith", "range")),
        ], { name: "critique" });
        yield* all([readAll(), timed(told(sleep(1)))]);
      }(),
    );
    yield* told(sleep(1));
  }
  yield* race([told(sleep(1)), told(sleep(60_000))]);
  yield* allSettled([timeout(5, told(sleep(60_000)))]);
  yield* retry({ baseMs: 1 }, flaky);
}

function pretend(ref: { name: string }, args: readonly unknown[]): unknown {
  if (ref.name === "count") return [1, 2];
  if (ref.name === "failWith") throw new RangeError("out of range");
  return args[0];
}

/** Every path at which an effect was performed, in the order of the alphabet: only that order is the driver's own. */
async function pathsOf(
  run: (operation: Operation<void>, options: { onEvent: (event: unknown, path: string) => void }) => unknown,
): Promise<{ events: string[]; leaves: string[] }> {
  const events: string[] = [];
  const tasks = new Set<Task>();
  // The count of leaf effects stands in the task: each task of the tree is met when it tells its place.
  const { leafPath } = Task.prototype;
  Task.prototype.leafPath = function (effect) {
    tasks.add(this);
    return leafPath.call(this, effect);
  };
  try {
    await run(bushy(), { onEvent: (_, path) => events.push(path) });
  } finally {
    Task.prototype.leafPath = leafPath;
  }
  const leaves = [...tasks].map((task) => `${task.path} ${task.leafCount}`);
  return { events: events.sort(), leaves: leaves.sort() };
}

test("every effect of a bushy operation has the same path in every driver", async () => {
  const sync = await pathsOf(runSync);
  assert.ok(sync.events.length > 25, String(sync.events.length));
  assert.equal(new Set(sync.events).size, sync.events.length, "a path stands for one effect");
  assert.ok(sync.events.includes("run/iteration.1/validate.2/emit:0"), sync.events.join("\n"));
  assert.deepEqual(await pathsOf(runAsync), sync);
  for (const seed of [1, 2, 3]) {
    const simulated = await pathsOf((operation, { onEvent }) =>
      simulate(operation, { seed, remote: pretend, onEvent })
    );
    assert.deepEqual(simulated.events, sync.events);
    assert.deepEqual(simulated.leaves.filter((leaf) => sync.leaves.includes(leaf)), sync.leaves);
  }
});
