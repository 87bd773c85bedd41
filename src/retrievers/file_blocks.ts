/**
 * Cuts documents into the pieces that are found.
 *
 * @module
 */

import { UNSPACED } from "../text/words.ts";

/** A paragraph, a heading, or a page. */
export interface Block {
  /** Its text. */
  readonly text: string;
  /** Where it begins: the line, or the page of a PDF, from 1. */
  readonly place: number;
  /** Whether it is a heading. */
  readonly isHeading: boolean;
  /** Whether each line of its text is one of the file. */
  readonly keepsLines: boolean;
}

/** A piece of a document. */
export interface Chunk {
  /** Its text. */
  readonly text: string;
  /** Where it begins: the line, or the page of a PDF, from 1. */
  readonly place: number;
  /** The heading that it stands below. */
  readonly heading?: string;
}

const HEADING = /^ {0,3}#{1,6}[ \t]+\S/;
/** Makes a heading of the paragraph above it, unless that is a list or a quotation. */
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;
const LIST_OR_QUOTATION = /^\s*(?:[-*+>]|\d+[.)])(?:\s|$)/;
/** What follows on backticks has none, as it would be code within a line. */
const FENCE = /^[ \t]*(?:(`{3,})[^`]*|(~{3,}).*)$/;
const FRONT_MATTER_END = /^(?:---|\.\.\.)[ \t]*$/;

/**
 * Reads the paragraphs of a text.
 *
 * @param text The text.
 * @param isMarkdown Whether headings, fenced code and front matter are looked for.
 * @returns Its paragraphs and headings, in order.
 */
export function blocksOf(text: string, isMarkdown: boolean): Block[] {
  const all = text.split(/\r\n|\r|\n/);
  const blocks: Block[] = [];
  let lines: string[] = [];
  let first = 1;
  let fence: string | undefined;
  const end = (isHeading = false): void => {
    if (lines.length > 0) blocks.push({ text: lines.join("\n"), place: first, isHeading, keepsLines: true });
    lines = [];
  };
  const frontMatter = isMarkdown ? frontMatterLines(all) : 0;
  for (const [index, line] of all.entries()) {
    const isCode = fence !== undefined || index < frontMatter;
    if (isMarkdown && index >= frontMatter) fence = fenceAfter(line, fence);
    if (!isCode && line.trim() === "") end();
    else if (!isCode && isMarkdown && HEADING.test(line)) {
      end();
      const heading = line.replace(/^[ #\t]+|[ #\t]+$/g, "");
      blocks.push({ text: heading, place: index + 1, isHeading: true, keepsLines: true });
    } else if (!isCode && isMarkdown && UNDERLINE.test(line) && isHeadingText(lines)) end(true);
    else {
      if (lines.length === 0) first = index + 1;
      lines.push(line);
    }
    if (index === frontMatter - 1) end();
  }
  end();
  return blocks;
}

function isHeadingText(lines: readonly string[]): boolean {
  return lines.length > 0 && !LIST_OR_QUOTATION.test(lines[0]!);
}

/** The fence that is open after a line; it ends with one of its own kind that is no shorter. */
function fenceAfter(line: string, open: string | undefined): string | undefined {
  const [, backticks, tildes] = FENCE.exec(line) ?? [];
  const found = backticks ?? tildes;
  if (found === undefined || open === undefined) return found ?? open;
  const closes = found[0] === open[0] && found.length >= open.length && line.trim() === found;
  return closes ? undefined : open;
}

/** How many lines the front matter takes, which is data about the document. */
function frontMatterLines([begin = "", ...rest]: readonly string[]): number {
  if (!/^---[ \t]*$/.test(begin)) return 0;
  return rest.findIndex((line) => FRONT_MATTER_END.test(line)) + 2 || 0;
}

/**
 * Joins paragraphs to pieces of about one size. A piece begins at each heading; a paragraph that is too long is cut between words.
 *
 * @param blocks The paragraphs.
 * @param chunkWords The most words of a piece.
 * @returns The pieces, in order.
 */
export function chunksOf(blocks: readonly Block[], chunkWords: number): Chunk[] {
  const chunks: Chunk[] = [];
  let heading: string | undefined;
  let texts: string[] = [];
  let words = 0;
  let place = 1;
  const end = (): void => {
    if (texts.length > 0) chunks.push({ text: texts.join("\n\n"), place, ...(heading && { heading }) });
    texts = [];
    words = 0;
  };
  for (const block of blocks) {
    if (block.isHeading) {
      end();
      heading = block.text;
    }
    let line = block.place;
    for (const part of cut(block.text, chunkWords)) {
      if (words + part.length > chunkWords) end();
      if (texts.length === 0) place = line;
      const text = part.join("");
      texts.push(text.trimEnd());
      words += part.length;
      if (block.keepsLines) line += text.split("\n").length - 1;
    }
  }
  end();
  return chunks;
}

/** A word with the white space behind it; of scripts without spaces a character, with what is not of such a script behind it. */
const WORD = new RegExp(
  String.raw`^\s+|(?:${UNSPACED}(?:(?!${UNSPACED})\S)*|(?:(?!${UNSPACED})\S)+)\s*`,
  "gu",
);

function cut(text: string, chunkWords: number): string[][] {
  const words = text.match(WORD) ?? [];
  const parts: string[][] = [];
  for (let first = 0; first < words.length; first += chunkWords) {
    parts.push(words.slice(first, first + chunkWords));
  }
  return parts;
}
