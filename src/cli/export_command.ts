/**
 * `sifaka export`: runs as JSONL for other programs, or as Markdown for people.
 *
 * @module
 */

import { type Command, Option } from "commander";
import { bestOf } from "../chain/policy.ts";
import { type ChainSummary, ThoughtStore } from "../storage/thought_store.ts";
import type { Thought } from "../thought/thought.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { findRun } from "./ids.ts";
import { addCommonOptions, DB_OPTION } from "./options.ts";
import { printable } from "./paint.ts";
import { withStore } from "./store.ts";
import { plural } from "./wording.ts";

interface ExportFlags extends CommonOptions {
  readonly db?: string;
  readonly format: "jsonl" | "markdown";
  readonly valid?: boolean;
}

const EXAMPLES = `
Examples:
  sifaka export > runs.jsonl                      every run, oldest first
  sifaka export --valid | jq -r .text             the texts that are valid
  sifaka export last --format markdown > run.md   one run to read`;

/** Adds `export` to the program. */
export function defineExport(program: Command, start: StartCommand): void {
  const command = program.command("export").argument(
    "[IDS...]",
    "the runs: beginnings of their ids, or last; all by default",
  )
    .description("Write runs to standard output, one a line as JSON or as Markdown.")
    .addOption(
      new Option("--format <FORMAT>", "how they are written").choices(["jsonl", "markdown"]).default("jsonl"),
    )
    .option("--valid", "only runs that ended with a valid text")
    .option(...DB_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((ids: string[], flags: ExportFlags) =>
    start(flags, (context) => exportRuns(context, ids, flags))
  );
}

async function exportRuns(
  context: CommandContext,
  ids: readonly string[],
  flags: ExportFlags,
): Promise<CommandResult> {
  return await withStore(context, flags.db, async (storage, label) => {
    const store = new ThoughtStore(storage);
    let written = 0;
    for (const { chainId } of await chosen(store, ids, label)) {
      context.signal.throwIfAborted();
      const thoughts = await store._listAsync(chainId);
      if (thoughts.length === 0) continue;
      const best = bestOf(thoughts);
      if (flags.valid && !best.valid) continue;
      const text = flags.format === "jsonl"
        ? line(chainId, thoughts, best)
        : section(chainId, thoughts, best);
      // One at a time: all runs of a large store would not fit into memory.
      await context.terminal.stdout.write(written++ > 0 && flags.format === "markdown" ? `\n${text}` : text);
    }
    context.log.notice(`exported ${plural(written, "run")} of ${label}`);
    return { status: STATUS.ok };
  });
}

async function chosen(store: ThoughtStore, ids: readonly string[], label: string): Promise<ChainSummary[]> {
  if (ids.length === 0) return (await store._chainsAsync()).reverse();
  const runs: ChainSummary[] = [];
  for (const id of ids) runs.push(await findRun(store, id, label));
  return runs;
}

function line(id: string, thoughts: readonly Thought[], best: Thought): string {
  // Each iteration stands in the list itself, so none needs the others as its history.
  const iterations = thoughts.map((thought) => ({ ...thought.toJSON(), history: [] }));
  const { prompt, text, valid } = best;
  return `${JSON.stringify({ id, prompt, text, valid, best: best.id, iterations })}\n`;
}

function section(id: string, thoughts: readonly Thought[], best: Thought): string {
  const parts = [`# Run ${id}`, block("Task", best.prompt)];
  for (const thought of thoughts) parts.push(iteration(thought, thought === best));
  return `${printable(parts.join("\n\n"))}\n`;
}

function iteration(thought: Thought, isBest: boolean): string {
  const { text = "", generation, timestamp } = thought;
  const origin = generation === undefined ? "the given text" : generation.model;
  const head = `## Iteration ${thought.iteration}${isBest ? " (the best)" : ""}\n\n${origin}, ${timestamp}`;
  const results = Object.values(thought.validationResults).flatMap((
    { validator, passed, message, issues },
  ) => [
    `- ${passed ? "passed" : "**failed**"} ${validator}: ${oneLine(message)}`,
    ...issues.map((issue) => `  - ${oneLine(issue)}`),
  ]);
  const feedback = thought.criticFeedback.flatMap(({ critic, summary, suggestions }) => [
    `- ${critic}: ${oneLine(summary)}`,
    ...suggestions.map((suggestion) => `  - ${oneLine(suggestion.text)}`),
  ]);
  return [head, block("Text", text), list("Validation", results), list("Critics", feedback)]
    .filter((part) => part !== "").join("\n\n");
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `### ${title}\n\n${items.join("\n")}`;
}

/** A text of somebody's in a fence that is longer than any of its own, so that it can neither end it nor become markup. */
function block(title: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `### ${title}\n\n${fence}text\n${text.trimEnd()}\n${fence}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
