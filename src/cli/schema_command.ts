/**
 * `sifaka schema`: the JSON Schema of a configuration.
 *
 * @module
 */

import type { Command } from "commander";
import { configSchema } from "../config/config_schema.ts";
import { writeTextFile } from "../runtime/files.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  jsonOutput,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { addCommonOptions } from "./options.ts";

interface SchemaFlags extends CommonOptions {
  readonly output?: string;
}

const EXAMPLES = `
Examples:
  sifaka schema -o sifaka.schema.json
  sifaka schema | jq '.definitions.validator'`;

/** Adds `schema` to the program. */
export function defineSchema(program: Command, start: StartCommand): void {
  const command = program.command("schema").description("Print the JSON Schema of a configuration.")
    .option("-o, --output <FILE>", "write it to a file")
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((flags: SchemaFlags) => start(flags, (context) => schema(context, flags)));
}

function schema({ log }: CommandContext, { output }: SchemaFlags): Promise<CommandResult> {
  const text = jsonOutput(configSchema());
  if (output === undefined) return Promise.resolve({ status: STATUS.ok, output: text });
  writeTextFile(output, text, { overwrite: true });
  log.notice(`wrote ${output}`);
  return Promise.resolve({ status: STATUS.ok });
}
