/**
 * Starts the run of a command, new or stored: makes its chain, keeps to its store, and words what came of it.
 *
 * What a run was started with is kept with it, so that `resume` and `replay` can start it again: the configuration's address and
 * what the command line put over it. Values of `--set` that may be secrets are not.
 *
 * @module
 */

import type { Chain } from "../chain/chain.ts";
import type { ChainEvent } from "../chain/events.ts";
import type { RunResult } from "../chain/run.ts";
import type { Config } from "../config/config.ts";
import { ConfigurationError, ModelError } from "../errors.ts";
import { absolutePath } from "../runtime/files.ts";
import { newId } from "../runtime/identity.ts";
import type { Storage } from "../storage/storage.ts";
import type { Thought } from "../thought/thought.ts";
import { takeModel } from "./choose_model.ts";
import { type CommandContext, type CommandResult, jsonOutput, STATUS } from "./command.ts";
import { DEFAULT_CONFIG, emptyConfig, hasDefaultConfig, readConfig } from "./config_file.ts";
import { EventsFile } from "./events_file.ts";
import { typedId } from "./ids.ts";
import { mayBeKept } from "./kept_overrides.ts";
import { printable } from "./paint.ts";
import { Progress } from "./progress.ts";
import { chooseStore, type ChosenStore, isLasting, keepsJournals, openToRead, openToWrite } from "./store.ts";
import { typed } from "./wording.ts";

/** What a run is started with. */
export interface StartRequest {
  /** The configuration file. */
  readonly config?: string;
  /** The task, instead of the configuration's. */
  readonly prompt?: string;
  /** A text to improve. */
  readonly input?: string;
  /** The model, instead of the configuration's. */
  readonly model?: string;
  /** Values over the configuration's. */
  readonly set?: readonly string[];
  /** `false` when the configuration may load no code. */
  readonly modules?: boolean;
  /** Whether texts are asked for piece by piece, and shown as they come. */
  readonly stream?: boolean;
}

/** How a run is started. */
export interface StartOptions {
  /** Its store; found where it is left out, none where it is `false`. */
  readonly store?: ChosenStore | false;
  /** The option --db. */
  readonly db?: string;
  /** Whether the result is one JSON document. */
  readonly json?: boolean;
  /** The run; a new one where it is left out. */
  readonly runId?: string;
  /** Whether a text that is not valid is not printed. */
  readonly onlyValid?: boolean;
  /** A file for the run's events. */
  readonly events?: string;
  /** Whether the run is answered from its record alone. */
  readonly replay?: boolean;
  /** Whether a changed chain may go on with the run. */
  readonly force?: boolean;
}

/** What `run` asks for where a text is given and no task. */
export const DEFAULT_TASK: string =
  "Improve the text: make it clear, correct and concise, and keep its meaning.";

/**
 * Starts a run.
 *
 * @param context The command's.
 * @param request What it is started with.
 * @param options How.
 * @returns The command's result.
 */
export async function startRun(
  context: CommandContext,
  request: StartRequest,
  options: StartOptions,
): Promise<CommandResult> {
  const config = await configOf(context, request);
  const store = options.store === false ? undefined : options.store ?? chooseStore(options.db, config);
  if (store === undefined && options.runId !== undefined) {
    throw new ConfigurationError("A run that is not kept has no id: leave out --run-id or --no-store", {
      code: "no_store",
    });
  }
  if (options.events === "-") {
    throw new ConfigurationError("--events must be a file, as standard output gets the result", {
      code: "no_events_file",
      suggestions: ["/dev/stderr is one, too."],
    });
  }
  const texts = textsOf(config, request);
  const model = request.model ??
    (config.settings.model === undefined ? await takeModel(context, texts.hasText) : undefined);
  const storage = store && (options.replay ? openToRead(store) : openToWrite(store));
  try {
    // Where nothing is told, the text was not shown and must be printed.
    const showsDrafts = request.stream && !options.onlyValid && context.log.level >= 0;
    const progress = new Progress(context.log, { showsDrafts });
    const events = options.events === undefined
      ? undefined
      : await EventsFile.open(options.events, { config, log: context.log });
    const onEvent = (event: ChainEvent): void => {
      progress.handle(event);
      events?.write(event);
    };
    const chain = await makeChain(config, { ...request, model, prompt: texts.task }, storage, onEvent);
    return await runChain(
      context,
      chain,
      { ...options, storage, notes: notesOf({ ...request, model }) },
      progress,
      store,
    );
  } finally {
    storage?.close();
  }
}

function notesOf({ config, set = [], ...request }: StartRequest): Readonly<Record<string, unknown>> {
  const path = config ?? (isBare(request) ? DEFAULT_CONFIG : undefined);
  const shown = set.filter(mayBeKept);
  const notes = {
    ...request,
    config: path && absolutePath(path),
    set: shown,
    withheld: set.length - shown.length,
  };
  return Object.fromEntries(Object.entries(notes).filter(([, value]) => value !== undefined));
}

function isBare({ prompt, input }: StartRequest): boolean {
  return prompt === undefined && input === undefined;
}

async function configOf(context: CommandContext, request: StartRequest): Promise<Config> {
  const { config, input } = request;
  if (config !== undefined) return await readConfig(context, config, request);
  if (isBare(request)) {
    if (hasDefaultConfig()) {
      context.log.notice(`configuration: ${DEFAULT_CONFIG}`);
      return await readConfig(context, DEFAULT_CONFIG, request);
    }
    throw new ConfigurationError(
      "There is nothing to write as there is no prompt, no text to improve and no configuration",
      {
        code: "nothing_to_run",
        suggestions: [
          `Give a prompt by -p, a text by -i or a file; \`sifaka init\` writes a ${DEFAULT_CONFIG} to start from.`,
        ],
      },
    );
  }
  if (input !== undefined) context.log.notice("no configuration: the critic self_refine looks at the text");
  return await emptyConfig(request, input !== undefined);
}

/** The task, where it is not the configuration's, and whether there is a text to improve. */
function textsOf(
  { settings }: Config,
  { prompt, input }: StartRequest,
): { readonly task: string | undefined; readonly hasText: boolean } {
  const hasText = input !== undefined || settings.input !== undefined;
  const task = prompt ?? (settings.prompt === undefined && hasText ? DEFAULT_TASK : undefined);
  if (task === undefined && settings.prompt === undefined) {
    throw new ConfigurationError(
      "There is no prompt: the configuration has none, and neither -p nor -i is given",
      { code: "no_prompt" },
    );
  }
  return { task, hasText };
}

async function makeChain(
  config: Config,
  { prompt, input, model, stream }: StartRequest,
  storage: Storage | undefined,
  onEvent: (event: ChainEvent) => void,
): Promise<Chain> {
  return await config._createChainAsync({
    model,
    prompt,
    input,
    storage,
    ignoreStorage: true,
    // The exit status says it, and the best text is printed in any case.
    onExhausted: "return",
    stream,
    onEvent,
  });
}

async function runChain(
  context: CommandContext,
  chain: Chain,
  options: StartOptions & { readonly storage?: Storage; readonly notes: Readonly<Record<string, unknown>> },
  progress: Progress,
  store: ChosenStore | undefined,
): Promise<CommandResult> {
  const { log, signal } = context;
  const { replay, force, notes, json, onlyValid } = options;
  const isKept = store !== undefined && isLasting(store);
  const isJournaled = keepsJournals(store, options.storage);
  const runId = options.runId ?? (isJournaled ? newId() : undefined);
  const at = store === undefined || store.byDefault ? "" : ` --db ${typed(store.label)}`;
  try {
    const result = replay
      ? await chain._replayDetailedAsync(runId!)
      : await chain._runDetailedAsync({ signal, runId, ...(runId !== undefined && { force, notes }) });
    const { thought } = result;
    const valid = Object.values(thought.validationResults).every(({ passed }) => passed);
    const status = valid ? STATUS.ok : STATUS.invalid;
    if (json) return { status, output: jsonOutput(document(result, valid)) };
    if (onlyValid && !valid) {
      log.notice("the text is not printed, as it is not valid");
      return { status };
    }
    return { status, output: isShown(context, thought, progress) ? "" : textOutput(context, thought) };
  } catch (error) {
    if (error instanceof ModelError && error.thought) {
      log.notice("the last complete text is kept with the run");
    }
    if (isJournaled && !replay && progress.chainId !== undefined) {
      log.notice(`to go on where it stopped: sifaka resume ${typedId(runId!)}${at}`);
    }
    throw error;
  } finally {
    if (isKept && !replay && progress.stored > 0) {
      log.notice(`kept in ${store.label}; to see it: sifaka show ${typedId(progress.chainId!)}${at}`);
    }
  }
}

/** Whether the reader has the text before them already, as it came. */
function isShown({ terminal }: CommandContext, { text }: Thought, { shownText }: Progress): boolean {
  return terminal.stdout.isTerminal && terminal.stderr.isTerminal && shownText !== undefined &&
    shownText === text;
}

function textOutput({ terminal }: CommandContext, { text = "" }: Thought): string {
  const shown = terminal.stdout.isTerminal ? printable(text) : text;
  return shown.endsWith("\n") ? shown : `${shown}\n`;
}

/** The JSON document of a run. */
function document(result: RunResult, valid: boolean): Record<string, unknown> {
  const { thought, iterations, stopReason, warnings, performance, usage, runId } = result;
  return {
    runId,
    chainId: thought.chainId,
    valid,
    stopReason,
    iteration: thought.iteration,
    text: thought.text,
    iterations: iterations.map(({ iteration, text, generation, validationResults, criticFeedback }) => ({
      iteration,
      text,
      model: generation?.model,
      validationResults,
      criticFeedback,
    })),
    warnings,
    usage,
    performance,
  };
}
