/**
 * A batch: a chain for each line of its inputs, their results in one file, and nothing done twice.
 *
 * @module
 */

import type { Config } from "../../config/config.ts";
import { ConfigurationError } from "../../errors.ts";
import { absolutePath, exists, folderOf, realPath, shortPath } from "../../runtime/files.ts";
import { takeLock } from "../../runtime/file_lock.ts";
import { SqliteStorage } from "../../storage/sqlite_storage.ts";
import { takeModel } from "../choose_model.ts";
import { type CommandContext, type CommandResult, jsonOutput, STATUS } from "../command.ts";
import { type ConfigFlags, readConfig } from "../config_file.ts";
import { chooseStore, type ChosenStore, keepsJournals, openToWrite } from "../store.ts";
import { DEFAULT_TASK } from "../start_run.ts";
import { BatchProgress } from "./batch_progress.ts";
import { BatchRunner } from "./batch_runner.ts";
import { type InputFormat, type Inputs, openInputs } from "./inputs.ts";
import { BatchChain } from "./batch_chain.ts";
import { planBatch } from "./plan.ts";
import { dropResults, readResults, ResultsFile, resultsInUse } from "./results_file.ts";
import { Tally } from "./tally.ts";

/** What a batch is started with. */
export interface BatchRequest extends ConfigFlags {
  /** The inputs; `-` for standard input. */
  readonly inputs: string;
  /** How they are written. */
  readonly format?: InputFormat;
  /** The configuration file. */
  readonly config: string;
  /** Gets the results. */
  readonly out: string;
  /** The model, instead of the configuration's. */
  readonly model?: string;
  /** How many lines are with their models at once. */
  readonly concurrency: number;
  /** How many lines are started at most. */
  readonly limit?: number;
  /** Whether lines that failed are run again. */
  readonly retryFailed?: boolean;
  /** The option --db. */
  readonly db?: string;
  /** `false` for --no-store. */
  readonly store?: boolean;
  /** Whether the summary is one JSON document. */
  readonly json?: boolean;
}

/**
 * Runs a batch, from its beginning or from where it stopped.
 *
 * @param context The command's.
 * @param given What it is started with.
 * @returns The command's result.
 * @throws {ConfigurationError} When the configuration is wrong, or the results are those of another batch.
 * @throws {StorageError} When the store or the results cannot be written, or another batch is adding to the results.
 */
export async function runBatch(context: CommandContext, given: BatchRequest): Promise<CommandResult> {
  // A link stays, and whoever names the file by another name is kept out by the same lock.
  const request = { ...given, out: shortPath(realPath(absolutePath(given.out))) };
  const inputs = openInputs(context, request.inputs, request.format);
  if (request.inputs !== "-" && realPath(absolutePath(request.inputs)) === absolutePath(request.out)) {
    throw new ConfigurationError("The inputs and the results cannot be one file", { code: "one_file" });
  }
  const folder = folderOf(absolutePath(request.out));
  if (!exists(folder)) {
    throw new ConfigurationError(`Cannot write the results ${request.out} as there is no folder ${folder}`, {
      code: "missing_directory",
    });
  }
  const { config, set } = await configOf(context, request);
  const store = request.store === false ? undefined : chooseStore(request.db, config);
  const unlock = takeLock(`${request.out}.lock`);
  if (unlock === undefined) throw resultsInUse(request.out);
  try {
    return await perform(context, { ...request, set }, { inputs, config, store });
  } finally {
    unlock();
  }
}

interface ReadConfig {
  readonly config: Config;
  readonly set: readonly string[];
}

/** The model becomes a value of the configuration, so that every line has the same one, with its limits. */
async function configOf(context: CommandContext, request: BatchRequest): Promise<ReadConfig> {
  const read = async (set: readonly string[]): Promise<ReadConfig> => (
    { config: await readConfig(context, request.config, { ...request, set }), set }
  );
  const { set = [], model } = request;
  const withModel = (spec: string): Promise<ReadConfig> => read([...set, `model=${JSON.stringify(spec)}`]);
  if (model !== undefined) return await withModel(model);
  const given = await read(set);
  if (given.config.settings.model !== undefined) return given;
  return await withModel(await takeModel(context, given.config.settings.input !== undefined));
}

/** For how long what the runs write is gathered, in milliseconds; a commit an answer would make the disk the bound. */
const GATHER_MS = 20;

interface Opened {
  readonly inputs: Inputs;
  readonly config: Config;
  readonly store: ChosenStore | undefined;
}

async function perform(
  context: CommandContext,
  request: BatchRequest,
  { inputs, config, store }: Opened,
): Promise<CommandResult> {
  const { out } = request;
  const storage = store && openToWrite(store);
  const gathering = storage instanceof SqliteStorage ? storage : undefined;
  gathering?._gatherWrites(GATHER_MS);
  try {
    const batchChain = await BatchChain.make(config, { task: taskOf(config), storage });
    const { byLine: known, wholeBytes } = await readResults(out);
    const retryFailed = request.retryFailed ?? false;
    const plan = await planBatch(inputs, { out, known, config: batchChain.config, retryFailed });
    const keepBytes = plan.dropped.size === 0
      ? wholeBytes
      : await dropResults(out, (line) => plan.dropped.has(line));
    const tally = new Tally();
    for (const result of known.values()) tally.add(result);
    if (tally.done > 0) context.log.notice(`goes on with ${out}, which has ${tally.done} of the results`);
    if (plan.total === undefined || known.size < plan.total) await batchChain.load();
    const progress = new BatchProgress(context.log, tally, plan.total);
    const runner = new BatchRunner(context, {
      request,
      batchChain,
      inputs,
      known,
      durable: () => gathering?._durable,
      isJournaled: keepsJournals(store, storage),
      redact: (text) => config.redact(text),
      results: new ResultsFile(out, keepBytes),
      tally,
      progress,
    });
    await runner.run();
    return summary(context, { request, tally, progress, total: plan.total });
  } finally {
    storage?.close();
  }
}

function taskOf({ settings: { prompt, input } }: Config): string | undefined {
  if (prompt !== undefined) return undefined;
  if (input !== undefined) return DEFAULT_TASK;
  throw new ConfigurationError("There is no prompt: the configuration has none, and no input either", {
    code: "no_prompt",
  });
}

interface Ended {
  readonly request: BatchRequest;
  readonly tally: Tally;
  readonly progress: BatchProgress;
  readonly total: number | undefined;
}

function summary({ signal, log }: CommandContext, { request, tally, progress, total }: Ended): CommandResult {
  const { out, json } = request;
  const interrupted = signal.aborted;
  progress.end(shortPath(out));
  if (interrupted) log.notice("to go on where it stopped: start the same command again");
  else if (tally.counts.failed > 0) {
    log.notice("to try the failed lines again: the same command with --retry-failed");
  }
  const status = interrupted ? STATUS.interrupted : tally.status;
  if (!json) return { status };
  const { costUsd, priced, done, counts } = tally;
  const document = {
    out,
    lines: total,
    done,
    ...counts,
    costUsd: priced === 0 ? undefined : costUsd,
    interrupted,
    durationMs: Math.round(progress.durationMs),
  };
  return { status, output: jsonOutput(document) };
}
