/**
 * A retriever by the meaning of texts, as a function of yours measures it.
 *
 * @module
 */

import { ConfigurationError, type RetrieverError } from "../errors.ts";
import { hostAgain, type Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { bestOf } from "../text/best.ts";
import { type Embed, EMBED_OPTION, embedTexts, type Vectors } from "../storage/embed.ts";
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
import { wrongVectors } from "./wrong_vectors.ts";

/** Options of {@linkcode VectorRetriever}. */
export interface VectorRetrieverOptions extends CommonRetrieverOptions {
  /** Makes vectors of texts. */
  embed: Embed;
  /** The documents. @default none */
  documents?: DocumentsInit;
  /** Only documents of at least this similarity, from -1 to 1. @default -1 */
  minScore?: number;
}

/**
 * What a {@linkcode VectorRetriever} can be told.
 *
 * @example
 * ```ts
 * import { VECTOR_RETRIEVER_OPTIONS } from "@sifaka/sifaka/retrievers";
 *
 * console.log(Object.keys(VECTOR_RETRIEVER_OPTIONS).includes("embed")); // true
 * ```
 */
export const VECTOR_RETRIEVER_OPTIONS: OptionSchemas = {
  ...COMMON_RETRIEVER_OPTIONS,
  embed: EMBED_OPTION,
  minScore: {
    description: "Only documents of at least this similarity.",
    type: "number",
    minimum: -1,
    maximum: 1,
    default: -1,
  },
};

/**
 * Finds documents whose vectors point the same way as the query's (cosine similarity). Every document is compared, exactly. The
 * vectors of the documents are made at the first retrieval, in one call; no vector is ever made up.
 *
 * @example
 * ```ts
 * import { VectorRetriever } from "@sifaka/sifaka/retrievers";
 *
 * const embed = (texts: readonly string[]) => texts.map((text) => [/leap|jump/.test(text) ? 1 : 0, /eat|food/.test(text) ? 1 : 0]);
 * const retriever = new VectorRetriever({ embed, documents: ["Sifakas leap.", "Sifakas eat leaves."], maxResults: 1 });
 * console.log(retriever.retrieve("How do they jump?")[0]?.text); // "Sifakas leap."
 * ```
 */
export class VectorRetriever extends OperationRetriever {
  /** What documents say they came from when they name no source. */
  override readonly name: string;
  /** Whether a failure ends the run. */
  override readonly required: boolean;
  readonly #embed: Embed;
  readonly #documents: readonly Document[];
  readonly #maxResults: number;
  readonly #minScore: number;
  #vectors: Vectors | undefined;

  /**
   * Takes the documents; nothing is embedded before the first retrieval.
   *
   * @param options The documents, and what makes vectors.
   * @throws {ConfigurationError} When an option is unknown or wrong, or `embed` is missing.
   */
  constructor(options: VectorRetrieverOptions) {
    super(options);
    const checked = checkOptions("VectorRetriever", options, VECTOR_RETRIEVER_OPTIONS);
    this.name = checked.name ?? "VectorRetriever";
    if (checked.embed === undefined) {
      throw new ConfigurationError(`Cannot create ${this.name} as embed must be given`, {
        code: "invalid_option",
        component: this.name,
        suggestions: ["Give a function that makes vectors of texts, or use an InMemoryRetriever."],
      });
    }
    this.required = checked.required ?? false;
    this.#embed = checked.embed;
    this.#maxResults = checked.maxResults ?? DEFAULT_MAX_RESULTS;
    this.#minScore = checked.minScore ?? -1;
    this.#documents = listDocuments(checked.documents ?? []).map((init) => Document.of(init));
  }

  /** The one body behind `retrieve` and its twin. */
  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const limit = limitOf(this.name, options, this.#maxResults);
    if (query.trim() === "" || this.#documents.length === 0) return [];
    // What is kept is asked for in effects: a journal answers what it was when the run was recorded.
    const isKept = yield* hostAgain(() => this.#vectors !== undefined);
    if (!isKept) this.#vectors = yield* this.#vectorsOf(this.#documents.map(({ text }) => text));
    const [wanted] = yield* this.#vectorsOf([query]);
    const ranked = yield* hostAgain(() => this.#vectors && this.#rank(wanted!, this.#vectors, limit));
    // A run that is resumed where they are not kept.
    if (ranked === undefined) return yield* this._retrieveOperation(query, options);
    return ranked.map(({ index, score }) => {
      const document = this.#documents[index]!;
      return new Document({ ...document, score, source: document.source ?? this.name });
    });
  }

  #rank(wanted: readonly number[], vectors: Vectors, limit: number): Ranked[] {
    if (wanted.length !== vectors[0]!.length) {
      throw this.#wrong(
        `the query's vector has ${wanted.length} numbers and those of documents ${vectors[0]!.length}`,
      );
    }
    const ranked = vectors.map((vector, index) => ({ index, score: cosine(wanted, vector) }))
      .filter(({ score }) => score >= this.#minScore);
    return bestOf(ranked, limit, (a, b) => b.score - a.score || a.index - b.index);
  }

  #vectorsOf(texts: readonly string[]): Operation<Vectors> {
    return embedTexts(this.#embed, { texts, wrong: (reason) => this.#wrong(reason) });
  }

  #wrong(reason: string): RetrieverError {
    return wrongVectors(this.name, reason);
  }
}

/** A document, by its place, and how near it is. */
interface Ranked {
  readonly index: number;
  readonly score: number;
}

/** The cosine of the angle between two vectors; 0 where one of them has no direction. */
function cosine(a: readonly number[], b: readonly number[]): number {
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let index = 0; index < a.length; index++) {
    product += a[index]! * b[index]!;
    squareA += a[index]! ** 2;
    squareB += b[index]! ** 2;
  }
  return squareA === 0 || squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}
