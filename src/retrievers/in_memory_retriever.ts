/**
 * A retriever over documents in memory.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas, show } from "../options.ts";
import { bestOf } from "../text/best.ts";
import { type Ranked, WordIndex } from "../text/word_index.ts";
import { termsOf } from "../text/words.ts";
import { Document, type DocumentInit } from "../thought/document.ts";
import {
  COMMON_RETRIEVER_OPTIONS,
  type CommonRetrieverOptions,
  DEFAULT_MAX_RESULTS,
  type DocumentsInit,
  limitOf,
  listDocuments,
} from "./common_options.ts";
import { OperationRetriever, type RetrieveOptions } from "./retriever.ts";
import { ENGLISH_STOP_WORDS } from "./stop_words.ts";

/** Options of {@linkcode InMemoryRetriever}. */
export interface InMemoryRetrieverOptions extends CommonRetrieverOptions {
  /** The documents; no two may have one id. @default none */
  documents?: DocumentsInit;
  /** Only documents of at least this score. What scores mean depends on `ranking`. @default 0 */
  minScore?: number;
  /** Words of a query that are not looked for. @default common English ones */
  stopWords?: readonly string[];
  /**
   * How documents are ranked: `"bm25"` (Okapi BM25, above 0, without an upper bound) or `"overlap"` (the share of the query's
   * words that the document holds, above 0 to 1). @default "bm25"
   */
  ranking?: "bm25" | "overlap";
  /** Cuts texts and queries into the words that are compared. @default runs of letters and digits, without case and accents */
  tokenizer?: (text: string) => readonly string[];
}

/**
 * What an {@linkcode InMemoryRetriever} can be told.
 *
 * @example
 * ```ts
 * import { IN_MEMORY_OPTIONS } from "@sifaka/sifaka/retrievers";
 *
 * console.log(Object.keys(IN_MEMORY_OPTIONS).length > 0); // true
 * ```
 */
export const IN_MEMORY_OPTIONS: OptionSchemas = {
  ...COMMON_RETRIEVER_OPTIONS,
  minScore: { description: "Only documents of at least this score.", type: "number", default: 0 },
  stopWords: {
    description: "Words of a query that are not looked for; common English ones by default.",
    type: "array",
    items: { type: "string" },
  },
  ranking: { description: "How documents are ranked.", enum: ["bm25", "overlap"], default: "bm25" },
  tokenizer: {
    description: "Cuts texts and queries into the words that are compared.",
    codeOnly: true,
    accepts: (value) => typeof value === "function",
    accepted: "a function",
  },
};

/**
 * Finds documents in memory by the words they share with the query.
 *
 * @example
 * ```ts
 * import { InMemoryRetriever } from "@sifaka/sifaka/retrievers";
 *
 * const retriever = new InMemoryRetriever({
 *   documents: { diet: "Sifakas eat leaves, flowers and fruit.", home: "Sifakas live in Madagascar." },
 * });
 * console.log(retriever.retrieve("Where do they live?")[0]?.id); // "home"
 * ```
 */
export class InMemoryRetriever extends OperationRetriever {
  /** What documents say they came from when they name no source. */
  override readonly name: string;
  /** Whether a failure ends the run. */
  override readonly required: boolean;
  readonly #maxResults: number;
  readonly #minScore: number;
  readonly #ranking: "bm25" | "overlap";
  readonly #tokenize: (text: string) => readonly string[];
  readonly #stopWords: ReadonlySet<string>;
  /** By a number that grows, so that documents that fit equally well stay in the order in which they came. */
  readonly #documents: Map<number, Document> = new Map();
  readonly #numbers: Map<string, number> = new Map();
  readonly #index = new WordIndex<number>();
  #lastNumber = 0;

  /**
   * Indexes the documents.
   *
   * @param options The documents, and how they are ranked.
   * @throws {ConfigurationError} When an option is unknown or wrong, or two documents have one id.
   */
  constructor(options?: InMemoryRetrieverOptions) {
    super(options);
    const checked = checkOptions("InMemoryRetriever", options, IN_MEMORY_OPTIONS);
    this.name = checked.name ?? "InMemoryRetriever";
    this.required = checked.required ?? false;
    this.#maxResults = checked.maxResults ?? DEFAULT_MAX_RESULTS;
    this.#minScore = checked.minScore ?? 0;
    this.#ranking = checked.ranking ?? "bm25";
    this.#tokenize = checked.tokenizer ?? termsOf;
    this.#stopWords = new Set(
      (checked.stopWords ?? ENGLISH_STOP_WORDS).flatMap((word) => this.#tokenize(word)),
    );
    for (const document of listDocuments(checked.documents ?? [])) this.add(document);
  }

  /** How many documents there are. */
  get size(): number {
    return this.#documents.size;
  }

  /**
   * Adds a document.
   *
   * @param document The document, or its text.
   * @throws {ConfigurationError} When there is one of its id, or it is no document.
   */
  add(document: string | DocumentInit): void {
    const added = Document.of(document);
    if (added.id !== undefined && this.#numbers.has(added.id)) {
      throw this.#wrong("add", `its id must be new: id is ${show(added.id)}`);
    }
    this.#put(++this.#lastNumber, added);
  }

  /**
   * Replaces the document of the same id.
   *
   * @param document The document, with its id.
   * @throws {ConfigurationError} When there is none of that id.
   */
  update(document: DocumentInit): void {
    const updated = Document.of(document);
    const number = updated.id === undefined ? undefined : this.#numbers.get(updated.id);
    if (number === undefined) {
      throw this.#wrong("update", `there is none of its id: id is ${show(updated.id)}`);
    }
    this.#put(number, updated);
  }

  /**
   * Removes a document.
   *
   * @param id Its id.
   * @returns Whether there was one.
   */
  remove(id: string): boolean {
    const number = this.#numbers.get(id);
    if (number === undefined) return false;
    this.#numbers.delete(id);
    this.#documents.delete(number);
    this.#index.remove(number);
    return true;
  }

  /** Removes all documents. */
  clear(): void {
    this.#numbers.clear();
    this.#documents.clear();
    this.#index.clear();
  }

  /** The one body behind `retrieve` and its twin. */
  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const limit = limitOf(this.name, options, this.#maxResults);
    const terms = this.#tokenize(query).filter((term) => !this.#stopWords.has(term));
    const ranked = this.#ranking === "bm25" ? this.#index.rankAny(terms) : this.#index.rankByOverlap(terms);
    const fitting = ranked.filter(({ score }) => score >= this.#minScore);
    return bestOf(fitting, limit, compareRanked).map(({ id, score }) => {
      const document = this.#documents.get(id)!;
      return new Document({ ...document, score, source: document.source ?? this.name });
    });
  }

  #put(number: number, document: Document): void {
    this.#documents.set(number, document);
    if (document.id !== undefined) this.#numbers.set(document.id, number);
    this.#index.add(number, this.#tokenize(document.text));
  }

  #wrong(operation: string, reason: string): ConfigurationError {
    return new ConfigurationError(`Cannot ${operation} a document of ${this.name} as ${reason}`, {
      code: "invalid_document",
      component: this.name,
      operation,
    });
  }
}

function compareRanked(a: Ranked<number>, b: Ranked<number>): number {
  return b.score - a.score || a.id - b.id;
}
