/**
 * `sifaka search`: finds texts by their words.
 *
 * @module
 */

import type { Command } from "commander";
import { ThoughtStore } from "../storage/thought_store.ts";
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
import { refuseBlank } from "./read_text.ts";
import { withStore } from "./store.ts";
import { shortLine } from "./wording.ts";

interface SearchFlags extends CommonOptions {
  readonly db?: string;
  readonly json?: boolean;
  readonly limit: number;
}

const EXAMPLES = `
Every word must occur. "a phrase" in quotes, -word to leave out, word* for a beginning.

Examples:
  sifaka search lemur
  sifaka search '"release notes" -draft' --limit 3
  sifaka search 'migrat*' --json`;

const DEFAULT_LIMIT = 10;

/** Adds `search` to the program. */
export function defineSearch(program: Command, start: StartCommand): void {
  const command = program.command("search").argument("QUERY...", "the words to find")
    .description("Find texts of earlier runs by their words, best first.")
    .option("--limit <N>", "at most so many", wholeNumber("--limit"), DEFAULT_LIMIT)
    .option(...DB_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command)
    .action((words: string[], flags: SearchFlags) =>
      start(flags, (context) => search(context, words.join(" "), flags))
    );
}

async function search(
  context: CommandContext,
  query: string,
  { db, json, limit }: SearchFlags,
): Promise<CommandResult> {
  refuseBlank(query, "The query");
  return await withStore(context, db, async (storage, label) => {
    const hits = await new ThoughtStore(storage)._searchAsync(query, { limit });
    if (json) return { status: STATUS.ok, output: jsonOutput(hits) };
    if (hits.length === 0) context.log.notice(`nothing in ${label} has these words`);
    const { paint } = context;
    const lines = hits.map(({ chainId, thoughtId, iteration, snippet }) => {
      const marked = shortLine(snippet).replace(
        /«([^»]*)»/g,
        (whole, word: string) => paint.strong(whole === "" ? word : whole),
      );
      return `${paint.strong(shortId(chainId ?? thoughtId))}  iteration ${iteration}  ${marked}\n`;
    });
    return { status: STATUS.ok, output: lines.join("") };
  });
}
