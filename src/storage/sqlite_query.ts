/**
 * Words a search for SQLite's full-text index.
 *
 * @module
 */

import type { SearchClause, SearchQuery } from "../text/search_query.ts";

/**
 * Writes a query in the language of FTS5. Terms hold letters, digits and marks alone, so nothing in them has a meaning there.
 *
 * @param query The query; it wants at least one clause.
 * @param match Whether everything that it wants must be there, or any of it.
 * @returns The query for `MATCH`.
 */
export function ftsQueryOf(query: SearchQuery, match: "all" | "any" = "all"): string {
  const wanted = query.wanted.map(phrase).join(match === "all" ? " AND " : " OR ");
  if (query.excluded.length === 0) return wanted;
  return `(${wanted}) NOT (${query.excluded.map(phrase).join(" OR ")})`;
}

function phrase({ terms, prefix }: SearchClause): string {
  return `"${terms.join(" ")}"${prefix ? " *" : ""}`;
}
