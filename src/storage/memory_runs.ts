/**
 * Journals in memory.
 *
 * @module
 */

import type { EffectRecord } from "../drivers/effect_record.ts";
import { currentTimeMs } from "../runtime/clock.ts";
import { checkRunPage, isWanted, type RunPage, type RunPageOptions } from "./run_page.ts";
import {
  type ChainPart,
  checkRunId,
  ownedElsewhere,
  type OwnedRun,
  type PruneRunsOptions,
  type ReadRunOptions,
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
  /** Where it stands in lists: runs that began later have higher numbers. */
  readonly place: number;
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
  #places = 0;
  #changes = 0;

  /** Takes a run for this process. */
  own({ runId, parts, facts }: RunRequest): OwnedRun {
    let entry = this.#entries.get(checkRunId(runId));
    if (entry?.status === "running") throw ownedElsewhere(runId, "this process");
    const before = entry && stored(entry);
    const nowText = isoNow();
    if (entry === undefined) {
      entry = {
        place: ++this.#places,
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
    const change = (): void => void this.#changes++;
    change();
    return new OwnedEntry(entry, before, { change, forget: () => this.#entries.delete(runId) });
  }

  /** Gives a run with its journal. */
  read(runId: string, { wanted = () => true }: ReadRunOptions = {}): StoredRun | undefined {
    const entry = this.#entries.get(checkRunId(runId));
    if (entry === undefined) return undefined;
    const run = stored(entry);
    return { ...run, records: run.records.filter(({ path }) => wanted(path)) };
  }

  /** Tells of a run what a list tells. */
  summary(runId: string): RunSummary | undefined {
    const entry = this.#entries.get(checkRunId(runId));
    return entry && summary(entry);
  }

  /** Lists the runs, the one that began last first. */
  list(): RunSummary[] {
    return [...this.#entries.values()].map(summary).reverse();
  }

  /** Lists some of the runs, the one that began last first. */
  page(options: RunPageOptions): RunPage {
    const { limit, after = Infinity, ...wanted } = checkRunPage(options);
    const found = [...this.#entries.values()].reverse()
      .filter((entry) => entry.place < after && isWanted(summary(entry), wanted));
    const shown = found.slice(0, limit);
    return { runs: shown.map(summary), ...(found.length > limit && { next: shown.at(-1)!.place }) };
  }

  /** A number that is another one when something was written since it was asked last. */
  version(): number {
    return this.#changes;
  }

  /** Forgets a run. */
  delete(runId: string): boolean {
    if (this.#entries.get(checkRunId(runId))?.status === "running") {
      throw ownedElsewhere(runId, "this process");
    }
    this.#changes++;
    return this.#entries.delete(runId);
  }

  /** Tells which runs `prune` would forget. */
  prunable(options: PruneRunsOptions): string[] {
    return runsToPrune(this.list(), options, currentTimeMs());
  }

  /** Forgets old runs. */
  prune(options: PruneRunsOptions): number {
    const ids = this.prunable(options);
    for (const runId of ids) this.delete(runId);
    return ids.length;
  }
}

/** What an owned run does to the store around it. */
interface Surroundings {
  /** Says that something has changed. */
  readonly change: () => void;
  /** Takes the run out. */
  readonly forget: () => void;
}

class OwnedEntry implements OwnedRun {
  readonly before: StoredRun | undefined;
  readonly records: readonly EffectRecord[];
  readonly #entry: Entry;
  readonly #statusBefore: RunStatus | undefined;
  readonly #around: Surroundings;

  constructor(entry: Entry, before: StoredRun | undefined, around: Surroundings) {
    this.#entry = entry;
    this.#statusBefore = before?.status;
    this.#around = around;
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
    this.#around.change();
  }

  beat(): void {}

  drop(paths: readonly string[]): void {
    for (const path of paths) this.#entry.records.delete(path);
    this.#around.change();
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
    this.#around.change();
  }

  release(): void {
    if (this.#statusBefore === undefined) this.#around.forget();
    else this.#entry.status = this.#statusBefore;
    this.#around.change();
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
