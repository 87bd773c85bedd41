/**
 * What is left of one kind (requests, or tokens), by what the provider said last and what was sent since.
 *
 * Most providers fill up steadily and name the time at which all is there again; some count in fixed windows and give nothing
 * before the window ends. The headers of the two look alike, so steady filling is assumed until a request that it should have
 * allowed is refused; from then on the end of the window is waited for.
 *
 * @module
 */

import type { RateWindow } from "./rate_headers.ts";

/** One kind of limit of one model. */
export class RateBucket {
  #limit: number | undefined;
  /** What was left at `#observedMs`, less what was sent since. Infinite until the provider has said something. */
  #left = Infinity;
  #observedMs = 0;
  #resetAtMs = 0;
  #periodMs = 0;
  /** What comes back in a millisecond, while it fills up steadily. */
  #perMs = 0;
  #windowed = false;
  #sent = 0;
  #newest = 0;

  /** All that was ever sent; a request keeps the figure of its start for {@linkcode observe}. */
  get sent(): number {
    return this.#sent;
  }

  /** Counts a request. */
  spend(amount: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#left -= amount;
    this.#sent += amount;
  }

  /**
   * Takes what an answer said.
   *
   * @param window What it said.
   * @param nowMs The time, in milliseconds since the epoch.
   * @param sentBefore `sent` just after the request was counted: what was sent later is not in the provider's figure yet.
   */
  observe({ limit, remaining, resetMs }: RateWindow, nowMs: number, sentBefore: number): void {
    // Answers may overtake each other; an older one knows less.
    if (sentBefore < this.#newest) return;
    this.#newest = sentBefore;
    this.#limit = limit ?? this.#limit;
    this.#left = remaining - (this.#sent - sentBefore);
    this.#observedMs = nowMs;
    this.#resetAtMs = nowMs + resetMs;
    this.#periodMs = Math.max(this.#periodMs, resetMs);
    this.#perMs = this.#limit === undefined || resetMs === 0
      ? 0
      : Math.max(0, this.#limit - remaining) / resetMs;
  }

  /** Forgets what the provider has said. */
  forget(): void {
    this.#left = Infinity;
  }

  /** Learns that a request was refused for want of this, although it should have been allowed. */
  refused(): void {
    if (this.#left !== Infinity) this.#windowed = true;
  }

  /**
   * How long a request must wait.
   *
   * @param amount What it takes; never more than there can be.
   * @param nowMs The time, in milliseconds since the epoch.
   * @returns Milliseconds; 0 when it need not wait.
   */
  waitMs(amount: number, nowMs: number): number {
    this.#refill(nowMs);
    const needed = this.#limit === undefined ? amount : Math.min(amount, this.#limit);
    const missing = needed - this.#available(nowMs);
    if (missing <= 0) return 0;
    const untilResetMs = this.#resetAtMs - nowMs;
    const perMs = this.#windowed ? 0 : this.#perMs;
    return perMs === 0 ? untilResetMs : Math.min(untilResetMs, missing / perMs);
  }

  #available(nowMs: number): number {
    return this.#windowed ? this.#left : this.#left + this.#perMs * (nowMs - this.#observedMs);
  }

  /** Once all is there again, a new period begins; how long it is, the last one tells. */
  #refill(nowMs: number): void {
    if (this.#left === Infinity || nowMs < this.#resetAtMs) return;
    this.#left = this.#limit ?? Infinity;
    this.#observedMs = nowMs;
    this.#resetAtMs = nowMs + this.#periodMs;
    this.#perMs = this.#limit === undefined || this.#periodMs === 0 ? 0 : this.#limit / this.#periodMs;
  }
}
