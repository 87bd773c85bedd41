/**
 * Writes that reach a slow storage later, and together.
 *
 * Until then they stand here alone, and every question is answered as if they had arrived. They are written when they have waited
 * for long enough and the next write comes, when there are many, when a question needs all keys, and at the end.
 *
 * What stands here is looked at and changed in effects alone, so that a journal answers them: when a run is replayed, something else
 * is held back.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { hostAgain, now, type Operation } from "../operation/operation.ts";
import { KeyLocks } from "./key_locks.ts";
import { CACHED_STORAGE } from "./cached_operations.ts";
import { closedError, expiryOf } from "./requests.ts";
import type {
  ClearOptions,
  KeysOptions,
  SearchHit,
  SearchOptions,
  SetOptions,
  StorageOperations,
} from "./storage.ts";

/** So many are written even when they have not waited long. */
const MOST_HELD_BACK = 1_000;

interface HeldBack {
  readonly json: string;
  readonly expiresAtMs: number;
}

/** The operations of a storage whose writes are held back. What they are given has been checked. */
export class HeldBackWrites implements StorageOperations {
  readonly #base: StorageOperations;
  readonly #intervalMs: number;
  /** In the order of writing. */
  readonly #heldBack: Map<string, HeldBack> = new Map();
  /** When the first of them was written. */
  #sinceMs = 0;
  readonly #locks = new KeyLocks();
  #isClosing = false;

  /**
   * @param base The storage that they are for.
   * @param intervalMs How long they wait, in milliseconds.
   */
  constructor(base: StorageOperations, intervalMs: number) {
    this.#base = base;
    this.#intervalMs = intervalMs;
  }

  /** Writes what is held back; what could not be written stays held back. */
  *flush(): Operation<void> {
    const keys = yield* hostAgain(() => [...this.#heldBack.keys()]);
    for (const key of keys) yield* this.#locks.run(key, this.#write(key));
  }

  /** Behind `get`. */
  *get(key: string): Operation<JsonValue | undefined> {
    const held = yield* this.#find(key);
    if (held === undefined) return yield* this.#base.get(key);
    return held.expiresAtMs > (yield* now()) ? JSON.parse(held.json) as JsonValue : undefined;
  }

  /** Behind `set`: a value is held back only when those that are due have been written. */
  *set(key: string, value: unknown, { ttlMs }: SetOptions = {}): Operation<void> {
    const nowMs = yield* now();
    const isDue = yield* hostAgain(() =>
      nowMs - this.#sinceMs >= this.#intervalMs || this.#heldBack.size >= MOST_HELD_BACK
    );
    if (isDue) yield* this.flush();
    const held = { json: JSON.stringify(value), expiresAtMs: expiryOf(nowMs, ttlMs) };
    yield* hostAgain(() => {
      if (this.#isClosing) throw closedError(CACHED_STORAGE, "set");
      if (this.#heldBack.size === 0) this.#sinceMs = nowMs;
      this.#heldBack.delete(key);
      this.#heldBack.set(key, held);
    });
  }

  /** Behind `delete`. */
  *delete(key: string): Operation<boolean> {
    return yield* this.#locks.run(key, this.#remove(key));
  }

  /** Behind `has`. */
  *has(key: string): Operation<boolean> {
    const held = yield* this.#find(key);
    return held === undefined ? yield* this.#base.has(key) : held.expiresAtMs > (yield* now());
  }

  /** Behind `keys`. */
  *keys(options?: KeysOptions): Operation<string[]> {
    yield* this.flush();
    return yield* this.#base.keys(options);
  }

  /** Behind `search`. */
  *search(query: string, options?: SearchOptions): Operation<SearchHit[]> {
    yield* this.flush();
    return yield* this.#base.search(query, options);
  }

  /** Behind `clear`. */
  *clear(options?: ClearOptions): Operation<number> {
    yield* this.flush();
    return yield* this.#base.clear(options);
  }

  /** Behind `size`. */
  *size(): Operation<number> {
    yield* this.flush();
    return yield* this.#base.size();
  }

  /** Behind `close`: when something cannot be written, the storage stays open. What is set meanwhile is refused, as nothing would write it. */
  *close(): Operation<void> {
    let isClosed = false;
    yield* this.#setClosing(true);
    try {
      yield* this.flush();
      yield* this.#base.close();
      isClosed = true;
    } finally {
      // Also where the operation was cancelled.
      if (!isClosed) yield* this.#setClosing(false);
    }
  }

  *#setClosing(isClosing: boolean): Operation<void> {
    yield* hostAgain(() => void (this.#isClosing = isClosing));
  }

  *#write(key: string): Operation<void> {
    const held = yield* this.#find(key);
    if (held === undefined) return;
    const ttlMs = held.expiresAtMs - (yield* now());
    // An older value must not come back in the place of one that has expired.
    if (ttlMs <= 0) yield* this.#base.delete(key);
    else yield* this.#base.set(key, JSON.parse(held.json), ttlMs === Infinity ? {} : { ttlMs });
    yield* this.#letGo(key, held);
  }

  *#remove(key: string): Operation<boolean> {
    const held = yield* this.#find(key);
    const was = yield* this.#base.delete(key);
    if (held === undefined) return was;
    yield* this.#letGo(key, held);
    return held.expiresAtMs > (yield* now());
  }

  *#find(key: string): Operation<HeldBack | undefined> {
    return yield* hostAgain(() => this.#heldBack.get(key));
  }

  /** A newer one may have come meanwhile. */
  *#letGo(key: string, held: HeldBack): Operation<void> {
    yield* hostAgain(() => {
      if (this.#heldBack.get(key) === held) this.#heldBack.delete(key);
    });
  }
}
