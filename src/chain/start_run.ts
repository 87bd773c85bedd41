/**
 * What a driver is started with, recorded or not.
 *
 * @module
 */

import { notify, type RunOptions } from "../drivers/options.ts";
import { ConfigurationError, StorageError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import type { RunStore } from "../storage/runs.ts";
import type { ChainEvent } from "./events.ts";
import { JournaledRun } from "./journaled_run.ts";
import type { ChainOptions, ChainRunOptions } from "./options.ts";
import { runChain, type RunResult } from "./run.ts";
import type { ChainSettings } from "./settings.ts";

/** A run that can begin. */
export interface Start {
  /** What to run. */
  readonly operation: Operation<RunResult>;
  /** What the driver is told. */
  readonly driven: RunOptions;
  /** The record; `undefined` where there is none. */
  readonly run: JournaledRun | undefined;
}

/**
 * Prepares a run, and takes its record where it has one.
 *
 * @param chain The chain's options.
 * @param settings What they come to for this run.
 * @param asked What this run changes.
 * @returns The run.
 * @throws {ConfigurationError} When the run is recorded and was made by another chain, or the storage keeps no runs.
 * @throws {StorageError} When somebody is working on the run.
 */
export function startRun(chain: ChainOptions, settings: ChainSettings, asked: ChainRunOptions): Start {
  const run = journaled(chain, settings, asked);
  const driven = { ...drivenBy(chain, asked), journal: run?.journal };
  return { operation: runChain(settings, run?.runId), driven, run };
}

/**
 * Prepares the replay of a recorded run.
 *
 * @param chain The chain's options.
 * @param settings What they come to.
 * @param runId The run.
 * @returns The run, of which nothing is written.
 * @throws {ConfigurationError} When there is no such run, or another chain made it.
 */
export function startReplay(chain: ChainOptions, settings: ChainSettings, runId: string): Start {
  const { journal } = JournaledRun.replay(runStoreOf(chain), settings, runId);
  return {
    operation: runChain(settings, runId),
    driven: { ...drivenBy(chain, {}), journal },
    run: undefined,
  };
}

/**
 * Finds where a chain's runs are kept.
 *
 * @param chain The chain's options.
 * @returns The store.
 * @throws {ConfigurationError} With code `no_run_store` when there is none.
 */
export function runStoreOf({ storage }: ChainOptions): RunStore {
  if (storage?.runs !== undefined) return storage.runs;
  const reason = storage === undefined ? "the chain has no storage" : `${storage.name} keeps none`;
  throw new ConfigurationError(`Cannot find runs as ${reason}`, {
    code: "no_run_store",
    suggestions: ["Give the chain a SqliteStorage, or a MemoryStorage, by `storage` or withStorage."],
  });
}

function journaled(
  chain: ChainOptions,
  settings: ChainSettings,
  { runId, force, notes }: ChainRunOptions,
): JournaledRun | undefined {
  const { storage } = settings;
  if (runId === undefined && storage?.runs?.durable !== true) return undefined;
  const { onEvent } = chain;
  const onWarning = (message: string): void => {
    const warning = { type: "warning", runId, code: "journal_failed", message } as const;
    if (onEvent) notify((event) => onEvent(event as unknown as ChainEvent), warning, "");
  };
  try {
    return JournaledRun.own(runStoreOf(chain), settings, { runId, force, notes, onWarning });
  } catch (error) {
    // Nobody asked for the record by name: a store that cannot keep it is treated as one that cannot keep a thought.
    if (runId !== undefined || settings.onStorageError === "throw" || !(error instanceof StorageError)) {
      throw error;
    }
    onWarning(`The run is not recorded: ${error.message}`);
    return undefined;
  }
}

function drivenBy(
  { onEvent, signal: own }: ChainOptions,
  { signal, inWorker }: ChainRunOptions,
): RunOptions {
  return {
    inWorker,
    signal: own && signal ? AbortSignal.any([own, signal]) : signal ?? own,
    onEvent: onEvent && ((event) => onEvent(event as unknown as ChainEvent)),
  };
}
