/**
 * The operations of the storage in memory.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { hostAgain, now, type Operation } from "../operation/operation.ts";
import { show } from "../options.ts";
import { compareCodePoints } from "../text/code_points.ts";
import { WordIndex } from "../text/word_index.ts";
import { checkKey, encodeValue, indexTermsOf, utf8Bytes } from "./entry.ts";
import { ExpiryQueue } from "./expiry_queue.ts";
import type { EvictionReason, MemoryStorageOptions } from "./memory_storage.ts";
import { keysInRange } from "./key_range.ts";
import { checkRequest, checkSearch, closedError, expiryOf, type KeyRange, rangeOf } from "./requests.ts";
import { searchIndex } from "./search_index.ts";
import type {
  ClearOptions,
  KeysOptions,
  SearchHit,
  SearchOptions,
  SetOptions,
  StorageOperations,
} from "./storage.ts";

interface Entry {
  readonly json: string;
  readonly bytes: number;
  readonly expiresAtMs: number;
}

/** The values stand in the order of their last use: the first one goes first. */
export class MemoryOperations implements StorageOperations {
  readonly #name: string;
  readonly #options: MemoryStorageOptions;
  readonly #entries: Map<string, Entry> = new Map();
  readonly #expiry = new ExpiryQueue();
  /** Words are indexed when a search first needs them. */
  readonly #unindexed: Set<string> = new Set();
  readonly #index = new WordIndex<string>();
  #sortedKeys: string[] | undefined;
  #bytes = 0;
  #closed = false;

  /**
   * @param name The storage's name, for errors.
   * @param options Its bounds.
   */
  constructor(name: string, options: MemoryStorageOptions) {
    this.#name = name;
    this.#options = options;
  }

  /** Behind `get`. */
  *get(key: string): Operation<JsonValue | undefined> {
    checkKey(this.#name, key);
    return yield* this.#call("get", () => {
      const entry = this.#entries.get(key);
      if (entry === undefined) return undefined;
      this.#entries.delete(key);
      this.#entries.set(key, entry);
      return JSON.parse(entry.json) as JsonValue;
    });
  }

  /** Behind `set`. */
  *set(key: string, value: unknown, options?: SetOptions): Operation<void> {
    checkKey(this.#name, key);
    const { ttlMs = this.#options.ttlMs } = checkRequest(this.#name, "set", options);
    const json = encodeValue(this.#name, key, value);
    yield* this.#call("set", (nowMs) => {
      const expiresAtMs = expiryOf(nowMs, ttlMs);
      const bytes = this.#options.maxBytes === undefined ? 0 : this.#measure(key, json);
      if (!this.#remove(key)) this.#sortedKeys = undefined;
      this.#entries.set(key, { json, bytes, expiresAtMs });
      this.#bytes += bytes;
      this.#unindexed.add(key);
      if (expiresAtMs < Infinity) this.#expiry.add(expiresAtMs, key);
      this.#evict();
    });
  }

  /** Behind `delete`. */
  *delete(key: string): Operation<boolean> {
    checkKey(this.#name, key);
    return yield* this.#call("delete", () => this.#forget(key));
  }

  /** Behind `has`. */
  *has(key: string): Operation<boolean> {
    checkKey(this.#name, key);
    return yield* this.#call("has", () => this.#entries.has(key));
  }

  /** Behind `keys`. */
  *keys(options?: KeysOptions): Operation<string[]> {
    const { limit = Infinity, ...where } = checkRequest(this.#name, "keys", options);
    return yield* this.#call("keys", () => this.#keysIn(rangeOf(where), limit));
  }

  /** Behind `search`. */
  *search(query: string, options?: SearchOptions): Operation<SearchHit[]> {
    const checked = checkSearch(this.#name, query, options);
    return yield* this.#call("search", () => {
      this.#indexPending();
      return searchIndex(this.#index, (key) => this.#entries.get(key)!.json, { query, options: checked });
    });
  }

  /** Behind `clear`. */
  *clear(options?: ClearOptions): Operation<number> {
    const where = checkRequest(this.#name, "clear", options);
    return yield* this.#call("clear", () => {
      const keys = this.#keysIn(rangeOf(where), Infinity);
      for (const key of keys) this.#forget(key);
      return keys.length;
    });
  }

  /** Behind `size`. */
  *size(): Operation<number> {
    return yield* this.#call("size", () => this.#entries.size);
  }

  /** Behind `close`. */
  *close(): Operation<void> {
    this.#closed = true;
    this.#entries.clear();
    this.#expiry.clear();
    this.#index.clear();
    this.#unindexed.clear();
    this.#sortedKeys = undefined;
  }

  /** One effect, so that a journal answers it: the values of now are not those of the run that is replayed. */
  *#call<T>(operation: string, use: (nowMs: number) => T): Operation<T> {
    const nowMs = yield* now();
    return yield* hostAgain(() => {
      if (this.#closed) throw closedError(this.#name, operation);
      for (let due = this.#expiry.take(nowMs); due !== undefined; due = this.#expiry.take(nowMs)) {
        if (this.#entries.get(due.key)?.expiresAtMs === due.atMs) this.#evictOne(due.key, "expired");
      }
      return use(nowMs);
    });
  }

  #measure(key: string, json: string): number {
    const bytes = utf8Bytes(key) + utf8Bytes(json);
    const { maxBytes } = this.#options;
    if (bytes <= maxBytes!) return bytes;
    throw new StorageError(
      `Cannot store ${
        show(key)
      } in ${this.#name} as it must fit into maxBytes: it has ${bytes} bytes and maxBytes is ${maxBytes}`,
      { code: "too_large", component: this.#name, operation: "set" },
    );
  }

  #evict(): void {
    const { maxEntries = Infinity, maxBytes = Infinity } = this.#options;
    for (const key of this.#entries.keys()) {
      if (this.#entries.size > maxEntries) this.#evictOne(key, "maxEntries");
      else if (this.#bytes > maxBytes) this.#evictOne(key, "maxBytes");
      else return;
    }
  }

  #evictOne(key: string, reason: EvictionReason): void {
    this.#forget(key);
    try {
      this.#options.onEvict?.({ key, reason });
    } catch {
      // An observer's fault is its own.
    }
  }

  #forget(key: string): boolean {
    if (!this.#remove(key)) return false;
    this.#sortedKeys = undefined;
    return true;
  }

  #remove(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    if (!this.#unindexed.delete(key)) this.#index.remove(key);
    return true;
  }

  #indexPending(): void {
    for (const key of this.#unindexed) {
      this.#index.add(key, indexTermsOf(JSON.parse(this.#entries.get(key)!.json) as JsonValue));
    }
    this.#unindexed.clear();
  }

  #keysIn(range: KeyRange | undefined, limit: number): string[] {
    if (range === undefined) return [];
    const sorted = this.#sortedKeys ??= [...this.#entries.keys()].sort(compareCodePoints);
    return keysInRange(sorted, range, limit);
  }
}
