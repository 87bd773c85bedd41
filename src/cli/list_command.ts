/**
 * `sifaka list`: what was made, newest first.
 *
 * @module
 */

import type { Command } from "commander";
import { bestOf } from "../chain/policy.ts";
import { ThoughtStore } from "../storage/thought_store.ts";
import type { Thought } from "../thought/thought.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  jsonOutput,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { shortId } from "./ids.ts";
import { addCommonOptions, DB_OPTION, JSON_OPTION, wholeNumber } from "./options.ts";
import { withStore } from "./store.ts";
import { countWords, minute, plural, shortLine, table } from "./wording.ts";

interface ListFlags extends CommonOptions {
  readonly db?: string;
  readonly json?: boolean;
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  sifaka list
  sifaka list --limit 5 --db runs.db
  sifaka list --json | jq -r '.[0].text'`;

const DEFAULT_LIMIT = 20;
const TEXT_COLUMNS = 60;

/** Adds `list` to the program. */
export function defineList(program: Command, start: StartCommand): void {
  const command = program.command("list").description("List the runs, newest first, with their texts.")
    .option("--limit <N>", "at most so many", wholeNumber("--limit"), DEFAULT_LIMIT)
    .option(...DB_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((flags: ListFlags) => start(flags, (context) => list(context, flags)));
}

interface Row {
  readonly id: string;
  readonly timestamp: string;
  readonly iterations: number;
  readonly valid: boolean;
  readonly prompt: string;
  readonly text: string | undefined;
}

async function list(context: CommandContext, { db, json, limit }: ListFlags): Promise<CommandResult> {
  return await withStore(context, db, async (storage, label) => {
    const store = new ThoughtStore(storage);
    const chains = await store._chainsAsync();
    const rows: Row[] = [];
    for (const { chainId, timestamp } of chains.slice(0, limit)) {
      context.signal.throwIfAborted();
      const thoughts = await store._listAsync(chainId);
      if (thoughts.length > 0) rows.push(toRow(chainId, timestamp, thoughts));
    }
    if (json) return { status: STATUS.ok, output: jsonOutput(rows) };
    const hidden = chains.length - rows.length;
    if (chains.length === 0) context.log.notice(`there are no runs in ${label}`);
    else if (hidden > 0) context.log.notice(`not shown: ${plural(hidden, "older run")}; --limit shows more`);
    return { status: STATUS.ok, output: table(rows.map((row) => cells(row, context))) };
  });
}

function toRow(id: string, timestamp: string, thoughts: readonly Thought[]): Row {
  const best = bestOf(thoughts);
  const valid = Object.values(best.validationResults).every(({ passed }) => passed);
  return { id, timestamp, iterations: thoughts.length, valid, prompt: best.prompt, text: best.text };
}

function cells(row: Row, { paint }: CommandContext): string[] {
  const text = row.text ?? "";
  return [
    paint.strong(shortId(row.id)),
    minute(row.timestamp),
    row.valid ? paint.good("valid") : paint.bad("not valid"),
    `${row.iterations} it.`,
    `${countWords(text)} words`,
    paint.faint(shortLine(text, TEXT_COLUMNS)),
  ];
}
