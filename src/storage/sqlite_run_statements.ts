/**
 * The statements by which journals are read and written.
 *
 * @module
 */

import { prepareAll, type SqliteConnection, type SqliteStatement } from "../runtime/sqlite.ts";

const ARE_SOUND = "iif(json_valid(facts), json_type(facts) = 'object', 0)";
const factOf = (name: "valid" | "model"): string =>
  `iif(${ARE_SOUND}, json_extract(facts, '$.${name}'), NULL)`;

const SQL = {
  find: `SELECT id, run_id, status, started_at, updated_at, lenient, parts, facts, owner FROM runs
    WHERE run_id = ?`,
  list: `SELECT r.id, run_id, status, started_at, updated_at, facts, owner,
      (SELECT coalesce(sum(count), 0) FROM effects WHERE run = r.id) AS effects
    FROM runs AS r ORDER BY r.id DESC`,
  // Asks in the order of cost: what stands before the long columns of a row comes first. Damaged facts say nothing.
  page: `SELECT r.id, run_id, status, started_at, updated_at, facts, owner,
      (SELECT coalesce(sum(count), 0) FROM effects WHERE run = r.id) AS effects
    FROM runs AS r WHERE r.id < ? AND started_at >= ? AND started_at < ?
      AND CASE ? WHEN '' THEN 1 WHEN 'unfinished' THEN status <> 'finished' OR NOT ${ARE_SOUND}
        WHEN 'valid' THEN status = 'finished' AND coalesce(${factOf("valid")}, 0)
        ELSE status = 'finished' AND ${ARE_SOUND} AND NOT coalesce(${factOf("valid")}, 0) END
      AND (? = '' OR instr(lower(coalesce(${factOf("model")}, '')), ?) > 0)
    ORDER BY r.id DESC LIMIT ?`,
  count: "SELECT coalesce(sum(count), 0) AS effects FROM effects WHERE run = ?",
  insert: `INSERT INTO runs (run_id, status, started_at, updated_at, lenient, parts, facts, owner)
    VALUES (?, 'running', ?, ?, 0, ?, ?, ?) RETURNING id`,
  take: "UPDATE runs SET status = 'running', owner = ? WHERE id = ?",
  release: "UPDATE runs SET status = ?, owner = NULL WHERE id = ?",
  end: "UPDATE runs SET status = ?, updated_at = ?, lenient = ?, facts = ?, owner = NULL WHERE id = ?",
  adopt: "UPDATE runs SET lenient = 1, parts = ? WHERE id = ?",
  touch: "UPDATE runs SET updated_at = ? WHERE id = ?",
  dropRun: "DELETE FROM runs WHERE id = ?",
} as const;

/** The prepared statements. */
export type RunStatements = Readonly<Record<keyof typeof SQL, SqliteStatement>>;

/**
 * Prepares all statements.
 *
 * @param connection The database.
 * @returns The statements.
 */
export function prepareRunStatements(connection: SqliteConnection): RunStatements {
  return prepareAll(connection, SQL);
}
