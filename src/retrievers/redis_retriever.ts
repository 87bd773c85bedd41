/**
 * A retriever over documents on a Redis server.
 *
 * @module
 */

import { checkOptions, type OptionSchemas } from "../options.ts";
import { REDIS_STORAGE_OPTIONS, RedisStorage } from "../storage/redis_storage.ts";
import type { CommonRetrieverOptions } from "./common_options.ts";
import { StorageRetriever, STORED_DOCUMENTS_OPTIONS } from "./storage_retriever.ts";

/** Options of {@linkcode RedisRetriever}. */
export interface RedisRetrieverOptions extends CommonRetrieverOptions {
  /** The server, as redis://host:port/database. @default "redis://127.0.0.1:6379" */
  url?: string;
  /** What the names of all keys on the server begin with. @default "sifaka" */
  prefix?: string;
  /** How long to wait for a connection, in milliseconds. @default 5000 */
  connectTimeoutMs?: number;
  /** Only documents of at least this score. @default all */
  minScore?: number;
  /** Words of a query that are not looked for. @default common English ones */
  stopWords?: readonly string[];
}

/**
 * What a {@linkcode RedisRetriever} can be told.
 *
 * @example
 * ```ts
 * import { REDIS_RETRIEVER_OPTIONS } from "@sifaka/sifaka/retrievers";
 *
 * console.log(Object.keys(REDIS_RETRIEVER_OPTIONS).includes("url")); // true
 * ```
 */
export const REDIS_RETRIEVER_OPTIONS: OptionSchemas = {
  ...STORED_DOCUMENTS_OPTIONS,
  url: REDIS_STORAGE_OPTIONS.url!,
  prefix: REDIS_STORAGE_OPTIONS.prefix!,
  connectTimeoutMs: REDIS_STORAGE_OPTIONS.connectTimeoutMs!,
};

/**
 * Keeps documents on a Redis server and finds those that share words with the query. Nothing is opened before the first call.
 * Documents are kept for ever unless `addDocuments` says how long; one that has expired is gone from every search. The ranking
 * happens here, over a copy that is loaded again when the documents have changed: see `RedisStorage`.
 *
 * @example
 * ```ts ignore
 * import { RedisRetriever } from "@sifaka/sifaka/retrievers";
 *
 * const retriever = new RedisRetriever({ url: "redis://127.0.0.1:6379", prefix: "atlas" });
 * retriever.addDocuments({ home: "Sifakas live in Madagascar." });
 * console.log(retriever.retrieve("Where do sifakas live?")[0]?.id); // "home"
 * ```
 */
export class RedisRetriever extends StorageRetriever {
  /** Where the documents are kept. */
  readonly storage: RedisStorage;

  /**
   * Makes a retriever; nothing is opened before it is used.
   *
   * @param options Which server, and how documents are looked for.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(options?: RedisRetrieverOptions) {
    const checked = checkOptions("RedisRetriever", options, REDIS_RETRIEVER_OPTIONS);
    const { url, prefix, connectTimeoutMs, name = "RedisRetriever", ...rest } = checked;
    const storage = new RedisStorage({ url, prefix, connectTimeoutMs });
    super({ ...rest, name, storage });
    this.storage = storage;
  }
}
