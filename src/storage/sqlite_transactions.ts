/**
 * The transactions of one connection.
 *
 * @module
 */

import { monotonicMs, startTimer } from "../runtime/clock.ts";
import type { SqliteConnection, SqliteStatement } from "../runtime/sqlite.ts";
import { rollBack } from "./sqlite_open.ts";

const SQL = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  mark: "SAVEPOINT change",
  keep: "RELEASE change",
  undo: "ROLLBACK TO change",
} as const;

/**
 * Runs changes in transactions; one that is begun within another is a part of it.
 *
 * Each change is durable when its `run` returns, unless changes are gathered: those of a short time are then made durable
 * together, as a commit waits for the disk however much it has to write. They are kept or lost in the order in which they were
 * made, so that after a crash the file is as it was a moment before.
 */
export class Transactions {
  readonly #connection: SqliteConnection;
  readonly #statements: Readonly<Record<keyof typeof SQL, SqliteStatement>>;
  #open = false;
  #gatherMs = 0;
  /** When the first change was made that is not durable; `undefined` where all are. */
  #gatheredSinceMs: number | undefined;
  #stopTimer: (() => void) | undefined;
  #lost: { readonly error: unknown } | undefined;

  /** @param connection Whose transactions. */
  constructor(connection: SqliteConnection) {
    this.#connection = connection;
    this.#statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, connection.prepare(sql)]),
    ) as Record<keyof typeof SQL, SqliteStatement>;
  }

  /**
   * Gathers changes from now on. For a caller on an event loop: a thread that blocks would hold the write lock meanwhile.
   *
   * @param windowMs For how long, in milliseconds.
   */
  gather(windowMs: number): void {
    this.#gatherMs = windowMs;
  }

  /**
   * Makes a change whole or not at all. The write lock is taken at once, so that it can never be refused half-way.
   *
   * @param change What changes the database.
   * @returns What it gives.
   * @throws What it threw, or SQLite; nothing has changed then. When changes that were gathered could not be made durable, every
   * further one throws that error, since it may build on what was lost.
   */
  run<T>(change: () => T): T {
    if (this.#open) return change();
    if (this.#lost !== undefined) throw this.#lost.error;
    return this.#gatherMs > 0 ? this.#runGathered(change) : this.#runAlone(change);
  }

  /**
   * Makes what was gathered durable.
   *
   * @throws What SQLite throws; what was gathered is lost then.
   */
  commit(): void {
    if (this.#gatheredSinceMs === undefined) return;
    this.#stopTimer?.();
    this.#gatheredSinceMs = undefined;
    try {
      this.#statements.commit.run();
    } catch (error) {
      this.#lose(error);
      throw error;
    }
  }

  #runAlone<T>(change: () => T): T {
    this.#statements.begin.run();
    this.#open = true;
    try {
      const result = change();
      this.#statements.commit.run();
      return result;
    } catch (error) {
      rollBack(this.#connection);
      throw error;
    } finally {
      this.#open = false;
    }
  }

  #runGathered<T>(change: () => T): T {
    if (this.#gatheredSinceMs === undefined) this.#beginGathering();
    this.#statements.mark.run();
    this.#open = true;
    let result: T;
    try {
      result = change();
      this.#statements.keep.run();
    } catch (error) {
      this.#undo(error);
      throw error;
    } finally {
      this.#open = false;
    }
    // A loop that is busy comes late to its timers.
    if (monotonicMs() - this.#gatheredSinceMs! >= this.#gatherMs) this.commit();
    return result;
  }

  #beginGathering(): void {
    this.#statements.begin.run();
    this.#gatheredSinceMs = monotonicMs();
    this.#stopTimer = startTimer(this.#gatherMs, () => {
      try {
        this.commit();
      } catch {
        // Whoever makes the next change, or closes the store, is told.
      }
    });
  }

  #undo(error: unknown): void {
    try {
      this.#statements.undo.run();
      this.#statements.keep.run();
    } catch {
      // After some errors, as of a full disk, SQLite has undone the whole transaction by itself.
      this.#stopTimer?.();
      this.#gatheredSinceMs = undefined;
      this.#lose(error);
    }
  }

  #lose(error: unknown): void {
    this.#lost = { error };
    rollBack(this.#connection);
  }
}
