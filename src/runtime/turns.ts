/**
 * Long work done in turns, so that others have theirs: a worker's heart must beat, and an event loop must turn.
 *
 * @module
 */

import { monotonicMs, nextTurn } from "./clock.ts";

/** How long one turn takes, in milliseconds. */
const TURN_MS = 50;

/** Counts the turns of one piece of work. */
export class Turns {
  readonly #signal: AbortSignal;
  #startedMs = monotonicMs();

  /**
   * Begins the first turn.
   *
   * @param signal Ends the work.
   */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether it is time for others; then the work must wait for {@linkcode pass}. */
  get isOver(): boolean {
    return monotonicMs() - this.#startedMs > TURN_MS;
  }

  /**
   * Lets the others go first.
   *
   * @throws The signal's reason, when it was aborted.
   */
  async pass(): Promise<void> {
    await nextTurn();
    this.#signal.throwIfAborted();
    this.#startedMs = monotonicMs();
  }
}
