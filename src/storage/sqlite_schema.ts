/**
 * The tables of a Sifaka database, and how an older file becomes a newer one.
 *
 * The words of a value stand in `terms`, made by `text/words.ts` and separated by spaces, so that SQLite only has to cut at the
 * spaces and every storage agrees on what a word is. The tokenizer `ascii` does that: it takes every character beyond ASCII as
 * part of a word, and of ASCII the terms hold letters and digits alone. Snippets are cut from the value itself.
 *
 * @module
 */

import type { SqliteConnection } from "../runtime/sqlite.ts";

/** Marks a file as Sifaka's: "Sifa" in ASCII. */
export const APPLICATION_ID = 0x53696661;

/**
 * Each leads from the version of its place to the next one; a released one is never changed. Values stand in a table of their
 * own, so that keys can be listed, counted and compared without reading past large values.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE entries (
     id INTEGER PRIMARY KEY,
     key TEXT NOT NULL UNIQUE,
     expires_at INTEGER
   ) STRICT;
   CREATE INDEX entries_by_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;
   CREATE TABLE contents (
     id INTEGER PRIMARY KEY,
     value TEXT NOT NULL,
     terms TEXT NOT NULL
   ) STRICT;
   CREATE VIRTUAL TABLE words USING fts5(terms, content = 'contents', content_rowid = 'id', tokenize = 'ascii');
   CREATE TRIGGER entry_deleted AFTER DELETE ON entries BEGIN
     DELETE FROM contents WHERE id = old.id;
   END;
   CREATE TRIGGER content_inserted AFTER INSERT ON contents BEGIN
     INSERT INTO words (rowid, terms) VALUES (new.id, new.terms);
   END;
   CREATE TRIGGER content_deleted AFTER DELETE ON contents BEGIN
     INSERT INTO words (words, rowid, terms) VALUES ('delete', old.id, old.terms);
   END;
   CREATE TRIGGER content_updated AFTER UPDATE OF terms ON contents WHEN old.terms <> new.terms BEGIN
     INSERT INTO words (words, rowid, terms) VALUES ('delete', old.id, old.terms);
     INSERT INTO words (rowid, terms) VALUES (new.id, new.terms);
   END;`,
  // Runs are ordered by their number: clocks may stand still or jump. A result stands in its record, or once in blobs.
  `CREATE TABLE runs (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     run_id TEXT NOT NULL UNIQUE,
     status TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     updated_at INTEGER NOT NULL,
     lenient INTEGER NOT NULL,
     parts TEXT NOT NULL,
     facts TEXT NOT NULL,
     owner TEXT
   ) STRICT;
   CREATE INDEX runs_by_owner ON runs (owner) WHERE owner IS NOT NULL;
   CREATE TABLE owners (
     id TEXT PRIMARY KEY,
     pid INTEGER NOT NULL,
     host TEXT,
     has_lock INTEGER NOT NULL,
     heartbeat_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE blobs (
     id INTEGER PRIMARY KEY,
     hash BLOB NOT NULL UNIQUE,
     body ANY NOT NULL
   ) STRICT;
   CREATE TABLE effects (
     run INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     path TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     timing TEXT NOT NULL,
     outcome TEXT NOT NULL,
     body TEXT,
     blob INTEGER,
     PRIMARY KEY (run, seq)
   ) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX effects_by_path ON effects (run, path);
   CREATE INDEX effects_by_blob ON effects (blob) WHERE blob IS NOT NULL;`,
  // Small records that are written together stand in one row; how many comes before what is long, as lists look at that alone.
  `DROP INDEX effects_by_path;
   DROP INDEX effects_by_blob;
   ALTER TABLE effects RENAME TO older_effects;
   CREATE TABLE effects (
     run INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     count INTEGER NOT NULL DEFAULT 1,
     path TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     timing TEXT NOT NULL,
     outcome TEXT NOT NULL,
     body TEXT,
     blob INTEGER,
     PRIMARY KEY (run, seq)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO effects (run, seq, path, fingerprint, timing, outcome, body, blob)
     SELECT run, seq, path, fingerprint, timing, outcome, body, blob FROM older_effects;
   DROP TABLE older_effects;
   CREATE INDEX effects_by_blob ON effects (blob) WHERE blob IS NOT NULL;`,
];

/** The version that this program writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

/** What a database says of itself. */
export interface DatabaseIdentity {
  /** Whose it is. */
  readonly applicationId: number;
  /** Its version. */
  readonly version: number;
  /** Whether there is nothing in it. */
  readonly empty: boolean;
}

/**
 * Asks a database whose it is.
 *
 * @param connection The database.
 * @returns What it says of itself.
 */
export function identify(connection: SqliteConnection): DatabaseIdentity {
  return {
    applicationId: pragma(connection, "application_id") as number,
    version: pragma(connection, "user_version") as number,
    empty: pragma(connection, "schema_version") === 0,
  };
}

/**
 * Brings a database to the newest version. To be called inside a transaction. Where there is nothing to do, it still makes a
 * change, since SQLite tells only then that a file may not be written; that change can be rolled back.
 *
 * @param connection The database.
 * @param from Its version; 0 for an empty one.
 */
export function migrate(connection: SqliteConnection, from: number): void {
  for (const statements of MIGRATIONS.slice(from)) connection.exec(statements);
  connection.prepare(`PRAGMA application_id = ${APPLICATION_ID}`).run();
  connection.prepare(`PRAGMA user_version = ${SCHEMA_VERSION}`).run();
}

/**
 * Reads or sets a pragma.
 *
 * @param connection The database.
 * @param text The pragma.
 * @returns The first value of its first row.
 */
export function pragma(connection: SqliteConnection, text: string): unknown {
  return Object.values(connection.prepare(`PRAGMA ${text}`).get() ?? {})[0];
}
