/**
 * Several retrievers as one.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { allSettled } from "../operation/combinators.ts";
import { emit, type Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { Document } from "../thought/document.ts";
import { DEFAULT_MAX_RESULTS, limitOf } from "./common_options.ts";
import { retrieveOperation } from "./retrieve.ts";
import { OperationRetriever, type RetrieveOptions, type Retriever } from "./retriever.ts";

/** Options of {@linkcode HybridRetriever}. */
export interface HybridRetrieverOptions {
  /** The retrievers, at least one. */
  retrievers: readonly Retriever[];
  /** What events call it. @default "HybridRetriever" */
  name?: string;
  /** Whether a failure ends the run. @default false */
  required?: boolean;
  /** The most documents of one retrieval; an integer of at least 1. @default 3 */
  maxResults?: number;
  /** How many documents each retriever is asked for at least. @default 20 */
  candidates?: number;
  /** How little the very first ranks stand out; a number above 0. @default 60 */
  rankConstant?: number;
}

/**
 * What a {@linkcode HybridRetriever} can be told.
 *
 * @example
 * ```ts
 * import { HYBRID_RETRIEVER_OPTIONS } from "@sifaka/sifaka/retrievers";
 *
 * console.log(Object.keys(HYBRID_RETRIEVER_OPTIONS).includes("rankConstant")); // true
 * ```
 */
export const HYBRID_RETRIEVER_OPTIONS: OptionSchemas = {
  retrievers: {
    description: "The retrievers.",
    codeOnly: true,
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(isRetriever),
    accepted: "a list of at least one retriever",
  },
  name: { description: "What events call it.", type: "string", minLength: 1 },
  required: { description: "Whether a failure ends the run.", type: "boolean", default: false },
  maxResults: {
    description: "The most documents of one retrieval.",
    type: "integer",
    minimum: 1,
    default: DEFAULT_MAX_RESULTS,
  },
  candidates: {
    description: "How many documents each retriever is asked for at least.",
    type: "integer",
    minimum: 1,
    default: 20,
  },
  rankConstant: {
    description: "How little the very first ranks stand out.",
    type: "number",
    exclusiveMinimum: 0,
    default: 60,
  },
};

function isRetriever(value: unknown): boolean {
  return typeof (value as Partial<Retriever> | null)?.name === "string";
}

interface Fused {
  readonly document: Document;
  score: number;
}

/**
 * Asks several retrievers at the same time and joins their results by reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009):
 * a document's score is the sum of 1 / (60 + rank) over the lists in which it stands. Only ranks count, so retrievers whose
 * scores cannot be compared can be joined: words and vectors, say.
 *
 * Documents are the same when source and id are, or, where they have no id, their texts. A retriever that fails is left out, and
 * the observers are told by an event `retrieverFailed`; when all fail, the first one's error is thrown.
 *
 * @example
 * ```ts
 * import { defineRetriever } from "@sifaka/sifaka";
 * import { HybridRetriever } from "@sifaka/sifaka/retrievers";
 *
 * const words = defineRetriever("words", () => ["a", "b"]);
 * const vectors = defineRetriever("vectors", () => ["b", "c"]);
 * const hybrid = new HybridRetriever({ retrievers: [words, vectors] });
 * console.log(hybrid.retrieve("anything").map(({ text }) => text)); // ["b", "a", "c"]
 * ```
 */
export class HybridRetriever extends OperationRetriever {
  /** What events call it. */
  override readonly name: string;
  /** Whether a failure ends the run. */
  override readonly required: boolean;
  readonly #retrievers: readonly Retriever[];
  readonly #maxResults: number;
  readonly #candidates: number;
  readonly #rankConstant: number;

  /**
   * Joins retrievers.
   *
   * @param options The retrievers, and how their results are joined.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(options: HybridRetrieverOptions) {
    super(options);
    const checked = checkOptions("HybridRetriever", options, HYBRID_RETRIEVER_OPTIONS);
    this.name = checked.name ?? "HybridRetriever";
    if (checked.retrievers === undefined) {
      throw new ConfigurationError(`Cannot create ${this.name} as retrievers must be given`, {
        code: "invalid_option",
        component: this.name,
      });
    }
    this.required = checked.required ?? false;
    this.#retrievers = [...checked.retrievers];
    this.#maxResults = checked.maxResults ?? DEFAULT_MAX_RESULTS;
    this.#candidates = checked.candidates ?? 20;
    this.#rankConstant = checked.rankConstant ?? 60;
  }

  /** The one body behind `retrieve` and its twin. */
  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const limit = limitOf(this.name, options, this.#maxResults);
    if (query.trim() === "") return [];
    const asked = { ...options, limit: Math.max(limit, this.#candidates) };
    const outcomes = yield* allSettled(
      this.#retrievers.map((retriever) => retrieveOperation(retriever, query, asked)),
    );
    const lists: Document[][] = [];
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.ok) lists.push(outcome.value);
      else yield* this.#tell(this.#retrievers[index]!, outcome.error);
    }
    const [first] = outcomes;
    if (lists.length === 0 && first?.ok === false) throw first.error;
    return this.#fuse(lists).slice(0, limit);
  }

  #fuse(lists: readonly Document[][]): Document[] {
    const fused = new Map<string, Fused>();
    for (const documents of lists) {
      const seen = new Set<string>();
      for (const document of documents) {
        const identity = identityOf(document);
        // A second place in one list adds nothing.
        if (seen.has(identity)) continue;
        seen.add(identity);
        const entry = fused.get(identity) ?? { document, score: 0 };
        entry.score += 1 / (this.#rankConstant + seen.size);
        fused.set(identity, entry);
      }
    }
    // Equals stay in the order in which they were found.
    return [...fused.values()].sort((a, b) => b.score - a.score)
      .map(({ document, score }) => new Document({ ...document, score }));
  }

  *#tell(retriever: Retriever, error: unknown): Operation<void> {
    const message = error instanceof Error ? error.message : String(error);
    yield* emit({ type: "retrieverFailed", retriever: retriever.name, message });
  }
}

function identityOf({ id, source, text }: Document): string {
  return id === undefined ? JSON.stringify([text]) : JSON.stringify([id, source]);
}
