/**
 * Opens the store at a location.
 *
 * @module
 */

import { MemoryStorage } from "../storage/memory_storage.ts";
import { SqliteStorage } from "../storage/sqlite_storage.ts";
import type { Storage } from "../storage/storage.ts";
import type { StoreLocation } from "./store_location.ts";

/**
 * Opens the store at a location; a file is made where there is none.
 *
 * @param location Where.
 * @returns The open store.
 * @throws {StorageError} When the file cannot be opened.
 */
export function createStore(location: StoreLocation): Storage {
  return location.kind === "memory" ? new MemoryStorage() : new SqliteStorage(location.path);
}
