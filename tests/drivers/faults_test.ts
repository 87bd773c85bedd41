/** Faults of the simulated driver: each kind, alone and as certain as can be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SimulatedCrash } from "../../src/drivers/simulated_crash.ts";
import type { SimulationFaults } from "../../src/drivers/simulated_faults.ts";
import { simulate, type SimulationOptions } from "../../src/drivers/simulation.ts";
import {
  ConfigurationError,
  ModelApiError,
  RetrieverError,
  StorageError,
  TimeoutError,
} from "../../src/errors.ts";
import { all, timeout } from "../../src/operation/combinators.ts";
import { now, type Operation, remote, remoteStream, sleep } from "../../src/operation/operation.ts";
import { TestLog } from "../helpers/record_log.ts";

const REF = { module: "test:module", name: "call" };

function call(faults: SimulationFaults, options: SimulationOptions = {}) {
  return simulate(remote<unknown>(REF), {
    latencyMs: [10, 10],
    remote: () => "an answer",
    ...options,
    faults,
  });
}

test("faults of all probabilities 0 change nothing", () => {
  const operation = (): Operation<unknown> => all([remote(REF), remote(REF), sleep(5), remote(REF)]);
  const options: SimulationOptions = { seed: 7, remote: (_ref, _args, { random }) => random() };
  const plain = simulate(operation(), options);
  assert.deepEqual(simulate(operation(), { ...options, faults: {} }), plain);
});

test("a call that fails throws every class of error sooner or later, and 429 says when to come back", () => {
  const classes = new Set<unknown>();
  for (let seed = 0; seed < 100; seed++) {
    const { outcome } = call({ error: 1 }, { seed });
    assert.equal(outcome.ok, false);
    const { error } = outcome as { error: ModelApiError };
    classes.add(error.constructor);
    if (error.status === 429) assert.ok(error.retryable && error.retryAfterMs! >= 0);
  }
  assert.deepEqual(classes, new Set([ModelApiError, StorageError, RetrieverError, TypeError]));
});

test("a call that hangs ends with its timeout, and without one the simulation says that nothing can happen", () => {
  const { outcome, elapsedMs } = simulate(timeout(1_000, remote(REF)), { faults: { hang: 1 } });
  assert.ok(!outcome.ok && outcome.error instanceof TimeoutError);
  assert.equal(elapsedMs, 1_000);
  assert.throws(() => call({ hang: 1 }), /never happen/);
});

test("a slow call takes a hundred times as long", () => {
  assert.equal(call({ slow: 1 }).elapsedMs, 1_000);
});

test("an empty answer is empty and a malformed one is cut short, unless a hook makes it", () => {
  assert.deepEqual(call({ empty: 1 }).outcome, { ok: true, value: "" });
  assert.deepEqual(call({ empty: 1 }, { remote: () => [1] }).outcome, { ok: true, value: null });
  const { outcome } = call({ malformed: 1 });
  assert.ok(outcome.ok && typeof outcome.value === "string" && outcome.value.length < "an answer".length);
  const spoil: SimulationFaults["spoil"] = (value, kind) => `${kind} ${value}`;
  assert.deepEqual(call({ malformed: 1, spoil }).outcome, { ok: true, value: "malformed an answer" });
});

test("the chunks of a stream are spoilt, too", () => {
  function* read(): Operation<unknown> {
    const stream = yield* remoteStream(REF);
    return (yield* stream.next()).value;
  }
  const options: SimulationOptions = { remote: () => ["chunk"], faults: { empty: 1 } };
  assert.deepEqual(simulate(read(), options).outcome, { ok: true, value: "" });
});

test("a process that dies runs nothing any more: no catch, no finally, no sibling, no record", () => {
  const seen: string[] = [];
  function* dying(name: string): Operation<void> {
    try {
      seen.push(`${name} begins`);
      yield* now();
      seen.push(`${name} goes on`);
    } catch {
      seen.push(`${name} catches`);
    } finally {
      seen.push(`${name} ends`);
    }
  }
  function* parent(): Operation<void> {
    try {
      yield* remote(REF);
      yield* all([dying("a"), dying("b")]);
    } finally {
      seen.push("parent ends");
    }
  }
  const log = new TestLog();
  const options: SimulationOptions = { remote: () => "done", journal: { log } };
  const told: string[] = [];
  assert.throws(
    () =>
      simulate(parent(), {
        ...options,
        faults: { crashAfterEffects: 1, onFault: (kind, path) => told.push(`${kind} ${path}`) },
      }),
    (error) => error instanceof SimulatedCrash && error.path === "run/all.0/now:0",
  );
  assert.deepEqual(seen, ["a begins"]);
  assert.deepEqual(told, ["crash run/all.0/now:0"]);
  assert.deepEqual(log.records.map(({ path }) => path), ["run/remote:0"]);
  // What was recorded is not performed again.
  const resumed = simulate(parent(), { ...options, remote: () => assert.fail("performed again") });
  assert.equal(resumed.outcome.ok, true);
});

test("faults that make no sense are refused", () => {
  for (
    const faults of [{ error: 2 }, { slow: -1 }, { hang: NaN }, { error: 0.6, hang: 0.6 }, {
      crashAfterEffects: 0.5,
    }]
  ) {
    assert.throws(() => call(faults), ConfigurationError, JSON.stringify(faults));
  }
});
