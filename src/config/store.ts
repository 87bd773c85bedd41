/**
 * Opens the store at a location.
 *
 * @module
 */

import { CachedStorage } from "../storage/cached_storage.ts";
import { FileStorage } from "../storage/file_storage.ts";
import { MemoryStorage } from "../storage/memory_storage.ts";
import { RedisStorage } from "../storage/redis_storage.ts";
import { SqliteStorage } from "../storage/sqlite_storage.ts";
import type { Storage } from "../storage/storage.ts";
import { fileLayoutOf, type StoreLocation, type StorePlace } from "./store_location.ts";

/**
 * Opens the store at a location; a file or folder is made where there is none.
 *
 * @param location Where.
 * @returns The open store.
 * @throws {StorageError} When the file cannot be opened.
 */
export function createStore(location: StoreLocation): Storage {
  switch (location.kind) {
    case "memory":
      return new MemoryStorage();
    case "sqlite":
      return new SqliteStorage(location.path);
    case "file":
      return new FileStorage(location.path, { layout: fileLayoutOf(location.path) });
    case "redis":
      return new RedisStorage({ url: location.url });
    case "tiers":
      return openTiers(location.tiers);
  }
}

/** Opens every tier, or none: those that are open are closed again when one cannot be opened. */
function openTiers(places: readonly StorePlace[]): Storage {
  const tiers: Storage[] = [];
  try {
    for (const place of places) tiers.push(createStore(place));
    return new CachedStorage({ tiers });
  } catch (error) {
    for (const tier of tiers) tier.close();
    throw error;
  }
}
