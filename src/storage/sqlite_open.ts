/**
 * Opens a Sifaka database, and refuses whatever is none without writing to it.
 *
 * A file that is there is first opened for reading alone: whose it is, its version and whether it is whole are known before
 * anything may change it. Then it is opened for writing, and what was seen is looked at again under the write lock, since
 * other processes may create or migrate the file at the same time. A new file becomes Sifaka's in one transaction of the
 * rollback journal and only then changes to write-ahead logging, so the mark in its header is never missing from the file.
 *
 * @module
 */

import { SifakaError, StorageError } from "../errors.ts";
import { faultOf, openSqlite, type SqliteConnection } from "../runtime/sqlite.ts";
import { fileState, missingDirectory } from "../runtime/sqlite_file.ts";
import { pathError, sqliteError } from "./sqlite_errors.ts";
import { patiently } from "./sqlite_patience.ts";
import { APPLICATION_ID, identify, migrate, pragma, SCHEMA_VERSION } from "./sqlite_schema.ts";

/** How a database is opened. */
export interface DatabaseOptions {
  /** How long a write waits for other connections, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** How far a write has got when it returns. */
  readonly synchronous: "full" | "normal";
  /** Whether an extension will be loaded. */
  readonly allowExtension: boolean;
}

/** A smaller file is checked as a whole when it is opened, which takes some 5 ms a mebibyte. */
const MAX_CHECKED_BYTES = 8 * 2 ** 20;

/**
 * Opens a database and makes its tables where there are none.
 *
 * @param path A file, or `":memory:"`.
 * @param options How.
 * @returns The open database.
 * @throws {StorageError} When it cannot be opened, is not Sifaka's, too new, or damaged.
 */
export function openDatabase(path: string, options: DatabaseOptions): SqliteConnection {
  const inMemory = path === ":memory:";
  if (!inMemory) refuseBadPath(path);
  try {
    return patiently(options.busyTimeoutMs, () => {
      if (!inMemory && fileState(path) === "file") inspect(path);
      return openForWriting(path, options);
    });
  } catch (error) {
    throw error instanceof SifakaError ? error : sqliteError(path, "open", error);
  }
}

function refuseBadPath(path: string): void {
  if (fileState(path) === "directory") throw pathError(path, "is_a_directory", "it is a directory");
  const directory = missingDirectory(path);
  if (directory === undefined) return;
  throw pathError(path, "missing_directory", `there is no directory ${directory}`, [
    `Make it: mkdir -p ${directory}`,
  ]);
}

function inspect(path: string): void {
  const connection = openSqlite(path, { readOnly: true });
  try {
    const { version } = requireOwn(path, connection);
    refuseDamage(path, connection, version);
  } catch (error) {
    // A log that a crash left behind can only be played back by a connection that may write.
    if (faultOf(error) !== "read_only") throw error;
  } finally {
    connection.close();
  }
}

/**
 * Refuses a database that is not Sifaka's, or of a newer one.
 *
 * @param path The database, for the error.
 * @param connection The open database.
 * @returns Its version; 0 for one with nothing in it.
 * @throws {StorageError} With code `foreign_database` or `newer_version`.
 */
export function requireOwn(path: string, connection: SqliteConnection): { readonly version: number } {
  const identity = identify(connection);
  if (identity.empty && identity.applicationId === 0) return { version: 0 };
  if (identity.applicationId !== APPLICATION_ID) {
    throw pathError(path, "foreign_database", "it is a database of another program");
  }
  if (identity.version > SCHEMA_VERSION) {
    throw pathError(
      path,
      "newer_version",
      `it was written by a newer Sifaka: its version is ${identity.version} and this one reads up to ${SCHEMA_VERSION}`,
      ["Update Sifaka, or choose another file."],
    );
  }
  return identity;
}

/**
 * Refuses a database that is damaged, as far as that can be seen in a short time.
 *
 * @param path The database, for the error.
 * @param connection The open database.
 * @param version Its version.
 * @throws {StorageError} With code `damaged`.
 */
export function refuseDamage(path: string, connection: SqliteConnection, version: number): void {
  const bytes = Number(pragma(connection, "page_count")) * Number(pragma(connection, "page_size"));
  if (bytes <= MAX_CHECKED_BYTES) {
    const verdict = pragma(connection, "quick_check(1)");
    if (verdict !== undefined && verdict !== "ok") throw damaged(path, String(verdict));
  }
  if (version !== SCHEMA_VERSION) return;
  try {
    // Touches the root of each table and index.
    connection.prepare("SELECT id FROM entries ORDER BY id LIMIT 1").get();
    connection.prepare("SELECT key FROM entries ORDER BY key LIMIT 1").get();
    connection.prepare("SELECT id FROM contents ORDER BY id LIMIT 1").get();
    connection.prepare("SELECT rowid FROM words WHERE words MATCH 'a' LIMIT 1").get();
  } catch (error) {
    throw faultOf(error) === "other" ? damaged(path, (error as Error).message, error) : error;
  }
}

function damaged(path: string, detail: string, cause?: unknown): StorageError {
  const [firstLine] = detail.split("\n");
  return pathError(path, "damaged", `it is damaged: ${firstLine}`, [
    "Restore it from a copy, or choose another file.",
  ], cause);
}

function openForWriting(path: string, options: DatabaseOptions): SqliteConnection {
  const connection = openSqlite(path, { readOnly: false, allowExtension: options.allowExtension });
  try {
    connection.exec(`PRAGMA synchronous = ${options.synchronous}`);
    // Of a new file alone: room that becomes free can be given back without writing the whole file again.
    connection.exec("PRAGMA auto_vacuum = incremental");
    connection.prepare("BEGIN IMMEDIATE").run();
    try {
      const { version } = requireOwn(path, connection);
      migrate(connection, version);
      connection.prepare(version === SCHEMA_VERSION ? "ROLLBACK" : "COMMIT").run();
    } catch (error) {
      rollBack(connection);
      throw error;
    }
    // The answer is another mode where the file system cannot share memory; such a file works too, only slower.
    if (pragma(connection, "journal_mode") !== "wal") pragma(connection, "journal_mode = wal");
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Ends a transaction without keeping what it did.
 *
 * @param connection The database.
 */
export function rollBack(connection: SqliteConnection): void {
  try {
    connection.prepare("ROLLBACK").run();
  } catch {
    // After some errors SQLite has rolled back by itself.
  }
}
