/**
 * The operations of the storage on a Milvus server.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { now, type Operation, randomId } from "../operation/operation.ts";
import { show } from "../options.ts";
import { compareCodePoints } from "../text/code_points.ts";
import { WordIndex } from "../text/word_index.ts";
import { type Embed, embedTexts, type Vectors } from "./embed.ts";
import { checkKey, encodeValue, indexTermsOf } from "./entry.ts";
import { isIn, MilvusCollection, type MilvusMetric, scoreOf } from "./milvus_collection.ts";
import {
  allRowsIn,
  FIRST_ROW_FIELDS,
  firstId,
  type FirstRow,
  firstRowsIn,
  isFresh,
  MILVUS_FIELDS,
  otherIds,
  piecesOfValue,
  readFirstRow,
  rowsOf,
} from "./milvus_rows.ts";
import type { MilvusTarget } from "./milvus_target.ts";
import {
  type CheckedSearch,
  checkRequest,
  checkVectorSearch,
  closedError,
  expiryOf,
  type KeyRange,
  rangeOf,
} from "./requests.ts";
import { searchIndex } from "./search_index.ts";
import type {
  ClearOptions,
  KeysOptions,
  SearchHit,
  SearchOptions,
  SetOptions,
  StorageOperations,
} from "./storage.ts";
import { pieceSnippet } from "./vector_text.ts";

/** What MilvusStorage is called in errors. */
export const MILVUS_STORAGE = "MilvusStorage";

const NAME = MILVUS_STORAGE;
/** How many rows are read or written at a time: with 60 000 bytes of JSON each they stay below the server's 64 MB. */
const BATCH = 200;
/** The most rows that the server gives of one search. */
const MOST_ROWS = 16_384;
/** How often a value that is being replaced is read anew. */
const READS = 5;

/** What a storage is made like. */
export interface MilvusStorageSetup {
  /** The name of the collection. */
  readonly collection: string;
  /** Makes vectors. */
  readonly embed: Embed;
  /** How many numbers a vector has. */
  readonly dimension: number;
  /** How vectors are compared. */
  readonly metric: MilvusMetric;
  /** How soon a reader sees what was written. */
  readonly consistency: string;
  /** The longest text that a vector is made of, in UTF-16 code units. */
  readonly maxTextLength: number;
}

/** One operation for each method, on one collection. */
export class MilvusOperations implements StorageOperations {
  readonly #setup: MilvusStorageSetup;
  readonly #rows: MilvusCollection;
  #closed = false;

  /**
   * @param target Which server.
   * @param setup What the storage is made like.
   */
  constructor(target: MilvusTarget, setup: MilvusStorageSetup) {
    this.#setup = setup;
    const { collection: name, dimension, metric, consistency } = setup;
    this.#rows = new MilvusCollection(target, {
      name,
      fields: MILVUS_FIELDS,
      dimension,
      metric,
      consistency,
    });
  }

  /** Behind `get`. */
  *get(key: string): Operation<JsonValue | undefined> {
    checkKey(NAME, key);
    this.#refuseClosed("get");
    return (yield* this.#valuesOf([key])).get(key)?.value;
  }

  /** Behind `set`. */
  *set(key: string, value: unknown, options?: SetOptions): Operation<void> {
    checkKey(NAME, key);
    const { ttlMs } = checkRequest(NAME, "set", options);
    const pieces = piecesOfValue(encodeValue(NAME, key, value), this.#setup.maxTextLength);
    this.#refuseClosed("set");
    const vectors: number[][] = [];
    for (let at = 0; at < pieces.texts.length; at += BATCH) {
      for (const vector of yield* this.#embed(pieces.texts.slice(at, at + BATCH))) vectors.push([...vector]);
    }
    const [old] = yield* this.#firstRows([key]);
    const expiresAtMs = expiryOf(yield* now(), ttlMs);
    const rows = rowsOf({ key, version: yield* randomId(), pieces, vectors, expiresAtMs });
    for (let at = 1; at < rows.length; at += BATCH) yield* this.#rows.upsert(rows.slice(at, at + BATCH));
    yield* this.#rows.upsert(rows.slice(0, 1));
    if (old !== undefined && old.rows > 1) yield* this.#rows.delete(isIn("id", otherIds(old)));
  }

  /** Behind `delete`. */
  *delete(key: string): Operation<boolean> {
    checkKey(NAME, key);
    this.#refuseClosed("delete");
    const [old] = yield* this.#firstRows([key]);
    if (old === undefined) return false;
    yield* this.#rows.delete(isIn("id", [firstId(key), ...otherIds(old)]));
    return old.expiresAtMs > (yield* now());
  }

  /** Behind `has`. */
  *has(key: string): Operation<boolean> {
    checkKey(NAME, key);
    this.#refuseClosed("has");
    const [row] = yield* this.#firstRows([key]);
    return row !== undefined && row.expiresAtMs > (yield* now());
  }

  /** Behind `keys`. */
  *keys(options?: KeysOptions): Operation<string[]> {
    const { limit = Infinity, ...where } = checkRequest(NAME, "keys", options);
    this.#refuseClosed("keys");
    const range = rangeOf(where);
    if (range === undefined || limit === 0) return [];
    const keys = yield* this.#keysIn(range, yield* now());
    return keys.sort(compareCodePoints).slice(0, limit);
  }

  /** Behind `search`. */
  *search(query: string, options?: SearchOptions): Operation<SearchHit[]> {
    const checked = checkVectorSearch(NAME, query, options);
    this.#refuseClosed("search");
    const range = rangeOf({ prefix: checked.prefix });
    if (range === undefined || checked.limit === 0 || query.trim() === "") return [];
    return checked.mode === "vector"
      ? yield* this.#searchVectors(query, checked, range)
      : yield* this.#searchWords(query, checked, range);
  }

  /** Behind `clear`. */
  *clear(options?: ClearOptions): Operation<number> {
    const range = rangeOf(checkRequest(NAME, "clear", options));
    this.#refuseClosed("clear");
    if (range === undefined) return 0;
    const count = yield* this.#count(range);
    yield* this.#rows.delete(allRowsIn(range));
    return count;
  }

  /** Behind `size`. */
  *size(): Operation<number> {
    this.#refuseClosed("size");
    return yield* this.#count(rangeOf({})!);
  }

  /** Behind `close`. */
  *close(): Operation<void> {
    this.#closed = true;
  }

  *#count(range: KeyRange): Operation<number> {
    return yield* this.#rows.count(firstRowsIn(range, yield* now()));
  }

  /** The server gives rows in no order, so a stretch of which it may not have given all is cut in the middle of what it gave. */
  *#keysIn(range: KeyRange, nowMs: number): Operation<string[]> {
    const filter = firstRowsIn(range, nowMs);
    const rows = yield* this.#rows.query({ filter, outputFields: ["key"], limit: MOST_ROWS });
    const keys = rows.map(({ key }) => String(key));
    if (keys.length < MOST_ROWS) return keys;
    const middle = keys.sort(compareCodePoints)[keys.length >> 1]!;
    const before = yield* this.#keysIn({ ...range, until: middle }, nowMs);
    const from = compareCodePoints(middle, range.from) > 0 ? middle : range.from;
    return before.concat(yield* this.#keysIn({ ...range, from }, nowMs));
  }

  *#firstRows(keys: readonly string[]): Operation<FirstRow[]> {
    const filter = isIn("id", keys.map(firstId));
    return (yield* this.#rows.query({ filter, outputFields: FIRST_ROW_FIELDS })).map(readFirstRow);
  }

  /** The values of keys that have one. */
  *#valuesOf(keys: readonly string[]): Operation<Map<string, StoredValue>> {
    const values = new Map<string, StoredValue>();
    const nowMs = yield* now();
    for (let at = 0; at < keys.length; at += BATCH) {
      for (const row of yield* this.#firstRows(keys.slice(at, at + BATCH))) {
        const value = yield* this.#valueOf(row, nowMs);
        if (value !== undefined) values.set(row.key, value);
      }
    }
    return values;
  }

  /** Another process may replace a value after its first row was read, and remove the others. */
  *#valueOf(row: FirstRow, nowMs: number): Operation<StoredValue | undefined> {
    let first: FirstRow | undefined = row;
    for (let read = 1; first !== undefined && first.expiresAtMs > nowMs; read++) {
      const ids = otherIds(first);
      const parts = new Map<string, string>();
      for (let at = 0; at < ids.length; at += BATCH) {
        const filter = isIn("id", ids.slice(at, at + BATCH));
        const rows = yield* this.#rows.query({ filter, outputFields: ["id", "json"] });
        for (const { id, json } of rows) parts.set(String(id), String(json));
      }
      if (parts.size === ids.length) {
        const json: string = first.json + ids.map((id) => parts.get(id)).join("");
        return { version: first.version, value: JSON.parse(json) as JsonValue };
      }
      if (read === READS) {
        throw this.#error("corrupt", `Cannot read ${show(row.key)} in ${NAME} as it lacks some of its rows`);
      }
      [first] = yield* this.#firstRows([row.key]);
    }
    return undefined;
  }

  *#searchWords(query: string, options: CheckedSearch, range: KeyRange): Operation<SearchHit[]> {
    const values = yield* this.#valuesOf(yield* this.#keysIn(range, yield* now()));
    const index = new WordIndex<string>();
    for (const [key, { value }] of values) index.add(key, indexTermsOf(value));
    return searchIndex(index, (key) => JSON.stringify(values.get(key)!.value), { query, options });
  }

  *#searchVectors(query: string, options: CheckedSearch, range: KeyRange): Operation<SearchHit[]> {
    const [vector] = yield* this.#embed([query]);
    const filter = ["has_text == true", allRowsIn(range), isFresh(yield* now())].join(" and ");
    for (let limit = Math.min(2 * options.limit, MOST_ROWS);; limit = Math.min(4 * limit, MOST_ROWS)) {
      const outputFields = ["id", "key", "version"];
      const rows = yield* this.#rows.search({ vector: vector!, filter, outputFields, limit });
      const found = rows.map(({ id, key, version, distance }) => ({
        key: String(key),
        version: String(version),
        piece: parseInt(String(id), 10),
        score: scoreOf(this.#setup.metric, Number(distance)),
      }));
      const hits = yield* this.#hitsOf(found, options);
      if (hits.length >= options.limit || rows.length < limit || limit === MOST_ROWS) {
        return hits.slice(0, options.limit);
      }
    }
  }

  /** A value is as near as its nearest row. Rows of a value that has been replaced meanwhile do not count. */
  *#hitsOf(found: readonly FoundRow[], { minScore, filter }: CheckedSearch): Operation<SearchHit[]> {
    const values = yield* this.#valuesOf([...new Set(found.map(({ key }) => key))]);
    const { maxTextLength } = this.#setup;
    const hits = new Map<string, SearchHit>();
    for (const { key, version, piece, score } of found) {
      const stored = values.get(key);
      if (stored?.version !== version || hits.has(key) || score < minScore) continue;
      const { value } = stored;
      if (filter === undefined || filter(value)) {
        hits.set(key, { key, value, score, snippet: pieceSnippet(value, { piece, maxTextLength }) });
      }
    }
    return [...hits.values()].sort((a, b) => b.score - a.score || compareCodePoints(a.key, b.key));
  }

  #embed(texts: readonly string[]): Operation<Vectors> {
    const wrong = (reason: string) =>
      this.#error("invalid_vectors", `Cannot make vectors in ${NAME} as ${reason}`);
    return embedTexts(this.#setup.embed, { texts, dimension: this.#setup.dimension, wrong });
  }

  #error(code: string, message: string): StorageError {
    return new StorageError(message, { code, component: NAME });
  }

  #refuseClosed(operation: string): void {
    if (this.#closed) throw closedError(NAME, operation);
  }
}

/** A value as it was read. */
interface StoredValue {
  readonly version: string;
  readonly value: JsonValue;
}

/** A row that a search by vectors found. */
interface FoundRow {
  readonly key: string;
  readonly version: string;
  readonly piece: number;
  readonly score: number;
}
