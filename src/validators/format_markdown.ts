/**
 * Checks the structure of Markdown.
 *
 * @module
 */

import { type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { failed, type FormatOutcome, fulfilled } from "./format_outcome.ts";
import type { MarkdownFault, MarkdownRequest, MarkdownStructure } from "./markdown_structure.ts";
import { counted, sentence } from "./wording.ts";

/** What is asked of Markdown beside that nothing in it is broken. */
export interface MarkdownOptions {
  /** Whether there must be a heading. @default false */
  readonly requireHeading?: boolean;
  /** Whether there must be a list. @default false */
  readonly requireList?: boolean;
  /** Whether there must be a code block. @default false */
  readonly requireCodeBlock?: boolean;
  /** Whether there must be a table. @default false */
  readonly requireTable?: boolean;
  /** By how many levels a heading may be deeper than the one before it. @default no bound */
  readonly maxHeadingJump?: number;
  /** Whether a "#" without a space after it is a malformed heading rather than a hashtag. @default false */
  readonly strictHeadings?: boolean;
}

/** This many faults make the score 0. */
const FAULTS_FOR_ZERO = 10;
const NOTHING: MarkdownStructure = { headings: [], listItems: 0, codeBlocks: 0, tables: 0, faults: [] };

/**
 * Checks a Markdown text.
 *
 * @param text The text.
 * @param options What is asked of it.
 * @returns An operation of the outcome.
 */
export function* checkMarkdown(text: string, options: MarkdownOptions): Operation<FormatOutcome> {
  const structure = text.trim() === "" ? NOTHING : yield* readMarkdown(text, options.strictHeadings);
  const faults = [
    ...structure.faults,
    ...missing(structure, options),
    ...jumps(structure, options.maxHeadingJump),
  ];
  const { headings, listItems, codeBlocks, tables } = structure;
  const metadata = { headings: headings.length, listItems, codeBlocks, tables, faults: faults.length };
  if (faults.length === 0) return fulfilled("The text is well-formed Markdown.", metadata);
  const described = faults.map(({ line, message, repair }) => ({
    issue: sentence(line === undefined ? message : `line ${line}: ${message}`),
    suggestion: repair,
  }));
  return {
    ...failed(`The Markdown has ${counted(faults.length, "structural fault")}.`, described, metadata),
    score: Math.max(0, 1 - faults.length / FAULTS_FOR_ZERO),
  };
}

function readMarkdown(text: string, strictHeadings = false): Operation<MarkdownStructure> {
  const request: MarkdownRequest = { text, strictHeadings };
  return remote({ module: packageModule("validators/markdown_calls"), name: "read" }, request);
}

function missing(
  { headings, listItems, codeBlocks, tables }: MarkdownStructure,
  options: MarkdownOptions,
): MarkdownFault[] {
  const demands: [boolean | undefined, number, string, string][] = [
    [
      options.requireHeading,
      headings.length,
      "heading",
      "Add a heading: a line that begins with # and a space.",
    ],
    [options.requireList, listItems, "list", "Add a list: lines that begin with - and a space."],
    [options.requireCodeBlock, codeBlocks, "code block", "Add a code block between lines of ```."],
    [
      options.requireTable,
      tables,
      "table",
      "Add a table: a header row, a row of dashes, and rows of cells between bars.",
    ],
  ];
  return demands
    .filter(([required, count]) => required && count === 0)
    .map(([, , noun, repair]) => ({ message: `there is no ${noun}`, repair }));
}

function jumps({ headings }: MarkdownStructure, maxJump: number | undefined): MarkdownFault[] {
  if (maxJump === undefined) return [];
  return headings.flatMap(({ line, level }, index) => {
    const before = headings[index - 1]?.level ?? level;
    if (level - before <= maxJump) return [];
    return [{
      line,
      message: `a heading of level ${level} follows one of level ${before}`,
      repair: `Make the heading at line ${line} one of level ${before + maxJump}.`,
    }];
  });
}
