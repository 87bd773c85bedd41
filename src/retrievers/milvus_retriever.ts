/**
 * A retriever over documents on a Milvus server.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas, show } from "../options.ts";
import { isIn, MilvusCollection, textField } from "../storage/milvus_collection.ts";
import { MILVUS_OPTIONS, type MilvusServerOptions, milvusTarget } from "../storage/milvus_target.ts";
import { type Embed, embedTexts, type Vectors } from "../storage/embed.ts";
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

/** How many documents are sent to the server at a time. */
const BATCH = 100;

/** Options of {@linkcode MilvusRetriever}. */
export interface MilvusRetrieverOptions extends CommonRetrieverOptions, MilvusServerOptions {
  /** Makes vectors of texts. */
  embed: Embed;
  /** How many numbers a vector has. */
  dimension: number;
  /** The collection of the documents; made when it is missing. @default "sifaka_documents" */
  collection?: string;
  /** Only documents of at least this score, from 0 to 1. @default 0 */
  minScore?: number;
}

const { documents: _, ...COMMON } = COMMON_RETRIEVER_OPTIONS;

/**
 * What a {@linkcode MilvusRetriever} can be told.
 *
 * @example
 * ```ts
 * import { MILVUS_RETRIEVER_OPTIONS } from "@sifaka/sifaka/retrievers";
 *
 * console.log(Object.keys(MILVUS_RETRIEVER_OPTIONS).includes("dimension")); // true
 * ```
 */
export const MILVUS_RETRIEVER_OPTIONS: OptionSchemas = {
  ...COMMON,
  ...MILVUS_OPTIONS,
  collection: {
    description: "The collection of the documents; made when it is missing.",
    type: "string",
    minLength: 1,
    default: "sifaka_documents",
  },
  minScore: {
    description: "Only documents of at least this score.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0,
  },
};

/**
 * Keeps documents on a Milvus server and finds those whose vectors point the same way as the query's. It speaks version 2 of
 * Milvus' RESTful API and has been tested against a stand-in on loopback alone, not against Milvus. A score is the cosine
 * moved to the range from 0 to 1. Milvus may show what was added a moment later.
 *
 * @example
 * ```ts ignore
 * import { MilvusRetriever } from "@sifaka/sifaka/retrievers";
 *
 * const embed = (texts: readonly string[]) => texts.map((text) => [/leap|jump/.test(text) ? 1 : 0, /eat/.test(text) ? 1 : 0]);
 * const retriever = new MilvusRetriever({ embed, dimension: 2, collection: "atlas" });
 * retriever.addDocuments({ gait: "Sifakas leap." });
 * console.log(retriever.retrieve("How do they jump?")[0]?.id); // "gait"
 * ```
 */
export class MilvusRetriever extends OperationRetriever {
  /** What documents say they came from when they name no source. */
  override readonly name: string;
  /** Whether a failure ends the run. */
  override readonly required: boolean;
  readonly #embed: Embed;
  readonly #dimension: number;
  readonly #collection: MilvusCollection;
  readonly #minScore: number;
  readonly #maxResults: number;

  /**
   * Makes a retriever; nothing is opened before it is used.
   *
   * @param options Which server, and what makes vectors.
   * @throws {ConfigurationError} When an option is unknown, wrong or missing.
   */
  constructor(options: MilvusRetrieverOptions) {
    super(options);
    const checked = checkOptions("MilvusRetriever", options, MILVUS_RETRIEVER_OPTIONS);
    this.name = checked.name ?? "MilvusRetriever";
    if (checked.embed === undefined || checked.dimension === undefined) {
      throw this.#refusal("embed and dimension must be given");
    }
    this.required = checked.required ?? false;
    this.#embed = checked.embed;
    this.#dimension = checked.dimension;
    this.#collection = new MilvusCollection(milvusTarget("MilvusRetriever", checked), {
      name: checked.collection ?? "sifaka_documents",
      fields: [
        { ...textField("id", 512), isPrimary: true },
        { fieldName: "document", dataType: "JSON" },
      ],
      dimension: checked.dimension,
      metric: "COSINE",
    });
    this.#minScore = checked.minScore ?? 0;
    this.#maxResults = checked.maxResults ?? DEFAULT_MAX_RESULTS;
  }

  /**
   * Keeps documents; one of an id that is there replaces it.
   *
   * @param documents The documents, each with an id: a list, or a record from id to document.
   * @throws {ConfigurationError} When one is no document or has no id.
   * @throws {RetrieverError} When the server or `embed` fails.
   */
  addDocuments(documents: DocumentsInit): void {
    runSync(this._addDocumentsOperation(documents));
  }

  /** The twin of `addDocuments` for code on an event loop. */
  _addDocumentsAsync(documents: DocumentsInit): Promise<void> {
    return runAsync(this._addDocumentsOperation(documents));
  }

  /** The operation behind `addDocuments`. */
  *_addDocumentsOperation(documents: DocumentsInit): Operation<void> {
    const added = listDocuments(documents).map((init) => Document.of(init));
    const nameless = added.find(({ id }) => id === undefined);
    if (nameless !== undefined) {
      throw this.#refusal(`a document must have an id: its text is ${show(nameless.text)}`, "add to");
    }
    for (let first = 0; first < added.length; first += BATCH) {
      const batch = added.slice(first, first + BATCH);
      const vectors = yield* this.#vectorsOf(batch.map(({ text }) => text));
      yield* this.#collection.upsert(batch.map((document, index) => ({
        id: document.id!,
        vector: [...vectors[index]!],
        document: document.toJSON() as unknown as JsonValue,
      })));
    }
  }

  /**
   * Removes a document, if there is one.
   *
   * @param id Its id.
   * @throws {RetrieverError} When the server fails.
   */
  remove(id: string): void {
    runSync(this._removeOperation(id));
  }

  /** The twin of `remove` for code on an event loop. */
  _removeAsync(id: string): Promise<void> {
    return runAsync(this._removeOperation(id));
  }

  /** The operation behind `remove`. */
  *_removeOperation(id: string): Operation<void> {
    yield* this.#collection.delete(isIn("id", [id]));
  }

  /** The one body behind `retrieve` and its twin. */
  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const limit = limitOf(this.name, options, this.#maxResults);
    if (query.trim() === "") return [];
    const [vector] = yield* this.#vectorsOf([query]);
    const rows = yield* this.#collection.search({
      vector: vector!,
      limit,
      outputFields: ["id", "document"],
    });
    return rows.map(({ distance, document }) => ({ score: (1 + Number(distance)) / 2, document }))
      .filter(({ score }) => score >= this.#minScore)
      .map(({ score, document }) => {
        const found = Document.fromJSON(typeof document === "string" ? JSON.parse(document) : document!);
        return new Document({ ...found, score, source: found.source ?? this.name });
      });
  }

  #vectorsOf(texts: readonly string[]): Operation<Vectors> {
    return embedTexts(this.#embed, {
      texts,
      dimension: this.#dimension,
      wrong: (reason) => wrongVectors(this.name, reason),
    });
  }

  #refusal(reason: string, what = "create"): ConfigurationError {
    return new ConfigurationError(`Cannot ${what} ${this.name} as ${reason}`, {
      code: "invalid_option",
      component: this.name,
    });
  }
}
