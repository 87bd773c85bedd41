/**
 * One tier of a CachedStorage.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { emit, type Operation } from "../operation/operation.ts";
import type { ClearOptions, StorageOperations } from "./storage.ts";

/** What a tier has done so far. */
export interface TierStats {
  /** The storage's name. */
  readonly name: string;
  /** How many values it gave. */
  readonly hits: number;
  /** How often it was asked for a value that it did not have. */
  readonly misses: number;
  /** How many of its calls failed. */
  readonly errors: number;
}

/** A storage in its place among the tiers. */
export class CachedTier {
  /** The storage's operations. */
  readonly operations: StorageOperations;
  readonly #name: string;
  readonly #ttlMs: number | undefined;
  /** Keys whose old value may still be there, as replacing or deleting it has failed. */
  readonly #distrusted: Set<string> = new Set();
  /** Whether any old value may still be there, as clearing it has failed. */
  #isDistrusted = false;
  #hits = 0;
  #misses = 0;
  #errors = 0;

  /**
   * @param name What the storage is called.
   * @param operations The storage's operations.
   * @param ttlMs How long it keeps a copy at most, in milliseconds; `undefined` for the tier that is no copy.
   */
  constructor(name: string, operations: StorageOperations, ttlMs: number | undefined) {
    this.operations = operations;
    this.#name = name;
    this.#ttlMs = ttlMs;
  }

  /** What it has done so far. */
  get stats(): TierStats {
    return { name: this.#name, hits: this.#hits, misses: this.#misses, errors: this.#errors };
  }

  /** Looks up a value; one that may be out of date is as good as none. */
  *get(key: string): Operation<JsonValue | undefined> {
    const isOld = this.#isDistrusted || this.#distrusted.has(key);
    const value = isOld ? undefined : yield* this.operations.get(key);
    if (value === undefined) this.#misses++;
    else this.#hits++;
    return value;
  }

  /** Keeps a copy of a value that the last tier has. A failure is told to the observers. */
  *copy(key: string, value: unknown, ttlMs: number | undefined): Operation<void> {
    this.#distrusted.add(key);
    if (this.#isDistrusted) yield* this.clear({});
    try {
      const atMostMs = Math.min(ttlMs ?? Infinity, this.#ttlMs ?? Infinity);
      yield* this.operations.set(key, value, atMostMs === Infinity ? {} : { ttlMs: atMostMs });
      this.#distrusted.delete(key);
    } catch (error) {
      yield* this.failed("set", error);
    }
  }

  /** Removes the copy of a value. A failure is told to the observers, and the copy is not used any more. */
  *drop(key: string): Operation<boolean> {
    this.#distrusted.add(key);
    try {
      const was = yield* this.operations.delete(key);
      this.#distrusted.delete(key);
      return was;
    } catch (error) {
      yield* this.failed("delete", error);
      return false;
    }
  }

  /** Removes the copies of values. A failure is told to the observers, and no copy is used before all could be removed. */
  *clear(options: ClearOptions): Operation<void> {
    try {
      yield* this.operations.clear(this.#isDistrusted ? {} : options);
      this.#isDistrusted = false;
    } catch (error) {
      this.#isDistrusted = true;
      yield* this.failed("clear", error);
    }
  }

  /** Tells the observers that a call has failed. */
  *failed(operation: string, error: unknown): Operation<void> {
    this.#errors++;
    const message = error instanceof Error ? error.message : String(error);
    yield* emit({ type: "storageTierFailed", tier: this.#name, operation, message });
  }
}
