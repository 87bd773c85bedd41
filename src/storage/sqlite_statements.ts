/**
 * The statements of the storage in SQLite.
 *
 * @module
 */

import {
  prepareAll,
  type SqliteConnection,
  type SqliteStatement,
  type SqliteValue,
} from "../runtime/sqlite.ts";
import type { KeyRange } from "./requests.ts";

const SQL = {
  get: `SELECT value FROM entries JOIN contents USING (id)
    WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)`,
  has: "SELECT 1 FROM entries WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)",
  // The update of a key that is there gives its id back, too.
  setEntry: `INSERT INTO entries (key, expires_at) VALUES (?, ?)
    ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at RETURNING id`,
  setContent: `INSERT INTO contents (id, value, terms) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET value = excluded.value, terms = excluded.terms`,
  delete: "DELETE FROM entries WHERE key = ?",
  // A bounded part, so that no single write has to pay for all that has expired.
  sweep: "DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE expires_at <= ? LIMIT 256)",
  keys:
    `SELECT key FROM entries WHERE key >= ? AND key > ? AND key < ? AND (expires_at IS NULL OR expires_at > ?)
    ORDER BY key LIMIT ?`,
  count: `SELECT count(*) AS count FROM entries
    WHERE key >= ? AND key > ? AND key < ? AND (expires_at IS NULL OR expires_at > ?)`,
  clear: "DELETE FROM entries WHERE key >= ? AND key > ? AND key < ?",
  // The score stands in no condition, as it would be worked out twice then.
  find: `SELECT e.id, -bm25(words) AS score FROM words JOIN entries AS e ON e.id = words.rowid
    WHERE words MATCH ? AND e.key >= ? AND e.key < ? AND (e.expires_at IS NULL OR e.expires_at > ?)
    ORDER BY score DESC, e.key LIMIT ?`,
  load: "SELECT key, value FROM entries JOIN contents USING (id) WHERE id = ?",
} as const;

/** The prepared statements. */
export type Statements = Readonly<Record<keyof typeof SQL, SqliteStatement>>;

/**
 * Prepares all statements.
 *
 * @param connection The database.
 * @returns The statements.
 */
export function prepareStatements(connection: SqliteConnection): Statements {
  return prepareAll(connection, SQL);
}

/** SQLite orders every blob after every text, so this is after all keys. */
const AFTER_ALL_KEYS = new Uint8Array(0);

/**
 * Words a stretch of keys for the statements that take one.
 *
 * @param range The stretch.
 * @returns What to bind.
 */
export function boundsOf(range: KeyRange): [from: SqliteValue, after: SqliteValue, until: SqliteValue] {
  return [range.from, range.after, range.until ?? AFTER_ALL_KEYS];
}
