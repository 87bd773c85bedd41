/**
 * What a suite of cases for components of one's own is made of. It knows no test runner.
 *
 * @module
 */

import { show } from "../options.ts";

/** One thing that a component must do. */
export interface ConformanceCase {
  /** What it must do, in a few words. */
  readonly name: string;
  /** Tries it on components that are made for it alone; throws when it is not done. Needs no `this`. */
  readonly run: () => Promise<void>;
}

/**
 * Makes the error of a component that does not what it must.
 *
 * @param reason What it does instead.
 * @returns The error to throw.
 */
export function mismatch(reason: string): Error {
  return new Error(reason);
}

/**
 * Compares values by what they hold.
 *
 * @param actual What there is.
 * @param expected What there should be.
 * @param what Of what, for the error.
 * @throws {Error} When they differ.
 */
export function expectEqual(actual: unknown, expected: unknown, what = "it"): void {
  if (!isEqual(actual, expected)) {
    throw mismatch(`${what} is ${show(actual)} and should be ${show(expected)}`);
  }
}

/**
 * Expects something to be so.
 *
 * @param holds Whether it is.
 * @param otherwise What is wrong when it is not.
 * @throws {Error} When it is not.
 */
export function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw mismatch(otherwise);
}

/** Fields that are there and `undefined` differ from ones that are not. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length &&
    keys.every((key) =>
      Object.hasOwn(b, key) &&
      isEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])
    );
}

/** What became of a call. */
export type Came = { readonly ok: true; readonly value: unknown } | {
  readonly ok: false;
  readonly error: unknown;
};

/**
 * Calls something, and keeps what it throws.
 *
 * @param call What to call.
 * @returns What came of it.
 */
export async function cameOf(call: () => unknown): Promise<Came> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    return { ok: false, error };
  }
}

/**
 * Expects an error.
 *
 * @param call What must throw it, or give a promise that it rejects.
 * @param isRight Whether it is the right one.
 * @param what What is called, for the error.
 * @throws {Error} When none is thrown, or another.
 */
export async function expectError(
  call: () => unknown,
  isRight: (error: unknown) => boolean,
  what: string,
): Promise<void> {
  const came = await cameOf(call);
  if (came.ok) throw mismatch(`${what} gives ${show(came.value)} and should throw`);
  if (!isRight(came.error)) {
    throw mismatch(`${what} throws another error than it should: ${String(came.error)}`);
  }
}
