/**
 * `sifaka diff`: what changed between the iterations of a run.
 *
 * @module
 */

import type { Command } from "commander";
import { ConfigurationError } from "../errors.ts";
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
import { addCommonOptions, DB_OPTION, JSON_OPTION, wholeNumber } from "./options.ts";
import { printable } from "./paint.ts";
import { withStore } from "./store.ts";
import { plural } from "./wording.ts";
import { type TextChange, wordChanges } from "../viewer/word_diff.ts";

interface DiffFlags extends CommonOptions {
  readonly db?: string;
  readonly json?: boolean;
}

interface Arguments {
  readonly id: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

interface Comparison {
  readonly from: Thought;
  readonly to: Thought;
  readonly changes: readonly TextChange[];
}

const EXAMPLES = `
Examples:
  sifaka diff last                  each iteration against the one before it
  sifaka diff last 0 3              the first text against that of iteration 3
  sifaka diff last 2                iteration 2 against the one before it
  sifaka diff last --json

Without colours, what went stands in [-…-] and what came in {+…+}, as in \`git diff --word-diff\`.`;

/** Adds `diff` to the program. */
export function defineDiff(program: Command, start: StartCommand): void {
  const command = program.command("diff").argument("ID", "the run: a beginning of its id, or last")
    .argument("[A]", "an iteration", wholeNumber("A", 0))
    .argument("[B]", "another iteration", wholeNumber("B", 0))
    .description("Show word by word what changed between the iterations of a run.")
    .option(...DB_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((
    id: string,
    a: number | undefined,
    b: number | undefined,
    flags: DiffFlags,
  ) => start(flags, (context) => diff(context, { id, from: a, to: b }, flags)));
}

async function diff(context: CommandContext, asked: Arguments, flags: DiffFlags): Promise<CommandResult> {
  return await withStore(context, flags.db, async (storage, label) => {
    const store = new ThoughtStore(storage);
    const { chainId } = await findRun(store, asked.id, label);
    const thoughts = await store._listAsync(chainId);
    const comparisons = pairs(thoughts, asked).map(([from, to]) => compare(from, to));
    if (flags.json) return { status: STATUS.ok, output: jsonOutput(comparisons.map(document)) };
    if (comparisons.length === 0) {
      context.log.notice(`run ${chainId} has one iteration: there is nothing to compare`);
    }
    return { status: STATUS.ok, output: comparisons.map((one) => comparisonText(one, context)).join("\n") };
  });
}

function pairs(thoughts: readonly Thought[], { from, to }: Arguments): [Thought, Thought][] {
  if (from === undefined) return thoughts.slice(1).map((thought, index) => [thoughts[index]!, thought]);
  if (to === undefined) return [[find(thoughts, from - 1), find(thoughts, from)]];
  return [[find(thoughts, from), find(thoughts, to)]];
}

function find(thoughts: readonly Thought[], iteration: number): Thought {
  const found = thoughts.find((thought) => thought.iteration === iteration);
  if (found) return found;
  const [first, last] = [thoughts[0]!.iteration, thoughts.at(-1)!.iteration];
  throw new ConfigurationError(`The run has no iteration ${iteration}: it has ${first} to ${last}`, {
    code: "unknown_iteration",
  });
}

function compare(from: Thought, to: Thought): Comparison {
  return { from, to, changes: wordChanges(from.text ?? "", to.text ?? "") };
}

function document({ from, to, changes }: Comparison): Record<string, unknown> {
  return { from: from.iteration, to: to.iteration, changes };
}

function comparisonText({ from, to, changes }: Comparison, { paint }: CommandContext): string {
  const count = changes.filter(({ kind }) => kind !== "kept").length;
  const head = `iteration ${from.iteration} → ${to.iteration}: ${plural(count, "change")}`;
  const marked = changes.map(({ kind, text }) => {
    const safe = printable(text);
    if (kind === "kept") return safe;
    if (kind === "removed") return paint.bad(paint.colored ? safe : `[-${safe}-]`);
    return paint.good(paint.colored ? safe : `{+${safe}+}`);
  });
  return `${paint.strong(head)}\n\n${marked.join("").trimEnd()}\n`;
}
