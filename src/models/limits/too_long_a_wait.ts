/**
 * Refusals that ask for more patience than there is.
 *
 * @module
 */

import { ModelApiError } from "../../errors.ts";

/** The longest wait for a provider where nothing else is said, in milliseconds. */
export const DEFAULT_MAX_WAIT_MS: number = 120_000;

/**
 * Makes a failure final that asks for a longer wait than is wanted: whoever repeats calls waits as long as it asks.
 *
 * @param error What a call threw.
 * @param maxWaitMs The longest wait, in milliseconds.
 * @param advice What to do about it.
 * @returns The error to throw: the same one where its wait is short enough.
 */
export function finalIfTooLong(error: unknown, maxWaitMs: number, advice: string): unknown {
  if (!(error instanceof ModelApiError) || !error.retryable) return error;
  if (error.retryAfterMs === undefined || error.retryAfterMs <= maxWaitMs) return error;
  return new ModelApiError(error.message, {
    ...error,
    retryable: false,
    metadata: { ...error.metadata, maxWaitMs },
    suggestions: [
      ...error.suggestions,
      `The provider asks to wait for ${error.retryAfterMs} ms, longer than ${maxWaitMs} ms: ${advice}.`,
    ],
    cause: error.cause,
  });
}
