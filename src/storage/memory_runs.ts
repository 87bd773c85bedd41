/**
 * Journals in memory.
 *
 * @module
 */

import type { EffectRecord } from "../drivers/effect_record.ts";
import { currentTimeMs } from "../runtime/clock.ts";
import {
  type ChainPart,
  checkRunId,
  ownedElsewhere,
  type OwnedRun,
  type PruneRunsOptions,
  type RunEnd,
  type RunFacts,
  type RunRequest,
  type RunStatus,
  runsToPrune,
  type RunStore,
  type RunSummary,
  type StoredRun,
} from "./runs.ts";

interface Entry {
  readonly runId: string;
  readonly startedAt: string;
  updatedAt: string;
  status: RunStatus;
  facts: RunFacts;
  parts: readonly ChainPart[];
  lenient: boolean;
  /** In the order of writing; a path that is written again goes to the end. */
  readonly records: Map<string, EffectRecord>;
}

/** Keeps journals as long as the storage lives. */
export class MemoryRuns implements RunStore {
  /** Whether what it keeps survives the end of the process. */
  readonly durable = false;
  readonly #entries = new Map<string, Entry>();

  /** Takes a run for this process. */
  own({ runId, parts, facts }: RunRequest): OwnedRun {
    let entry = this.#entries.get(checkRunId(runId));
    if (entry?.status === "running") throw ownedElsewhere(runId, "this process");
    const before = entry && stored(entry);
    const nowText = isoNow();
    if (entry === undefined) {
      entry = {
        runId,
        startedAt: nowText,
        updatedAt: nowText,
        status: "running",
        facts,
        parts,
        lenient: false,
        records: new Map(),
      };
      this.#entries.set(runId, entry);
    }
    return new OwnedEntry(entry, before, () => this.#entries.delete(runId));
  }

  /** Gives a run with its journal. */
  read(runId: string): StoredRun | undefined {
    const entry = this.#entries.get(checkRunId(runId));
    return entry && stored(entry);
  }

  /** Lists the runs, the one that began last first. */
  list(): RunSummary[] {
    return [...this.#entries.values()].map(summary).reverse();
  }

  /** Forgets a run. */
  delete(runId: string): boolean {
    if (this.#entries.get(checkRunId(runId))?.status === "running") {
      throw ownedElsewhere(runId, "this process");
    }
    return this.#entries.delete(runId);
  }

  /** Tells which runs `prune` would forget. */
  prunable(options: PruneRunsOptions): string[] {
    return runsToPrune(this.list(), options, currentTimeMs());
  }

  /** Forgets old runs. */
  prune(options: PruneRunsOptions): number {
    const ids = this.prunable(options);
    for (const runId of ids) this.#entries.delete(runId);
    return ids.length;
  }
}

class OwnedEntry implements OwnedRun {
  readonly before: StoredRun | undefined;
  readonly records: readonly EffectRecord[];
  readonly #entry: Entry;
  readonly #statusBefore: RunStatus | undefined;
  readonly #forget: () => void;

  constructor(entry: Entry, before: StoredRun | undefined, forget: () => void) {
    this.#entry = entry;
    this.#statusBefore = before?.status;
    this.#forget = forget;
    this.before = before;
    this.records = before?.records ?? [];
    entry.status = "running";
  }

  append(records: readonly EffectRecord[]): void {
    const kept = this.#entry.records;
    for (const record of records) {
      kept.delete(record.path);
      kept.set(record.path, record);
    }
    this.#entry.updatedAt = isoNow();
  }

  beat(): void {}

  drop(paths: readonly string[]): void {
    for (const path of paths) this.#entry.records.delete(path);
  }

  adopt(parts: readonly ChainPart[]): void {
    this.#entry.parts = parts;
    this.#entry.lenient = true;
  }

  end({ status, facts }: RunEnd): void {
    const entry = this.#entry;
    entry.status = status;
    entry.facts = { ...entry.facts, ...facts };
    if (status === "finished") entry.lenient = false;
    entry.updatedAt = isoNow();
  }

  release(): void {
    if (this.#statusBefore === undefined) this.#forget();
    else this.#entry.status = this.#statusBefore;
  }
}

function isoNow(): string {
  return new Date(currentTimeMs()).toISOString();
}

function summary({ runId, status, startedAt, updatedAt, facts, records }: Entry): RunSummary {
  return { runId, status, startedAt, updatedAt, effects: records.size, facts };
}

function stored(entry: Entry): StoredRun {
  const { parts, lenient, records } = entry;
  return { ...summary(entry), parts, lenient, records: [...records.values()] };
}
