/**
 * What every driver can be told.
 *
 * @module
 */

import { TimeoutError } from "../errors.ts";
import type { OperationEvent } from "../operation/effects.ts";

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
}

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

/** Tells an observer; what it throws must not disturb the operation. */
export function notify(onEvent: RunOptions["onEvent"], event: OperationEvent, path: string): void {
  try {
    onEvent?.(event, path);
  } catch {
    // An observer's fault is its own.
  }
}
