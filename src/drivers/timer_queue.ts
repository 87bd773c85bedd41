/**
 * Timers of one run, in the order they come due; equal times keep the order they were set in.
 *
 * @module
 */

interface Timer {
  readonly dueMs: number;
  readonly sequence: number;
  readonly callback: () => void;
  live: boolean;
}

/** A binary heap of timers. */
export class TimerQueue {
  readonly #heap: Timer[] = [];
  #sequence = 0;

  /** When the next timer is due; `Infinity` when there is none. */
  get nextDueMs(): number {
    this.#dropDead();
    return this.#heap[0]?.dueMs ?? Infinity;
  }

  /**
   * Sets a timer.
   *
   * @param dueMs When it is due, on the caller's clock.
   * @param callback What it calls.
   * @returns A function that calls it off.
   */
  add(dueMs: number, callback: () => void): () => void {
    const timer: Timer = { dueMs, sequence: this.#sequence++, callback, live: true };
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return () => void (timer.live = false);
  }

  /** Calls the first timer. */
  runNext(): void {
    this.#dropDead();
    this.#removeFirst()?.callback();
  }

  #dropDead(): void {
    while (this.#heap.length > 0 && !this.#heap[0]!.live) this.#removeFirst();
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
