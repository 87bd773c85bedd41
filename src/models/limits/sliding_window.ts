/**
 * At most so much in any minute: for bounds that the user sets.
 *
 * @module
 */

const WINDOW_MS = 60_000;

/** Counts what was sent in the last minute. */
export class SlidingWindow {
  readonly #limit: number;
  readonly #entries: { readonly atMs: number; readonly amount: number }[] = [];
  #sum = 0;

  /** @param limit The most in any minute; Infinity for no bound. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts a request. */
  spend(amount: number, nowMs: number): void {
    if (this.#limit === Infinity) return;
    this.#entries.push({ atMs: nowMs, amount });
    this.#sum += amount;
  }

  /** How long a request of this size must wait, in milliseconds. One that is larger than the limit waits for an empty minute. */
  waitMs(amount: number, nowMs: number): number {
    if (this.#limit === Infinity) return 0;
    this.#forget(nowMs);
    let excess = this.#sum + Math.min(amount, this.#limit) - this.#limit;
    for (const entry of this.#entries) {
      if (excess <= 0) break;
      excess -= entry.amount;
      if (excess <= 0) return entry.atMs + WINDOW_MS - nowMs;
    }
    return 0;
  }

  #forget(nowMs: number): void {
    let count = 0;
    // A clock that was set back must not stop all for the length of the jump.
    for (const { atMs, amount } of this.#entries) {
      if (atMs > nowMs - WINDOW_MS && atMs <= nowMs) break;
      this.#sum -= amount;
      count++;
    }
    this.#entries.splice(0, count);
  }
}
