/**
 * The search of the storages that keep their index in memory.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { compareCodePoints } from "../text/code_points.ts";
import { parseSearchQuery } from "../text/search_query.ts";
import { snippetOf } from "../text/snippet.ts";
import type { WordIndex } from "../text/word_index.ts";
import { textsOf } from "./entry.ts";
import { type CheckedSearch, rangeOf } from "./requests.ts";
import type { SearchHit } from "./storage.ts";

/** A search whose options have been checked. */
export interface IndexSearch {
  /** What was typed. */
  readonly query: string;
  /** The caller's options, with their defaults. */
  readonly options: CheckedSearch;
}

/**
 * Finds the best values of an index.
 *
 * @param index The words of the values, by key.
 * @param jsonOf Gives the JSON of a value that is in the index; `undefined` when it has gone since.
 * @param search What to look for.
 * @returns The hits, best first, equals in the order of their keys.
 */
export function searchIndex(
  index: WordIndex<string>,
  jsonOf: (key: string) => string | undefined,
  search: IndexSearch,
): SearchHit[] {
  const { limit, minScore, prefix = "", filter, match } = search.options;
  const parsed = parseSearchQuery(search.query);
  // No key begins with half a character, though a string of UTF-16 may.
  if (limit === 0 || parsed.wanted.length === 0 || rangeOf({ prefix }) === undefined) return [];
  const found = index.search(parsed, match).filter(({ id, score }) =>
    score >= minScore && id.startsWith(prefix)
  );
  found.sort((a, b) => b.score - a.score || compareCodePoints(a.id, b.id));
  const hits: SearchHit[] = [];
  for (const { id, score } of found) {
    const json = jsonOf(id);
    if (json === undefined) continue;
    const value = JSON.parse(json) as JsonValue;
    if (filter !== undefined && !filter(value)) continue;
    hits.push({ key: id, value, score, snippet: snippetOf(textsOf(value), parsed) });
    if (hits.length === limit) break;
  }
  return hits;
}
