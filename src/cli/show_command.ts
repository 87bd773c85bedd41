/**
 * `sifaka show`: one run with its iterations.
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
import { findRun } from "./ids.ts";
import { addCommonOptions, DB_OPTION, JSON_OPTION } from "./options.ts";
import { printable } from "./paint.ts";
import { feedbackLines, resultLines } from "./progress.ts";
import { withStore } from "./store.ts";
import { countWords, indent, plural } from "./wording.ts";

interface ShowFlags extends CommonOptions {
  readonly db?: string;
  readonly json?: boolean;
  readonly text?: boolean;
}

const EXAMPLES = `
Examples:
  sifaka show last
  sifaka show 3f2a                  any beginning of an id that only one run has
  sifaka show last --text           the best text alone
  sifaka show last --json`;

/** Adds `show` to the program. */
export function defineShow(program: Command, start: StartCommand): void {
  const command = program.command("show").argument("ID", "the run: a beginning of its id, or last")
    .description("Show one run: every text, what the validators said, what the critics asked.")
    .option("--text", "print the best text alone")
    .option(...DB_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((id: string, flags: ShowFlags) =>
    start(flags, (context) => show(context, id, flags))
  );
}

async function show(context: CommandContext, id: string, flags: ShowFlags): Promise<CommandResult> {
  return await withStore(context, flags.db, async (storage, label) => {
    const store = new ThoughtStore(storage);
    const { chainId } = await findRun(store, id, label);
    const thoughts = await store._listAsync(chainId);
    const best = bestOf(thoughts);
    if (flags.text) return { status: STATUS.ok, output: withLineBreak(best.text ?? "") };
    if (flags.json) return { status: STATUS.ok, output: jsonOutput(document(chainId, thoughts, best)) };
    const parts = [
      header(chainId, best, context),
      ...thoughts.map((thought) => iterationText(thought, best, context)),
    ];
    return { status: STATUS.ok, output: parts.join("\n") };
  });
}

function withLineBreak(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function document(id: string, thoughts: readonly Thought[], best: Thought): Record<string, unknown> {
  // Each iteration stands in the list itself, so none needs the others as its history.
  const iterations = thoughts.map((thought) => ({ ...thought.toJSON(), history: [] }));
  return { id, best: best.id, iterations };
}

function header(id: string, best: Thought, { paint }: CommandContext): string {
  const lines = [
    `${paint.strong("run")} ${printable(id)}`,
    `${paint.strong("task")} ${indent(printable(best.prompt), 5).trimStart()}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function iterationText(thought: Thought, best: Thought, context: CommandContext): string {
  const { iteration, text = "", generation, timestamp, validationResults, criticFeedback } = thought;
  const { paint } = context;
  const origin = generation === undefined ? "the given text" : printable(generation.model);
  const mark = thought === best ? ", the best" : "";
  const head = paint.strong(`iteration ${iteration}: ${origin}, ${plural(countWords(text), "word")}${mark}`);
  const style = { paint, level: 1 } as const;
  const lines = [
    `${head} ${paint.faint(timestamp)}`,
    "",
    indent(printable(text).trimEnd(), 4),
    "",
    ...resultLines(Object.values(validationResults), style),
    ...feedbackLines(criticFeedback, style),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}
