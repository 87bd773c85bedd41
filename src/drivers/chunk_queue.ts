/**
 * Chunks on their way from the operation that produces them to the reader who iterates it.
 *
 * @module
 */

import type { Task } from "./task.ts";

/** A chunk, and who waits until it is taken. */
export interface Chunk {
  /** The task that produced it. */
  readonly task: Task;
  /** What it produced. */
  readonly value: unknown;
}

/** The chunks of one run, in the order they were produced. */
export class ChunkQueue {
  #waiting: Chunk[] = [];
  #taken: Chunk | undefined;

  /** Whether there is nothing to take. */
  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Adds a chunk. It is dropped again when its task is cancelled before the reader has come back for the next one. */
  add(task: Task, value: unknown): void {
    const chunk: Chunk = { task, value };
    this.#waiting.push(chunk);
    const giveUp = (): void => {
      if (this.#taken === chunk) this.#taken = undefined;
      else this.#waiting = this.#waiting.filter((other) => other !== chunk);
    };
    task.wait = { giveUp };
  }

  /** Takes the next chunk; its task may go on when the reader comes back. `undefined` when there is none. */
  take(): Chunk | undefined {
    return this.#taken = this.#waiting.shift();
  }

  /** The reader is back: gives the task whose chunk was taken last, when it still waits. */
  release(): Task | undefined {
    const taken = this.#taken;
    this.#taken = undefined;
    return taken?.task;
  }
}
