/**
 * `sifaka init`: writes a configuration to start from.
 *
 * @module
 */

import type { Command } from "commander";
import { ConfigurationError } from "../errors.ts";
import { exists, writeTextFile } from "../runtime/files.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { DEFAULT_CONFIG } from "./config_file.ts";
import { addCommonOptions } from "./options.ts";
import { STARTER_CONFIG } from "./starter_config.ts";

interface InitFlags extends CommonOptions {
  readonly force?: boolean;
}

const EXAMPLES = `
Examples:
  sifaka init                       writes ${DEFAULT_CONFIG}
  sifaka init notes.yaml
  sifaka init --force               replaces what is there`;

/** Adds `init` to the program. */
export function defineInit(program: Command, start: StartCommand): void {
  const command = program.command("init").argument("[FILE]", "where", DEFAULT_CONFIG)
    .description("Write a commented configuration to start from.")
    .option("--force", "replace a file that exists")
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command)
    .action((file: string, flags: InitFlags) => start(flags, (context) => init(context, file, flags)));
}

function init({ log }: CommandContext, file: string, { force = false }: InitFlags): Promise<CommandResult> {
  if (!force && exists(file)) {
    throw new ConfigurationError(`Cannot write ${file} as it exists already`, {
      code: "file_exists",
      suggestions: ["Give another name, or --force to replace it."],
    });
  }
  writeTextFile(file, STARTER_CONFIG, { overwrite: force });
  const argument = file === DEFAULT_CONFIG ? "" : ` ${file}`;
  log.notice(`wrote ${file}; run it by: sifaka run${argument}`);
  log.notice("for completion in an editor: sifaka schema -o sifaka.schema.json");
  return Promise.resolve({ status: STATUS.ok });
}
