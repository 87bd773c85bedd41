/** What a journal records, and that a run which goes on from any part of it is the run that was never interrupted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import type { JournalOptions } from "../../src/drivers/effect_record.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ModelApiError } from "../../src/errors.ts";
import { all, allSettled, limit, named, race, retry, timeout } from "../../src/operation/combinators.ts";
import type { OperationEvent } from "../../src/operation/effects.ts";
import {
  emit,
  host,
  now,
  type Operation,
  produce,
  random,
  randomId,
  remote,
  remoteStream,
  sleep,
} from "../../src/operation/operation.ts";
import { Semaphore } from "../../src/operation/semaphore.ts";
import { nextTurn } from "../../src/runtime/clock.ts";
import { TestLog } from "../helpers/record_log.ts";

const CALLS = new URL("../fixtures/journal_calls.ts", import.meta.url).href;
const call = <T>(name: string, ...args: unknown[]): Operation<T> =>
  remote<T>({ module: CALLS, name }, ...args);

interface Start {
  journal: JournalOptions;
  onEvent?: (event: OperationEvent) => void;
}

type Driver = (operation: Operation<unknown>, start: Start) => Promise<unknown>;

/** What the fixture's functions do, for the simulation. */
function answerCall(name: string, args: readonly unknown[]): unknown {
  if (name === "letters") return String(args[0]).split("");
  if (name === "refuse") throw new ModelApiError("refused", { status: 503, retryable: true });
  return args[0];
}

const DRIVERS: Record<string, Driver> = {
  sync: (operation, start) => Promise.resolve().then(() => runSync(operation, start)),
  async: (operation, start) => runAsync(operation, start),
  simulated: (operation, start) => {
    const { outcome } = simulate(operation, {
      seed: 7,
      startMs: 1_000,
      remote: ({ name }, args) => answerCall(name, args),
      ...start,
    });
    return outcome.ok ? Promise.resolve(outcome.value) : Promise.reject(outcome.error);
  },
};

/** Counts what is really done, by name. */
class Counts {
  readonly done = new Map<string, number>();
  add(name: string): number {
    const count = (this.done.get(name) ?? 0) + 1;
    this.done.set(name, count);
    return count;
  }
}

/** One operation with every kind of effect, in every combination that a chain has. */
function* everything(counts: Counts): Operation<unknown> {
  const startedMs = yield* now();
  const drawn = [yield* random(), yield* randomId()];
  yield* emit({ type: "began" });
  const text = yield* call<string>("echo", "first");
  const own = yield* host(() => ({ count: counts.add("own") }));
  const odd = yield* host(() => (counts.add("odd"), () => 1));
  yield* sleep(1);
  const two = new Semaphore(2);
  const side = yield* all(
    ["a", "b", "c", "d"].map((each) => limit(two, named("side", slow(each, counts)))),
    { name: "sides" },
  );
  const winner = yield* race([late(counts), call<string>("echo", "won")]);
  const expired = yield* named("expired", outcomeOf(timeout(2, sleep(60_000))));
  const refused = yield* named(
    "refused",
    outcomeOf(retry({ attempts: 2, baseMs: 1 }, () => call("refuse", counts.add("refused tries") > 0))),
  );
  const failed = yield* allSettled([failing(), slow("z", counts)]);
  const letters = yield* named("letters", collect("xyz"));
  const endMs = yield* now();
  return {
    startedMs,
    drawn,
    text,
    own,
    odd: odd(),
    side,
    winner,
    expired,
    refused,
    failed: failed.length,
    letters,
    endMs,
  };
}

function* slow(name: string, counts: Counts): Operation<string> {
  const atMs = yield* now();
  const value = yield* call<string>("echo", name);
  yield* host(() => counts.add(`slow ${name}`));
  return `${value} at ${atMs}`;
}

function* late(counts: Counts): Operation<string> {
  try {
    yield* sleep(60_000);
    return "late";
  } finally {
    yield* host(() => counts.add("cleaned"));
  }
}

// deno-lint-ignore require-yield
function* failing(): Operation<never> {
  throw new RangeError("out of range");
}

function* outcomeOf(operation: Operation<unknown>): Operation<string> {
  try {
    return `gave ${yield* operation}`;
  } catch (error) {
    return `${(error as Error).constructor.name}: ${(error as Error).message}`;
  }
}

function* collect(text: string): Operation<string> {
  const stream = yield* remoteStream<string>({ module: CALLS, name: "letters" }, text);
  let read = "";
  try {
    for (let chunk = yield* stream.next(); !chunk.done; chunk = yield* stream.next()) {
      read += `${chunk.value}-`;
      yield* now();
      yield* produce(chunk.value);
    }
  } finally {
    yield* stream.close();
  }
  return read;
}

function start(log: TestLog, options: Partial<JournalOptions> = {}): Start {
  return { journal: { log, ...options } };
}

for (const [name, drive] of Object.entries(DRIVERS)) {
  test(`a run that goes on from any record is the run that was never interrupted: ${name}`, async () => {
    const log = new TestLog();
    const counts = new Counts();
    const whole = start(log);
    const value = await drive(everything(counts), whole);
    assert.ok(log.records.length > 30, `${log.records.length} records`);
    const performed = [...counts.done];
    for (let kept = 0; kept <= log.records.length; kept++) {
      const cut = log.cut(kept);
      const again = start(cut);
      const counted = new Counts();
      const resumed = await drive(everything(counted), again) as Record<string, unknown>;
      const same = kept === log.records.length ? resumed : timeless(resumed);
      assert.deepEqual(same, kept === log.records.length ? value : timeless(value), `after ${kept} records`);
      for (const [what, times] of counted.done) {
        assert.ok(
          times <= (counts.done.get(what) ?? 0),
          `${what} was done ${times} times after ${kept} records`,
        );
      }
      assert.deepEqual(
        cut.records.map(({ path }) => path).sort(),
        log.records.map(({ path }) => path).sort(),
        `after ${kept} records`,
      );
    }
    assert.ok(performed.length > 0);
  });

  test(`a whole record answers everything, in order and without a call: ${name}`, async () => {
    const log = new TestLog();
    const first = start(log);
    const value = await drive(everything(new Counts()), first);
    for (const [other, driveOther] of Object.entries(DRIVERS)) {
      const counts = new Counts();
      const events: OperationEvent[] = [];
      const replayed = await driveOther(everything(counts), {
        ...start(log.cut(Infinity), { replayOnly: true }),
        onEvent: (event) => void events.push(event),
      });
      assert.deepEqual(replayed, value, `recorded by ${name}, replayed by ${other}`);
      // A value that cannot be kept is made again, and what is told to the caller's own code besides.
      assert.deepEqual([...counts.done.keys()], ["odd", "refused tries"]);
      assert.deepEqual(events, [{ type: "began", replayed: true }]);
    }
  });

  test(`a replay fails clearly where the record ends, and calls nothing: ${name}`, async () => {
    const log = new TestLog();
    const first = start(log);
    await drive(everything(new Counts()), first);
    for (let kept = 0; kept < log.records.length; kept++) {
      const cut = log.cut(kept);
      await assert.rejects(
        drive(everything(new Counts()), start(cut, { replayOnly: true })),
        { code: "not_recorded" },
        `after ${kept} records`,
      );
      assert.deepEqual(cut.batches, []);
    }
  });
}

/** A value without what the clock and chance have put into it. */
function timeless(value: unknown): unknown {
  const { startedMs: _, endMs: __, drawn: ___, side, ...rest } = value as Record<string, unknown>;
  return { ...rest, side: (side as string[]).map((each) => each.replace(/ at .*/, "")) };
}

for (const [name, drive] of Object.entries(DRIVERS)) {
  test(`a resumed run is replayed although others began while its first new effect waited (${name})`, async () => {
    function* cleaning(): Operation<string> {
      try {
        yield* sleep(1_000);
        return "slept";
      } finally {
        yield* sleep(1);
      }
    }
    function* operation(): Operation<unknown> {
      yield* call("echo", "first");
      const won = yield* race([randomId(), cleaning()]);
      yield* call("echo", "last");
      return won;
    }
    const whole = new TestLog();
    await drive(operation(), { journal: { log: whole } });
    const interrupted = whole.cut(1);
    const resumed = await drive(operation(), { journal: { log: interrupted } });
    assert.ok(
      interrupted.records.some(({ path }) => path.startsWith("run/race.1")),
      "the other one never began",
    );
    assert.equal(await drive(operation(), { journal: { log: interrupted, replayOnly: true } }), resumed);
  });
}

test("nobody outside is called before what was answered so far is durable", async () => {
  let settle = (): void => {};
  const log = Object.assign(new TestLog(), {
    durable: () => log.batches.length === 0 ? undefined : new Promise<void>((resolve) => settle = resolve),
  });
  function* twice(): Operation<unknown> {
    return yield* call("echo", yield* call("echo", "asked"));
  }
  const run = runAsync(twice(), { journal: { log } });
  // The first call rests on nothing, so it is made at once; the second would be, too.
  while (log.batches.length === 0) await nextTurn();
  for (let turn = 0; turn < 5; turn++) await nextTurn();
  assert.equal(log.batches.length, 1);
  settle();
  assert.equal(await run, "asked");
  assert.equal(log.batches.length, 2);
});
