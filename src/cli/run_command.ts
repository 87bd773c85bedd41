/**
 * `sifaka run`: one chain.
 *
 * @module
 */

import type { Command } from "commander";
import { ConfigurationError } from "../errors.ts";
import { type CommandContext, type CommandResult, type CommonOptions, type StartCommand } from "./command.ts";
import { type ConfigFlags, DEFAULT_CONFIG } from "./config_file.ts";
import {
  addCommonOptions,
  collect,
  DB_OPTION,
  EVENTS_OPTION,
  JSON_OPTION,
  ONLY_VALID_OPTION,
  WATCH_OPTION,
} from "./options.ts";
import { readFileOrInput, readText, refuseBlank } from "./read_text.ts";
import { startRun } from "./start_run.ts";
import { refuseInputWhileWatching, repeatOnChange } from "./watch.ts";

/** The options of `run`, as commander gives them. */
interface RunFlags extends CommonOptions, ConfigFlags {
  readonly prompt?: string;
  readonly model?: string;
  readonly input?: string;
  readonly json?: boolean;
  readonly db?: string;
  readonly runId?: string;
  readonly stream?: boolean;
  readonly onlyValid?: boolean;
  readonly events?: string;
  readonly watch?: boolean;
  /** `false` for --no-store. */
  readonly store?: boolean;
}

const EXAMPLES = `
Examples:
  sifaka run                                  the configuration ${DEFAULT_CONFIG} of this folder
  sifaka run notes.yaml --set variables.version=1.3
  sifaka run -p "Write release notes." -m openai:gpt-6.1-terra
  sifaka run -i draft.md > better.md          improve a text; without a key, the built-in editor does it
  git log -5 | sifaka run notes.yaml -p -     the prompt from standard input
  sifaka run notes.yaml --stream              see each text as the model writes it
  sifaka run notes.yaml --only-valid -q       the text if it is valid, or nothing
  sifaka run notes.yaml --events events.jsonl every step as a line of JSON, for a program to follow
  sifaka run notes.yaml --watch               again whenever the configuration, its input or its code changes
  sifaka run notes.yaml --run-id monday       twice: the second prints what the first made, or goes on with it

Exit status: 0 the text is valid, 1 it is not, 2 usage or configuration, 3 the model failed, 4 the store failed, 130 Ctrl-C.`;

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
    .option("--run-id <ID>", "name the run; one of that name goes on, and a finished one is printed")
    .option("--stream", "show every text as it is written")
    .option(...ONLY_VALID_OPTION)
    .option(...EVENTS_OPTION)
    .option(...WATCH_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command)
    .action((config: string | undefined, flags: RunFlags) =>
      start(flags, (context) => {
        if (!flags.watch) return run(context, config, flags);
        refuseToWatch(config, flags);
        return repeatOnChange(context, (again) => run(again, config, flags));
      })
    );
}

function refuseToWatch(config: string | undefined, { prompt, input, runId }: RunFlags): void {
  refuseInputWhileWatching(prompt, input);
  if (runId !== undefined) {
    throw new ConfigurationError("--watch starts a new run at every change, so it takes no --run-id", {
      code: "watch_with_run_id",
    });
  }
  if (config === undefined && input === undefined && prompt !== undefined && !prompt.startsWith("@")) {
    throw new ConfigurationError("--watch has no file to watch", {
      code: "nothing_to_watch",
      suggestions: ["Name a configuration, a text by -i FILE or a prompt by -p @FILE."],
    });
  }
}

async function run(
  context: CommandContext,
  config: string | undefined,
  { model, set, modules, stream, db, store, json, runId, onlyValid, events, ...flags }: RunFlags,
): Promise<CommandResult> {
  const objection = runId === "last"
    ? "be last, which means the newest run"
    : runId?.startsWith("-")
    ? "begin with -, as an option does"
    : undefined;
  if (objection !== undefined) {
    throw new ConfigurationError(`--run-id must not ${objection}`, { code: "reserved_run_id" });
  }
  const given = await readGiven(context, flags);
  return await startRun(context, { config, model, set, modules, stream, ...given }, {
    db,
    json,
    runId,
    onlyValid,
    events,
    ...(store === false && { store }),
  });
}

interface GivenTexts {
  readonly prompt: string | undefined;
  readonly input: string | undefined;
}

async function readGiven(
  context: CommandContext,
  flags: Pick<RunFlags, "prompt" | "input">,
): Promise<GivenTexts> {
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
