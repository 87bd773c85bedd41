/**
 * How many calls may be under way at once: found out as TCP finds out how fast it may send (additive increase, multiplicative
 * decrease), which the adaptive limiters of servers have taken over.
 *
 * It grows by one with each answer until the first refusal; from then on by one each time all permits have been used once; and
 * slowly where it was refused before, so that a provider with a fixed bound is not asked for more time and again. A refusal
 * takes a quarter away, once for all the calls that were under way together.
 *
 * @module
 */

import { Semaphore } from "../../operation/semaphore.ts";

/** Who waits for a permit: code that blocks its thread, or code on an event loop. */
export type Waiter = "blocking" | "waiting";

const DECREASE = 0.75;
/** How much longer it takes to grow to where it was refused before. */
const PATIENCE = 20;

/** Permits for calls. */
export class Concurrency {
  readonly #most: number;
  /**
   * Code that blocks a thread would wait for ever for a permit that code on the same thread's event loop holds. So each has
   * permits of its own, and both the same number.
   */
  readonly #semaphores: Readonly<Record<Waiter, Semaphore>>;
  #limit: number;
  /** Where it was refused last. */
  #ceiling = Infinity;
  #successes = 0;
  #count = 0;
  #underWay = 0;
  #lastDecrease = 0;

  /** Starts at one number and never grows over another. */
  constructor(initial: number, most: number) {
    this.#most = most;
    this.#limit = Math.min(initial, most);
    this.#semaphores = { blocking: new Semaphore(this.#limit), waiting: new Semaphore(this.#limit) };
  }

  /** How many may be under way at once now. */
  get limit(): number {
    return this.#limit;
  }

  /** How many are under way now. */
  get underWay(): number {
    return this.#underWay;
  }

  /** How many wait for a permit now. */
  get waiting(): number {
    return this.#semaphores.blocking.waiting + this.#semaphores.waiting.waiting;
  }

  /** The permits. */
  permits(waiter: Waiter): Semaphore {
    return this.#semaphores[waiter];
  }

  /** Counts a call that begins; gives its number. */
  begin(): number {
    this.#underWay++;
    return ++this.#count;
  }

  /** Counts a call that has ended, in whatever way. */
  end(): void {
    this.#underWay--;
  }

  /** Learns that a call was answered. */
  succeeded(): void {
    // What is not used proves nothing.
    if (this.#limit >= this.#most || this.#underWay * 2 < this.#limit) return;
    this.#successes++;
    const needed = this.#ceiling === Infinity
      ? 1
      : this.#limit < this.#ceiling
      ? this.#limit
      : this.#limit * PATIENCE;
    if (this.#successes >= needed) this.#set(this.#limit + 1);
  }

  /** Learns that a call was refused because there were too many; `call` is its number. */
  refused(call: number): void {
    if (call <= this.#lastDecrease) return;
    this.#lastDecrease = this.#count;
    const reached = Math.max(1, Math.min(this.#limit, this.#underWay));
    this.#ceiling = Math.max(1, reached - 1);
    this.#set(Math.max(1, Math.floor(reached * DECREASE)));
  }

  #set(limit: number): void {
    this.#successes = 0;
    this.#limit = limit;
    this.#semaphores.blocking.resize(limit);
    this.#semaphores.waiting.resize(limit);
  }
}
