/**
 * Timers of one run, in the order they come due; equal times keep the order they were set in.
 *
 * @module
 */

import type { Wait } from "./task.ts";

class Timer implements Wait {
  readonly queue: TimerQueue;
  readonly dueMs: number;
  readonly sequence: number;
  readonly callback: () => void;
  live = true;

  constructor(queue: TimerQueue, dueMs: number, sequence: number, callback: () => void) {
    this.queue = queue;
    this.dueMs = dueMs;
    this.sequence = sequence;
    this.callback = callback;
  }

  giveUp(): void {
    this.queue.callOff(this);
  }
}

const FEWEST_TO_SWEEP = 64;

/** A binary heap of timers. */
export class TimerQueue {
  #heap: Timer[] = [];
  #sequence = 0;
  #dead = 0;

  /** When the next timer is due; `Infinity` when there is none. */
  get nextDueMs(): number {
    this.#dropDead();
    return this.#heap[0]?.dueMs ?? Infinity;
  }

  /** How many timers it keeps, those that were called off and not swept out yet included. */
  get size(): number {
    return this.#heap.length;
  }

  /**
   * Sets a timer.
   *
   * @param dueMs When it is due, on the caller's clock.
   * @param callback What it calls.
   * @returns The timer, which can be given up.
   */
  add(dueMs: number, callback: () => void): Wait {
    const timer = new Timer(this, dueMs, this.#sequence++, callback);
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return timer;
  }

  /** Calls the first timer. */
  runNext(): void {
    this.#dropDead();
    const timer = this.#removeFirst();
    if (timer === undefined) return;
    timer.live = false;
    timer.callback();
  }

  /** Most bounds of time are called off long before they are due, so they are swept out before they pile up. */
  callOff(timer: Timer): void {
    if (!timer.live) return;
    timer.live = false;
    this.#dead++;
    if (this.#heap.length < FEWEST_TO_SWEEP || this.#dead <= this.#heap.length / 2) return;
    // A sorted list is a heap.
    this.#heap = this.#heap.filter(({ live }) => live).sort((a, b) => before(a, b) ? -1 : 1);
    this.#dead = 0;
  }

  #dropDead(): void {
    while (this.#heap.length > 0 && !this.#heap[0]!.live) {
      this.#removeFirst();
      this.#dead--;
    }
  }

  #removeFirst(): Timer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0 && last !== undefined) {
      heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(index: number): void {
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (!before(this.#heap[index]!, this.#heap[above]!)) return;
      this.#swap(index, above);
      index = above;
    }
  }

  #sink(index: number): void {
    for (;;) {
      let least = index;
      for (const below of [2 * index + 1, 2 * index + 2]) {
        if (below < this.#heap.length && before(this.#heap[below]!, this.#heap[least]!)) least = below;
      }
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.dueMs === b.dueMs ? a.sequence < b.sequence : a.dueMs < b.dueMs;
}
