/**
 * The operations of the storage in tiers.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { allSettled } from "../operation/combinators.ts";
import type { Operation } from "../operation/operation.ts";
import type { CachedTier } from "./cached_tier.ts";
import { checkKey, encodeValue } from "./entry.ts";
import { KeyLocks } from "./key_locks.ts";
import { checkRequest, checkSearch, checkVectorSearch, closedError } from "./requests.ts";
import type {
  ClearOptions,
  KeysOptions,
  SearchHit,
  SearchOptions,
  SetOptions,
  StorageOperations,
} from "./storage.ts";

/** What CachedStorage is called in errors. */
export const CACHED_STORAGE = "CachedStorage";

const NAME = CACHED_STORAGE;

/** One operation for each method, over all tiers. The last tier has the truth; the others hold copies. */
export class CachedOperations implements StorageOperations {
  readonly #copies: readonly CachedTier[];
  readonly #last: CachedTier;
  readonly #throws: boolean;
  readonly #locks = new KeyLocks();
  /** Counts the calls of `clear`: a copy made during one must not outlive it. */
  #clears = 0;
  #closed = false;

  /**
   * @param tiers The tiers, fastest first.
   * @param onTierError What a failure of a tier means to a caller who can be served without it.
   */
  constructor(tiers: readonly CachedTier[], onTierError: "continue" | "throw") {
    this.#copies = tiers.slice(0, -1);
    this.#last = tiers.at(-1)!;
    this.#throws = onTierError === "throw";
  }

  /** Behind `get`. */
  *get(key: string): Operation<JsonValue | undefined> {
    checkKey(NAME, key);
    this.#begin("get");
    const [first] = this.#copies;
    const quick = first === undefined ? undefined : yield* this.#try(first, "get", first.get(key));
    // Whoever comes while another looks the same key up finds the copy that the other made.
    return quick ?? (yield* this.#locks.run(key, this.#lookUp(key)));
  }

  /** Behind `set`: the last tier first, so that no copy is made of what was not kept. */
  *set(key: string, value: unknown, options?: SetOptions): Operation<void> {
    checkKey(NAME, key);
    const { ttlMs } = checkRequest(NAME, "set", options);
    const json = encodeValue(NAME, key, value);
    this.#begin("set");
    yield* this.#locks.run(key, this.#write(key, JSON.parse(json) as JsonValue, ttlMs));
  }

  /** Behind `delete`. */
  *delete(key: string): Operation<boolean> {
    checkKey(NAME, key);
    this.#begin("delete");
    return yield* this.#locks.run(key, this.#remove(key));
  }

  /** Behind `has`. */
  *has(key: string): Operation<boolean> {
    checkKey(NAME, key);
    return yield* this.#ask("has", ({ operations }) => operations.has(key));
  }

  /** Behind `keys`. */
  *keys(options?: KeysOptions): Operation<string[]> {
    const checked = checkRequest(NAME, "keys", options);
    return yield* this.#ask("keys", ({ operations }) => operations.keys(checked));
  }

  /** Behind `search`: by vectors, the first tier that knows them is asked. */
  *search(query: string, options?: SearchOptions): Operation<SearchHit[]> {
    const { mode } = checkVectorSearch(NAME, query, options);
    if (mode === "vector") return yield* this.#searchVectors(query, options);
    return yield* this.#ask("search", ({ operations }) => operations.search(query, options));
  }

  /** Behind `clear`. */
  *clear(options?: ClearOptions): Operation<number> {
    const checked = checkRequest(NAME, "clear", options);
    this.#begin("clear");
    this.#clears++;
    const cleared = yield* this.#last.operations.clear(checked);
    for (const tier of this.#copies) yield* tier.clear(checked);
    return cleared;
  }

  /** Behind `size`. */
  *size(): Operation<number> {
    return yield* this.#ask("size", ({ operations }) => operations.size());
  }

  /** Behind `close`: where the last tier stays open, as it could not write what was held back, all others do. */
  *close(): Operation<void> {
    yield* this.#last.operations.close();
    this.#closed = true;
    const outcomes = yield* allSettled(this.#copies.map(({ operations }) => operations.close()));
    const failed = outcomes.find((outcome) => !outcome.ok);
    if (failed !== undefined) throw failed.error;
  }

  *#searchVectors(query: string, options: SearchOptions | undefined): Operation<SearchHit[]> {
    this.#begin("search");
    for (const { operations } of [this.#last, ...this.#copies]) {
      try {
        return yield* operations.search(query, options);
      } catch (error) {
        if (!(error instanceof ConfigurationError && error.code === "no_vectors")) throw error;
      }
    }
    checkSearch(NAME, query, options);
    return [];
  }

  *#lookUp(key: string): Operation<JsonValue | undefined> {
    const before = this.#clears;
    for (const [index, tier] of this.#copies.entries()) {
      const value = yield* this.#try(tier, "get", tier.get(key));
      if (value !== undefined) return yield* this.#fill(key, value, index, before);
    }
    const value = yield* this.#last.get(key);
    return value === undefined ? undefined : yield* this.#fill(key, value, this.#copies.length, before);
  }

  *#fill(key: string, value: JsonValue, found: number, before: number): Operation<JsonValue> {
    for (const tier of this.#copies.slice(0, found)) {
      yield* tier.copy(key, value, undefined);
      if (this.#clears !== before) yield* tier.drop(key);
    }
    return value;
  }

  *#write(key: string, value: JsonValue, ttlMs: number | undefined): Operation<void> {
    const before = this.#clears;
    yield* this.#last.operations.set(key, value, ttlMs === undefined ? {} : { ttlMs });
    for (const tier of this.#copies) {
      yield* tier.copy(key, value, ttlMs);
      // Cleared meanwhile: the next `get` asks the last tier whether the value is still there.
      if (this.#clears !== before) yield* tier.drop(key);
    }
  }

  *#remove(key: string): Operation<boolean> {
    const was = yield* this.#last.operations.delete(key);
    for (const tier of this.#copies) yield* tier.drop(key);
    return was;
  }

  /** Asks the last tier, and when it fails the ones that hold copies. */
  *#ask<T>(operation: string, ask: (tier: CachedTier) => Operation<T>): Operation<T> {
    this.#begin(operation);
    let last: unknown;
    for (const tier of [this.#last, ...this.#copies]) {
      try {
        return yield* ask(tier);
      } catch (error) {
        if (this.#throws) throw error;
        last ??= error;
        yield* tier.failed(operation, error);
      }
    }
    throw last;
  }

  *#try<T>(tier: CachedTier, operation: string, attempt: Operation<T>): Operation<T | undefined> {
    try {
      return yield* attempt;
    } catch (error) {
      if (this.#throws) throw error;
      yield* tier.failed(operation, error);
      return undefined;
    }
  }

  #begin(operation: string): void {
    if (this.#closed) throw closedError(NAME, operation);
  }
}
