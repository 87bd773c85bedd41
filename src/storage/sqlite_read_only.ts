/**
 * Opens a Sifaka database for reading alone, also where nothing at all can be written.
 *
 * A database with a write-ahead log needs a file of shared memory beside it even to be read. Where that cannot be made, on a
 * read-only disk, SQLite reads the file when it is told that nobody changes it. It then takes no notice of a log, so a log
 * that holds something is an error and not left out.
 *
 * @module
 */

import { SifakaError } from "../errors.ts";
import { faultOf, openSqlite, type SqliteConnection } from "../runtime/sqlite.ts";
import { deniedFlags, fileState } from "../runtime/sqlite_file.ts";
import { pathError, sqliteError } from "./sqlite_errors.ts";
import { type DatabaseOptions, refuseDamage, requireOwn } from "./sqlite_open.ts";
import { patiently } from "./sqlite_patience.ts";
import { SCHEMA_VERSION } from "./sqlite_schema.ts";

/** How a database is opened for reading alone. */
export type ReadOptions = Omit<DatabaseOptions, "synchronous">;

/**
 * Opens a database to read from.
 *
 * @param path A file that is there.
 * @param options How.
 * @returns The open database.
 * @throws {StorageError} When it cannot be opened, is not Sifaka's, of another version, or damaged.
 */
export function openForReading(path: string, options: ReadOptions): SqliteConnection {
  try {
    const flags = deniedFlags(path, ["read"]);
    if (flags.length > 0) throw denied(path, flags);
    const state = fileState(path);
    if (state === "directory") throw pathError(path, "is_a_directory", "it is a directory");
    if (state === "missing") {
      throw pathError(path, "missing_file", "there is no such file, and it is to be read alone");
    }
    return patiently(options.busyTimeoutMs, () => open(path, options));
  } catch (error) {
    throw error instanceof SifakaError ? error : sqliteError(path, "open", error);
  }
}

function open(path: string, { allowExtension }: ReadOptions): SqliteConnection {
  try {
    return checked(path, openSqlite(path, { readOnly: true, allowExtension }));
  } catch (error) {
    const fault = faultOf(error);
    if (fault !== "cannot_open" && fault !== "read_only") throw error;
    const log = `${path}-wal`;
    if (fileState(log) === "file") throw withLog(path, log, error);
    return checked(path, openUnchanging(path, allowExtension));
  }
}

function openUnchanging(path: string, allowExtension: boolean): SqliteConnection {
  try {
    return openSqlite(path, { readOnly: true, immutable: true, allowExtension });
  } catch (error) {
    if (faultOf(error) !== "cannot_open") throw error;
    const reason = "no file can be made beside it, and it cannot be read without here";
    throw pathError(path, "cannot_open", reason, [
      "Under Deno, give the command all permissions (-A): it reads a store on a read-only disk with no fewer.",
      "Or copy the file to a directory that can be written, and open the copy.",
    ], error);
  }
}

function checked(path: string, connection: SqliteConnection): SqliteConnection {
  try {
    const { version } = requireOwn(path, connection);
    if (version < SCHEMA_VERSION) throw outdated(path, version);
    refuseDamage(path, connection, version);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function denied(path: string, flags: readonly string[]): SifakaError {
  const needed = flags.join(" ");
  return pathError(path, "permission_denied", `Deno has not been allowed to: run again with ${needed}`, [
    `Add ${needed} to the command.`,
  ]);
}

function withLog(path: string, log: string, cause: unknown): SifakaError {
  return pathError(
    path,
    "unread_log",
    `it may only be read, and ${log} holds changes that can be read only where a file can be made beside it`,
    ["Copy both files to a directory that can be written, and open the copy."],
    cause,
  );
}

function outdated(path: string, version: number): SifakaError {
  const reason = version === 0
    ? "there is nothing in it yet, and it may only be read"
    : `it was written by an older Sifaka, as version ${version}, and may only be read`;
  return pathError(path, "older_version", reason, [
    "Open it once where it can be written, which brings it up to date.",
  ]);
}
