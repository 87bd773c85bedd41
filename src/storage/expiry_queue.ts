/**
 * Keys in the order in which they expire.
 *
 * @module
 */

interface Due {
  readonly atMs: number;
  readonly key: string;
}

/** A binary heap of times and keys; the earliest is on top. */
export class ExpiryQueue {
  readonly #heap: Due[] = [];

  /**
   * Adds a key. One that is there may be added again with another time; whoever takes it must compare the times.
   *
   * @param atMs When it expires, in milliseconds since the epoch.
   * @param key The key.
   */
  add(atMs: number, key: string): void {
    const heap = this.#heap;
    const due = { atMs, key };
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.atMs <= atMs) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = due;
  }

  /**
   * Takes the earliest key that has expired.
   *
   * @param nowMs The time, in milliseconds since the epoch.
   * @returns The key and when it expired, or `undefined` when there is none.
   */
  take(nowMs: number): Due | undefined {
    const top = this.#heap[0];
    if (top === undefined || top.atMs > nowMs) return undefined;
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) this.#sink(last);
    return top;
  }

  /** Forgets all keys. */
  clear(): void {
    this.#heap.length = 0;
  }

  #sink(due: Due): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child++;
      if (heap[child]!.atMs >= due.atMs) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = due;
  }
}
