/**
 * A storage on a Redis server.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { REDIS_STORAGE, RedisOperations } from "./redis_operations.ts";
import { OperationStorage, type StorageOperations } from "./storage.ts";

/** Options of {@linkcode RedisStorage}. */
export interface RedisStorageOptions {
  /** The server: redis://[[user]:password@]host[:port][/database], or rediss:// for TLS. @default "redis://127.0.0.1:6379" */
  url?: string;
  /** What the names of all keys on the server begin with. Storages of different prefixes know nothing of each other. @default "sifaka" */
  prefix?: string;
  /** How long a value is kept when `set` does not say, in milliseconds. @default for ever */
  ttlMs?: number;
  /** How long to wait for a connection, in milliseconds. @default 5000 */
  connectTimeoutMs?: number;
}

/**
 * What a {@linkcode RedisStorage} can be told.
 *
 * @example
 * ```ts
 * import { REDIS_STORAGE_OPTIONS } from "@sifaka/sifaka/storage";
 *
 * console.log(Object.keys(REDIS_STORAGE_OPTIONS).includes("url")); // true
 * ```
 */
export const REDIS_STORAGE_OPTIONS: OptionSchemas = {
  url: {
    description: "The server, as redis://host:port/database.",
    type: "string",
    minLength: 1,
    default: "redis://127.0.0.1:6379",
  },
  prefix: {
    description: "What the names of all keys on the server begin with.",
    type: "string",
    minLength: 1,
    default: "sifaka",
  },
  ttlMs: {
    description: "How long a value is kept when set does not say, in milliseconds.",
    type: "number",
    exclusiveMinimum: 0,
  },
  connectTimeoutMs: {
    description: "How long to wait for a connection, in milliseconds.",
    type: "integer",
    minimum: 1,
    default: 5_000,
  },
};

/**
 * Keeps values on a Redis server (version 5 or later), for processes on several machines.
 *
 * Nothing is opened before the first call. A connection that was lost is made anew by the next call; a server that cannot be
 * reached is a `StorageError` with the code `unreachable`. Expiry goes by the clock of the caller. A search loads all values of
 * the prefix when they have changed since the last one, and ranks them here. Deno asks for `--allow-net` of the server.
 *
 * @example
 * ```ts ignore
 * import { RedisStorage } from "@sifaka/sifaka/storage";
 *
 * using storage = new RedisStorage({ url: "redis://127.0.0.1:6379", prefix: "notes" });
 * storage.set("notes/1", { text: "Lemurs live in Madagascar." });
 * console.log(storage.search("lemurs")[0]?.key); // "notes/1"
 * ```
 */
export class RedisStorage extends OperationStorage {
  /** What it is called in errors and events. */
  override readonly name: string = REDIS_STORAGE;
  /** The one body behind each method and its twin. */
  override readonly _operations: StorageOperations;

  /**
   * Makes a storage; nothing is opened before it is used.
   *
   * @param options Which server, and which part of it.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(options?: RedisStorageOptions) {
    super();
    const checked = checkOptions(REDIS_STORAGE, options, REDIS_STORAGE_OPTIONS);
    const { url = "redis://127.0.0.1:6379", prefix = "sifaka", ttlMs, connectTimeoutMs = 5_000 } = checked;
    if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
      // The text may hold a password.
      throw new ConfigurationError(
        `Cannot create ${REDIS_STORAGE} as url must be an address that begins with redis:// or rediss://`,
        { code: "invalid_option", component: REDIS_STORAGE },
      );
    }
    this._operations = new RedisOperations({ url, prefix, connectTimeoutMs }, ttlMs);
  }
}
