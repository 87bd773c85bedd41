/**
 * Lets operations on one key take turns.
 *
 * @module
 */

import { limit } from "../operation/combinators.ts";
import type { Operation } from "../operation/operation.ts";
import { Semaphore } from "../operation/semaphore.ts";

interface Turn {
  readonly semaphore: Semaphore;
  users: number;
}

/** One turn at a time for each key. */
export class KeyLocks {
  readonly #turns: Map<string, Turn> = new Map();

  /**
   * Runs an operation when those that came before it for the same key have ended.
   *
   * @param key The key.
   * @param operation The operation, not started yet.
   * @returns An operation of its value.
   */
  *run<T>(key: string, operation: Operation<T>): Operation<T> {
    const turn = this.#turns.get(key) ?? { semaphore: new Semaphore(1), users: 0 };
    this.#turns.set(key, turn);
    turn.users++;
    try {
      return yield* limit(turn.semaphore, operation);
    } finally {
      if (--turn.users === 0) this.#turns.delete(key);
    }
  }
}
