/**
 * A retriever over documents in a storage.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { ConfigurationError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas, show } from "../options.ts";
import { operationsOf } from "../storage/operations_of.ts";
import type { Storage, StorageOperations } from "../storage/storage.ts";
import { termsOf } from "../text/words.ts";
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
import { ENGLISH_STOP_WORDS } from "./stop_words.ts";

/** Options of {@linkcode StorageRetriever}. */
export interface StorageRetrieverOptions extends CommonRetrieverOptions {
  /** Where the documents are kept. */
  storage: Storage;
  /** What their keys begin with, before their ids. @default "documents/" */
  prefix?: string;
  /** Only documents of at least this score. @default all */
  minScore?: number;
  /** Words of a query that are not looked for. @default common English ones */
  stopWords?: readonly string[];
  /** How documents are found: by words, or by vectors where the storage makes them. @default "text" */
  mode?: "text" | "vector";
}

/** Options of {@linkcode StorageRetriever.addDocuments}. */
export interface AddDocumentsOptions {
  /** How long the documents are kept, in milliseconds. @default for ever */
  ttlMs?: number;
}

const { documents: _, ...COMMON } = COMMON_RETRIEVER_OPTIONS;

/** What every retriever over a storage can be told beside the storage. */
export const STORED_DOCUMENTS_OPTIONS: OptionSchemas = {
  ...COMMON,
  prefix: {
    description: "What the keys of the documents begin with, before their ids.",
    type: "string",
    minLength: 1,
    default: "documents/",
  },
  minScore: { description: "Only documents of at least this score.", type: "number" },
  stopWords: {
    description: "Words of a query that are not looked for; common English ones by default.",
    type: "array",
    items: { type: "string" },
  },
};

/**
 * What a {@linkcode StorageRetriever} can be told.
 *
 * @example
 * ```ts
 * import { STORAGE_RETRIEVER_OPTIONS } from "@sifaka/sifaka/retrievers";
 *
 * console.log(Object.keys(STORAGE_RETRIEVER_OPTIONS).includes("storage")); // true
 * ```
 */
export const STORAGE_RETRIEVER_OPTIONS: OptionSchemas = {
  ...STORED_DOCUMENTS_OPTIONS,
  storage: {
    description: "Where the documents are kept.",
    codeOnly: true,
    accepts: (value) => typeof (value as Partial<Storage> | null)?.search === "function",
    accepted: "a storage",
  },
  mode: {
    description: "How documents are found: by words, or by vectors where the storage makes them.",
    enum: ["text", "vector"],
    default: "text",
  },
};

/**
 * Keeps documents in a storage and finds those that share words with the query, or, with `mode: "vector"`, those that mean the same. Any storage serves: in memory, in a file, on a
 * server, or one of your own. All strings of a document are searched: its text, and also its id, source and metadata.
 *
 * @example
 * ```ts
 * import { StorageRetriever } from "@sifaka/sifaka/retrievers";
 * import { SqliteStorage } from "@sifaka/sifaka/storage";
 *
 * const retriever = new StorageRetriever({ storage: new SqliteStorage(":memory:") });
 * retriever.addDocuments({ diet: "Sifakas eat leaves.", home: "Sifakas live in Madagascar." });
 * console.log(retriever.retrieve("Where do sifakas live?")[0]?.id); // "home"
 * ```
 */
export class StorageRetriever extends OperationRetriever {
  /** What documents say they came from when they name no source. */
  override readonly name: string;
  /** Whether a failure ends the run. */
  override readonly required: boolean;
  readonly #storage: StorageOperations;
  readonly #prefix: string;
  readonly #minScore: number | undefined;
  readonly #maxResults: number;
  readonly #stopWords: ReadonlySet<string>;
  readonly #mode: "text" | "vector";

  /**
   * Makes a retriever over a storage; nothing is read before it is used.
   *
   * @param options The storage, and how documents are looked for.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(options: StorageRetrieverOptions) {
    super(options);
    const checked = checkOptions("StorageRetriever", options, STORAGE_RETRIEVER_OPTIONS);
    this.name = checked.name ?? "StorageRetriever";
    if (checked.storage === undefined) {
      throw new ConfigurationError(`Cannot create ${this.name} as storage must be given`, {
        code: "invalid_option",
        component: this.name,
      });
    }
    this.required = checked.required ?? false;
    this.#storage = operationsOf(checked.storage);
    this.#prefix = checked.prefix ?? "documents/";
    this.#minScore = checked.minScore;
    this.#maxResults = checked.maxResults ?? DEFAULT_MAX_RESULTS;
    this.#stopWords = new Set((checked.stopWords ?? ENGLISH_STOP_WORDS).flatMap(termsOf));
    this.#mode = checked.mode ?? "text";
  }

  /**
   * Keeps documents; one of an id that is there replaces it.
   *
   * @param documents The documents, each with an id: a list, or a record from id to document.
   * @param options How long they are kept.
   * @throws {ConfigurationError} When one is no document or has no id.
   * @throws {StorageError} When the storage fails.
   */
  addDocuments(documents: DocumentsInit, options: AddDocumentsOptions = {}): void {
    runSync(this._addDocumentsOperation(documents, options));
  }

  /** The twin of `addDocuments` for code on an event loop. */
  _addDocumentsAsync(documents: DocumentsInit, options: AddDocumentsOptions = {}): Promise<void> {
    return runAsync(this._addDocumentsOperation(documents, options));
  }

  /** The operation behind `addDocuments`. */
  *_addDocumentsOperation(documents: DocumentsInit, options: AddDocumentsOptions = {}): Operation<void> {
    const added = listDocuments(documents).map((init) => Document.of(init));
    const nameless = added.find(({ id }) => id === undefined);
    if (nameless !== undefined) {
      throw new ConfigurationError(
        `Cannot add a document to ${this.name} as it must have an id: its text is ${show(nameless.text)}`,
        { code: "invalid_document", component: this.name, operation: "add" },
      );
    }
    for (const document of added) {
      yield* this.#storage.set(`${this.#prefix}${document.id}`, document, options);
    }
  }

  /**
   * Removes a document.
   *
   * @param id Its id.
   * @returns Whether there was one.
   * @throws {StorageError} When the storage fails.
   */
  remove(id: string): boolean {
    return runSync(this.#storage.delete(`${this.#prefix}${id}`));
  }

  /** The twin of `remove` for code on an event loop. */
  _removeAsync(id: string): Promise<boolean> {
    return runAsync(this.#storage.delete(`${this.#prefix}${id}`));
  }

  /** The one body behind `retrieve` and its twin. */
  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const limit = limitOf(this.name, options, this.#maxResults);
    const asked = this.#mode === "vector" ? query : this.#wordsOf(query);
    if (asked.trim() === "") return [];
    const hits = yield* this.#storage.search(asked, {
      mode: this.#mode,
      match: "any",
      limit,
      prefix: this.#prefix,
      minScore: this.#minScore,
    });
    return hits.map(({ value, score }) => {
      const document = Document.fromJSON(value);
      return new Document({ ...document, score, source: document.source ?? this.name });
    });
  }

  #wordsOf(query: string): string {
    return [...new Set(termsOf(query))].filter((term) => !this.#stopWords.has(term)).join(" ");
  }
}
