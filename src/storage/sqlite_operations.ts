/**
 * The operations of the storage in SQLite. Each is one short call in the caller's thread, under every driver: nothing in it
 * waits but for the disk and for other connections that write.
 *
 * @module
 */

import { SifakaError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { host, hostAgain, now, type Operation } from "../operation/operation.ts";
import type { SqliteConnection } from "../runtime/sqlite.ts";
import { parseSearchQuery } from "../text/search_query.ts";
import { checkKey, encodeValue, indexTermsOf } from "./entry.ts";
import { checkRequest, checkSearch, checkVectorSearch, closedError, expiryOf, rangeOf } from "./requests.ts";
import { readOnlyError, SQLITE_STORAGE, sqliteError } from "./sqlite_errors.ts";
import { patiently } from "./sqlite_patience.ts";
import { searchEntries } from "./sqlite_search.ts";
import { boundsOf, prepareStatements, type Statements } from "./sqlite_statements.ts";
import type { Transactions } from "./sqlite_transactions.ts";
import { searchVectors } from "./sqlite_vector_search.ts";
import type { SqliteVectorOptions, VectorTable } from "./sqlite_vectors.ts";
import type {
  ClearOptions,
  KeysOptions,
  SearchHit,
  SearchOptions,
  SetOptions,
  StorageOperations,
} from "./storage.ts";

const NAME = SQLITE_STORAGE;
const ALL_KEYS = { from: "", after: "", until: undefined };

/** The storage that the operations work on. */
export interface OpenDatabase {
  /** The file, for errors. */
  readonly path: string;
  /** The open database. */
  readonly connection: SqliteConnection;
  /** How long a call waits for other connections, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** Whether nothing may be written. */
  readonly readOnly: boolean;
  /** Its transactions. */
  readonly transactions: Transactions;
  /** What makes vectors, and where they are; `undefined` where there are none. */
  readonly vectors: { readonly setup: SqliteVectorOptions; readonly table: VectorTable } | undefined;
}

/** One operation for each method, over one connection. */
export class SqliteOperations implements StorageOperations {
  readonly #path: string;
  readonly #busyTimeoutMs: number;
  readonly #connection: SqliteConnection;
  readonly #readOnly: boolean;
  readonly #statements: Statements;
  readonly #transactions: Transactions;
  readonly #vectors: OpenDatabase["vectors"];
  #closed = false;
  /** Called before the database is closed. */
  beforeClose: (() => void) | undefined;

  /** @param database Where. */
  constructor({ path, connection, busyTimeoutMs, readOnly, transactions, vectors }: OpenDatabase) {
    this.#path = path;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#connection = connection;
    this.#readOnly = readOnly;
    this.#statements = prepareStatements(connection);
    this.#transactions = transactions;
    this.#vectors = vectors;
  }

  /** Behind `get`. */
  *get(key: string): Operation<JsonValue | undefined> {
    checkKey(NAME, key);
    const nowMs = yield* now();
    const row = yield* this.#call("get", ({ get }) => get.get(key, nowMs));
    return row === undefined ? undefined : JSON.parse(row.value as string) as JsonValue;
  }

  /** Behind `set`. */
  *set(key: string, value: unknown, options?: SetOptions): Operation<void> {
    checkKey(NAME, key);
    const { ttlMs } = checkRequest(NAME, "set", options);
    const json = encodeValue(NAME, key, value);
    const terms = indexTermsOf(JSON.parse(json) as JsonValue).join(" ");
    const nowMs = yield* now();
    const expiresAtMs = expiryOf(nowMs, ttlMs);
    yield* this.#write("set", ({ sweep, setEntry, setContent }) => {
      sweep.run(nowMs);
      const { id } = setEntry.get(key, expiresAtMs === Infinity ? null : expiresAtMs)!;
      setContent.run(id as number, json, terms);
    });
  }

  /** Behind `delete`. */
  *delete(key: string): Operation<boolean> {
    checkKey(NAME, key);
    const nowMs = yield* now();
    return yield* this.#write("delete", (statements) => {
      const was = statements.has.get(key, nowMs) !== undefined;
      statements.delete.run(key);
      return was;
    });
  }

  /** Behind `has`. */
  *has(key: string): Operation<boolean> {
    checkKey(NAME, key);
    const nowMs = yield* now();
    return yield* this.#call("has", ({ has }) => has.get(key, nowMs) !== undefined);
  }

  /** Behind `keys`. */
  *keys(options?: KeysOptions): Operation<string[]> {
    const { limit = -1, ...where } = checkRequest(NAME, "keys", options);
    const range = rangeOf(where);
    const nowMs = yield* now();
    return yield* this.#call("keys", ({ keys }) => {
      if (range === undefined) return [];
      return keys.all(...boundsOf(range), nowMs, limit).map((row) => row.key as string);
    });
  }

  /** Behind `search`. */
  *search(query: string, options?: SearchOptions): Operation<SearchHit[]> {
    const check = this.#vectors === undefined ? checkSearch : checkVectorSearch;
    const checked = check(NAME, query, options);
    const nowMs = yield* now();
    if (this.#vectors !== undefined && checked.mode === "vector") {
      return query.trim() === "" ? [] : yield* searchVectors({
        ...this.#vectors,
        readOnly: this.#readOnly,
        call: (use) => this.#call("search", use),
        write: (change) => this.#write("search", change),
      }, { query, options: checked, nowMs });
    }
    const parsed = parseSearchQuery(query);
    return yield* this.#call("search", (statements) => {
      if (parsed.wanted.length === 0 || checked.limit === 0) return [];
      return searchEntries(statements, { query: parsed, options: checked, nowMs });
    });
  }

  /** Behind `clear`. */
  *clear(options?: ClearOptions): Operation<number> {
    const range = rangeOf(checkRequest(NAME, "clear", options));
    const nowMs = yield* now();
    return yield* this.#write("clear", ({ count, clear }) => {
      if (range === undefined) return 0;
      const was = count.get(...boundsOf(range), nowMs)!.count as number;
      clear.run(...boundsOf(range));
      return was;
    });
  }

  /** Behind `size`. */
  *size(): Operation<number> {
    const nowMs = yield* now();
    return yield* this.#call("size", ({ count }) => count.get(...boundsOf(ALL_KEYS), nowMs)!.count as number);
  }

  /** Makes many changes in one transaction: all that `changes` does with this storage, without waiting, is a part of it. */
  together(changes: () => void): Operation<void> {
    return this.#write("set", changes);
  }

  /** Behind `close`. */
  *close(): Operation<void> {
    if (this.#closed) return;
    yield* host(() => {
      try {
        this.beforeClose?.();
        this.#transactions.end();
      } catch (error) {
        throw sqliteError(this.#path, "close", error);
      } finally {
        this.#closed = true;
        this.#connection.close();
      }
    });
  }

  /** Whether it has been closed. */
  get isClosed(): boolean {
    return this.#closed;
  }

  *#call<T>(operation: string, use: (statements: Statements) => T, store?: object): Operation<T> {
    return yield* hostAgain(() => {
      if (this.#closed) throw closedError(NAME, operation);
      try {
        return patiently(this.#busyTimeoutMs, () => use(this.#statements));
      } catch (error) {
        throw error instanceof SifakaError ? error : sqliteError(this.#path, operation, error);
      }
    }, store);
  }

  /** One transaction, of which the record of a run in the same file can be a part. */
  #write<T>(operation: string, change: (statements: Statements) => T): Operation<T> {
    return this.#call(operation, (statements) => {
      if (this.#readOnly) throw readOnlyError(this.#path, operation);
      return this.#transactions.run(() => change(statements));
    }, this.#transactions);
  }
}
