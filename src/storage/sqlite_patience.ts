/**
 * Waits for other connections to the same file.
 *
 * @module
 */

import { block, monotonicMs } from "../runtime/clock.ts";
import { faultOf } from "../runtime/sqlite.ts";

/** The pause between two tries, in milliseconds. A write takes about as long. */
const PAUSE_MS = 1;

/**
 * Tries again while other connections are in the way. What is tried must change nothing when it fails.
 *
 * @param busyTimeoutMs For how long, in milliseconds.
 * @param attempt What to try.
 * @returns What it gives.
 * @throws What the last try threw.
 */
export function patiently<T>(busyTimeoutMs: number, attempt: () => T): T {
  let untilMs: number | undefined;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (faultOf(error) !== "busy") throw error;
      untilMs ??= monotonicMs() + busyTimeoutMs;
      if (monotonicMs() >= untilMs) throw error;
      block(PAUSE_MS);
    }
  }
}
