/**
 * The search by vectors of the storage in SQLite.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import type { Operation } from "../operation/operation.ts";
import { compareCodePoints } from "../text/code_points.ts";
import { piecesOf } from "../text/pieces.ts";
import { embedTexts, type Vectors } from "./embed.ts";
import { type CheckedSearch, type KeyRange, rangeOf } from "./requests.ts";
import { SQLITE_STORAGE } from "./sqlite_errors.ts";
import type { Statements } from "./sqlite_statements.ts";
import type { NearPiece, SqliteVectorOptions, UnmadeValue, VectorTable } from "./sqlite_vectors.ts";
import type { SearchHit } from "./storage.ts";
import { DEFAULT_TEXT_LENGTH, pieceSnippet, textOfValue } from "./vector_text.ts";

/** How many values get their vectors in one call of `embed`. */
const BATCH = 100;

/** What a search works on. */
export interface VectorSearchDatabase {
  /** The vectors. */
  readonly table: VectorTable;
  /** What makes them. */
  readonly setup: SqliteVectorOptions;
  /** Whether nothing may be written. */
  readonly readOnly: boolean;
  /** Performs something that reads. */
  call<T>(use: (statements: Statements) => T): Operation<T>;
  /** Performs something that writes, in one transaction. */
  write(change: () => void): Operation<void>;
}

/** What is looked for. */
export interface VectorSearch {
  /** What a person types; not blank. */
  readonly query: string;
  /** The caller's options, with their defaults. */
  readonly options: CheckedSearch;
  /** The time, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Finds the values whose vectors point most nearly the way of the query's. Values that have no vectors yet get them first.
 *
 * @param database Where.
 * @param search What to look for.
 * @returns The hits, best first, equals in the order of their keys.
 */
export function* searchVectors(database: VectorSearchDatabase, search: VectorSearch): Operation<SearchHit[]> {
  const { options, nowMs } = search;
  const range = rangeOf({ prefix: options.prefix });
  if (range === undefined || options.limit === 0) return [];
  if (!database.readOnly) yield* makeVectors(database, range, nowMs);
  const [vector] = yield* vectorsOf(database.setup, [search.query]);
  for (let limit = 2 * options.limit;; limit *= 4) {
    const [hits, count] = yield* database.call((statements) => {
      const found = database.table.near({ vector: vector!, range, nowMs, limit });
      return [hitsOf(database.setup, statements, { found, options }), found.length] as const;
    });
    if (hits.length >= options.limit || count < limit) return hits.slice(0, options.limit);
  }
}

function* makeVectors(database: VectorSearchDatabase, range: KeyRange, nowMs: number): Operation<void> {
  const { table, setup } = database;
  for (;;) {
    const values = yield* database.call(() => table.wanted(range, { nowMs, limit: BATCH }));
    if (values.length === 0) return;
    const texts = values.map((value) => textsOf(setup, value));
    const vectors = [...yield* vectorsOf(setup, texts.flat())];
    yield* database.write(() => {
      for (const [index, value] of values.entries()) {
        table.keep(value, vectors.splice(0, texts[index]!.length));
      }
    });
  }
}

/** A value without strings is found by no vector. */
function textsOf(
  { maxTextLength = DEFAULT_TEXT_LENGTH }: SqliteVectorOptions,
  { json }: UnmadeValue,
): string[] {
  const text = textOfValue(JSON.parse(json) as JsonValue);
  return text === "" ? [] : piecesOf(text, maxTextLength);
}

function* vectorsOf(setup: SqliteVectorOptions, texts: readonly string[]): Operation<Vectors> {
  if (texts.length === 0) return [];
  const { embed, dimension } = setup;
  return yield* embedTexts(embed, {
    texts,
    dimension,
    wrong: (reason) =>
      new StorageError(`Cannot search in ${SQLITE_STORAGE} by vectors as ${reason}`, {
        code: "invalid_vectors",
        component: SQLITE_STORAGE,
        operation: "search",
      }),
  });
}

/** A value is as near as its nearest piece. */
function hitsOf(
  { maxTextLength = DEFAULT_TEXT_LENGTH }: SqliteVectorOptions,
  { load }: Statements,
  { found, options }: { found: readonly NearPiece[]; options: CheckedSearch },
): SearchHit[] {
  const hits = new Map<number, SearchHit>();
  for (const { id, piece, distance } of found) {
    const score = 1 - distance / 2;
    const stored = score < options.minScore || hits.has(id) ? undefined : load.get(id);
    if (stored === undefined) continue;
    const value = JSON.parse(stored.value as string) as JsonValue;
    if (options.filter !== undefined && !options.filter(value)) continue;
    const snippet = pieceSnippet(value, { piece, maxTextLength });
    hits.set(id, { key: stored.key as string, value, score, snippet });
  }
  return [...hits.values()].sort((a, b) => b.score - a.score || compareCodePoints(a.key, b.key));
}
