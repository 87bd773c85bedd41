/**
 * `sifaka run`: one chain.
 *
 * @module
 */

import type { Command } from "commander";
import type { RunResult } from "../chain/run.ts";
import type { Chain } from "../chain/chain.ts";
import type { Config } from "../config/config.ts";
import { ConfigurationError, ModelError } from "../errors.ts";
import type { Storage } from "../storage/storage.ts";
import type { Thought } from "../thought/thought.ts";
import { chooseModel } from "./choose_model.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  jsonOutput,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { SHORT_ID } from "./ids.ts";
import {
  type ConfigFlags,
  DEFAULT_CONFIG,
  emptyConfig,
  hasDefaultConfig,
  readConfig,
} from "./config_file.ts";
import { addCommonOptions, collect, DB_OPTION, JSON_OPTION } from "./options.ts";
import { printable } from "./paint.ts";
import { Progress } from "./progress.ts";
import { readFileOrInput, readText, refuseBlank } from "./read_text.ts";
import { chooseStore, type ChosenStore, openToWrite } from "./store.ts";

/** The options of `run`, as commander gives them. */
interface RunFlags extends CommonOptions, ConfigFlags {
  readonly prompt?: string;
  readonly model?: string;
  readonly input?: string;
  readonly json?: boolean;
  readonly db?: string;
  /** `false` for --no-store. */
  readonly store?: boolean;
}

const EXAMPLES = `
Examples:
  sifaka run                                  the configuration ${DEFAULT_CONFIG} of this folder
  sifaka run notes.yaml --set variables.version=1.3
  sifaka run -p "Write release notes." -m openai:gpt-5-mini
  sifaka run -i draft.md > better.md          improve a text; without a key, the built-in editor does it
  git log -5 | sifaka run notes.yaml -p -     the prompt from standard input

Exit status: 0 the text is valid, 1 it is not, 2 usage or configuration, 3 the model failed, 4 the store failed, 130 Ctrl-C.`;

/** What `run` asks for where a text is given and no task. */
const DEFAULT_TASK = "Improve the text: make it clear, correct and concise, and keep its meaning.";

/** Adds `run` to the program. */
export function defineRun(program: Command, start: StartCommand): void {
  const command = program.command("run").argument("[CONFIG]", "a configuration file")
    .description("Run one chain and print its best text.")
    .option("-p, --prompt <TEXT>", "the task; @FILE reads a file, - standard input")
    .option("-m, --model <SPEC>", "the model, as provider:name")
    .option("-i, --input <FILE>", "a text to improve; - for standard input")
    .option("--set <PATH=VALUE>", "put a value over the configuration's; can be given again", collect)
    .option("--no-modules", "forbid the configuration to load code")
    .option(...DB_OPTION)
    .option("--no-store", "keep nothing")
    .option(...JSON_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command)
    .action((config: string | undefined, flags: RunFlags) =>
      start(flags, (context) => run(context, config, flags))
    );
}

async function run(
  context: CommandContext,
  path: string | undefined,
  flags: RunFlags,
): Promise<CommandResult> {
  const given = await readGiven(context, flags);
  const config = await configOf(context, path, flags, given);
  const store = flags.store === false ? undefined : chooseStore(flags.db, config);
  const storage = store && openToWrite(store);
  try {
    const progress = new Progress(context.log);
    const chain = await makeChain(context, config, flags, given, storage, progress);
    return await runChain(context, chain, flags, progress, store);
  } finally {
    storage?.close();
  }
}

interface GivenTexts {
  readonly prompt: string | undefined;
  readonly input: string | undefined;
}

async function readGiven(context: CommandContext, flags: RunFlags): Promise<GivenTexts> {
  if (flags.prompt === "-" && flags.input === "-") {
    throw new ConfigurationError("--prompt and --input cannot both be standard input", {
      code: "two_inputs",
    });
  }
  const prompt = flags.prompt === undefined
    ? undefined
    : refuseBlank(await readText(context, flags.prompt), "The prompt");
  const input = flags.input === undefined ? undefined : await readFileOrInput(context, flags.input);
  return { prompt, input };
}

async function configOf(
  context: CommandContext,
  path: string | undefined,
  flags: RunFlags,
  { prompt, input }: GivenTexts,
): Promise<Config> {
  if (path !== undefined) return await readConfig(context, path, flags);
  if (prompt === undefined && input === undefined) {
    if (hasDefaultConfig()) {
      context.log.notice(`configuration: ${DEFAULT_CONFIG}`);
      return await readConfig(context, DEFAULT_CONFIG, flags);
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
  return emptyConfig(flags, input !== undefined);
}

async function makeChain(
  context: CommandContext,
  config: Config,
  flags: RunFlags,
  { prompt, input }: GivenTexts,
  storage: Storage | undefined,
  progress: Progress,
): Promise<Chain> {
  const { settings } = config;
  const hasText = input !== undefined || settings.input !== undefined;
  const task = prompt ?? (settings.prompt === undefined && hasText ? DEFAULT_TASK : undefined);
  if (task === undefined && settings.prompt === undefined) {
    throw new ConfigurationError(
      "There is no prompt: the configuration has none, and neither -p nor -i is given",
      { code: "no_prompt" },
    );
  }
  const model = flags.model ?? (settings.model === undefined ? await chosenModel(context) : undefined);
  return await config._createChainAsync({
    model,
    prompt: task,
    input,
    storage,
    ignoreStorage: true,
    // The exit status says it, and the best text is printed in any case.
    onExhausted: "return",
    onEvent: progress.handle,
  });
}

async function chosenModel({ log, signal }: CommandContext): Promise<string> {
  const { spec, reason } = await chooseModel(signal);
  log.notice(`model: ${spec}, as ${reason}`);
  return spec;
}

async function runChain(
  context: CommandContext,
  chain: Chain,
  flags: RunFlags,
  progress: Progress,
  store: ChosenStore | undefined,
): Promise<CommandResult> {
  try {
    const result = await chain._runDetailedAsync({ signal: context.signal });
    const { thought } = result;
    const valid = Object.values(thought.validationResults).every(({ passed }) => passed);
    const status = valid ? STATUS.ok : STATUS.invalid;
    return {
      status,
      output: flags.json ? jsonOutput(document(result, valid)) : textOutput(context, thought),
    };
  } catch (error) {
    if (error instanceof ModelError && error.thought) {
      context.log.notice("the last complete text is kept with the run");
    }
    throw error;
  } finally {
    if (store && progress.stored > 0 && store.location.kind !== "memory") {
      const id = progress.chainId?.slice(0, SHORT_ID);
      const command = `sifaka show ${id}${store.byDefault ? "" : ` --db ${store.label}`}`;
      context.log.notice(`kept in ${store.label}; to see it: ${command}`);
    }
  }
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
