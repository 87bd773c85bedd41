/**
 * `sifaka check`: only the validators, on a text that exists.
 *
 * @module
 */

import type { Command } from "commander";
import { ConfigurationError } from "../errors.ts";
import type { ValidationResult } from "../thought/validation_result.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  jsonOutput,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { type ConfigFlags, DEFAULT_CONFIG, readConfig } from "./config_file.ts";
import { addCommonOptions, collect, JSON_OPTION, WATCH_OPTION } from "./options.ts";
import { printable } from "./paint.ts";
import { readFileOrInput } from "./read_text.ts";
import { refuseInputWhileWatching, repeatOnChange } from "./watch.ts";
import { shortLine, table } from "./wording.ts";

interface CheckFlags extends CommonOptions, ConfigFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

const EXAMPLES = `
Examples:
  sifaka check draft.md --config notes.yaml
  sifaka check - --config notes.yaml < draft.md
  sifaka check draft.md --json
  sifaka check draft.md --watch     again at every change, while you write

Exit status: 0 the text is valid, 1 it is not, 2 usage or configuration.`;

const DEFAULT_TASK = "Check the text.";

/** Adds `check` to the program. */
export function defineCheck(program: Command, start: StartCommand): void {
  const command = program.command("check").argument("FILE", "the text; - for standard input")
    .description("Run only the validators of a configuration, on a text that exists.")
    .option("-c, --config <CONFIG>", "the configuration", DEFAULT_CONFIG)
    .option("--set <PATH=VALUE>", "put a value over the configuration's; can be given again", collect)
    .option("--no-modules", "forbid the configuration to load code")
    .option(...WATCH_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command)
    .action((file: string, flags: CheckFlags) =>
      start(flags, (context) => {
        if (!flags.watch) return check(context, file, flags);
        refuseInputWhileWatching(file);
        return repeatOnChange(context, (again) => check(again, file, flags));
      })
    );
}

async function check(context: CommandContext, file: string, flags: CheckFlags): Promise<CommandResult> {
  const config = await readConfig(context, flags.config, flags);
  if (!config.settings.validators?.length) {
    throw new ConfigurationError(`${flags.config} has no validators to check with`, {
      code: "no_validators",
    });
  }
  const input = await readFileOrInput(context, file);
  const chain = await config._createChainAsync({
    // Never asked: a text is given, and nothing may improve it.
    model: "editor",
    ...(config.settings.prompt === undefined ? { prompt: DEFAULT_TASK } : {}),
    // The task is not done, only shown to validators of one's own.
    allowMissingVariables: true,
    input,
    critics: [],
    modelRetrievers: [],
    criticRetrievers: [],
    fallbackModels: [],
    maxImprovementIterations: 0,
    ignoreStorage: true,
    onExhausted: "return",
  });
  const thought = await chain._runAsync({ signal: context.signal });
  const results = Object.values(thought.validationResults);
  const status = thought.valid ? STATUS.ok : STATUS.invalid;
  if (flags.json) return { status, output: jsonOutput({ file, valid: thought.valid, results }) };
  return { status, output: table(results.flatMap((result) => rows(result, context))) };
}

function rows(
  { validator, passed, message, issues, error }: ValidationResult,
  { paint }: CommandContext,
): string[][] {
  const verdict = error ? paint.bad("error") : passed ? paint.good("pass") : paint.bad("fail");
  const further = passed || error ? [] : issues.filter((issue) => issue !== message);
  return [
    [paint.strong(printable(validator)), verdict, shortLine(message)],
    ...further.map((issue) => ["", "", `- ${shortLine(issue)}`]),
  ];
}
