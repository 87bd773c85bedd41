/**
 * Where the journals of runs are kept.
 *
 * @module
 */

import type { EffectRecord, RecordLog } from "../drivers/effect_record.ts";
import { ConfigurationError, StorageError } from "../errors.ts";
import { findProblems, type OptionSchemas, show } from "../options.ts";
import type { Usage } from "../thought/usage.ts";
import type { RunPage, RunPageOptions } from "./run_page.ts";

/**
 * How a run stands. `running`: its owner lives. `interrupted`: it was cancelled, or its owner died. `finished`: it gave its
 * result. `failed`: it ended with an error. `damaged`: what stands in the store of it cannot be read; it can be deleted.
 */
export type RunStatus = "running" | "interrupted" | "finished" | "failed" | "damaged";

/** What a run was about and what came of it; JSON values only, and no secrets. */
export interface RunFacts {
  /** The chain's name in its store. */
  readonly chainId?: string;
  /** The beginning of the task. */
  readonly prompt?: string;
  /** The model, as `provider:name`. */
  readonly model?: string;
  /** What whoever started it wanted to be kept with it. */
  readonly notes?: Readonly<Record<string, unknown>>;
  /** The thought that it returned. */
  readonly thoughtId?: string;
  /** Whether its text passed. */
  readonly valid?: boolean;
  /** How many texts there were. */
  readonly iterations?: number;
  /** Why it stopped. */
  readonly stopReason?: string;
  /** What it consumed. */
  readonly usage?: Usage;
  /** How long it took, in milliseconds, from its first start to its end. */
  readonly durationMs?: number;
  /** How often each validator passed and failed a text of it. */
  readonly verdicts?: Readonly<Record<string, VerdictCount>>;
  /** What it failed with. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** How often a validator passed a text, and how often not. */
export interface VerdictCount {
  /** Texts that passed. */
  readonly passed: number;
  /** Texts that did not pass, or could not be checked. */
  readonly failed: number;
}

/** A part of a chain that a run depends on. */
export interface ChainPart {
  /** Which part, for example `validators[0]`. */
  readonly part: string;
  /** What it is, in a few words. */
  readonly description: string;
  /** A hash of all that is known of it. */
  readonly hash: string;
}

/** What a list of runs tells of one. */
export interface RunSummary {
  /** The run. */
  readonly runId: string;
  /** How it stands. */
  readonly status: RunStatus;
  /** When it began first: an instant in UTC, ISO 8601 with `Z`. */
  readonly startedAt: string;
  /** When something was last written of it, likewise. */
  readonly updatedAt: string;
  /** How many effects are recorded. */
  readonly effects: number;
  /** What it was about and what came of it; none of a damaged one. */
  readonly facts: RunFacts;
}

/** A stored run with its journal, for reading alone. */
export interface StoredRun extends RunSummary {
  /** The chain it was made by, part by part. */
  readonly parts: readonly ChainPart[];
  /** Whether it was resumed by a chain that had changed. */
  readonly lenient: boolean;
  /** Its journal, in order. */
  readonly records: readonly EffectRecord[];
}

/** What begins a run. */
export interface RunRequest {
  /** The run. */
  readonly runId: string;
  /** The chain, part by part. */
  readonly parts: readonly ChainPart[];
  /** What the run is about. */
  readonly facts: RunFacts;
}

/** How a run ended. */
export interface RunEnd {
  /** How it stands now. */
  readonly status: Exclude<RunStatus, "running" | "damaged">;
  /** What came of it; put over what is known. */
  readonly facts: RunFacts;
}

/** A run that this process owns, until it is ended. */
export interface OwnedRun extends RecordLog {
  /** How it stood before; `undefined` for a new one. */
  readonly before: StoredRun | undefined;
  /** Says that its owner lives. To be called from time to time while nothing is written. */
  beat(): void;
  /** Takes the chain as it is now for the one the run belongs to, and its records wherever they fit. */
  adopt(parts: readonly ChainPart[]): void;
  /** Says how the run ended, and gives it free. */
  end(end: RunEnd): void;
  /** Gives it free as it was. */
  release(): void;
}

/** Which runs `prune` forgets. At least one must be given. */
export interface PruneRunsOptions {
  /** Only runs that nothing was written of for so long, in milliseconds. @default any */
  olderThanMs?: number;
  /** How many of the newest stay in any case. @default 0 */
  keepLast?: number;
}

/** Which records of a journal are read. */
export interface ReadRunOptions {
  /** Tells by the path of a record whether it is wanted; those of long answers can be left out so. @default all are */
  readonly wanted?: (path: string) => boolean;
}

/** Keeps the journals of runs. All its methods block until they are done; none waits for anything but the disk. */
export interface RunStore {
  /** Whether what is written survives the end of the process. A chain records every run in such a store. */
  readonly durable: boolean;
  /** Takes a run, new or old, for this process. */
  own(request: RunRequest): OwnedRun;
  /** Gives a run with its journal, or with the records of it that are asked for. */
  read(runId: string, options?: ReadRunOptions): StoredRun | undefined;
  /** Tells of a run what a list tells, without reading its journal. */
  summary(runId: string): RunSummary | undefined;
  /** Lists the runs, the one that began last first. */
  list(): RunSummary[];
  /** Lists some of the runs, the one that began last first; the time it takes does not grow with those that are not looked at. */
  page(options: RunPageOptions): RunPage;
  /** A number that is another one when something was written since it was asked last. */
  version(): number;
  /** Forgets a run and its journal, not its thoughts; `false` when there is none. */
  delete(runId: string): boolean;
  /** Tells which runs `prune` would forget. */
  prunable(options: PruneRunsOptions): string[];
  /** Forgets old runs that are not running, and gives their room back; says how many. */
  prune(options: PruneRunsOptions): number;
}

const PRUNE_OPTIONS: OptionSchemas = {
  olderThanMs: {
    description: "Only runs that nothing was written of for so long, in milliseconds.",
    type: "number",
    minimum: 0,
  },
  keepLast: { description: "How many of the newest stay in any case.", type: "integer", minimum: 0 },
};

/**
 * Chooses the runs that are to be forgotten.
 *
 * @param runs All runs, the newest first.
 * @param options What the caller asked.
 * @param nowMs The time, in milliseconds since the epoch.
 * @returns Their ids.
 * @throws {ConfigurationError} When an option is wrong, or neither is given.
 */
export function runsToPrune(runs: readonly RunSummary[], options: PruneRunsOptions, nowMs: number): string[] {
  const problems = findProblems(options, { type: "object", properties: PRUNE_OPTIONS });
  const { olderThanMs, keepLast } = options ?? {};
  const reasons = problems.map(({ message }) => message);
  if (reasons.length === 0 && olderThanMs === undefined && keepLast === undefined) {
    reasons.push("it needs olderThanMs or keepLast");
  }
  if (reasons.length > 0) {
    throw new ConfigurationError(`Cannot prune runs as ${reasons.join("; ")}`, { code: "invalid_option" });
  }
  return runs.slice(keepLast ?? 0)
    .filter(({ status }) => status !== "running")
    .filter(({ updatedAt }) => olderThanMs === undefined || Date.parse(updatedAt) < nowMs - olderThanMs)
    .map(({ runId }) => runId);
}

/** The longest id of a run, in characters. */
const LONGEST_RUN_ID = 200;

/**
 * Refuses what cannot be the id of a run.
 *
 * @param runId What was given.
 * @returns The id.
 * @throws {ConfigurationError} When it is no string, blank, too long, or holds control characters.
 */
export function checkRunId(runId: unknown): string {
  const legal = typeof runId === "string" && runId.trim() !== "" && runId.length <= LONGEST_RUN_ID &&
    !/\p{Cc}|\p{Surrogate}/u.test(runId);
  if (legal) return runId;
  throw new ConfigurationError(
    `A run's id must be a string of 1 to ${LONGEST_RUN_ID} characters that is not blank: runId is ${
      show(runId)
    }`,
    { code: "invalid_run_id" },
  );
}

/**
 * Makes the error of a run that somebody else is working on.
 *
 * @param runId The run.
 * @param owner Who, in words.
 * @param metadata Facts about the owner.
 * @returns The error to throw.
 */
export function ownedElsewhere(
  runId: string,
  owner: string,
  metadata: Readonly<Record<string, unknown>> = {},
): StorageError {
  return new StorageError(`Cannot go on with run ${show(runId)} as ${owner} is working on it`, {
    code: "run_owned",
    metadata: { runId, ...metadata },
    suggestions: ["Wait until it is done, end it, or begin a run of another id."],
  });
}
