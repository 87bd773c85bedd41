/**
 * Reads what a person types into a search box. Every string is a legal query.
 *
 *     lemur island          both words, anywhere
 *     "ring-tailed lemur"   these words in this order, side by side
 *     -zoo                  not this word (or `-"this phrase"`)
 *     mada*                 words that begin so (or `"ring tail"*`)
 *
 * Anything else separates words: `a+b` asks for `a b` side by side, and a sign that is no word is nothing.
 *
 * @module
 */

import { termsOf } from "./words.ts";

/** One thing that a query asks for. */
export interface SearchClause {
  /** The words, side by side in this order; at least one. */
  readonly terms: readonly string[];
  /** Whether the last word only has to begin so. */
  readonly prefix: boolean;
}

/** What a query asks for. */
export interface SearchQuery {
  /** All of these must be there. Where there are none, nothing is found. */
  readonly wanted: readonly SearchClause[];
  /** None of these may be there. */
  readonly excluded: readonly SearchClause[];
}

/** Words of a query beyond this many are not looked at. */
export const MAX_QUERY_TERMS = 128;

const QUOTES = '"\u201c\u201d\u201e';
const ITEM = new RegExp(`(-*)(?:[${QUOTES}]([^${QUOTES}]*)[${QUOTES}]?|([^\\s${QUOTES}]+))(\\*?)`, "gu");

/**
 * Reads a query.
 *
 * @param query What was typed.
 * @returns What it asks for. A clause that stands there twice is kept once.
 */
export function parseSearchQuery(query: string): SearchQuery {
  const wanted = new Map<string, SearchClause>();
  const excluded = new Map<string, SearchClause>();
  let left = MAX_QUERY_TERMS;
  for (const [, dashes, phrase, word, star] of query.matchAll(ITEM)) {
    const terms = termsOf(phrase ?? word ?? "").slice(0, left);
    if (terms.length === 0) continue;
    const clause: SearchClause = { terms, prefix: phrase === undefined ? word!.endsWith("*") : star === "*" };
    (dashes === "" ? wanted : excluded).set(JSON.stringify(clause), clause);
    left -= terms.length;
    if (left === 0) break;
  }
  return { wanted: [...wanted.values()], excluded: [...excluded.values()] };
}
