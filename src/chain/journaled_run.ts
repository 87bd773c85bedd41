/**
 * One start of a recorded run: takes the run, opens its journal, and writes down how it ended.
 *
 * A run that was interrupted goes on where it stopped. One that failed goes on before the failure: what was recorded after its
 * last successful call (of a model, a retriever, the user's own code or the storage) is forgotten, so that the step which
 * failed is tried again with all its attempts. A finished run is answered from its record and calls nothing.
 *
 * @module
 */

import type { EffectRecord, JournalOptions, RecordLog } from "../drivers/effect_record.ts";
import { ConfigurationError, SifakaError } from "../errors.ts";
import { show } from "../options.ts";
import { newId } from "../runtime/identity.ts";
import type { OwnedRun, RunFacts, RunStore, StoredRun } from "../storage/runs.ts";
import { differencesOf, partsOf } from "./parts.ts";
import { countVerdicts } from "./count_verdicts.ts";
import { modelId } from "./generate.ts";
import type { RunResult } from "./run.ts";
import type { ChainSettings } from "./settings.ts";

/** What a run was asked for. */
export interface JournaledRunOptions {
  /** The run; a new one when it is left out. */
  readonly runId?: string;
  /** Whether a changed chain may go on with it. */
  readonly force?: boolean;
  /** Told when the journal cannot be written and the run goes on without one. */
  readonly onWarning?: (message: string) => void;
  /** Kept with a new run. */
  readonly notes?: Readonly<Record<string, unknown>>;
}

/** A run with its journal. */
export class JournaledRun {
  /** The run. */
  readonly runId: string;
  /** Its journal, for the driver. */
  readonly journal: JournalOptions;
  readonly #owned: OwnedRun | undefined;
  readonly #onWarning: ((message: string) => void) | undefined;

  private constructor(
    runId: string,
    journal: JournalOptions,
    { owned, onWarning }: { owned?: OwnedRun; onWarning?: (message: string) => void } = {},
  ) {
    this.runId = runId;
    this.journal = journal;
    this.#owned = owned;
    this.#onWarning = onWarning;
  }

  /**
   * Takes a run, or begins one.
   *
   * @param store Where the journals are.
   * @param settings The chain's.
   * @param options Which run.
   * @returns The run.
   * @throws {ConfigurationError} With code `chain_changed` when the run was made by another chain and `force` is not set.
   * @throws {StorageError} With code `run_owned` when somebody is working on it; when the store fails or is damaged.
   */
  static own(store: RunStore, settings: ChainSettings, options: JournaledRunOptions): JournaledRun {
    const runId = options.runId ?? newId();
    const parts = partsOf(settings);
    const owned = store.own({ runId, parts, facts: { ...beginningOf(settings), notes: options.notes } });
    try {
      const { before } = owned;
      const differences = before === undefined ? [] : differencesOf(before.parts, parts);
      if (differences.length > 0 && !options.force) throw changed("resume", runId, differences);
      // Also where no part differs: what a function of the caller's does cannot be compared.
      const forced = before !== undefined && options.force === true;
      if (forced) owned.adopt(parts);
      const lenient = forced || before?.lenient === true;
      const replayOnly = before?.status === "finished" && !lenient;
      const log = before?.status === "failed" ? withoutFailure(owned) : owned;
      const onHeartbeat = (): void => owned.beat();
      const { onWarning } = options;
      const onWriteError = settings.onStorageError === "throw"
        ? undefined
        : (error: unknown) => onWarning?.(`${UNRECORDED}: ${reasonOf(error)}`);
      const journal = { log, lenient, replayOnly, onHeartbeat, onWriteError };
      return new JournaledRun(runId, journal, { owned, onWarning });
    } catch (error) {
      owned.release();
      throw error;
    }
  }

  /**
   * Opens a stored run to replay it: nothing is performed and nothing is written.
   *
   * @param store Where the journals are.
   * @param settings The chain's.
   * @param runId Which run.
   * @returns The run.
   * @throws {ConfigurationError} With code `no_run` when there is none, `chain_changed` when it was made by another chain.
   */
  static replay(store: RunStore, settings: ChainSettings, runId: string): JournaledRun {
    const stored = store.read(runId);
    if (stored === undefined) throw noRun(runId);
    const differences = differencesOf(stored.parts, partsOf(settings));
    if (differences.length > 0) throw changed("replay", runId, differences);
    return new JournaledRun(runId, { log: readOnly(stored), replayOnly: true });
  }

  /** Writes down that the run gave its result, and gives that on. */
  finish(result: RunResult): RunResult {
    this.#end(() => this.#owned?.end({ status: "finished", facts: endOf(result) }));
    return result;
  }

  /** Writes down that whoever read the run has left it. */
  interrupt(): void {
    this.#end(() => this.#owned?.end({ status: "interrupted", facts: {} }));
  }

  /** Writes down that the run ended with an error, and gives that on. */
  fail(error: unknown, signal: AbortSignal | undefined): unknown {
    const interrupted = signal?.aborted === true && error === signal.reason;
    const status = interrupted || isJournalError(error) ? "interrupted" : "failed";
    this.#end(() => this.#owned?.end({ status, facts: status === "failed" ? failureOf(error) : {} }));
    return error;
  }

  #end(write: () => void): void {
    try {
      write();
    } catch (error) {
      // The run itself is over, and its outcome is worth more than this note.
      this.#onWarning?.(`How the run ended could not be recorded: ${reasonOf(error)}`);
    }
  }
}

const UNRECORDED = "The run goes on without a record, and can be resumed only from what was recorded so far";

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The run could not be followed; that says nothing about what it would come to. */
function isJournalError(error: unknown): boolean {
  return error instanceof SifakaError && ["diverged", "not_recorded"].includes(error.code);
}

/** The kinds of effects whose success is worth keeping; the rest of a failed run's end is forgotten. */
const WORTH = /\/(remote|remoteStream|host):\d+$/;

function withoutFailure(owned: OwnedRun): RecordLog {
  const { records } = owned;
  const last = records.findLastIndex(({ path, outcome }) => outcome !== "error" && WORTH.test(path));
  const dropped = records.slice(last + 1);
  owned.drop(dropped.map(({ path }) => path));
  return {
    records: records.slice(0, last + 1),
    append: (added: readonly EffectRecord[]) => owned.append(added),
    drop: (paths: readonly string[]) => owned.drop(paths),
    durable: () => owned.durable?.(),
    store: owned.store,
    together: owned.together && ((change) => owned.together!(change)),
  };
}

function readOnly({ records }: StoredRun): RecordLog {
  return { records, append: () => {}, drop: () => {} };
}

const SHOWN_CHARACTERS = 200;

function beginningOf({ chainId, prompt, models }: ChainSettings): RunFacts {
  return {
    ...(chainId !== undefined && { chainId }),
    prompt: Array.from(prompt).slice(0, SHOWN_CHARACTERS).join(""),
    model: modelId(models[0]!),
  };
}

function endOf(result: RunResult): RunFacts {
  const { thought, valid, iterations, stopReason, usage, performance } = result;
  return {
    chainId: thought.chainId,
    thoughtId: thought.id,
    valid,
    iterations: iterations.length,
    stopReason,
    usage,
    durationMs: performance.totalMs,
    verdicts: countVerdicts(iterations),
    error: undefined,
  };
}

function failureOf(error: unknown): RunFacts {
  const message = error instanceof Error ? error.message || error.name : show(error);
  return { error: { code: error instanceof SifakaError ? error.code : "error", message } };
}

/**
 * Makes the error of a run that is not there.
 *
 * @param runId The run.
 * @returns The error to throw.
 */
function noRun(runId: string): ConfigurationError {
  return new ConfigurationError(`There is no run ${show(runId)} in the storage`, {
    code: "no_run",
    metadata: { runId },
  });
}

function changed(verb: string, runId: string, differences: readonly string[]): ConfigurationError {
  return new ConfigurationError(
    `Cannot ${verb} run ${show(runId)} as the chain has changed: ${differences.join("; ")}`,
    {
      code: "chain_changed",
      metadata: { runId, differences },
      suggestions: verb === "resume"
        ? [
          "Give the chain as it was, or begin a run of another id.",
          "To keep what still fits: `force: true`, or `sifaka resume ID --force` on the command line.",
        ]
        : ["Give the chain as it was."],
    },
  );
}
