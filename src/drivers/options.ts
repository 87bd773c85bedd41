/**
 * What every driver can be told.
 *
 * @module
 */

import { ConfigurationError, TimeoutError } from "../errors.ts";
import { checkDuration } from "../operation/duration.ts";
import type { OperationEvent } from "../operation/effects.ts";
import type { JournalOptions } from "./effect_record.ts";

/** Options of `runSync`, `runAsync`, `iterateSync` and `iterateAsync`. */
export interface RunOptions {
  /**
   * Cancels the operation; its reason is thrown. A blocked thread runs no event loop, so under `runSync` only code of
   * the operation itself (a `host` callback) can abort it: bound the time with `timeoutMs` there.
   */
  signal?: AbortSignal;
  /** The longest the operation may take, in milliseconds. @default no bound */
  timeoutMs?: number;
  /** Told what the operation emits, and under which path. What it throws is dropped. */
  onEvent?: (event: OperationEvent, path: string) => void;
  /** The first segment of every effect path. @default "run" */
  name?: string;
  /** Records the effects, and answers those that were recorded before. @default none */
  journal?: JournalOptions;
  /**
   * Whether `runAsync` makes remote calls on the I/O worker, as `runSync` always does, and not on the caller's event loop: many runs
   * at once then have a second processor. Streams stay on the event loop, and so does all where there are no threads. With `atOnce`
   * the worker makes no more calls of this thread at once than so many, an integer of at least 1; others wait there, and their time counts.
   * @default false
   */
  inWorker?: InWorker;
}

/** Whether remote calls are made on the I/O worker, and how many at once at the most. */
export type InWorker = boolean | { readonly atOnce: number };

/**
 * Makes the error of an operation that ran out of time.
 *
 * @param timeoutMs Its bound.
 * @returns The error to throw.
 */
export function outOfTime(timeoutMs: number): TimeoutError {
  return new TimeoutError(`The operation took longer than ${timeoutMs} ms`, {
    code: "timeout",
    metadata: { timeoutMs },
  });
}

/** Makes the error of a blocked operation that nothing can wake. */
export function deadlock(): ConfigurationError {
  return new ConfigurationError("The operation waits for something that can only happen after it has ended", {
    code: "deadlock",
    suggestions: [
      "A synchronous call made from inside a run must not wait for a semaphore that the outer run holds.",
    ],
  });
}

/**
 * Refuses a bound of time that is no number.
 *
 * @param timeoutMs The bound, in milliseconds; `undefined` for none.
 * @throws {RangeError} When it is not a number.
 */
export function checkTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs !== undefined) checkDuration("timeoutMs", timeoutMs);
}

/** Tells an observer; what it throws, or rejects with, must not disturb the operation or end the process. */
export function notify(onEvent: RunOptions["onEvent"], event: OperationEvent, path: string): void {
  try {
    const told: unknown = onEvent?.(event, path);
    if (told instanceof Promise) told.catch(() => {});
  } catch {
    // An observer's fault is its own.
  }
}
