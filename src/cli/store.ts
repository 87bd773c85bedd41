/**
 * Which store a command uses.
 *
 * @module
 */

import type { Config } from "../config/config.ts";
import { createStore } from "../config/store.ts";
import {
  lastingPlace,
  parseStorageSpec,
  type StoreLocation,
  type StorePlace,
} from "../config/store_location.ts";
import { ConfigurationError, StorageError } from "../errors.ts";
import { MemoryStorage } from "../storage/memory_storage.ts";
import { SqliteStorage } from "../storage/sqlite_storage.ts";
import type { Storage } from "../storage/storage.ts";
import { readEnvironment } from "../runtime/env.ts";
import { absolutePath, exists, folderOf, joinPath, makeDirectory, shortPath } from "../runtime/files.ts";
import { platformName } from "../runtime/terminal.ts";
import type { CommandContext } from "./command.ts";
import { DEFAULT_CONFIG, hasDefaultConfig, readConfig } from "./config_file.ts";

/** A store, and what it is called in messages. */
export interface ChosenStore {
  /** Where it is. */
  readonly location: StoreLocation;
  /** What it is called in messages. */
  readonly label: string;
  /** Whether nobody named it, so that it need not exist yet. */
  readonly byDefault: boolean;
}

/**
 * Finds the store of a command: `--db`, else the configuration's `storage`, else `$SIFAKA_DB`, else the user's data directory.
 *
 * @param db The option --db.
 * @param config The configuration, if there is one.
 * @returns The store; not opened yet.
 * @throws {StorageError} When nothing says where.
 */
export function chooseStore(db: string | undefined, config: Config | undefined): ChosenStore {
  if (db !== undefined) {
    if (db.trim() === "") {
      throw new ConfigurationError("--db must be a file: it is blank", { code: "blank_db" });
    }
    if (/^(?:sqlite:|file:|rediss?:\/\/)/.test(db)) return named(parseStorageSpec(db));
    return named(db === ":memory:" ? { kind: "memory" } : { kind: "sqlite", path: absolutePath(db) });
  }
  const own = config?.storeLocation;
  if (own) return named(own);
  const variable = readEnvironment("SIFAKA_DB");
  if (variable.state === "set" && variable.value.trim() !== "") {
    return named({ kind: "sqlite", path: absolutePath(variable.value) });
  }
  const path = joinPath(dataDirectory(), "sifaka", "sifaka.db");
  return { location: { kind: "sqlite", path }, label: path, byDefault: true };
}

/** Whether runs are kept beyond the end of the program. */
export function isLasting({ location }: ChosenStore): boolean {
  return lastingPlace(location).kind !== "memory";
}

/** Whether a run that is interrupted can be gone on with: some stores keep texts, but no journals. */
export function keepsJournals(store: ChosenStore | undefined, storage: Storage | undefined): boolean {
  return store !== undefined && isLasting(store) && storage?.runs !== undefined;
}

function named(location: StoreLocation): ChosenStore {
  return { location, label: labelOf(location), byDefault: false };
}

/** The place where runs last is what `--db` takes to find them again. */
function labelOf(whole: StoreLocation): string {
  const location = lastingPlace(whole);
  if (location.kind === "memory") return "memory";
  // The rest of the address may hold a password.
  if (location.kind === "redis") {
    const { protocol, host, pathname } = new URL(location.url);
    return `${protocol}//${host}${pathname}`;
  }
  return `${location.kind === "file" ? "file:" : ""}${shortPath(location.path)}`;
}

const DIRECTORY_VARIABLES = ["SIFAKA_DB", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME"] as const;

/** The directory for a user's data: `$XDG_DATA_HOME`, or what its platform has instead. */
function dataDirectory(): string {
  const valueOf = (name: string): string | undefined => {
    const reading = readEnvironment(name);
    return reading.state === "set" && reading.value !== "" ? reading.value : undefined;
  };
  const given = valueOf("XDG_DATA_HOME");
  if (given !== undefined) return given;
  const platform = platformName();
  const local = platform === "win32" ? valueOf("LOCALAPPDATA") : undefined;
  if (local !== undefined) return local;
  const home = valueOf("HOME");
  if (home !== undefined) {
    return joinPath(
      home,
      ...(platform === "darwin" ? ["Library", "Application Support"] : [".local", "share"]),
    );
  }
  const denied = DIRECTORY_VARIABLES.some((name) => readEnvironment(name).state === "denied");
  throw new StorageError(
    "Cannot tell where to keep runs as neither --db nor SIFAKA_DB, XDG_DATA_HOME or HOME says so",
    {
      code: "no_data_directory",
      suggestions: [
        "Give a file by --db PATH; `run` keeps nothing with --no-store.",
        ...(denied ? [`Or let Deno read them: --allow-env=${DIRECTORY_VARIABLES.join(",")}`] : []),
      ],
    },
  );
}

/**
 * Opens a store to write to; the default one's directory is made.
 *
 * @param store The store.
 * @returns The open store.
 * @throws {StorageError} When it cannot be opened.
 */
export function openToWrite({ location, byDefault }: ChosenStore): Storage {
  if (location.kind === "sqlite" && byDefault) {
    try {
      makeDirectory(folderOf(location.path));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const suggestions = [
        ...error.suggestions,
        "Or give another file by --db PATH, or keep nothing by --no-store.",
      ];
      throw new StorageError(error.message, { code: "cannot_open", suggestions, cause: error });
    }
  }
  return createStore(location);
}

/**
 * Opens a store to read from. A default store that does not exist yet is an empty one; one that was named must be there, since
 * opening would make it. A file that cannot be written is read all the same.
 *
 * @param store The store.
 * @returns The open store.
 * @throws {StorageError} When it cannot be opened.
 */
export function openToRead({ location: whole, label, byDefault }: ChosenStore): Storage {
  const location = lastingPlace(whole);
  if (!("path" in location)) return createStore(location);
  if (exists(location.path)) return openExisting(location);
  if (byDefault) return new MemoryStorage();
  throw new StorageError(`Cannot open the store ${label} as there is no such file, or it may not be read`, {
    code: "no_store",
    suggestions: ["Runs are kept there by `sifaka run --db PATH`."],
  });
}

/** The codes of a file that can perhaps be read, though not written. */
const UNWRITABLE: ReadonlySet<string> = new Set(["read_only", "cannot_open", "permission_denied"]);

function openExisting(location: StorePlace & { readonly path: string }): Storage {
  try {
    return createStore(location);
  } catch (error) {
    const isUnwritable = error instanceof StorageError && UNWRITABLE.has(error.code);
    if (location.kind !== "sqlite" || !isUnwritable) throw error;
    return new SqliteStorage(location.path, { readOnly: true });
  }
}

/**
 * Finds the store in which `run` would keep what it makes here: that of the configuration, which is the one of the usual name, where
 * there is one, unless another one is named.
 *
 * @param context The command's.
 * @param db The option --db.
 * @param config The option --config.
 * @returns The store; not opened yet.
 */
export async function chooseUsualStore(
  context: CommandContext,
  db: string | undefined,
  config?: string,
): Promise<ChosenStore> {
  if (db !== undefined || (config === undefined && !hasDefaultConfig())) return chooseStore(db, undefined);
  return chooseStore(db, await readConfig(context, config ?? DEFAULT_CONFIG, {}));
}

/**
 * Opens the store of a command that reads, and closes it afterwards. It is the one in which `run` would keep what it makes
 * here: that of the configuration of the usual name, where there is one.
 *
 * @typeParam T What is read.
 * @param context The command's.
 * @param db The option --db.
 * @param read Reads; it gets the open store and what it is called in messages.
 * @returns What `read` gives.
 */
export async function withStore<T>(
  context: CommandContext,
  db: string | undefined,
  read: (storage: Storage, label: string) => Promise<T>,
): Promise<T> {
  const store = await chooseUsualStore(context, db);
  const storage = openToRead(store);
  try {
    return await read(storage, store.label);
  } finally {
    storage.close();
  }
}
