/**
 * Calls back from time to time while a driver waits.
 *
 * @module
 */

import { monotonicMs } from "../runtime/clock.ts";
import type { JournalOptions } from "./effect_record.ts";

const DEFAULT_HEARTBEAT_MS = 10_000;

/** The heartbeat of one run. */
export class Heartbeat {
  /** How often it beats, in milliseconds. */
  readonly intervalMs: number;
  readonly #beat: () => void;
  #dueMs: number;

  /**
   * @param beat What to call; what it throws is dropped.
   * @param intervalMs How often, in milliseconds.
   */
  constructor(beat: () => void, intervalMs: number) {
    this.#beat = beat;
    this.intervalMs = intervalMs;
    this.#dueMs = monotonicMs() + intervalMs;
  }

  /** Makes the heartbeat that a journal asks for. */
  static of(journal: JournalOptions | undefined): Heartbeat | undefined {
    if (journal?.onHeartbeat === undefined) return undefined;
    return new Heartbeat(journal.onHeartbeat, journal.heartbeatMs ?? DEFAULT_HEARTBEAT_MS);
  }

  /** Beats when it is time to; gives how long a thread may sleep that wants to sleep for so long, in milliseconds. */
  within(waitMs: number): number {
    if (monotonicMs() >= this.#dueMs) this.beat();
    return Math.min(waitMs, this.#dueMs - monotonicMs());
  }

  /** Beats now. */
  beat(): void {
    this.#dueMs = monotonicMs() + this.intervalMs;
    try {
      this.#beat();
    } catch {
      // The next record meets the same fault, and there it is told.
    }
  }
}
