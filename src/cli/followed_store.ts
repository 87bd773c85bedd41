/**
 * A store that is looked at for a long time while others write to it.
 *
 * @module
 */

import { lastingPlace } from "../config/store_location.ts";
import { StorageError } from "../errors.ts";
import { exists } from "../runtime/files.ts";
import { SqliteStorage } from "../storage/sqlite_storage.ts";
import type { Storage } from "../storage/storage.ts";
import { type ChosenStore, openToRead } from "./store.ts";

/** A store that is looked at. */
export interface FollowedStore {
  /** The open store. A default one that does not exist yet is an empty one, until it does. */
  readonly current: () => Storage;
  /** Closes it. */
  readonly close: () => void;
}

/**
 * Opens a store to look at it, for reading alone where that can be done.
 *
 * @param store The store.
 * @returns The open store.
 * @throws {StorageError} When it cannot be opened.
 */
export function followStore(store: ChosenStore): FollowedStore {
  const location = lastingPlace(store.location);
  const isAwaited = (): boolean => "path" in location && store.byDefault && !exists(location.path);
  let awaited = isAwaited();
  let storage = open(store);
  return {
    current: () => {
      if (awaited && !isAwaited()) {
        const found = open(store);
        storage.close();
        storage = found;
        awaited = false;
      }
      return storage;
    },
    close: () => storage.close(),
  };
}

function open(store: ChosenStore): Storage {
  const location = lastingPlace(store.location);
  if (location.kind !== "sqlite" || !exists(location.path)) return openToRead(store);
  try {
    return new SqliteStorage(location.path, { readOnly: true });
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== "older_version") throw error;
    // Only who may write can bring it up to date.
    openToRead(store).close();
    return new SqliteStorage(location.path, { readOnly: true });
  }
}
