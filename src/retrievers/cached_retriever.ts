/**
 * A retriever that keeps what another has found.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { emit, now, type Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { KeyLocks } from "../storage/key_locks.ts";
import { MemoryStorage } from "../storage/memory_storage.ts";
import { operationsOf } from "../storage/operations_of.ts";
import type { Storage, StorageOperations } from "../storage/storage.ts";
import { hash } from "../text/fence.ts";
import { Document } from "../thought/document.ts";
import { DEFAULT_MAX_RESULTS, limitOf } from "./common_options.ts";
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
  /** Tells the results of one retriever from those of others in the same storage. @default the base's name */
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
  readonly #storage: StorageOperations;
  readonly #prefix: string;
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
    this.#storage = operationsOf(checked.storage ?? new MemoryStorage({ maxEntries }));
    this.#prefix = `retrieved/${segmentOf(checked.namespace ?? base.name)}/`;
    this.#ttlMs = checked.ttlMs ?? 3_600_000;
    this.#emptyTtlMs = checked.emptyTtlMs ?? 60_000;
    this.#maxResults = checked.maxResults ?? DEFAULT_MAX_RESULTS;
    this.#staleMs = checked.staleWhileErrorMs ?? 0;
  }

  /**
   * Forgets what was found, after documents of the base have changed. Other values in the storage are not touched.
   *
   * @throws {StorageError} When the storage fails.
   */
  invalidate(): void {
    runSync(this.#forget());
  }

  /** The twin of `invalidate` for code on an event loop. */
  _invalidateAsync(): Promise<void> {
    return runAsync(this.#forget());
  }

  /** The one body behind `retrieve` and its twin. */
  override *_retrieveOperation(query: string, options: RetrieveOptions = {}): Operation<Document[]> {
    const limit = limitOf(this.name, options, this.#maxResults);
    const asked = query.normalize("NFKC").toLowerCase().trim().replace(/\s+/gu, " ");
    if (asked === "") return [];
    const request = `${limit} ${asked}`;
    const key = `${this.#prefix}${hash(request, 0)}${hash(request, 1)}`;
    return yield* this.#locks.run(key, this.#find(key, request, query, { ...options, limit }));
  }

  *#find(key: string, request: string, query: string, options: RetrieveOptions): Operation<Document[]> {
    const kept = yield* this.#read(key, request);
    if (kept !== undefined && kept.freshUntilMs > (yield* now())) return marked(kept, { cached: true });
    const before = this.#invalidations;
    let found: Document[];
    try {
      found = yield* retrieveOperation(this.#base, query, options);
    } catch (error) {
      if (kept === undefined || options.signal?.aborted) throw error;
      yield* emit({ type: "retrieverServedStale", retriever: this.name, message: messageOf(error) });
      return marked(kept, { cached: true, stale: true });
    }
    const ttlMs = found.length === 0 ? this.#emptyTtlMs : this.#ttlMs;
    if (ttlMs > 0 && before === this.#invalidations) yield* this.#keep(key, request, found, ttlMs);
    return found;
  }

  *#read(key: string, request: string): Operation<Kept | undefined> {
    try {
      const kept = (yield* this.#storage.get(key)) as Partial<Record<string, JsonValue>> | undefined;
      // Two requests may have one hash.
      if (kept?.request !== request || !Array.isArray(kept.documents)) return undefined;
      const documents = kept.documents.map((json) => Document.fromJSON(json));
      // What an earlier version kept has no such time, and a storage that forgets it in time.
      return { documents, freshUntilMs: Number(kept.freshUntilMs ?? Infinity) };
    } catch (error) {
      yield* this.#tell("get", error);
      return undefined;
    }
  }

  *#keep(key: string, request: string, documents: readonly Document[], ttlMs: number): Operation<void> {
    try {
      const freshUntilMs = (yield* now()) + ttlMs;
      yield* this.#storage.set(key, { request, documents, freshUntilMs }, { ttlMs: ttlMs + this.#staleMs });
    } catch (error) {
      yield* this.#tell("set", error);
    }
  }

  *#forget(): Operation<void> {
    this.#invalidations++;
    yield* this.#storage.clear({ prefix: this.#prefix });
  }

  *#tell(operation: string, error: unknown): Operation<void> {
    yield* emit({ type: "retrieverCacheFailed", retriever: this.name, operation, message: messageOf(error) });
  }
}

/** What was found for a request. */
interface Kept {
  readonly documents: readonly Document[];
  /** Until when it is used without asking the base, in milliseconds since the epoch. */
  readonly freshUntilMs: number;
}

function marked({ documents }: Kept, marks: { readonly cached: true; readonly stale?: true }): Document[] {
  return documents.map((document) =>
    new Document({ ...document, metadata: { ...document.metadata, ...marks } })
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Makes a part of a key of a name: no `/` or control character is in it, and a long one is cut and told apart by a hash. */
function segmentOf(name: string): string {
  const plain = name.replace(/[\p{Cc}/%]/gu, encodeURIComponent);
  if (plain.length <= 100) return plain;
  return `${Array.from(plain).slice(0, 60).join("")}%${hash(plain, 0)}${hash(plain, 1)}`;
}
