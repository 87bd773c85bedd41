/**
 * The commands of the program, and how a mistake in typing them is answered.
 *
 * @module
 */

import { Command, CommanderError } from "commander";
import { ConfigurationError } from "../errors.ts";
import { show } from "../options.ts";
import type { Terminal } from "../runtime/terminal.ts";
import { hintFor } from "../text/nearest.ts";
import { defineBatch } from "./batch_command.ts";
import { defineCheck } from "./check_command.ts";
import { type StartCommand, STATUS } from "./command.ts";
import { defineCompletions } from "./completions_command.ts";
import { defineDiff } from "./diff_command.ts";
import { defineDoctor } from "./doctor_command.ts";
import { defineExport } from "./export_command.ts";
import { defineInit } from "./init_command.ts";
import { defineList } from "./list_command.ts";
import { defineModels } from "./models_command.ts";
import { definePrune } from "./prune_command.ts";
import { defineReplay, defineResume } from "./resume_command.ts";
import { defineRun } from "./run_command.ts";
import { defineRuns } from "./runs_command.ts";
import { defineSchema } from "./schema_command.ts";
import { defineSearch } from "./search_command.ts";
import { defineShow } from "./show_command.ts";

import { VERSION } from "./version.ts";
import { defineView } from "./view_command.ts";

const EXAMPLES = `
Examples:
  sifaka init && sifaka run         write a configuration and run it
  sifaka run -i draft.md            improve a text
  sifaka check draft.md             only check it
  sifaka batch in.csv -o out.jsonl  a chain for each line of a file
  sifaka resume                     go on with a run that was interrupted
  sifaka show last                  see what happened in the last run

\`sifaka COMMAND --help\` tells more.`;

const DEFAULT_COLUMNS = 100;

/**
 * Makes the program.
 *
 * @param terminal Gets the help.
 * @param start Starts a command.
 * @returns The program; it throws a `CommanderError` instead of ending the process.
 */
export function createProgram(terminal: Terminal, start: StartCommand): Command {
  const program = new Command("sifaka")
    .description("Language models write text that is almost right. Sifaka makes it right.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", EXAMPLES)
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => terminal.stdout.columns ?? DEFAULT_COLUMNS,
      getErrHelpWidth: () => DEFAULT_COLUMNS,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpCommand(false)
    .exitOverride();
  for (const define of COMMANDS) define(program, start);
  defineHelp(program);
  return program;
}

const COMMANDS = [
  defineRun,
  defineBatch,
  defineCheck,
  defineRuns,
  defineResume,
  defineReplay,
  defineList,
  defineShow,
  defineDiff,
  defineSearch,
  defineExport,
  definePrune,
  defineView,
  defineInit,
  defineSchema,
  defineModels,
  defineDoctor,
  defineCompletions,
];

/** The command `help`: that of commander answers a misspelt name with nothing. */
function defineHelp(program: Command): void {
  program.command("help").argument("[COMMAND]", "a command")
    .description("Print the help of a command.")
    .action((name: string | undefined) => {
      const commands = program.createHelp().visibleCommands(program);
      const found = name === undefined ? program : commands.find((command) => command.name() === name);
      if (found !== undefined) return found.outputHelp();
      const hint = hintFor(name!, commands.map((command) => command.name()));
      throw new ConfigurationError(`There is no command ${show(name)}; ${hint}`, { code: "unknown_command" });
    });
}

/** What commander threw, for the caller: a status, and a message unless it only printed help or the version. */
export interface UsageOutcome {
  /** The exit status. */
  readonly status: number;
  /** What is wrong. */
  readonly message?: string;
}

/**
 * Reads what commander threw.
 *
 * @param error What was thrown.
 * @returns The outcome; `undefined` when it is no error of commander's.
 */
export function usageOutcome(error: unknown): UsageOutcome | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  if (error.exitCode === 0) return { status: STATUS.ok };
  if (error.code === "commander.help") {
    return { status: STATUS.usage, message: "a command is needed; see sifaka --help" };
  }
  return {
    status: STATUS.usage,
    message: error.message.replace(/^error: /, "").replace(/\n\(Did you mean (.*)\)$/s, "; did you mean $1"),
  };
}
