/**
 * A counter of permits that operations share, for bounds that cut across their structure (calls to one provider, say).
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";

/**
 * Lets at most `permits` operations of one thread be under way at once; the others wait in the order they came.
 *
 * @example
 * ```ts
 * import { all, limit, runSync, Semaphore, sleep } from "@sifaka/sifaka";
 *
 * const two = new Semaphore(2);
 * runSync(all([1, 2, 3, 4].map(() => limit(two, sleep(5))))); // two at a time
 * ```
 */
export class Semaphore {
  #permits: number;
  #free: number;
  readonly #waiting: Set<() => void> = new Set();

  /**
   * Makes a semaphore with all its permits free.
   *
   * @param permits An integer of at least 1.
   * @throws {ConfigurationError} When it is not.
   */
  constructor(permits: number) {
    checkPermits("create", permits);
    this.#permits = permits;
    this.#free = permits;
  }

  /** How many may be under way at once. */
  get permits(): number {
    return this.#permits;
  }

  /** How many permits are free now; below 0 while more are held than there are since {@linkcode resize}. */
  get free(): number {
    return this.#free;
  }

  /** How many operations wait now. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Takes a permit, or calls back when its turn comes. For drivers: operations use `limit`.
   *
   * @param granted Called later with the permit taken, when none is free now.
   * @returns `true` when the permit was taken at once, else a function that gives up waiting.
   */
  acquire(granted: () => void): true | (() => void) {
    if (this.#free > 0) {
      this.#free--;
      return true;
    }
    this.#waiting.add(granted);
    return () => void this.#waiting.delete(granted);
  }

  /**
   * Takes a permit without waiting for its turn, even where none is free. For journals: what held a permit when a run was
   * interrupted holds it again from the start.
   */
  take(): void {
    this.#free--;
  }

  /**
   * Changes how many may be under way at once. What holds a permit keeps it; new permits wake those who wait.
   *
   * @param permits An integer of at least 1.
   * @throws {ConfigurationError} When it is not.
   */
  resize(permits: number): void {
    checkPermits("resize", permits);
    const added = permits - this.#permits;
    this.#permits = permits;
    this.#free += added;
    while (this.#free > 0 && this.#waiting.size > 0) {
      const [next] = this.#waiting;
      this.#free--;
      this.#waiting.delete(next!);
      next!();
    }
  }

  /** Gives a permit back and wakes the first who waits. */
  release(): void {
    if (this.#free < 0) {
      this.#free++;
      return;
    }
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

function checkPermits(action: "create" | "resize", permits: number): void {
  if (Number.isInteger(permits) && permits >= 1) return;
  throw new ConfigurationError(
    `Cannot ${action} Semaphore as permits must be an integer of at least 1: permits is ${permits}`,
    { component: "Semaphore" },
  );
}
