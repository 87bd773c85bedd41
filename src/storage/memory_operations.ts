/**
 * The operations of the storage in memory.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { now, type Operation } from "../operation/operation.ts";
import { show } from "../options.ts";
import { compareCodePoints } from "../text/code_points.ts";
import { parseSearchQuery } from "../text/search_query.ts";
import { snippetOf } from "../text/snippet.ts";
import { WordIndex } from "../text/word_index.ts";
import { checkKey, encodeValue, indexTermsOf, textsOf, utf8Bytes } from "./entry.ts";
import { ExpiryQueue } from "./expiry_queue.ts";
import type { EvictionReason, MemoryStorageOptions } from "./memory_storage.ts";
import { checkRequest, checkSearch, closedError, expiryOf, type KeyRange, rangeOf } from "./requests.ts";
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
    yield* this.#begin("get");
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return JSON.parse(entry.json) as JsonValue;
  }

  /** Behind `set`. */
  *set(key: string, value: unknown, options?: SetOptions): Operation<void> {
    checkKey(this.#name, key);
    const { ttlMs = this.#options.ttlMs } = checkRequest(this.#name, "set", options);
    const json = encodeValue(this.#name, key, value);
    const expiresAtMs = expiryOf(yield* this.#begin("set"), ttlMs);
    const bytes = this.#options.maxBytes === undefined ? 0 : this.#measure(key, json);
    if (!this.#remove(key)) this.#sortedKeys = undefined;
    this.#entries.set(key, { json, bytes, expiresAtMs });
    this.#bytes += bytes;
    this.#unindexed.add(key);
    if (expiresAtMs < Infinity) this.#expiry.add(expiresAtMs, key);
    this.#evict();
  }

  /** Behind `delete`. */
  *delete(key: string): Operation<boolean> {
    checkKey(this.#name, key);
    yield* this.#begin("delete");
    return this.#forget(key);
  }

  /** Behind `has`. */
  *has(key: string): Operation<boolean> {
    checkKey(this.#name, key);
    yield* this.#begin("has");
    return this.#entries.has(key);
  }

  /** Behind `keys`. */
  *keys(options?: KeysOptions): Operation<string[]> {
    const { limit = Infinity, ...where } = checkRequest(this.#name, "keys", options);
    yield* this.#begin("keys");
    return this.#keysIn(rangeOf(where), limit);
  }

  /** Behind `search`. */
  *search(query: string, options?: SearchOptions): Operation<SearchHit[]> {
    const { limit, minScore, prefix = "", filter } = checkSearch(this.#name, query, options);
    yield* this.#begin("search");
    const parsed = parseSearchQuery(query);
    // No key begins with half a character, though a string of UTF-16 may.
    if (limit === 0 || parsed.wanted.length === 0 || rangeOf({ prefix }) === undefined) return [];
    this.#indexPending();
    const found = this.#index.search(parsed).filter(({ id, score }) =>
      score >= minScore && id.startsWith(prefix)
    );
    found.sort((a, b) => b.score - a.score || compareCodePoints(a.id, b.id));
    const hits: SearchHit[] = [];
    for (const { id, score } of found) {
      const value = JSON.parse(this.#entries.get(id)!.json) as JsonValue;
      if (filter !== undefined && !filter(value)) continue;
      hits.push({ key: id, value, score, snippet: snippetOf(textsOf(value), parsed) });
      if (hits.length === limit) break;
    }
    return hits;
  }

  /** Behind `clear`. */
  *clear(options?: ClearOptions): Operation<number> {
    const where = checkRequest(this.#name, "clear", options);
    yield* this.#begin("clear");
    const keys = this.#keysIn(rangeOf(where), Infinity);
    for (const key of keys) this.#forget(key);
    return keys.length;
  }

  /** Behind `size`. */
  *size(): Operation<number> {
    yield* this.#begin("size");
    return this.#entries.size;
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

  /** Lets go of what has expired; gives the time. */
  *#begin(operation: string): Operation<number> {
    if (this.#closed) throw closedError(this.#name, operation);
    const nowMs = yield* now();
    for (let due = this.#expiry.take(nowMs); due !== undefined; due = this.#expiry.take(nowMs)) {
      if (this.#entries.get(due.key)?.expiresAtMs === due.atMs) this.#evictOne(due.key, "expired");
    }
    return nowMs;
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
    const found: string[] = [];
    const from = compareCodePoints(range.after, range.from) > 0 ? range.after : range.from;
    for (let index = lowerBound(sorted, from); index < sorted.length && found.length < limit; index++) {
      const key = sorted[index]!;
      if (range.until !== undefined && compareCodePoints(key, range.until) >= 0) break;
      if (key !== range.after) found.push(key);
    }
    return found;
  }
}

/** The first place in a sorted list whose key is not before `key`. */
function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCodePoints(sorted[middle]!, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
