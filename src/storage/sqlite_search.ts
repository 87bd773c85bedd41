/**
 * The search of the storage in SQLite.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import type { SqliteRow } from "../runtime/sqlite.ts";
import type { SearchQuery } from "../text/search_query.ts";
import { snippetOf } from "../text/snippet.ts";
import { textsOf } from "./entry.ts";
import { rangeOf } from "./requests.ts";
import { ftsQueryOf } from "./sqlite_query.ts";
import { boundsOf, type Statements } from "./sqlite_statements.ts";
import type { SearchHit, SearchOptions } from "./storage.ts";

/** A search that has been checked. */
export interface SqliteSearch {
  /** What it asks for; at least one clause is wanted. */
  readonly query: SearchQuery;
  /** The caller's options, with their defaults. */
  readonly options: SearchOptions & { readonly limit: number; readonly minScore: number };
  /** The time, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Where a filter has to see values before they count, so many are ranked at first for each hit that is wanted. */
const CANDIDATES = 8;

/**
 * Finds the best values. The index ranks all that match, and only those that are returned, or that a filter has to see, are read.
 *
 * @param statements The prepared statements.
 * @param search What to look for.
 * @returns The hits, best first.
 */
export function searchEntries(statements: Statements, search: SqliteSearch): SearchHit[] {
  const { query, options: { limit, minScore, filter, prefix, match }, nowMs } = search;
  const range = rangeOf({ prefix });
  if (range === undefined) return [];
  const [from, , until] = boundsOf(range);
  const words = ftsQueryOf(query, match);
  const best: Best = (most) => statements.find.all(words, from, until, nowMs, most);
  const hits: SearchHit[] = [];
  for (const row of filter === undefined ? best(limit) : bestOfAll(best, CANDIDATES * limit)) {
    const score = row.score as number;
    if (score < minScore) break;
    const stored = statements.load.get(row.id as number);
    // Another process may have deleted it since.
    if (stored === undefined) continue;
    const value = JSON.parse(stored.value as string) as JsonValue;
    if (filter !== undefined && !filter(value)) continue;
    const snippet = snippetOf(textsOf(value), query);
    // Another process may have changed it since.
    if (snippet === "") continue;
    hits.push({ key: stored.key as string, value, score, snippet });
    if (hits.length === limit) break;
  }
  return hits;
}

/** Gives at most so many rows that match, best first. */
type Best = (most: number) => SqliteRow[];

/** Gives all rows that match, best first. Some are found faster than all, and mostly enough. */
function* bestOfAll(best: Best, some: number): Generator<SqliteRow, void> {
  const first = best(Math.min(some, Number.MAX_SAFE_INTEGER));
  yield* first;
  if (first.length < some) return;
  const seen = new Set(first.map(({ id }) => id));
  // SQLite takes a number below 0 for no limit.
  for (const row of best(-1)) if (!seen.has(row.id)) yield row;
}
