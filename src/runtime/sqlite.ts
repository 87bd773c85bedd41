/**
 * The SQLite that Deno, Bun and Node bring along, and what its errors mean.
 *
 * Two things that all callers must know. A database file must never be opened and closed by other means than SQLite while
 * this process may have it open: closing any descriptor of a file drops all of the process's POSIX locks on it, and another
 * process may then delete a log that is still in use. And only errors of prepared statements carry SQLite's code in every
 * runtime, so nothing that may fail for reasons of its own goes through `exec`.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import { builtin } from "./builtin.ts";

/** What can be bound to a statement. */
export type SqliteValue = string | number | null | Uint8Array;

/** A row, by column. */
export type SqliteRow = Readonly<Record<string, unknown>>;

/** A prepared statement. */
export interface SqliteStatement {
  /** Runs it; says how many rows it changed. */
  run(...values: SqliteValue[]): { readonly changes: number | bigint };
  /** Gives the first row. */
  get(...values: SqliteValue[]): SqliteRow | undefined;
  /** Gives all rows. */
  all(...values: SqliteValue[]): SqliteRow[];
}

/** An open database. */
export interface SqliteConnection {
  /** Runs statements that give no rows. */
  exec(sql: string): void;
  /** Prepares one statement. */
  prepare(sql: string): SqliteStatement;
  /** Loads a library of further functions. */
  loadExtension?(path: string): void;
  /** Says whether such libraries may be loaded from now on. */
  enableLoadExtension?(allow: boolean): void;
  /** Closes the database. */
  close(): void;
}

/**
 * Prepares statements that are used again and again.
 *
 * @typeParam Name What they are called.
 * @param connection The database.
 * @param sql The statements.
 * @returns The prepared statements, by the same names.
 */
export function prepareAll<Name extends string>(
  connection: SqliteConnection,
  sql: Readonly<Record<Name, string>>,
): Readonly<Record<Name, SqliteStatement>> {
  const entries = Object.entries<string>(sql).map(([name, text]) => [name, connection.prepare(text)]);
  return Object.fromEntries(entries) as Record<Name, SqliteStatement>;
}

interface SqliteModule {
  readonly DatabaseSync: new (
    path: string | URL,
    options: { readOnly: boolean; allowExtension: boolean },
  ) => SqliteConnection;
}

interface DenoLike {
  readonly permissions: { querySync(descriptor: { name: "ffi" }): { readonly state: string } };
}

/** Options of {@linkcode openSqlite}. */
export interface SqliteOpenOptions {
  /** Whether nothing may be written. */
  readonly readOnly: boolean;
  /** Whether nobody changes the file while it is open. It is then read without any file beside it. @default false */
  readonly immutable?: boolean;
  /** Whether an extension will be loaded. @default false */
  readonly allowExtension?: boolean;
}

interface UrlModule {
  pathToFileURL(path: string): URL;
}

/**
 * How long SQLite itself waits for other connections, in milliseconds: it asks again after 1 ms and then ever less often, so
 * whoever waits long hardly gets a turn among busy writers. Callers try again instead.
 */
const BUSY_TIMEOUT_MS = 4;

/** The most memory for pages that were read, in KiB. A search of 100,000 texts reads more of them than the 2,000 KiB of SQLite hold. */
const PAGE_CACHE_KIB = 32 * 1024;

/**
 * Opens a database.
 *
 * @param path A file, or `":memory:"`.
 * @param options How to open it.
 * @returns The open database.
 * @throws {StorageError} Where the runtime has no SQLite.
 * @throws What SQLite or the runtime throws, when the file cannot be opened.
 */
export function openSqlite(path: string, options: SqliteOpenOptions): SqliteConnection {
  const sqlite = builtin<SqliteModule>("node:sqlite");
  if (sqlite === undefined) {
    throw new StorageError("Cannot open a database as this runtime has no node:sqlite", {
      code: "no_sqlite",
      suggestions: ["Use Deno, Bun or Node 24, or a MemoryStorage."],
    });
  }
  const { readOnly, immutable, allowExtension = false } = options;
  // Node and Bun would read "file:…" as a URI, Deno would not: it is a file's name in all of them.
  const name = /^file:/i.test(path) ? `./${path}` : path;
  const connection = new sqlite.DatabaseSync(immutable ? immutableUrl(name) : name, {
    readOnly,
    allowExtension,
  });
  connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA cache_size = -${PAGE_CACHE_KIB}`);
  return connection;
}

function immutableUrl(path: string): URL {
  const url = builtin<UrlModule>("node:url")!.pathToFileURL(path);
  url.searchParams.set("immutable", "1");
  return url;
}

/**
 * Tells whether Deno has yet to be allowed to load libraries of machine code.
 *
 * @returns Whether it has; `false` in other runtimes.
 */
export function lacksForeignCode(): boolean {
  const { Deno } = globalThis as { Deno?: DenoLike };
  return Deno?.permissions !== undefined && Deno.permissions.querySync({ name: "ffi" }).state !== "granted";
}

/**
 * Loads an extension, and no other after it.
 *
 * @param connection A database that was opened with `allowExtension`.
 * @param path The extension's file.
 * @throws {Error} What SQLite or the runtime says, when it cannot be loaded.
 */
export function loadExtension(connection: SqliteConnection, path: string): void {
  if (connection.loadExtension === undefined) throw new Error("this runtime's SQLite loads no extensions");
  connection.loadExtension(path);
  connection.enableLoadExtension?.(false);
}

/** What an error of SQLite is about; `other` for everything that callers do not tell apart. */
export type SqliteFault =
  | "busy"
  | "damaged"
  | "not_a_database"
  | "read_only"
  | "cannot_open"
  | "full"
  | "permission"
  | "other";

/** SQLite's primary result codes. */
const FAULTS: Readonly<Record<number, SqliteFault>> = {
  5: "busy",
  6: "busy",
  8: "read_only",
  11: "damaged",
  13: "full",
  14: "cannot_open",
  // The locking protocol gave up under contention: another try is due, as with "busy".
  15: "busy",
  26: "not_a_database",
};

/** What messages say where a runtime leaves the code out. */
const MESSAGES: readonly (readonly [RegExp, SqliteFault])[] = [
  [/database (table )?is locked|locking protocol/, "busy"],
  [/disk image is malformed/, "damaged"],
  [/file is not a database/, "not_a_database"],
  [/readonly database/, "read_only"],
  [/unable to open database file/, "cannot_open"],
  [/disk is full/, "full"],
];

/**
 * Tells what an error of SQLite is about.
 *
 * @param error What was thrown.
 * @returns Its fault.
 */
export function faultOf(error: unknown): SqliteFault {
  const { name, message, errcode } = (error ?? {}) as {
    name?: unknown;
    message?: unknown;
    errcode?: unknown;
  };
  if (name === "NotCapable" || name === "PermissionDenied") return "permission";
  const primary = typeof errcode === "number" ? FAULTS[errcode & 0xff] : undefined;
  return primary ?? MESSAGES.find(([pattern]) => pattern.test(String(message)))?.[1] ?? "other";
}
