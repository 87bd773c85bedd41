/**
 * A store that is looked at for a long time while others write to it.
 *
 * @module
 */

import { fileLayoutOf, lastingPlace, type StorePlace } from "../config/store_location.ts";
import { StorageError } from "../errors.ts";
import { exists, fileIdentity } from "../runtime/files.ts";
import { runsFileOf } from "../storage/file_runs.ts";
import { SqliteStorage } from "../storage/sqlite_storage.ts";
import type { Storage } from "../storage/storage.ts";
import { type ChosenStore, openToRead } from "./store.ts";

/** A store that is looked at. */
export interface FollowedStore {
  /** The open store. A default one that does not exist yet is an empty one, until it does; one that was made anew is the new one. */
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
  const database = databaseOf(lastingPlace(store.location));
  const lookAgain = (): string | undefined => database && fileIdentity(database);
  let identity = lookAgain();
  let storage = open(store);
  return {
    current: () => {
      const found = lookAgain();
      // What has been removed is shown until there is another one.
      if (found !== undefined && found !== identity) {
        const opened = open(store);
        storage.close();
        storage = opened;
        identity = found;
      }
      return storage;
    },
    close: () => storage.close(),
  };
}

/** The file that is held open, so that it has to be opened again when another one takes its place. */
function databaseOf(place: StorePlace): string | undefined {
  if (!("path" in place)) return undefined;
  return place.kind === "sqlite" ? place.path : runsFileOf(place.path, fileLayoutOf(place.path));
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
