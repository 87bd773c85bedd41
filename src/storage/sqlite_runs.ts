/**
 * Journals in an SQLite file, beside the values.
 *
 * @module
 */

import { SifakaError } from "../errors.ts";
import { currentTimeMs } from "../runtime/clock.ts";
import type { SqliteRow } from "../runtime/sqlite.ts";
import { EffectTable } from "./sqlite_effects.ts";
import { readOnlyError, SQLITE_STORAGE, sqliteError } from "./sqlite_errors.ts";
import type { OpenDatabase } from "./sqlite_operations.ts";
import { patiently } from "./sqlite_patience.ts";
import { Owners } from "./sqlite_owners.ts";
import { damagedRun, isoTime, jsonOf, summaryOf } from "./sqlite_run_rows.ts";
import { prepareRunStatements, type RunStatements } from "./sqlite_run_statements.ts";
import { pragma } from "./sqlite_schema.ts";
import { checkRunPage, type RunPage, type RunPageOptions } from "./run_page.ts";
import {
  type ChainPart,
  checkRunId,
  ownedElsewhere,
  type OwnedRun,
  type PruneRunsOptions,
  type ReadRunOptions,
  type RunFacts,
  type RunRequest,
  runsToPrune,
  type RunStore,
  type RunSummary,
  type StoredRun,
} from "./runs.ts";
import { closedError } from "./requests.ts";

/** The storage around the journals. */
export interface RunDatabase extends OpenDatabase {
  /** Whether the storage has been closed. */
  readonly isClosed: () => boolean;
}

/** Beyond every number of a row and every time. */
const MOST = Number.MAX_SAFE_INTEGER;

interface FoundRun {
  readonly id: number;
  readonly owner: unknown;
  readonly before: StoredRun;
}

/** Keeps journals in the tables `runs`, `effects` and `blobs`. */
export class SqliteRuns implements RunStore {
  /** Whether what it keeps survives the end of the process. */
  readonly durable: boolean;
  readonly #database: RunDatabase;
  readonly #statements: RunStatements;
  readonly #effects: EffectTable;
  readonly #owners: Owners;
  readonly #owned = new Set<string>();

  /** @param database Where. */
  constructor(database: RunDatabase) {
    this.#database = database;
    this.durable = database.path !== ":memory:" && !database.readOnly;
    this.#statements = prepareRunStatements(database.connection);
    this.#effects = new EffectTable(database.connection);
    this.#owners = new Owners(database.path, database.connection);
  }

  /** Takes a run for this process. */
  own({ runId, parts, facts }: RunRequest): OwnedRun {
    checkRunId(runId);
    if (this.#owned.has(runId)) throw ownedElsewhere(runId, "this process");
    this.#refuseReadOnly("begin a run");
    this.#owners.prepare();
    const { id, before } = this.#write("begin a run", ({ insert, take }) => {
      this.#owners.announce();
      const found = this.#find(runId);
      if (found !== undefined) {
        this.#refuseOwned(runId, found.owner);
        take.run(this.#owners.id, found.id);
        return found;
      }
      const nowMs = currentTimeMs();
      const texts = [JSON.stringify(parts), JSON.stringify(facts)] as const;
      const row = insert.get(runId, nowMs, nowMs, ...texts, this.#owners.id)!;
      return { id: row.id as number, before: undefined };
    });
    this.#owners.announced();
    this.#owned.add(runId);
    return this.#ownedRun(id, runId, { ...before?.facts ?? facts }, before);
  }

  /** Gives a run with its journal. */
  read(runId: string, options?: ReadRunOptions): StoredRun | undefined {
    checkRunId(runId);
    return this.#call("read a run", () => this.#find(runId, options)?.before);
  }

  /** Tells of a run what a list tells, without reading its journal. */
  summary(runId: string): RunSummary | undefined {
    checkRunId(runId);
    return this.#call("read a run", ({ find }) => {
      const row = find.get(runId);
      return row && this.#summary({ ...row, effects: this.#effects.count(row.id as number) });
    });
  }

  /** Lists some of the runs, the one that began last first. */
  page(options: RunPageOptions): RunPage {
    const { limit, after, verdict = "", model = "", fromMs, untilMs } = checkRunPage(options);
    const name = model.toLowerCase();
    const bounds = [after ?? MOST, fromMs ?? -MOST, untilMs ?? MOST] as const;
    return this.#call("list runs", ({ page }) => {
      const rows = page.all(...bounds, verdict, name, name, limit + 1);
      const shown = rows.slice(0, limit);
      const next = rows.length > limit ? shown.at(-1)!.id as number : undefined;
      return { runs: shown.map((row) => this.#summary(row)), ...(next !== undefined && { next }) };
    });
  }

  /** A number that is another one when something was written since it was asked last, by whomever. */
  version(): number {
    return this.#call("look for changes", () => {
      const { connection } = this.#database;
      const own = connection.prepare("SELECT total_changes() AS changes").get()!.changes as number;
      return (pragma(connection, "data_version") as number) + own;
    });
  }

  /** Lists the runs, the one that began last first. */
  list(): RunSummary[] {
    return this.#call("list runs", ({ list }) => list.all().map((row) => this.#summary(row)));
  }

  /** Forgets a run. */
  delete(runId: string): boolean {
    checkRunId(runId);
    if (this.#owned.has(runId)) throw ownedElsewhere(runId, "this process");
    return this.#write("delete a run", ({ find }) => {
      this.#refuseOwned(runId, find.get(runId)?.owner);
      return this.#forget([runId]);
    });
  }

  /** Tells which runs `prune` would forget. */
  prunable(options: PruneRunsOptions): string[] {
    return runsToPrune(this.list(), options, currentTimeMs());
  }

  /** Forgets old runs, and gives the room of all that was removed from the file back to the file system. */
  prune(options: PruneRunsOptions): number {
    const ids = this.prunable(options);
    this.#refuseReadOnly("prune runs");
    if (ids.length > 0) this.#write("prune runs", () => this.#forget(ids));
    this.#call("prune runs", () => {
      const { connection } = this.#database;
      // Every row is a page given back.
      connection.prepare("PRAGMA incremental_vacuum").all();
      pragma(connection, "wal_checkpoint(TRUNCATE)");
    });
    return ids.length;
  }

  /** Gives every run free and ends the use of the store. To be called before the database is closed. */
  close(): void {
    if (this.#database.readOnly) return;
    try {
      this.#write("close", () => this.#owners.leave());
    } catch {
      // A store that cannot be written to any more: others see by the lock that nobody owns its runs.
    }
    this.#owners.close();
  }

  #refuseReadOnly(operation: string): void {
    const { path, readOnly } = this.#database;
    if (readOnly) throw readOnlyError(path, operation);
  }

  #refuseOwned(runId: string, owner: unknown): void {
    const living = typeof owner === "string" ? this.#owners.living(owner) : undefined;
    if (living === undefined) return;
    const { pid, host, heartbeatAtMs } = living;
    const machine = host === undefined ? "" : ` on ${host}`;
    throw ownedElsewhere(runId, `process ${pid}${machine}`, {
      pid,
      host,
      heartbeatAt: isoTime(heartbeatAtMs),
    });
  }

  /** Says whether there was any of them. */
  #forget(runIds: readonly string[]): boolean {
    const { find, dropRun } = this.#statements;
    const rows = runIds.map((runId) => find.get(runId)).filter((row) => row !== undefined);
    for (const { id } of rows) {
      this.#effects.forget(id as number);
      dropRun.run(id as number);
    }
    // Looks at every answer that is kept, so once for all of them.
    if (rows.length > 0) this.#effects.sweep();
    return rows.length > 0;
  }

  #find(runId: string, { wanted = () => true }: ReadRunOptions = {}): FoundRun | undefined {
    const row = this.#statements.find.get(runId);
    if (row === undefined) return undefined;
    const id = row.id as number;
    const summary = this.#summary({ ...row, effects: this.#effects.count(id) });
    if (summary.status === "damaged") throw damagedRun(runId);
    const before: StoredRun = {
      ...summary,
      parts: jsonOf<readonly ChainPart[]>(runId, row.parts),
      lenient: row.lenient === 1,
      records: this.#effects.read(id, runId, wanted),
    };
    return { id, owner: row.owner, before };
  }

  #summary(row: SqliteRow): RunSummary {
    return summaryOf(
      row,
      (owner) => typeof owner === "string" && this.#owners.living(owner) !== undefined,
    );
  }

  #ownedRun(id: number, runId: string, facts: RunFacts, before: StoredRun | undefined): OwnedRun {
    const { transactions } = this.#database;
    const effects = this.#effects;
    /** The paths that are recorded. */
    const paths = new Set(before?.records.map(({ path }) => path));
    let seq = before === undefined ? 0 : this.#call("read a run", () => effects.lastSeq(id));
    let durable: Promise<void> | undefined;
    return {
      before,
      records: before?.records ?? [],
      append: (records) => {
        seq = this.#write("record an effect", ({ touch }) => {
          const again = records.map(({ path }) => path).filter((path) => paths.has(path));
          if (again.length > 0) effects.drop(id, runId, again);
          for (const { path } of records) paths.add(path);
          const last = effects.append(id, seq, records);
          touch.run(currentTimeMs(), id);
          this.#owners.beat();
          return last;
        });
        durable = transactions.durable;
      },
      durable: () => durable,
      store: transactions,
      together: (change) => this.#write("record an effect", change),
      beat: () => this.#write("say that this process lives", () => this.#owners.beat()),
      drop: (gone) => this.#write("drop a record", () => effects.drop(id, runId, gone)),
      adopt: (parts) => {
        this.#write("begin a run", ({ adopt }) => adopt.run(JSON.stringify(parts), id));
      },
      end: (end) => {
        try {
          this.#write("end a run", ({ end: update }) => {
            const lenient = end.status === "finished" ? 0 : before?.lenient ? 1 : 0;
            update.run(end.status, currentTimeMs(), lenient, JSON.stringify({ ...facts, ...end.facts }), id);
          });
        } finally {
          this.#owned.delete(runId);
        }
      },
      release: () => {
        try {
          this.#write("give a run free", ({ release }) => {
            if (before === undefined) this.#forget([runId]);
            else release.run(before.status, id);
          });
        } finally {
          this.#owned.delete(runId);
        }
      },
    };
  }

  #call<T>(operation: string, use: (statements: RunStatements) => T): T {
    const { path, busyTimeoutMs, isClosed } = this.#database;
    if (isClosed()) throw closedError(SQLITE_STORAGE, operation);
    try {
      return patiently(busyTimeoutMs, () => use(this.#statements));
    } catch (error) {
      throw error instanceof SifakaError ? error : sqliteError(path, operation, error);
    }
  }

  #write<T>(operation: string, change: (statements: RunStatements) => T): T {
    this.#refuseReadOnly(operation);
    return this.#call(operation, (statements) => this.#database.transactions.run(() => change(statements)));
  }
}
