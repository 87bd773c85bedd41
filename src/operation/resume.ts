/**
 * Goes on with an operation whose first step was taken by hand.
 *
 * @module
 */

import type { Effect } from "./effects.ts";
import type { Operation } from "./operation.ts";

/**
 * Goes on with a started operation, as `yield*` would from the start.
 *
 * @param operation The operation.
 * @param first What its first `next()` gave.
 * @returns An operation of its value.
 */
export function* resume<T>(operation: Operation<T>, first: IteratorResult<Effect, T>): Operation<T> {
  let result = first;
  let ended = false;
  try {
    while (!result.done) {
      let answer: unknown;
      try {
        answer = yield result.value;
      } catch (error) {
        result = operation.throw(error);
        continue;
      }
      result = operation.next(answer);
    }
    ended = true;
    return result.value;
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    // Cancelled: the `finally` blocks of the operation run to their end, with the effects they yield.
    if (!ended) yield* resume(operation, operation.return(undefined as T));
  }
}

/** What {@linkcode timed} gives. */
export interface Timed<T> {
  /** The operation's value. */
  readonly value: T;
  /** From its first wait to its end, in milliseconds; 0 for an operation that did not wait. */
  readonly durationMs: number;
}

/**
 * Measures an operation. One that does not wait costs no look at the clock, so that checks which take no time stay free.
 *
 * @param operation What to run and measure.
 * @returns An operation of its value and its duration.
 */
export function* timed<T>(operation: Operation<T>): Operation<Timed<T>> {
  const first = operation.next();
  if (first.done) return { value: first.value, durationMs: 0 };
  let startedMs: number | undefined;
  try {
    startedMs = (yield { kind: "now" }) as number;
  } finally {
    // Cancelled by its own first step: it has begun, so its `finally` blocks must run.
    if (startedMs === undefined) yield* resume(operation, operation.return(undefined as T));
  }
  const value = yield* resume(operation, first);
  return { value, durationMs: ((yield { kind: "now" }) as number) - startedMs };
}

/**
 * An operation that is done before it begins, for places that take operations and where the answer is known already.
 *
 * @param value What it gives.
 * @returns The operation.
 */
export function* finished<T>(value: T): Operation<T> {
  return value;
}
