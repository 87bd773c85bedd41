/**
 * What a storage is to the rest of Sifaka.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import type { JsonValue } from "../json.ts";
import type { Operation } from "../operation/operation.ts";
import type { RunStore } from "./runs.ts";

/** Options of every storage method. */
export interface StorageCallOptions {
  /** Cancels the call. */
  signal?: AbortSignal;
}

/** Options of `set`. */
export interface SetOptions extends StorageCallOptions {
  /** How long the value is kept, in milliseconds. @default for ever */
  ttlMs?: number;
}

/** Options of `keys`. */
export interface KeysOptions extends StorageCallOptions {
  /** Only keys that begin with it. */
  prefix?: string;
  /** At most so many. */
  limit?: number;
  /** Only keys after this one, in code-point order; the last key of a page leads to the next. */
  cursor?: string;
}

/** Options of `search`. */
export interface SearchOptions extends StorageCallOptions {
  /** At most so many hits. @default 10 */
  limit?: number;
  /** Only keys that begin with it. */
  prefix?: string;
  /** Only hits of at least this score. */
  minScore?: number;
  /** Only values for which it returns `true`. */
  filter?: (value: JsonValue) => boolean;
  /** How to search. @default "text" */
  mode?: "text" | "vector";
  /** Whether a value must hold every word and phrase of the query, or any of them, more of them ranking higher. @default "all" */
  match?: "all" | "any";
}

/** Options of `clear`. */
export interface ClearOptions extends StorageCallOptions {
  /** Only keys that begin with it. */
  prefix?: string;
}

/** One answer of a search. */
export interface SearchHit {
  /** The key. */
  readonly key: string;
  /** The value. */
  readonly value: JsonValue;
  /** How well it fits; higher is better. */
  readonly score: number;
  /** Where it fits, with matches between `«` and `»`. */
  readonly snippet: string;
}

/**
 * Keeps JSON values under string keys and finds them by their words. Every method has its `_…Async` twin; both drive the one
 * operation of `_operations`.
 */
export interface Storage {
  /** What it is called in errors and events. */
  readonly name: string;
  /** The value of a key, a fresh copy; `undefined` when there is none. */
  get(key: string, options?: StorageCallOptions): JsonValue | undefined;
  /** Keeps a value, durably where the storage is durable, before it returns. */
  set(key: string, value: unknown, options?: SetOptions): void;
  /** Forgets a key; `false` when there was none. */
  delete(key: string, options?: StorageCallOptions): boolean;
  /** Whether a key has a value. */
  has(key: string, options?: StorageCallOptions): boolean;
  /** Keys in code-point order (that of their UTF-8 bytes). */
  keys(options?: KeysOptions): string[];
  /** Values that contain the words of a query, best first. Any query is legal. */
  search(query: string, options?: SearchOptions): SearchHit[];
  /** Forgets many keys; returns how many. */
  clear(options?: ClearOptions): number;
  /** How many keys there are. */
  size(options?: StorageCallOptions): number;
  /** Ends the use of the storage; every later call throws. */
  close(): void;
  /** Closes the storage at the end of a `using` block. */
  [Symbol.dispose]?(): void;
  /** The twin of `get`. */
  _getAsync(key: string, options?: StorageCallOptions): Promise<JsonValue | undefined>;
  /** The twin of `set`. */
  _setAsync(key: string, value: unknown, options?: SetOptions): Promise<void>;
  /** The twin of `delete`. */
  _deleteAsync(key: string, options?: StorageCallOptions): Promise<boolean>;
  /** The twin of `has`. */
  _hasAsync(key: string, options?: StorageCallOptions): Promise<boolean>;
  /** The twin of `keys`. */
  _keysAsync(options?: KeysOptions): Promise<string[]>;
  /** The twin of `search`. */
  _searchAsync(query: string, options?: SearchOptions): Promise<SearchHit[]>;
  /** The twin of `clear`. */
  _clearAsync(options?: ClearOptions): Promise<number>;
  /** The twin of `size`. */
  _sizeAsync(options?: StorageCallOptions): Promise<number>;
  /** The twin of `close`. */
  _closeAsync(): Promise<void>;
  /** The operations behind the methods; Sifaka itself uses these. A storage of one's own may leave them out. */
  readonly _operations?: StorageOperations;
  /** Where the journals of runs are kept; a chain can resume and replay runs only where there is one. */
  readonly runs?: RunStore;
}

/** One operation for each method of a storage. */
export interface StorageOperations {
  /** Behind `get`. */
  get(key: string): Operation<JsonValue | undefined>;
  /** Behind `set`. */
  set(key: string, value: unknown, options?: SetOptions): Operation<void>;
  /** Behind `delete`. */
  delete(key: string): Operation<boolean>;
  /** Behind `has`. */
  has(key: string): Operation<boolean>;
  /** Behind `keys`. */
  keys(options?: KeysOptions): Operation<string[]>;
  /** Behind `search`. */
  search(query: string, options?: SearchOptions): Operation<SearchHit[]>;
  /** Behind `clear`. */
  clear(options?: ClearOptions): Operation<number>;
  /** Behind `size`. */
  size(): Operation<number>;
  /** Behind `close`. */
  close(): Operation<void>;
}

/**
 * Makes the methods and their twins from one operation each: extend it, and write only `_operations`.
 *
 * @example
 * ```ts
 * import { MemoryStorage, OperationStorage, type StorageOperations } from "@sifaka/sifaka/storage";
 *
 * class CountingStorage extends OperationStorage {
 *   readonly name = "CountingStorage";
 *   readonly _operations: StorageOperations;
 *   writes = 0;
 *
 *   constructor({ _operations: base }: OperationStorage) {
 *     super();
 *     this._operations = {
 *       get: (key) => base.get(key),
 *       set: (key, value, options) => (this.writes++, base.set(key, value, options)),
 *       delete: (key) => base.delete(key),
 *       has: (key) => base.has(key),
 *       keys: (options) => base.keys(options),
 *       search: (query, options) => base.search(query, options),
 *       clear: (options) => base.clear(options),
 *       size: () => base.size(),
 *       close: () => base.close(),
 *     };
 *   }
 * }
 *
 * const storage = new CountingStorage(new MemoryStorage());
 * storage.set("a", 1);
 * await storage._setAsync("b", 2);
 * console.log(storage.writes); // 2
 * ```
 */
export abstract class OperationStorage implements Storage {
  /** What it is called in errors and events. */
  abstract readonly name: string;

  /** The one body behind each method and its twin. */
  abstract readonly _operations: StorageOperations;

  /**
   * Gives the value of a key.
   *
   * @param key The key: 1 to 512 bytes of UTF-8 without control characters.
   * @param options A signal that cancels the call.
   * @returns A fresh copy of the value, or `undefined` when there is none.
   * @throws {StorageError} When the key is wrong, or the storage is closed or fails.
   */
  get(key: string, options: StorageCallOptions = {}): JsonValue | undefined {
    return runSync(this._operations.get(key), options);
  }

  /** The twin of `get`. */
  _getAsync(key: string, options: StorageCallOptions = {}): Promise<JsonValue | undefined> {
    return runAsync(this._operations.get(key), options);
  }

  /**
   * Keeps a value, in the place of an earlier one.
   *
   * @param key The key: 1 to 512 bytes of UTF-8 without control characters.
   * @param value A JSON value, or something whose `toJSON` gives one. Fields that are `undefined` are left out.
   * @param options How long to keep it, and a signal that cancels the call.
   * @throws {StorageError} When the key is wrong or the value is not JSON, or the storage is closed or fails.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  set(key: string, value: unknown, options: SetOptions = {}): void {
    return runSync(this._operations.set(key, value, options), options);
  }

  /** The twin of `set`. */
  _setAsync(key: string, value: unknown, options: SetOptions = {}): Promise<void> {
    return runAsync(this._operations.set(key, value, options), options);
  }

  /**
   * Forgets a key.
   *
   * @param key The key.
   * @param options A signal that cancels the call.
   * @returns Whether it had a value.
   * @throws {StorageError} When the key is wrong, or the storage is closed or fails.
   */
  delete(key: string, options: StorageCallOptions = {}): boolean {
    return runSync(this._operations.delete(key), options);
  }

  /** The twin of `delete`. */
  _deleteAsync(key: string, options: StorageCallOptions = {}): Promise<boolean> {
    return runAsync(this._operations.delete(key), options);
  }

  /**
   * Tells whether a key has a value.
   *
   * @param key The key.
   * @param options A signal that cancels the call.
   * @returns Whether it has; `null` is a value, too.
   * @throws {StorageError} When the key is wrong, or the storage is closed or fails.
   */
  has(key: string, options: StorageCallOptions = {}): boolean {
    return runSync(this._operations.has(key), options);
  }

  /** The twin of `has`. */
  _hasAsync(key: string, options: StorageCallOptions = {}): Promise<boolean> {
    return runAsync(this._operations.has(key), options);
  }

  /**
   * Lists keys.
   *
   * @param options Which keys, how many, and after which.
   * @returns The keys in code-point order, which is that of their UTF-8 bytes.
   * @throws {StorageError} When the storage is closed or fails.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  keys(options: KeysOptions = {}): string[] {
    return runSync(this._operations.keys(options), options);
  }

  /** The twin of `keys`. */
  _keysAsync(options: KeysOptions = {}): Promise<string[]> {
    return runAsync(this._operations.keys(options), options);
  }

  /**
   * Finds values by the words of their strings. Every string is a legal query: words are ANDed, `"a phrase"` is a phrase,
   * `-word` excludes, and a trailing `*` makes a prefix. Case and accents do not count.
   *
   * @param query What a person types; one that only excludes finds nothing.
   * @param options How many hits, and which.
   * @returns The hits, best first by BM25, equals in the order of their keys.
   * @throws {StorageError} When the storage is closed or fails.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  search(query: string, options: SearchOptions = {}): SearchHit[] {
    return runSync(this._operations.search(query, options), options);
  }

  /** The twin of `search`. */
  _searchAsync(query: string, options: SearchOptions = {}): Promise<SearchHit[]> {
    return runAsync(this._operations.search(query, options), options);
  }

  /**
   * Forgets many keys.
   *
   * @param options Which keys; all unless it says.
   * @returns How many had a value.
   * @throws {StorageError} When the storage is closed or fails.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  clear(options: ClearOptions = {}): number {
    return runSync(this._operations.clear(options), options);
  }

  /** The twin of `clear`. */
  _clearAsync(options: ClearOptions = {}): Promise<number> {
    return runAsync(this._operations.clear(options), options);
  }

  /**
   * Counts the keys that have a value.
   *
   * @param options A signal that cancels the call.
   * @returns How many.
   * @throws {StorageError} When the storage is closed or fails.
   */
  size(options: StorageCallOptions = {}): number {
    return runSync(this._operations.size(), options);
  }

  /** The twin of `size`. */
  _sizeAsync(options: StorageCallOptions = {}): Promise<number> {
    return runAsync(this._operations.size(), options);
  }

  /** Ends the use of the storage; every later call throws. */
  close(): void {
    return runSync(this._operations.close());
  }

  /** The twin of `close`. */
  _closeAsync(): Promise<void> {
    return runAsync(this._operations.close());
  }

  /** Closes the storage at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }
}
