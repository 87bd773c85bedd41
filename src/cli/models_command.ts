/**
 * `sifaka models`: the providers, and which of them have a key.
 *
 * @module
 */

import type { Command } from "commander";
import { type ProviderInfo, PROVIDERS } from "../models/providers.ts";
import { readEnvironment } from "../runtime/env.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  jsonOutput,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { addCommonOptions, JSON_OPTION } from "./options.ts";
import { table } from "./wording.ts";

interface ModelsFlags extends CommonOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
A key is never shown. Under Deno a variable that may not be read counts as denied.

Examples:
  sifaka models
  sifaka models --json`;

/** Adds `models` to the program. */
export function defineModels(program: Command, start: StartCommand): void {
  const command = program.command("models").description(
    "List the providers, and which of their keys are set.",
  )
    .option(...JSON_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((flags: ModelsFlags) => start(flags, (context) => models(context, flags)));
}

interface Row {
  readonly provider: string;
  readonly keyVariables: readonly string[];
  readonly key: "set" | "not set" | "denied" | "not needed";
  /** The variable that holds the key. */
  readonly variable?: string;
  readonly note: string;
}

function models({ paint, log }: CommandContext, { json }: ModelsFlags): Promise<CommandResult> {
  const rows = [...Object.values(PROVIDERS).map(rowOf), ...BUILT_IN];
  if (json) return Promise.resolve({ status: STATUS.ok, output: jsonOutput(rows) });
  const cells = rows.map(({ provider, key, variable, keyVariables, note }) => [
    paint.strong(provider),
    key === "set" ? paint.good(key) : key === "denied" ? paint.bad(key) : key,
    variable ?? keyVariables.join(", "),
    paint.faint(note),
  ]);
  const denied = rows.filter(({ key }) => key === "denied").flatMap(({ keyVariables }) => keyVariables);
  if (denied.length > 0) {
    log.notice(`Deno may not read some keys; let it by --allow-env=${[...new Set(denied)].join(",")}`);
  }
  return Promise.resolve({ status: STATUS.ok, output: table(cells) });
}

function rowOf({ id, keyVariables, keyRequired, baseUrl }: ProviderInfo): Row {
  const note = baseUrl ?? "needs a baseUrl";
  const readings = keyVariables.map((variable) => ({ variable, reading: readEnvironment(variable) }));
  const holder = readings.find(({ reading }) => reading.state === "set" && reading.value.trim() !== "");
  if (holder) return { provider: id, keyVariables, key: "set", variable: holder.variable, note };
  const denied = readings.some(({ reading }) => reading.state === "denied");
  return {
    provider: id,
    keyVariables,
    key: denied ? "denied" : keyRequired ? "not set" : "not needed",
    note,
  };
}

const BUILT_IN: readonly Row[] = [
  {
    provider: "editor",
    keyVariables: [],
    key: "not needed",
    note: "built in: edits a given text without a language model",
  },
  { provider: "mock", keyVariables: [], key: "not needed", note: "built in: answers from a script" },
];
