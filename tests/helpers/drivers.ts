/**
 * Runs one case through every driver and compares: whatever an operation gives or throws must be the same under `runSync`,
 * `runAsync` and `simulate`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate, type SimulationOptions } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { encodeError, type Outcome } from "../../src/operation/outcome.ts";
import type { Operation } from "../../src/operation/operation.ts";

/** One case. */
export interface DriverCase<T> {
  /** Makes the operation afresh for each driver. */
  operation: () => Operation<T>;
  /** Looks at what became of it. */
  check: (outcome: Outcome<T>, driver: "sync" | "async" | "simulated") => void;
  /** Answers remote calls in the simulation. */
  remote?: SimulationOptions["remote"];
  /** Whether the case runs in a simulation, too: not where a real server must answer. @default true */
  simulated?: boolean;
}

/** Adds a test for each driver, one for remote calls on the worker of an event loop, and one that compares their outcomes. */
export function testEveryDriver<T>(
  name: string,
  { operation, check, remote, simulated = true }: DriverCase<T>,
): void {
  test(`${name} (sync)`, () => check(outcomeOf(() => runSync(operation())), "sync"));
  test(`${name} (async)`, async () => check(await outcomeOfAsync(() => runAsync(operation())), "async"));
  if (remote !== undefined) {
    test(`${name} (async, in the worker)`, async () =>
      check(await outcomeOfAsync(() => runAsync(operation(), { inWorker: true })), "async"));
  }
  if (simulated) {
    test(`${name} (simulated)`, () => check(simulate(operation(), { remote }).outcome, "simulated"));
  }
  test(`${name} (drivers agree)`, async () => {
    const sync = comparable(outcomeOf(() => runSync(operation())));
    assert.deepEqual(comparable(await outcomeOfAsync(() => runAsync(operation()))), sync);
    for (const seed of simulated ? [1, 2, 3] : []) {
      assert.deepEqual(comparable(simulate(operation(), { seed, remote }).outcome), sync);
    }
  });
}

/** Expects a value. */
export function gives<T>(expected: T): (outcome: Outcome<T>) => void {
  return (outcome) => {
    if (!outcome.ok) throw outcome.error;
    assert.deepEqual(outcome.value, expected);
  };
}

/** Expects an error whose message matches. */
export function throwsMessage(pattern: RegExp): (outcome: Outcome<unknown>) => void {
  return (outcome) => {
    assert.equal(outcome.ok, false);
    assert.match(String((outcome as { error: Error }).error?.message), pattern);
  };
}

export function outcomeOf<T>(run: () => T): Outcome<T> {
  try {
    return { ok: true, value: run() };
  } catch (error) {
    return { ok: false, error };
  }
}

export async function outcomeOfAsync<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    return { ok: false, error };
  }
}

function comparable(outcome: Outcome<unknown>): unknown {
  if (outcome.ok) return outcome;
  const { stack: _, ...error } = encodeError(outcome.error);
  return { ok: false, error: { ...error, cause: undefined } };
}
