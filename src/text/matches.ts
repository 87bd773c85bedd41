/**
 * Finds where the words of a text answer a search query.
 *
 * @module
 */

import type { SearchClause, SearchQuery } from "./search_query.ts";

/** A place where a clause of a query is answered. */
export interface Match {
  /** The clause, by its place in `wanted`. */
  readonly clause: number;
  /** The first word of the match. */
  readonly first: number;
  /** The last word of the match. */
  readonly last: number;
}

/**
 * Tells whether a clause is answered at a place.
 *
 * @param clause The clause.
 * @param terms The words of the text.
 * @param first Where to look.
 * @returns Whether its words stand there.
 */
function matchesAt(clause: SearchClause, terms: readonly string[], first: number): boolean {
  const lastOffset = clause.terms.length - 1;
  for (let offset = 0; offset <= lastOffset; offset++) {
    const term = terms[first + offset];
    const wanted = clause.terms[offset]!;
    if (term === undefined) return false;
    if (offset === lastOffset && clause.prefix ? !term.startsWith(wanted) : term !== wanted) return false;
  }
  return true;
}

/**
 * Lists the places where a text answers the wanted clauses of a query, in the order of the text.
 *
 * @param query The query.
 * @param terms The words of the text.
 * @returns The matches of each wanted clause.
 */
export function findMatches(query: SearchQuery, terms: readonly string[]): Match[] {
  const matches: Match[] = [];
  for (let first = 0; first < terms.length; first++) {
    query.wanted.forEach((clause, index) => {
      if (matchesAt(clause, terms, first)) {
        matches.push({ clause: index, first, last: first + clause.terms.length - 1 });
      }
    });
  }
  return matches;
}
