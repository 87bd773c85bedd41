/**
 * The clock and the timers of this machine. Everything else asks for time by an effect.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";

/** Milliseconds since the epoch. */
export function currentTimeMs(): number {
  return Date.now();
}

/** Milliseconds since an arbitrary point, never going back; for measuring how long things take. */
export function monotonicMs(): number {
  return performance.now();
}

/** The longest delay that `setTimeout` takes; it fires at once for anything longer. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/**
 * Calls back after a time, however long, and never before; callbacks of equal times keep the order they were set in.
 *
 * The runtimes' own timers cut off parts of a millisecond, and Node's go by the time at which its loop began to turn, so that they
 * call up to two milliseconds early. So they are set that much later: setting one again that came early would put it behind others.
 *
 * @param durationMs When, in milliseconds from now.
 * @param callback What to call.
 * @returns A function that calls it off.
 */
export function startTimer(durationMs: number, callback: () => void): () => void {
  const dueMs = monotonicMs() + durationMs;
  const arm = (leftMs: number): ReturnType<typeof setTimeout> => {
    const delayMs = leftMs > 0 ? Math.ceil(leftMs) + 1 : 0;
    return setTimeout(() => {
      const stillMs = dueMs - monotonicMs();
      if (stillMs > 0) handle = arm(stillMs);
      else callback();
    }, Math.min(delayMs, LONGEST_DELAY_MS));
  };
  let handle = arm(durationMs);
  return () => clearTimeout(handle);
}

/** Lets everything that is due go first. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void startTimer(0, resolve));
}

/**
 * Waits.
 *
 * @param durationMs How long, in milliseconds.
 * @param signal Ends the waiting.
 * @throws The signal's reason.
 */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = (): void => {
      stopTimer();
      reject(signal.reason);
    };
    const stopTimer = startTimer(durationMs, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    signal.addEventListener("abort", stop, { once: true });
  });
}

/**
 * Blocks this thread.
 *
 * @param durationMs How long, in milliseconds.
 * @throws {ConfigurationError} Where the thread may not block (a browser's main thread).
 */
export function block(durationMs: number): void {
  if (!(durationMs > 0)) return;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
  } catch (cause) {
    throw new ConfigurationError("This thread may not block, so a synchronous call cannot wait here", {
      code: "cannot_block",
      suggestions: ["Call the `_…Async` twin of the method instead, for example `await chain._runAsync()`."],
      cause,
    });
  }
}
