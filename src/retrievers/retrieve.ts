/**
 * Asks any retriever, and makes documents of what it gives.
 *
 * @module
 */

import { RetrieverError, SifakaError } from "../errors.ts";
import { host, type Operation } from "../operation/operation.ts";
import { show } from "../options.ts";
import { Document, type DocumentInit } from "../thought/document.ts";
import type { RetrieveOptions, Retriever } from "./retriever.ts";

/**
 * Asks a retriever: by its operation where it has one, else by its plain method under a driver that blocks, and by its twin
 * (where there is one) on an event loop. What it throws is passed on as it is.
 *
 * @param retriever The retriever.
 * @param query What to look for; a blank one is not asked and finds nothing.
 * @param options How many, and a signal.
 * @returns An operation of documents that all name a source: their own, or the retriever.
 * @throws {RetrieverError} When it gives something other than a list of documents and strings.
 *
 * @example
 * ```ts
 * import { runSync } from "@sifaka/sifaka";
 * import { retrieveOperation, type Retriever } from "@sifaka/sifaka/retrievers";
 *
 * const atlas: Retriever = { name: "atlas", retrieve: () => ["Lemurs live in Madagascar."] };
 * console.log(runSync(retrieveOperation(atlas, "lemurs"))[0]?.source); // "atlas"
 * ```
 */
export function* retrieveOperation(
  retriever: Retriever,
  query: string,
  options: RetrieveOptions = {},
): Operation<Document[]> {
  if (query.trim() === "") return [];
  return toDocuments(retriever.name, yield* ask(retriever, query, options), options.limit);
}

/** Methods are looked up and called on the retriever itself: one of a user's own may be any object. */
function ask(retriever: Retriever, query: string, options: RetrieveOptions): Operation<unknown> {
  if (retriever._retrieveOperation !== undefined) return retriever._retrieveOperation(query, options);
  return host<unknown>(
    retriever.retrieve && (() => retriever.retrieve!(query, options)),
    retriever._retrieveAsync && ((signal) => retriever._retrieveAsync!(query, { ...options, signal })),
  );
}

/**
 * Makes documents of what a retriever gave.
 *
 * @param name The retriever's name, which stands for a source that is not named.
 * @param given What it gave.
 * @param limit At most so many.
 * @returns The documents, in the order given.
 * @throws {RetrieverError} When it is no list of documents and strings.
 */
export function toDocuments(name: string, given: unknown, limit = Infinity): Document[] {
  if (!Array.isArray(given)) throw unreadable(name, `it must give a list: it gave ${show(given)}`);
  return given.slice(0, limit).map((item: unknown) => {
    if (item instanceof Document && item.source !== undefined) return item;
    try {
      const document = Document.of(item as string | DocumentInit);
      return document.source === undefined ? new Document({ ...document, source: name }) : document;
    } catch (error) {
      if (!(error instanceof SifakaError)) throw error;
      throw unreadable(name, `one of its results is no document: ${error.message}`, error);
    }
  });
}

function unreadable(name: string, reason: string, cause?: unknown): RetrieverError {
  return new RetrieverError(`Cannot use what ${name} retrieved as ${reason}`, {
    code: "invalid_result",
    component: name,
    operation: "retrieve",
    cause,
  });
}
