/**
 * What a retriever is to the rest of Sifaka.
 *
 * @module
 */

import { Component } from "../component.ts";
import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import type { Operation } from "../operation/operation.ts";
import type { Document, DocumentInit } from "../thought/document.ts";
import { limitOf } from "./common_options.ts";

/** Options of one retrieval. */
export interface RetrieveOptions {
  /** At most so many documents; an integer of at least 1. */
  readonly limit?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}

/**
 * Finds documents for a query. Only `name` and one way to retrieve are required of a retriever of one's own;
 * `defineRetriever` makes a complete one from a function.
 */
export interface Retriever {
  /** What documents say they came from. */
  readonly name: string;
  /** Whether a failure ends the run. @default false */
  readonly required?: boolean;
  /** Finds documents, best first. A string stands for a document of that text. */
  retrieve?(query: string, options?: RetrieveOptions): readonly (string | DocumentInit)[];
  /** The twin of `retrieve` for code on an event loop. */
  _retrieveAsync?(query: string, options?: RetrieveOptions): Promise<readonly (string | DocumentInit)[]>;
  /** The operation behind both. Sifaka prefers it to either. */
  _retrieveOperation?(
    query: string,
    options?: RetrieveOptions,
  ): Operation<readonly (string | DocumentInit)[]>;
}

/**
 * Makes `retrieve` and its twin from one operation: extend it, and write only `_retrieveOperation`.
 *
 * @example
 * ```ts
 * import { Document, type Operation, sleep } from "@sifaka/sifaka";
 * import { OperationRetriever } from "@sifaka/sifaka/retrievers";
 *
 * class Atlas extends OperationRetriever {
 *   readonly name = "atlas";
 *
 *   *_retrieveOperation(query: string): Operation<Document[]> {
 *     yield* sleep(1);
 *     return [new Document({ text: `All about ${query}`, source: this.name })];
 *   }
 * }
 * console.log(new Atlas().retrieve("lemurs")[0]?.text); // "All about lemurs"
 * ```
 */
export abstract class OperationRetriever extends Component implements Retriever {
  /** What documents say they came from. */
  abstract readonly name: string;

  /** Whether a failure ends the run. */
  readonly required: boolean = false;

  /** The one body behind `retrieve` and its twin. */
  abstract _retrieveOperation(query: string, options?: RetrieveOptions): Operation<Document[]>;

  /**
   * Finds documents.
   *
   * @param query What to look for; a blank one finds nothing.
   * @param options How many, and a signal that cancels the call.
   * @returns Documents, best first.
   * @throws {ConfigurationError} When `limit` is no integer of at least 1.
   * @throws {RetrieverError} When the source fails.
   */
  retrieve(query: string, options: RetrieveOptions = {}): Document[] {
    return runSync(this.#checked(query, options), options);
  }

  /** The twin of `retrieve` for code on an event loop. */
  _retrieveAsync(query: string, options: RetrieveOptions = {}): Promise<Document[]> {
    return runAsync(this.#checked(query, options), options);
  }

  /** A retriever of one's own need not look at what is no limit. */
  *#checked(query: string, options: RetrieveOptions): Operation<Document[]> {
    limitOf(this.name, options, 1);
    return yield* this._retrieveOperation(query, options);
  }
}
