/**
 * The journals of a FileStorage.
 *
 * A journal is written many times a second and owned by one living process at a time, which an SQLite file does well and a
 * directory of files does not. So it stands in one beside the values, made when the first run is recorded.
 *
 * @module
 */

import { fileState } from "../runtime/sqlite_file.ts";
import { FILE_STORAGE } from "./file_errors.ts";
import { MemoryRuns } from "./memory_runs.ts";
import { closedError } from "./requests.ts";
import type { RunPage, RunPageOptions } from "./run_page.ts";
import type {
  OwnedRun,
  PruneRunsOptions,
  ReadRunOptions,
  RunRequest,
  RunStore,
  RunSummary,
  StoredRun,
} from "./runs.ts";
import { SqliteStorage } from "./sqlite_storage.ts";

/**
 * Names the file of the journals; no key has a file of this name.
 *
 * @param path The directory of the values, or their file.
 * @param layout Which of the two that is.
 * @returns Its path.
 */
export function runsFileOf(path: string, layout: "single" | "perKey"): string {
  return layout === "single" ? `${path}.runs.db` : `${path}/runs.db`;
}

/** Keeps the journals of one storage. */
export class FileRuns implements RunStore {
  /** Whether what it keeps survives the end of the process. */
  readonly durable = true;
  readonly #path: string;
  readonly #fsync: boolean;
  /** Answers for as long as there is no file. */
  readonly #none = new MemoryRuns();
  #storage: SqliteStorage | undefined;
  #closed = false;

  /**
   * @param path The file, which need not be there.
   * @param fsync Whether a write waits until the disk has it.
   */
  constructor(path: string, fsync: boolean) {
    this.#path = path;
    this.#fsync = fsync;
  }

  /** Takes a run for this process. */
  own(request: RunRequest): OwnedRun {
    return this.#opened("own a run").own(request);
  }

  /** Gives a run with its journal. */
  read(runId: string, options?: ReadRunOptions): StoredRun | undefined {
    return this.#known().read(runId, options);
  }

  /** Tells of a run what a list tells. */
  summary(runId: string): RunSummary | undefined {
    return this.#known().summary(runId);
  }

  /** Lists the runs, the one that began last first. */
  list(): RunSummary[] {
    return this.#known().list();
  }

  /** Lists some of the runs, the one that began last first. */
  page(options: RunPageOptions): RunPage {
    return this.#known().page(options);
  }

  /** A number that is another one when something was written since it was asked last. */
  version(): number {
    const known = this.#known();
    return known === this.#none ? -1 : known.version();
  }

  /** Forgets a run. */
  delete(runId: string): boolean {
    return this.#known().delete(runId);
  }

  /** Tells which runs `prune` would forget. */
  prunable(options: PruneRunsOptions): string[] {
    return this.#known().prunable(options);
  }

  /** Forgets old runs. */
  prune(options: PruneRunsOptions): number {
    return this.#known().prune(options);
  }

  /** Gives its runs free, and closes the file. */
  close(): void {
    this.#closed = true;
    this.#storage?.close();
  }

  /** Looking makes no file. */
  #known(): RunStore {
    const isMissing = this.#storage === undefined && !this.#closed && fileState(this.#path) === "missing";
    return isMissing ? this.#none : this.#opened("read runs");
  }

  #opened(operation: string): RunStore {
    if (this.#closed) throw closedError(FILE_STORAGE, operation);
    this.#storage ??= new SqliteStorage(this.#path, { synchronous: this.#fsync ? "full" : "normal" });
    return this.#storage.runs;
  }
}
