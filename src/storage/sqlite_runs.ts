/**
 * Journals in an SQLite file, beside the values.
 *
 * @module
 */

import type { EffectRecord } from "../drivers/effect_record.ts";
import { SifakaError, StorageError } from "../errors.ts";
import { show } from "../options.ts";
import { currentTimeMs } from "../runtime/clock.ts";
import type { SqliteRow, SqliteStatement } from "../runtime/sqlite.ts";
import { BlobShelf } from "./sqlite_blobs.ts";
import { readOnlyError, SQLITE_STORAGE, sqliteError } from "./sqlite_errors.ts";
import type { OpenDatabase } from "./sqlite_operations.ts";
import { patiently } from "./sqlite_patience.ts";
import { Owners } from "./sqlite_owners.ts";
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
  type RunStatus,
  runsToPrune,
  type RunStore,
  type RunSummary,
  type StoredRun,
} from "./runs.ts";
import { closedError } from "./requests.ts";

const SQL = {
  find: `SELECT id, run_id, status, started_at, updated_at, lenient, parts, facts, owner FROM runs
    WHERE run_id = ?`,
  list:
    `SELECT r.id, run_id, status, started_at, updated_at, facts, owner, (SELECT count(*) FROM effects WHERE run = r.id) AS effects
    FROM runs AS r ORDER BY r.id DESC`,
  // Asks in the order of cost: what stands before the long columns of a row comes first.
  page: `SELECT r.id, run_id, status, started_at, updated_at, facts, owner,
      (SELECT count(*) FROM effects WHERE run = r.id) AS effects
    FROM runs AS r WHERE r.id < ? AND started_at >= ? AND started_at < ?
      AND CASE ? WHEN '' THEN 1 WHEN 'unfinished' THEN status <> 'finished'
        WHEN 'valid' THEN status = 'finished' AND coalesce(json_extract(facts, '$.valid'), 0)
        ELSE status = 'finished' AND NOT coalesce(json_extract(facts, '$.valid'), 0) END
      AND (? = '' OR instr(lower(coalesce(json_extract(facts, '$.model'), '')), ?) > 0)
    ORDER BY r.id DESC LIMIT ?`,
  count: "SELECT count(*) AS effects FROM effects WHERE run = ?",
  insert: `INSERT INTO runs (run_id, status, started_at, updated_at, lenient, parts, facts, owner)
    VALUES (?, 'running', ?, ?, 0, ?, ?, ?) RETURNING id`,
  take: "UPDATE runs SET status = 'running', owner = ? WHERE id = ?",
  release: "UPDATE runs SET status = ?, owner = NULL WHERE id = ?",
  end: "UPDATE runs SET status = ?, updated_at = ?, lenient = ?, facts = ?, owner = NULL WHERE id = ?",
  adopt: "UPDATE runs SET lenient = 1, parts = ? WHERE id = ?",
  touch: "UPDATE runs SET updated_at = ? WHERE id = ?",
  effects: `SELECT path, fingerprint, timing, outcome, body, blob FROM effects WHERE run = ? ORDER BY seq`,
  lastSeq: "SELECT coalesce(max(seq), 0) AS seq FROM effects WHERE run = ?",
  addEffect: `INSERT OR REPLACE INTO effects (run, seq, path, fingerprint, timing, outcome, body, blob)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  dropEffect: "DELETE FROM effects WHERE run = ? AND path = ?",
  dropEffects: "DELETE FROM effects WHERE run = ?",
  dropRun: "DELETE FROM runs WHERE id = ?",
} as const;

type Statements = Readonly<Record<keyof typeof SQL, SqliteStatement>>;

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
  readonly #statements: Statements;
  readonly #blobs: BlobShelf;
  readonly #owners: Owners;
  readonly #owned = new Set<string>();

  /** @param database Where. */
  constructor(database: RunDatabase) {
    this.#database = database;
    this.durable = database.path !== ":memory:" && !database.readOnly;
    this.#statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, database.connection.prepare(sql)]),
    ) as unknown as Statements;
    this.#blobs = new BlobShelf(database.connection);
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
    return this.#call("read a run", ({ find, count }) => {
      const row = find.get(runId);
      return row && this.#summary({ ...row, ...count.get(row.id as number) });
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
    const { find, dropEffects, dropRun } = this.#statements;
    const rows = runIds.map((runId) => find.get(runId)).filter((row) => row !== undefined);
    for (const { id } of rows) {
      dropEffects.run(id as number);
      dropRun.run(id as number);
    }
    // Looks at every answer that is kept, so once for all of them.
    if (rows.length > 0) this.#blobs.sweep();
    return rows.length > 0;
  }

  #find(runId: string, { wanted = () => true }: ReadRunOptions = {}): FoundRun | undefined {
    const { find, effects } = this.#statements;
    const row = find.get(runId);
    if (row === undefined) return undefined;
    const id = row.id as number;
    const all = effects.all(id);
    const records = all.filter(({ path }) => wanted(path as string)).map((effect) =>
      this.#record(runId, effect)
    );
    const before: StoredRun = {
      ...this.#summary({ ...row, effects: all.length }),
      parts: this.#json<readonly ChainPart[]>(runId, row.parts),
      lenient: row.lenient === 1,
      records,
    };
    return { id, owner: row.owner, before };
  }

  #summary(row: SqliteRow): RunSummary {
    const runId = row.run_id as string;
    const status = row.status as RunStatus;
    return {
      runId,
      status: status === "running" && !this.#isOwned(row.owner) ? "interrupted" : status,
      startedAt: isoTime(row.started_at),
      updatedAt: isoTime(row.updated_at),
      effects: row.effects as number,
      facts: this.#json<RunFacts>(runId, row.facts),
    };
  }

  #isOwned(owner: unknown): boolean {
    return typeof owner === "string" && this.#owners.living(owner) !== undefined;
  }

  #record(runId: string, row: SqliteRow): EffectRecord {
    const body = row.blob === null ? row.body : this.#blobs.get(row.blob as number);
    const { path, fingerprint, timing, outcome } = row;
    if (typeof body !== "string" || !TIMINGS.has(timing) || !OUTCOMES.has(outcome)) throw damaged(runId);
    if (outcome !== "opaque") this.#json(runId, body);
    return { path, fingerprint, timing, outcome, body } as EffectRecord;
  }

  #json<T>(runId: string, text: unknown): T {
    try {
      return JSON.parse(text as string) as T;
    } catch (cause) {
      throw damaged(runId, cause);
    }
  }

  #ownedRun(id: number, runId: string, facts: RunFacts, before: StoredRun | undefined): OwnedRun {
    const { transactions } = this.#database;
    let seq = this.#call("read a run", ({ lastSeq }) => lastSeq.get(id)!.seq as number);
    let durable: Promise<void> | undefined;
    return {
      before,
      records: before?.records ?? [],
      append: (records) => {
        let next = seq;
        this.#write("record an effect", ({ touch }) => {
          next = seq;
          for (const record of records) this.#add(id, ++next, record);
          touch.run(currentTimeMs(), id);
          this.#owners.beat();
        });
        seq = next;
        durable = transactions.durable;
      },
      durable: () => durable,
      store: transactions,
      together: (change) => this.#write("record an effect", change),
      beat: () => this.#write("say that this process lives", () => this.#owners.beat()),
      drop: (paths) =>
        this.#write("drop a record", ({ dropEffect }) => paths.forEach((path) => dropEffect.run(id, path))),
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

  #add(run: number, seq: number, { path, fingerprint, timing, outcome, body }: EffectRecord): void {
    const blob = this.#blobs.put(body);
    this.#statements.addEffect.run(
      run,
      seq,
      path,
      fingerprint,
      timing,
      outcome,
      blob === undefined ? body : null,
      blob ?? null,
    );
  }

  #call<T>(operation: string, use: (statements: Statements) => T): T {
    const { path, busyTimeoutMs, isClosed } = this.#database;
    if (isClosed()) throw closedError(SQLITE_STORAGE, operation);
    try {
      return patiently(busyTimeoutMs, () => use(this.#statements));
    } catch (error) {
      throw error instanceof SifakaError ? error : sqliteError(path, operation, error);
    }
  }

  #write<T>(operation: string, change: (statements: Statements) => T): T {
    this.#refuseReadOnly(operation);
    return this.#call(operation, (statements) => this.#database.transactions.run(() => change(statements)));
  }
}

const TIMINGS: ReadonlySet<unknown> = new Set<EffectRecord["timing"]>(["inline", "later", "stream"]);
const OUTCOMES: ReadonlySet<unknown> = new Set<EffectRecord["outcome"]>(["ok", "error", "opaque"]);

function isoTime(timeMs: unknown): string {
  return new Date(timeMs as number).toISOString();
}

function damaged(runId: string, cause?: unknown): StorageError {
  return new StorageError(`Cannot read the journal of run ${show(runId)} as it is damaged`, {
    code: "damaged",
    component: SQLITE_STORAGE,
    metadata: { runId },
    suggestions: ["Delete the run, and begin it again."],
    cause,
  });
}
