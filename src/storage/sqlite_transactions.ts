/**
 * The transactions of one connection.
 *
 * @module
 */

import type { SqliteConnection } from "../runtime/sqlite.ts";
import { rollBack } from "./sqlite_open.ts";

/** Runs changes in transactions; one that is begun within another is a part of it. */
export class Transactions {
  readonly #connection: SqliteConnection;
  readonly #begin: { run(): unknown };
  readonly #commit: { run(): unknown };
  #open = false;

  /** @param connection Whose transactions. */
  constructor(connection: SqliteConnection) {
    this.#connection = connection;
    this.#begin = connection.prepare("BEGIN IMMEDIATE");
    this.#commit = connection.prepare("COMMIT");
  }

  /**
   * Makes a change whole or not at all. The write lock is taken at once, so that it can never be refused half-way.
   *
   * @param change What changes the database.
   * @returns What it gives.
   * @throws What it threw, or SQLite; nothing has changed then.
   */
  run<T>(change: () => T): T {
    if (this.#open) return change();
    this.#begin.run();
    this.#open = true;
    try {
      const result = change();
      this.#commit.run();
      return result;
    } catch (error) {
      rollBack(this.#connection);
      throw error;
    } finally {
      this.#open = false;
    }
  }
}
