/**
 * A retriever for tests.
 *
 * @module
 */

import { RetrieverError } from "../errors.ts";
import { type Operation, sleep } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { Document } from "../thought/document.ts";
import {
  COMMON_RETRIEVER_OPTIONS,
  type CommonRetrieverOptions,
  DEFAULT_MAX_RESULTS,
  type DocumentsInit,
  limitOf,
  listDocuments,
} from "./common_options.ts";
import { OperationRetriever, type RetrieveOptions } from "./retriever.ts";

/** Options of {@linkcode MockRetriever}. */
export interface MockRetrieverOptions extends CommonRetrieverOptions {
  /** What is found, whatever the query; an empty list finds nothing. @default three sample documents */
  documents?: DocumentsInit;
  /** How long a retrieval takes, in milliseconds. @default 0 */
  latencyMs?: number;
  /** What every retrieval fails with: an error, or the message of a `RetrieverError`. @default it does not fail */
  error?: string | Error;
}

/**
 * What a {@linkcode MockRetriever} can be told.
 *
 * @example
 * ```ts
 * import { MOCK_RETRIEVER_OPTIONS } from "@sifaka/sifaka/retrievers";
 *
 * console.log(Object.keys(MOCK_RETRIEVER_OPTIONS).length > 0); // true
 * ```
 */
export const MOCK_RETRIEVER_OPTIONS: OptionSchemas = {
  ...COMMON_RETRIEVER_OPTIONS,
  latencyMs: {
    description: "How long a retrieval takes, in milliseconds.",
    type: "number",
    minimum: 0,
    default: 0,
  },
  error: {
    description: "What every retrieval fails with.",
    anyOf: [
      { type: "string" },
      { codeOnly: true, accepts: (value) => value instanceof Error, accepted: "an Error" },
    ],
  },
};

const SAMPLES: readonly string[] = [
  "Sifakas are lemurs of the genus Propithecus.",
  "Sifakas live in the forests of Madagascar.",
  "Sifakas cross open ground in sideways leaps.",
];

/**
 * Finds the same documents for every query and remembers what it was asked.
 *
 * @example
 * ```ts
 * import { MockRetriever } from "@sifaka/sifaka/retrievers";
 *
 * const retriever = new MockRetriever({ documents: ["first", "second"] });
 * console.log(retriever.retrieve("anything").map((document) => document.score)); // [1, 0.5]
 * console.log(retriever.queries); // ["anything"]
 * ```
 */
export class MockRetriever extends OperationRetriever {
  /** What documents say they came from when they name no source. */
  override readonly name: string;
  /** Whether a failure ends the run. */
  override readonly required: boolean;
  readonly #documents: readonly Document[];
  readonly #maxResults: number;
  readonly #latencyMs: number;
  readonly #error: string | Error | undefined;
  readonly #queries: string[] = [];

  /**
   * Makes a retriever that finds what it is told.
   *
   * @param options What it finds, or how it fails.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(options?: MockRetrieverOptions) {
    super(options);
    const checked = checkOptions("MockRetriever", options, MOCK_RETRIEVER_OPTIONS);
    this.name = checked.name ?? "MockRetriever";
    this.required = checked.required ?? false;
    this.#maxResults = checked.maxResults ?? DEFAULT_MAX_RESULTS;
    this.#latencyMs = checked.latencyMs ?? 0;
    this.#error = checked.error;
    this.#documents = listDocuments(checked.documents ?? SAMPLES).map((init, rank) => {
      return new Document({ ...init, score: 1 / (rank + 1), source: init.source ?? this.name });
    });
  }

  /** Every query so far, oldest first. */
  get queries(): readonly string[] {
    return [...this.#queries];
  }

  /** The one body behind `retrieve` and its twin. */
  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const limit = limitOf(this.name, options, this.#maxResults);
    if (query.trim() === "") return [];
    this.#queries.push(query);
    if (this.#latencyMs > 0) yield* sleep(this.#latencyMs);
    if (this.#error instanceof Error) throw this.#error;
    if (this.#error !== undefined) {
      throw new RetrieverError(this.#error, { code: "mock", component: this.name, operation: "retrieve" });
    }
    return this.#documents.slice(0, limit);
  }
}
