/**
 * A retriever that keeps what another has found.
 *
 * @module
 */

import { describeComponent } from "../component.ts";
import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { TextHash } from "../drivers/fingerprint.ts";
import { ConfigurationError } from "../errors.ts";
import { emit, now, type Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { KeyLocks } from "../storage/key_locks.ts";
import { MemoryStorage } from "../storage/memory_storage.ts";
import { operationsOf } from "../storage/operations_of.ts";
import type { Storage } from "../storage/storage.ts";
import { Document } from "../thought/document.ts";
import { DEFAULT_MAX_RESULTS, limitOf } from "./common_options.ts";
import { type Found, KeptResults, type Question } from "./kept_results.ts";
import { retrieveOperation } from "./retrieve.ts";
import { OperationRetriever, type RetrieveOptions, type Retriever } from "./retriever.ts";

/** Options of {@linkcode CachedRetriever}. */
export interface CachedRetrieverOptions {
  /** Where results are kept. @default a MemoryStorage of 1000 results */
  storage?: Storage;
  /** How long results are used, in milliseconds. @default 3600000 */
  ttlMs?: number;
  /** How long it is believed that there are none, in milliseconds; 0 for not at all. @default 60000 */
  emptyTtlMs?: number;
  /**
   * Tells the results of one retriever from those of others in the same storage; bases of one namespace share them.
   * @default the base's name, and a hash of what it was made with
   */
  namespace?: string;
  /** How many documents are asked for when a call does not say. @default 3 */
  maxResults?: number;
  /** How many results are kept where no `storage` is given; those that were not used for the longest time go first. @default 1000 */
  maxEntries?: number;
  /**
   * For how long after their time results still serve when the base fails, in milliseconds: a document says `metadata.stale: true` then,
   * and an event `retrieverServedStale` tells why. @default 0, so that a failure of the base is passed on
   */
  staleWhileErrorMs?: number;
}

/**
 * What a {@linkcode CachedRetriever} can be told.
 *
 * @example
 * ```ts
 * import { CACHED_RETRIEVER_OPTIONS } from "@sifaka/sifaka/retrievers";
 *
 * console.log(Object.keys(CACHED_RETRIEVER_OPTIONS).includes("ttlMs")); // true
 * ```
 */
export const CACHED_RETRIEVER_OPTIONS: OptionSchemas = {
  storage: {
    description: "Where results are kept.",
    codeOnly: true,
    accepts: (value) => typeof (value as Partial<Storage> | null)?.get === "function",
    accepted: "a storage",
  },
  ttlMs: {
    description: "How long results are used, in milliseconds.",
    type: "number",
    exclusiveMinimum: 0,
    default: 3_600_000,
  },
  emptyTtlMs: {
    description: "How long it is believed that there are none, in milliseconds.",
    type: "number",
    minimum: 0,
    default: 60_000,
  },
  namespace: {
    description: "Tells the results of one retriever from those of others in the same storage.",
    type: "string",
    minLength: 1,
  },
  maxResults: {
    description: "How many documents are asked for when a call does not say.",
    type: "integer",
    minimum: 1,
    default: DEFAULT_MAX_RESULTS,
  },
  maxEntries: {
    description: "How many results are kept where no storage is given.",
    type: "integer",
    minimum: 1,
    default: 1_000,
  },
  staleWhileErrorMs: {
    description: "For how long after their time results still serve when the base fails, in milliseconds.",
    type: "number",
    minimum: 0,
    default: 0,
  },
};

/**
 * Asks another retriever once for each query, and answers from a storage after that. Queries that differ in case or white space
 * alone are the same. A document from the storage says so: `metadata.cached` is `true`.
 *
 * What the base throws is passed on and not kept; with `staleWhileErrorMs`, results whose time is over are given instead for a while. A storage that fails costs nothing but the saving; the observers are told by an
 * event `retrieverCacheFailed`. Concurrent calls for one query share one retrieval.
 *
 * @example
 * ```ts
 * import { CachedRetriever, MockRetriever } from "@sifaka/sifaka/retrievers";
 *
 * const base = new MockRetriever({ documents: ["Lemurs live in Madagascar."] });
 * const retriever = new CachedRetriever(base);
 * retriever.retrieve("lemurs");
 * console.log(retriever.retrieve("Lemurs ")[0]?.metadata.cached, base.queries.length); // true 1
 * ```
 */
export class CachedRetriever extends OperationRetriever {
  /** The name of the retriever that is asked. */
  override readonly name: string;
  /** Whether a failure ends the run: what the base says. */
  override readonly required: boolean;
  readonly #base: Retriever;
  readonly #results: KeptResults;
  readonly #ttlMs: number;
  readonly #emptyTtlMs: number;
  readonly #maxResults: number;
  readonly #staleMs: number;
  readonly #locks = new KeyLocks();
  /** Counts the calls of `invalidate`: what was found before one must not be kept after it. */
  #invalidations = 0;

  /**
   * Puts a storage before a retriever.
   *
   * @param base The retriever that is asked.
   * @param options Where results are kept, and how long.
   * @throws {ConfigurationError} When an option is unknown or wrong, or the base is no retriever.
   */
  constructor(base: Retriever, options?: CachedRetrieverOptions) {
    super({ base, ...options });
    const checked = checkOptions("CachedRetriever", options, CACHED_RETRIEVER_OPTIONS);
    if (typeof base?.name !== "string") {
      throw new ConfigurationError(
        "Cannot create CachedRetriever as its first argument must be a retriever",
        {
          code: "invalid_option",
          component: "CachedRetriever",
        },
      );
    }
    this.#base = base;
    this.name = base.name;
    this.required = base.required ?? false;
    if (checked.storage !== undefined && checked.maxEntries !== undefined) {
      throw new ConfigurationError(
        "Cannot create CachedRetriever as storage and maxEntries exclude each other: how much a storage keeps is its own affair",
        { code: "invalid_option", component: "CachedRetriever" },
      );
    }
    const { maxEntries = 1_000 } = checked;
    this.#results = new KeptResults(operationsOf(checked.storage ?? new MemoryStorage({ maxEntries })), {
      namespace: checked.namespace ?? `${base.name} ${fingerprintOf(base)}`,
      isShared: checked.storage !== undefined,
    });
    this.#ttlMs = checked.ttlMs ?? 3_600_000;
    this.#emptyTtlMs = checked.emptyTtlMs ?? 60_000;
    this.#maxResults = checked.maxResults ?? DEFAULT_MAX_RESULTS;
    this.#staleMs = checked.staleWhileErrorMs ?? 0;
  }

  /**
   * Forgets what was found, after documents of the base have changed. Other values in the storage are not touched. What another process
   * is looking up at this moment is not used afterwards, either, unless a query is named.
   *
   * @param query The query whose results are forgotten, for every limit. @default all of them
   * @throws {StorageError} When the storage fails.
   */
  invalidate(query?: string): void {
    runSync(this._invalidateOperation(query));
  }

  /** The twin of `invalidate` for code on an event loop. */
  _invalidateAsync(query?: string): Promise<void> {
    return runAsync(this._invalidateOperation(query));
  }

  /** The operation behind `invalidate`. */
  *_invalidateOperation(query?: string): Operation<void> {
    this.#invalidations++;
    yield* this.#results.forget(query === undefined ? undefined : normalized(query));
  }

  /** The one body behind `retrieve` and its twin. */
  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const limit = limitOf(this.name, options, this.#maxResults);
    const question = { asked: normalized(query), limit };
    if (question.asked === "") return [];
    const find = this.#find(question, query, { ...options, limit });
    return yield* this.#locks.run(this.#results.keyOf(question), find);
  }

  *#find(question: Question, query: string, options: RetrieveOptions): Operation<Document[]> {
    const before = this.#invalidations;
    const standing = yield* this.#try("get", this.#results.look(question));
    const kept = standing?.found;
    if (kept !== undefined && kept.freshUntilMs > (yield* now())) return marked(kept, { cached: true });
    let documents: Document[];
    try {
      documents = yield* retrieveOperation(this.#base, query, options);
    } catch (error) {
      if (kept === undefined || options.signal?.aborted) throw error;
      yield* emit({ type: "retrieverServedStale", retriever: this.name, message: messageOf(error) });
      return marked(kept, { cached: true, stale: true });
    }
    const ttlMs = documents.length === 0 ? this.#emptyTtlMs : this.#ttlMs;
    if (standing !== undefined && ttlMs > 0 && before === this.#invalidations) {
      const { generation } = standing;
      const times = { ttlMs, staleMs: this.#staleMs };
      yield* this.#try("set", this.#results.keep(question, { generation, documents }, times));
    }
    return documents;
  }

  /** A storage that fails costs nothing but the saving. */
  *#try<T>(operation: string, attempt: Operation<T>): Operation<T | undefined> {
    try {
      return yield* attempt;
    } catch (error) {
      yield* emit({
        type: "retrieverCacheFailed",
        retriever: this.name,
        operation,
        message: messageOf(error),
      });
      return undefined;
    }
  }
}

function marked({ documents }: Found, marks: { readonly cached: true; readonly stale?: true }): Document[] {
  return documents.map((document) =>
    new Document({ ...document, metadata: { ...document.metadata, ...marks } })
  );
}

/** Queries that differ in case or white space alone ask for the same. */
function normalized(query: string): string {
  return query.normalize("NFKC").toLowerCase().trim().replace(/\s+/gu, " ");
}

/** Two bases of one name that were made with something else find something else. */
function fingerprintOf(base: Retriever): string {
  const hash = new TextHash();
  hash.add(JSON.stringify(describeComponent(base)));
  return hash.digits;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
