/**
 * Looks for documents with questions of a critic's own.
 *
 * @module
 */

import { allSettled } from "../operation/combinators.ts";
import type { Operation } from "../operation/operation.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import type { Document } from "../thought/document.ts";
import type { CriticSession } from "./session.ts";
import { why } from "./votes.ts";

/** What to look for, and where. */
export interface Search {
  /** The critic's own retriever; the chain's where it has none. */
  readonly retriever: Retriever | undefined;
  /** What to ask; blank and repeated questions are not asked. */
  readonly queries: readonly string[];
  /** The most documents to give. */
  readonly limit: number;
}

/** What was found. */
export interface Found {
  /** The documents, each once: the best for every question, then the second best, and so on. */
  readonly documents: readonly Document[];
  /** The questions that were asked; none where there is nobody to ask. */
  readonly queries: readonly string[];
  /** The questions that could not be asked, and why. */
  readonly failures: readonly { readonly query: string; readonly reason: string }[];
}

/**
 * Asks all questions side by side. A retriever that fails has found nothing, and the run is told.
 *
 * @param session Whose search.
 * @param search What to look for, and where.
 * @returns An operation of what was found.
 */
export function* searchAll(session: CriticSession, search: Search): Operation<Found> {
  const { retriever, limit } = search;
  const ask = session.searcher(retriever, limit);
  const queries = [...new Set(search.queries.map((query) => query.trim()).filter((query) => query !== ""))];
  if (ask === undefined || queries.length === 0) return { documents: [], queries: [], failures: [] };
  const outcomes = yield* allSettled(queries.map((query) => ask(query)), {
    name: "search",
    concurrency: session.settings.modelCallConcurrency,
  });
  const lists = outcomes.map((outcome) => outcome.ok ? outcome.value : []);
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.ok ? [] : [{ query: queries[index]!, reason: why(outcome.error) }]
  );
  for (const reason of new Set(failures.map(({ reason }) => reason))) {
    yield* session.warn("retriever_failed", `${session.name} could not look something up: ${reason}`);
  }
  return { documents: mergeDocuments(lists, limit), queries, failures };
}

/**
 * Merges lists of documents: the first of each list, then the second of each, no text twice.
 *
 * @param lists The lists, best first.
 * @param limit The most to give.
 * @returns The documents.
 */
export function mergeDocuments(lists: readonly (readonly Document[])[], limit: number): Document[] {
  const merged = new Map<string, Document>();
  const longest = Math.max(0, ...lists.map((list) => list.length));
  for (let rank = 0; rank < longest; rank++) {
    for (const list of lists) {
      const document = list[rank];
      if (document === undefined) continue;
      const key = document.text.normalize("NFC").trim().replace(/\s+/g, " ");
      if (key !== "" && !merged.has(key)) merged.set(key, document);
    }
  }
  return [...merged.values()].slice(0, limit);
}
