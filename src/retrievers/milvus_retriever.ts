/**
 * A retriever over documents on a Milvus server.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { ConfigurationError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas, show } from "../options.ts";
import { isIn, MilvusCollection, type MilvusMetric, scoreOf } from "../storage/milvus_collection.ts";
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
import {
  checkFieldNames,
  documentOfRow,
  fieldsOfDocuments,
  lostParts,
  type MilvusDocumentFields,
  namesOfFields,
  rowOfDocument,
} from "./milvus_documents.ts";
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
  /** How vectors are compared: by the cosine, the inner product or the Euclidean distance, as in the collection that is there. @default "COSINE" */
  metric?: MilvusMetric;
  /** What must be true of documents, in Milvus' filter language; sent as it is. @default nothing */
  filter?: string;
  /** The field of text that has the texts, and no more of documents. @default none: the JSON field `document` has whole documents */
  textField?: string;
  /** The field that has the ids: the primary key. @default "id" */
  idField?: string;
  /** Only documents of at least this score; from 0 to 1 where the metric is the cosine. @default all */
  minScore?: number;
}

/** What a {@linkcode MilvusRetriever} knows of its collection. */
export interface MilvusRetrieverStats {
  /** How many documents there are to find: all, or those that the filter lets through. */
  readonly documents: number;
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
  filter: {
    description: "What must be true of documents, in Milvus' filter language.",
    type: "string",
    minLength: 1,
  },
  textField: {
    description:
      "The field of text that has the texts; unless it is given, the JSON field document has whole documents.",
    type: "string",
    minLength: 1,
  },
  idField: {
    description: "The field that has the ids: the primary key.",
    type: "string",
    minLength: 1,
    default: "id",
  },
  minScore: {
    description: "Only documents of at least this score; from 0 to 1 where the metric is the cosine.",
    type: "number",
  },
};

/**
 * Keeps documents on a Milvus server and finds those whose vectors are near the query's. It speaks version 2 of
 * Milvus' RESTful API and has been tested against a stand-in on loopback alone, not against Milvus. A score is the cosine
 * moved to the range from 0 to 1, the inner product, or the negated distance. Milvus may show what was added a moment later.
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
  readonly #metric: MilvusMetric;
  readonly #filter: string | undefined;
  readonly #fields: MilvusDocumentFields;
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
    const { metric = "COSINE", idField = "id", textField, minScore = -Infinity } = checked;
    if (metric === "COSINE" && minScore !== -Infinity && !(minScore >= 0 && minScore <= 1)) {
      throw this.#refusal(`minScore must be from 0 to 1 where the metric is COSINE: it is ${show(minScore)}`);
    }
    this.#fields = { idField, textField };
    checkFieldNames(this.name, this.#fields);
    this.required = checked.required ?? false;
    this.#embed = checked.embed;
    this.#dimension = checked.dimension;
    this.#collection = new MilvusCollection(milvusTarget("MilvusRetriever", checked), {
      name: checked.collection ?? "sifaka_documents",
      fields: fieldsOfDocuments(this.#fields),
      dimension: checked.dimension,
      metric,
    });
    this.#metric = metric;
    this.#filter = checked.filter;
    this.#minScore = minScore;
    this.#maxResults = checked.maxResults ?? DEFAULT_MAX_RESULTS;
  }

  /**
   * Makes the collection when it is missing. Every other method does so, too; this one tells at once whether the server is there.
   *
   * @throws {RetrieverError} When the server fails.
   */
  ensureCollection(): void {
    runSync(this._ensureCollectionOperation());
  }

  /** The twin of `ensureCollection` for code on an event loop. */
  _ensureCollectionAsync(): Promise<void> {
    return runAsync(this._ensureCollectionOperation());
  }

  /** The operation behind `ensureCollection`. */
  *_ensureCollectionOperation(): Operation<void> {
    yield* this.#collection.ensure();
  }

  /**
   * Keeps documents; one of an id that is there replaces it.
   *
   * @param documents The documents, each with an id: a list, or a record from id to document.
   * @throws {ConfigurationError} When one is no document, has no id, or says more than `textField` can hold.
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
    for (const document of added) {
      const lost = lostParts(document, this.#fields).join(" and ");
      if (lost === "") continue;
      const what = `the document ${show(document.id)} has ${lost}`;
      throw this.#refusal(`textField holds texts alone, and ${what}`, "add to");
    }
    for (let first = 0; first < added.length; first += BATCH) {
      const batch = added.slice(first, first + BATCH);
      const vectors = yield* this.#vectorsOf(batch.map(({ text }) => text));
      const rows = batch.map((document, index) => rowOfDocument(document, vectors[index]!, this.#fields));
      yield* this.#collection.upsert(rows);
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
    yield* this.#collection.delete(isIn(this.#fields.idField, [id]));
  }

  /**
   * Counts the documents that can be found.
   *
   * @returns How many there are.
   * @throws {RetrieverError} When the server fails.
   */
  stats(): MilvusRetrieverStats {
    return runSync(this._statsOperation());
  }

  /** The twin of `stats` for code on an event loop. */
  _statsAsync(): Promise<MilvusRetrieverStats> {
    return runAsync(this._statsOperation());
  }

  /** The operation behind `stats`. */
  *_statsOperation(): Operation<MilvusRetrieverStats> {
    return { documents: yield* this.#collection.count(this.#filter) };
  }

  /** The one body behind `retrieve` and its twin. */
  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const limit = limitOf(this.name, options, this.#maxResults);
    if (query.trim() === "") return [];
    const [vector] = yield* this.#vectorsOf([query]);
    const rows = yield* this.#collection.search({
      vector: vector!,
      filter: this.#filter,
      outputFields: namesOfFields(this.#fields),
      limit,
    });
    return rows.map((row) => ({ row, score: scoreOf(this.#metric, Number(row.distance)) }))
      .filter(({ score }) => score >= this.#minScore)
      .map(({ row, score }) => {
        const found = documentOfRow(this.name, row, this.#fields);
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
