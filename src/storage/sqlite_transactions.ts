/**
 * The transactions of one connection.
 *
 * @module
 */

import { monotonicMs, startTimer } from "../runtime/clock.ts";
import type { DiskFile } from "../runtime/disk.ts";
import { prepareAll, type SqliteConnection, type SqliteStatement } from "../runtime/sqlite.ts";
import { rollBack } from "./sqlite_open.ts";

const SQL = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  mark: "SAVEPOINT change",
  keep: "RELEASE change",
  undo: "ROLLBACK TO change",
} as const;

/** Changes that become durable together. */
class Gathered {
  /** When the first of them was made. */
  readonly sinceMs: number = monotonicMs();
  /** Resolves when they are durable; rejects when they are lost. */
  readonly durable: Promise<void>;
  settle!: (failure?: { readonly error: unknown }) => void;

  constructor() {
    this.durable = new Promise((resolve, reject) => {
      this.settle = (failure) => failure === undefined ? resolve() : reject(failure.error);
    });
    // Nobody need wait for it: whoever makes the next change is told of a failure, too.
    this.durable.catch(() => {});
  }
}

/** How changes are gathered. */
export interface GatherOptions {
  /** For how long, in milliseconds; 0 makes each durable at once. */
  readonly windowMs: number;
  /** The file that commits write into, where they do not wait for the disk themselves. */
  readonly log?: DiskFile;
}

/**
 * Runs changes in transactions; one that is begun within another is a part of it.
 *
 * Each change is durable when its `run` returns, unless changes are gathered: those of a short time are then made durable
 * together, as a commit waits for the disk however much it has to write, and `durable` tells when. They are kept or lost in the
 * order in which they were made, so that after a crash the file is as it was a moment before.
 */
export class Transactions {
  readonly #connection: SqliteConnection;
  readonly #statements: Readonly<Record<keyof typeof SQL, SqliteStatement>>;
  #isOpen = false;
  #options: GatherOptions = { windowMs: 0 };
  /** Changes that are not committed. */
  #gathered: Gathered | undefined;
  #stopTimer: (() => void) | undefined;
  /** Changes that are committed and not yet on the disk, oldest first. */
  #committed: Gathered[] = [];
  #isSending = false;
  #lost: { readonly error: unknown } | undefined;

  /** @param connection Whose transactions. */
  constructor(connection: SqliteConnection) {
    this.#connection = connection;
    this.#statements = prepareAll(connection, SQL);
  }

  /**
   * Gathers changes from now on. For a caller on an event loop: a thread that blocks would hold the write lock meanwhile.
   *
   * @param options How.
   */
  gather(options: GatherOptions): void {
    this.#options = options;
  }

  /** Resolves when all changes so far are durable, rejects when they are lost; `undefined` where they are durable now. */
  get durable(): Promise<void> | undefined {
    return (this.#gathered ?? this.#committed.at(-1))?.durable;
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
    if (this.#isOpen) return change();
    if (this.#lost !== undefined) throw this.#lost.error;
    return this.#options.windowMs > 0 ? this.#runGathered(change) : this.#runAlone(change);
  }

  /**
   * Makes what was gathered durable, and waits for it. The last thing that is done.
   *
   * @throws What SQLite or the disk says; what was gathered is lost then.
   */
  end(): void {
    const { log } = this.#options;
    try {
      this.#commit();
      if (this.#committed.length > 0) log!.sendNow();
      this.#settle();
    } catch (error) {
      this.#lose(error);
    } finally {
      log?.close();
    }
    if (this.#lost !== undefined) throw this.#lost.error;
  }

  #runAlone<T>(change: () => T): T {
    this.#statements.begin.run();
    this.#isOpen = true;
    try {
      const result = change();
      this.#statements.commit.run();
      return result;
    } catch (error) {
      rollBack(this.#connection);
      throw error;
    } finally {
      this.#isOpen = false;
    }
  }

  #runGathered<T>(change: () => T): T {
    const { sinceMs } = this.#gathered ??= this.#begin();
    this.#statements.mark.run();
    this.#isOpen = true;
    let result: T;
    try {
      result = change();
      this.#statements.keep.run();
    } catch (error) {
      this.#undo(error);
      throw error;
    } finally {
      this.#isOpen = false;
    }
    // A loop that is busy comes late to its timers.
    if (monotonicMs() - sinceMs >= this.#options.windowMs) this.#commit();
    if (this.#lost !== undefined) throw this.#lost.error;
    return result;
  }

  #begin(): Gathered {
    this.#statements.begin.run();
    this.#stopTimer = startTimer(this.#options.windowMs, () => this.#commit());
    return new Gathered();
  }

  #commit(): void {
    if (this.#gathered === undefined) return;
    this.#stopTimer?.();
    try {
      this.#statements.commit.run();
    } catch (error) {
      return this.#lose(error);
    }
    this.#committed.push(this.#gathered);
    this.#gathered = undefined;
    if (this.#options.log === undefined) this.#settle();
    else void this.#send(this.#options.log);
  }

  /** One after the other: what is committed while the disk is busy goes there together. */
  async #send(log: DiskFile): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      while (this.#committed.length > 0) {
        const last = this.#committed.at(-1);
        await log.send();
        this.#settle(last);
      }
    } catch (error) {
      this.#lose(error);
    }
    this.#isSending = false;
  }

  /** What is committed up to `last` is durable. */
  #settle(last?: Gathered): void {
    const settled = last === undefined
      ? this.#committed
      : this.#committed.slice(0, this.#committed.indexOf(last) + 1);
    this.#committed = this.#committed.slice(settled.length);
    for (const each of settled) each.settle();
  }

  #undo(error: unknown): void {
    try {
      this.#statements.undo.run();
      this.#statements.keep.run();
    } catch {
      // After some errors, as of a full disk, SQLite has undone the whole transaction by itself.
      this.#lose(error);
    }
  }

  #lose(error: unknown): void {
    this.#stopTimer?.();
    this.#lost = { error };
    if (this.#gathered !== undefined) this.#committed.push(this.#gathered);
    for (const each of this.#committed) each.settle(this.#lost);
    this.#committed = [];
    this.#gathered = undefined;
    rollBack(this.#connection);
  }
}
