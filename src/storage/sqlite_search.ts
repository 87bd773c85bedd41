/**
 * The search of the storage in SQLite.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
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

/**
 * Finds the best values. The index ranks all that match, and only those that are returned are read.
 *
 * @param statements The prepared statements.
 * @param search What to look for.
 * @returns The hits, best first.
 */
export function searchEntries(statements: Statements, search: SqliteSearch): SearchHit[] {
  const { query, options: { limit, minScore, filter, prefix, match }, nowMs } = search;
  const range = rangeOf({ prefix });
  if (range === undefined) return [];
  const found = statements.find.all(
    ftsQueryOf(query, match),
    ...boundsOf(range),
    nowMs,
    // SQLite knows no bound for "any score" but a number.
    Math.max(minScore, -Number.MAX_VALUE),
    filter === undefined ? limit : -1,
  );
  const hits: SearchHit[] = [];
  for (const row of found) {
    const stored = statements.load.get(row.id as number);
    // Another process may have deleted it since.
    if (stored === undefined) continue;
    const value = JSON.parse(stored.value as string) as JsonValue;
    if (filter !== undefined && !filter(value)) continue;
    const snippet = snippetOf(textsOf(value), query);
    // Another process may have changed it since.
    if (snippet === "") continue;
    hits.push({ key: stored.key as string, value, score: row.score as number, snippet });
    if (hits.length === limit) break;
  }
  return hits;
}
