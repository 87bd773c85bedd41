/**
 * The records of journals in an SQLite file. Small ones that are written together stand in one row, as most of what a run
 * records is a time or a number, shorter than a row of its own; a long answer stands once, however many records hold it.
 *
 * @module
 */

import type { EffectRecord } from "../drivers/effect_record.ts";
import {
  prepareAll,
  type SqliteConnection,
  type SqliteRow,
  type SqliteStatement,
} from "../runtime/sqlite.ts";
import { BlobShelf } from "./sqlite_blobs.ts";
import { damagedRun, jsonOf } from "./sqlite_run_rows.ts";

const SQL = {
  all: "SELECT seq, path, fingerprint, timing, outcome, body, blob FROM effects WHERE run = ? ORDER BY seq",
  lastSeq: "SELECT coalesce(max(seq), 0) AS seq FROM effects WHERE run = ?",
  count: "SELECT coalesce(sum(count), 0) AS count FROM effects WHERE run = ?",
  put: `INSERT OR REPLACE INTO effects (run, seq, count, path, fingerprint, timing, outcome, body, blob)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  drop: "DELETE FROM effects WHERE run = ? AND seq = ?",
  forget: "DELETE FROM effects WHERE run = ?",
} as const;

const TIMINGS: ReadonlySet<unknown> = new Set<EffectRecord["timing"]>(["inline", "later", "stream"]);
const OUTCOMES: ReadonlySet<unknown> = new Set<EffectRecord["outcome"]>(["ok", "error", "opaque"]);

/** The outcome of a row with several records; its body is a list of them, and its other columns are empty. */
const SEVERAL = "several";

/** A record in such a list. */
type Item = readonly [path: string, fingerprint: string, timing: string, outcome: string, body: string];

/** The table `effects`. Writes are to be made inside transactions. */
export class EffectTable {
  readonly #statements: Readonly<Record<keyof typeof SQL, SqliteStatement>>;
  readonly #blobs: BlobShelf;

  /** @param connection The database. */
  constructor(connection: SqliteConnection) {
    this.#statements = prepareAll(connection, SQL);
    this.#blobs = new BlobShelf(connection);
  }

  /**
   * Reads a journal.
   *
   * @param run Whose.
   * @param runId Its name, for the error.
   * @param wanted Tells by the path of a record whether it is wanted.
   * @returns The records that are, in their order.
   * @throws {StorageError} When one of them is damaged.
   */
  read(run: number, runId: string, wanted: (path: string) => boolean): EffectRecord[] {
    return this.#statements.all.all(run).flatMap((row) => this.#recordsOf(runId, row, wanted));
  }

  /** How many records a journal has. */
  count(run: number): number {
    return this.#statements.count.get(run)!.count as number;
  }

  /** The number of a journal's last row; 0 where there is none. */
  lastSeq(run: number): number {
    return this.#statements.lastSeq.get(run)!.seq as number;
  }

  /**
   * Adds records.
   *
   * @param run Whose.
   * @param seq The number of the last row before them.
   * @param records The records, in their order.
   * @returns The number of the last row now.
   */
  append(run: number, seq: number, records: readonly EffectRecord[]): number {
    let last = seq;
    let small: EffectRecord[] = [];
    const putSmall = (): void => {
      if (small.length > 0) this.#put(run, ++last, small);
      small = [];
    };
    for (const record of records) {
      const blob = this.#blobs.put(record.body);
      if (blob === undefined) {
        small.push(record);
        continue;
      }
      putSmall();
      const { path, fingerprint, timing, outcome } = record;
      this.#statements.put.run(run, ++last, 1, path, fingerprint, timing, outcome, null, blob);
    }
    putSmall();
    return last;
  }

  /** Removes the records of some paths. */
  drop(run: number, runId: string, paths: readonly string[]): void {
    const gone = new Set(paths);
    for (const row of this.#statements.all.all(run)) {
      const seq = row.seq as number;
      const items = row.outcome === SEVERAL ? itemsOf(runId, row) : undefined;
      const left = items?.filter(([path]) => !gone.has(path)).map((item) => recordOf(runId, item)) ?? [];
      if (items === undefined ? !gone.has(row.path as string) : left.length === items.length) continue;
      if (left.length > 0) this.#put(run, seq, left);
      else this.#statements.drop.run(run, seq);
    }
  }

  /** Removes a journal; what only it has held stays until `sweep`. */
  forget(run: number): void {
    this.#statements.forget.run(run);
  }

  /** Removes long answers that no record holds any more. */
  sweep(): void {
    this.#blobs.sweep();
  }

  #put(run: number, seq: number, records: readonly EffectRecord[]): void {
    const items = records.map(itemOf);
    const columns = items.length === 1 ? items[0]! : ["", "", "", SEVERAL, JSON.stringify(items)] as const;
    this.#statements.put.run(run, seq, items.length, ...columns, null);
  }

  #recordsOf(runId: string, row: SqliteRow, wanted: (path: string) => boolean): EffectRecord[] {
    if (row.outcome === SEVERAL) {
      return itemsOf(runId, row).filter(([path]) => wanted(path)).map((item) => recordOf(runId, item));
    }
    const { path, fingerprint, timing, outcome, blob } = row;
    if (!wanted(path as string)) return [];
    const body = blob === null ? row.body : this.#blobs.get(blob as number);
    return [recordOf(runId, [path, fingerprint, timing, outcome, body])];
  }
}

function itemOf({ path, fingerprint, timing, outcome, body }: EffectRecord): Item {
  return [path, fingerprint, timing, outcome, body];
}

function itemsOf(runId: string, { body }: SqliteRow): readonly Item[] {
  const items = jsonOf<unknown>(runId, body);
  if (Array.isArray(items) && items.every(Array.isArray)) return items as unknown as readonly Item[];
  throw damagedRun(runId);
}

function recordOf(
  runId: string,
  [path, fingerprint, timing, outcome, body]: readonly unknown[],
): EffectRecord {
  if (typeof body !== "string" || !TIMINGS.has(timing) || !OUTCOMES.has(outcome)) throw damagedRun(runId);
  if (outcome !== "opaque") jsonOf(runId, body);
  return { path, fingerprint, timing, outcome, body } as EffectRecord;
}
