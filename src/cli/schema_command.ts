/**
 * `sifaka schema`: the JSON Schema of a configuration.
 *
 * @module
 */

import type { Command } from "commander";
import { packageModule } from "../operation/package_module.ts";
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

async function schema({ log }: CommandContext, { output }: SchemaFlags): Promise<CommandResult> {
  // By its address, as Deno loads what stands in an import beforehand: no other command waits for it at its start.
  const { configSchema }: typeof import("../config/config_schema.ts") = await import(
    packageModule("config/config_schema")
  );
  const text = jsonOutput(configSchema());
  if (output === undefined) return { status: STATUS.ok, output: text };
  writeTextFile(output, text, { overwrite: true });
  log.notice(`wrote ${output}`);
  return { status: STATUS.ok };
}
