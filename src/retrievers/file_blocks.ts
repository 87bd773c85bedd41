/**
 * Cuts documents into the pieces that are found.
 *
 * @module
 */

/** A paragraph, a heading, or a page. */
export interface Block {
  /** Its text. */
  readonly text: string;
  /** Where it begins: the line, or the page of a PDF, from 1. */
  readonly place: number;
  /** Whether it is a heading. */
  readonly isHeading: boolean;
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
const FENCE = /^[ \t]*(?:```|~~~)/;

/**
 * Reads the paragraphs of a text.
 *
 * @param text The text.
 * @param isMarkdown Whether `#` makes a heading, and a fence keeps blank lines together.
 * @returns Its paragraphs and headings, in order.
 */
export function blocksOf(text: string, isMarkdown: boolean): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let first = 1;
  let inFence = false;
  const end = (): void => {
    if (lines.length > 0) blocks.push({ text: lines.join("\n"), place: first, isHeading: false });
    lines = [];
  };
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (isMarkdown && FENCE.test(line)) inFence = !inFence;
    if (!inFence && line.trim() === "") end();
    else if (!inFence && isMarkdown && HEADING.test(line)) {
      end();
      blocks.push({ text: line.replace(/^[ #\t]+|[ #\t]+$/g, ""), place: index + 1, isHeading: true });
    } else {
      if (lines.length === 0) first = index + 1;
      lines.push(line);
    }
  }
  end();
  return blocks;
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
    for (const text of cut(block.text, chunkWords)) {
      const count = countWords(text);
      if (words + count > chunkWords) end();
      if (texts.length === 0) place = block.place;
      texts.push(text);
      words += count;
    }
  }
  end();
  return chunks;
}

function countWords(text: string): number {
  return text.split(/\s+/).length;
}

function cut(text: string, chunkWords: number): string[] {
  if (countWords(text) <= chunkWords) return [text];
  const words = text.trim().split(/\s+/);
  const parts: string[] = [];
  for (let first = 0; first < words.length; first += chunkWords) {
    parts.push(words.slice(first, first + chunkWords).join(" "));
  }
  return parts;
}
