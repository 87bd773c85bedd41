/**
 * The vectors of the values in an SQLite file.
 *
 * They stand in a plain table, and `sqlite-vec` gives the function that compares them. Its own virtual tables look at twice as many in the
 * same time, but any connection that deletes a value must have loaded it then, and a search of a prefix has to look at all.
 * Tables and triggers are made when a storage with vectors is first opened; triggers note which values have none yet, so that
 * connections without the extension can write.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import {
  lacksForeignCode,
  loadExtension,
  prepareAll,
  type SqliteConnection,
  type SqliteStatement,
} from "../runtime/sqlite.ts";
import { show } from "../options.ts";
import type { KeyRange } from "./requests.ts";
import type { Embed } from "./embed.ts";
import { pathError, SQLITE_STORAGE } from "./sqlite_errors.ts";
import { boundsOf } from "./sqlite_statements.ts";

/** What a storage is told of vectors. */
export interface SqliteVectorOptions {
  /** Makes vectors of texts. */
  embed: Embed;
  /** How many numbers a vector has. */
  dimension: number;
  /** The file of the extension `sqlite-vec`; the package of that name gives it as `getLoadablePath()`. */
  extension: string;
  /** Names what makes the vectors: those that were made under another name are made anew. @default "embed" */
  madeBy?: string;
  /** The longest text that a vector is made of, in UTF-16 code units; a longer one is cut. @default 8000 */
  maxTextLength?: number;
}

const TABLES: readonly string[] = [
  "CREATE TABLE IF NOT EXISTS vectors_made_by (name TEXT NOT NULL, dimension INTEGER NOT NULL) STRICT",
  `CREATE TABLE IF NOT EXISTS vectors (
     entry INTEGER NOT NULL,
     piece INTEGER NOT NULL,
     vector BLOB NOT NULL,
     PRIMARY KEY (entry, piece)
   ) STRICT`,
  "CREATE TABLE IF NOT EXISTS vectors_wanted (entry INTEGER PRIMARY KEY) STRICT",
  `CREATE TRIGGER IF NOT EXISTS vectors_of_inserted AFTER INSERT ON contents BEGIN
     INSERT INTO vectors_wanted (entry) VALUES (new.id);
   END`,
  // An upsert overrules OR IGNORE within the triggers that it fires.
  `CREATE TRIGGER IF NOT EXISTS vectors_of_updated AFTER UPDATE OF value ON contents WHEN old.value <> new.value BEGIN
     DELETE FROM vectors WHERE entry = new.id;
     DELETE FROM vectors_wanted WHERE entry = new.id;
     INSERT INTO vectors_wanted (entry) VALUES (new.id);
   END`,
  `CREATE TRIGGER IF NOT EXISTS vectors_of_deleted AFTER DELETE ON contents BEGIN
     DELETE FROM vectors WHERE entry = old.id;
     DELETE FROM vectors_wanted WHERE entry = old.id;
   END`,
];

const IN_RANGE = `e.key >= ? AND e.key > ? AND e.key < ? AND (e.expires_at IS NULL OR e.expires_at > ?)`;

const SQL = {
  wanted:
    `SELECT e.id, c.value FROM vectors_wanted AS w CROSS JOIN entries AS e ON e.id = w.entry JOIN contents AS c ON c.id = e.id
    WHERE ${IN_RANGE} LIMIT ?`,
  // Another process may have changed the value since it was read.
  isSame: "SELECT 1 FROM contents WHERE id = ? AND value = ?",
  forget: "DELETE FROM vectors WHERE entry = ?",
  keep: "INSERT INTO vectors (entry, piece, vector) VALUES (?, ?, ?)",
  made: "DELETE FROM vectors_wanted WHERE entry = ?",
  // The cosine of a vector without a direction is 0, as in VectorRetriever.
  find: `SELECT e.id, e.key, v.piece, coalesce(vec_distance_cosine(v.vector, ?), 1) AS distance
    FROM entries AS e JOIN vectors AS v ON v.entry = e.id WHERE ${IN_RANGE} ORDER BY distance, e.key LIMIT ?`,
} as const;

/** A value without vectors. */
export interface UnmadeValue {
  /** Its number. */
  readonly id: number;
  /** Its JSON. */
  readonly json: string;
}

/** A piece of a value that is near a vector. */
export interface NearPiece {
  /** The number of the value. */
  readonly id: number;
  /** Which piece of it. */
  readonly piece: number;
  /** One less the cosine. */
  readonly distance: number;
}

/** Which vectors are looked for. */
export interface NearSearch {
  /** What they are to be near to. */
  readonly vector: readonly number[];
  /** The keys of their values. */
  readonly range: KeyRange;
  /** The time, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** At most so many. */
  readonly limit: number;
}

/**
 * Loads `sqlite-vec` into a connection.
 *
 * @param connection A database that was opened with `allowExtension`.
 * @param path The extension's file.
 * @throws {ConfigurationError} With code `no_vectors`, where it cannot be loaded.
 */
export function loadVectors(connection: SqliteConnection, path: string): void {
  try {
    loadExtension(connection, path);
    connection.prepare("SELECT vec_version()").get();
  } catch (error) {
    const [firstLine] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw noVectors(`${path} cannot be loaded: ${firstLine}`, [
      'Install sqlite-vec, and give what getLoadablePath() of "npm:sqlite-vec" returns.',
      "Or search by vectors with a VectorRetriever, which needs no extension.",
    ]);
  }
}

/**
 * Refuses where Deno may not load machine code, before a file is opened.
 *
 * @throws {ConfigurationError} With code `permission_denied`.
 */
export function requireForeignCode(): void {
  if (!lacksForeignCode()) return;
  throw noVectors("Deno has not been allowed to load sqlite-vec: run again with --allow-ffi", [
    "Add --allow-ffi to the command; it lets a program do everything, so give it to programs alone that you trust.",
  ], "permission_denied");
}

function noVectors(reason: string, suggestions: readonly string[], code = "no_vectors"): ConfigurationError {
  return new ConfigurationError(`Cannot create ${SQLITE_STORAGE} with vectors as ${reason}`, {
    ...{ code, component: SQLITE_STORAGE, suggestions },
  });
}

/**
 * Makes the tables of vectors where there are none, and forgets vectors that something else made. To be called inside a transaction.
 *
 * @param connection The database.
 * @param setup What makes the vectors.
 */
export function prepareVectors(connection: SqliteConnection, setup: SqliteVectorOptions): void {
  const { madeBy = "embed", dimension } = setup;
  for (const sql of TABLES) connection.prepare(sql).run();
  const known = connection.prepare("SELECT name, dimension FROM vectors_made_by").get();
  if (known?.name === madeBy && known.dimension === dimension) return;
  for (const table of ["vectors", "vectors_wanted", "vectors_made_by"]) {
    connection.prepare(`DELETE FROM ${table}`).run();
  }
  connection.prepare("INSERT INTO vectors_wanted SELECT id FROM contents").run();
  connection.prepare("INSERT INTO vectors_made_by VALUES (?, ?)").run(madeBy, dimension);
}

/**
 * Refuses a file that may only be read and has no vectors of this making.
 *
 * @param path The file, for the error.
 * @param connection The database.
 * @param setup What makes the vectors.
 * @throws {StorageError} With code `no_vectors`.
 */
export function requireVectors(path: string, connection: SqliteConnection, setup: SqliteVectorOptions): void {
  const { madeBy = "embed", dimension } = setup;
  const table = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'vectors_made_by'").get();
  const known = table && connection.prepare("SELECT name, dimension FROM vectors_made_by").get();
  if (known?.name === madeBy && known.dimension === dimension) return;
  throw pathError(path, "no_vectors", `it may only be read, and has no vectors made by ${show(madeBy)}`, [
    "Open it once where it can be written, and search by vectors.",
  ]);
}

/** The vectors of one connection. Its methods are called where other calls of the connection are. */
export class VectorTable {
  readonly #statements: Readonly<Record<keyof typeof SQL, SqliteStatement>>;

  /** @param connection The database, with the extension and the tables. */
  constructor(connection: SqliteConnection) {
    this.#statements = prepareAll(connection, SQL);
  }

  /** Lists some values of a stretch of keys that have no vectors yet. */
  wanted(range: KeyRange, { nowMs, limit }: { nowMs: number; limit: number }): UnmadeValue[] {
    return this.#statements.wanted.all(...boundsOf(range), nowMs, limit)
      .map(({ id, value }) => ({ id: id as number, json: value as string }));
  }

  /** Keeps the vectors of a value, one for each piece, if it is still the same. To be called inside a transaction. */
  keep({ id, json }: UnmadeValue, vectors: readonly (readonly number[])[]): void {
    const { isSame, forget, keep, made } = this.#statements;
    if (isSame.get(id, json) === undefined) return;
    forget.run(id);
    for (const [piece, vector] of vectors.entries()) keep.run(id, piece, bytesOf(vector));
    made.run(id);
  }

  /** Finds the pieces that are nearest to a vector, the nearest first. */
  near({ vector, range, nowMs, limit }: NearSearch): NearPiece[] {
    const found = this.#statements.find.all(bytesOf(vector), ...boundsOf(range), nowMs, limit);
    return found as unknown as NearPiece[];
  }
}

function bytesOf(vector: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(vector).buffer);
}
