/**
 * Cuts a Markdown text into blocks, so that the editor changes prose and leaves the rest alone.
 *
 * @module
 */

/**
 * A block of lines. `prose` is a paragraph and `item` one item of a list; a `heading` loses nothing but what must not stand
 * anywhere; `fixed` (code, tables, quotations, HTML, rules) is never touched, and neither is `blank`.
 */
export interface Block {
  /** What it is. */
  readonly kind: "prose" | "item" | "heading" | "fixed" | "blank";
  /** What comes before the text and stays: the mark of a heading or an item. */
  readonly prefix: string;
  /** The text, its last line break not included. */
  readonly text: string;
  /** The line break after it. */
  readonly end: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}(?:[ \t]+|$)/;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/;
/** Quotations, tables, HTML, link definitions and indented code. */
const FIXED = /^(?: {0,3}>| {0,3}\||[ \t]*<[a-zA-Z!/]| {0,3}\[[^\]]+\]:| {4}|\t)/;

/**
 * Cuts a text into blocks.
 *
 * @param text A Markdown text, or a plain one.
 * @returns The blocks; {@linkcode joinBlocks} gives the very same text back.
 */
export function splitBlocks(text: string): Block[] {
  const lines = text.split(/(?<=\n)/);
  const blocks: Block[] = [];
  let index = frontMatterEnd(lines);
  if (index > 0) blocks.push(block("fixed", lines.slice(0, index)));
  while (index < lines.length) {
    const next = blockAt(lines, index);
    blocks.push(next.block);
    index = next.end;
  }
  return blocks;
}

/**
 * Puts blocks together again.
 *
 * @param blocks The blocks.
 * @returns The text.
 */
export function joinBlocks(blocks: readonly Block[]): string {
  return blocks.map(({ prefix, text, end }) => prefix + text + end).join("");
}

/**
 * Removes blocks that have lost all of their text, with the blank lines that set them off.
 *
 * @param blocks The blocks.
 * @returns Those that are left.
 */
export function dropEmpty(blocks: readonly Block[]): Block[] {
  const kept: Block[] = [];
  for (const [index, block] of blocks.entries()) {
    const isEmpty = block.text === "" &&
      (block.kind === "prose" || block.kind === "item" || block.kind === "heading");
    // A blank line after a block that went is one too many when there is a blank line, or nothing, before it.
    const isSpare = block.kind === "blank" && index > 0 && blocks[index - 1]!.text === "" &&
      blocks[index - 1]!.kind !== "blank" && (kept.length === 0 || kept.at(-1)!.kind === "blank");
    if (!isEmpty && !isSpare) kept.push(block);
  }
  if (kept.length < blocks.length) { while (kept.at(-1)?.kind === "blank") kept.pop(); }
  return kept;
}

function blockAt(lines: readonly string[], start: number): { block: Block; end: number } {
  const first = lines[start]!;
  const take = (kind: Block["kind"], end: number, prefix = ""): { block: Block; end: number } => ({
    block: block(kind, lines.slice(start, end), prefix),
    end,
  });
  if (first.trim() === "") return take("blank", start + 1);
  const fence = FENCE.exec(first)?.[1];
  if (fence) return take("fixed", fenceEnd(lines, start + 1, fence));
  const heading = HEADING.exec(first)?.[0];
  if (heading !== undefined) return take("heading", start + 1, heading);
  if (RULE.test(trimEnd(first))) return take("fixed", start + 1);
  const item = ITEM.exec(first)?.[0];
  if (item !== undefined) return take("item", runEnd(lines, start + 1), item);
  if (FIXED.test(first)) return take("fixed", start + 1);
  const end = runEnd(lines, start + 1);
  const underlined = lines[end] !== undefined && UNDERLINE.test(trimEnd(lines[end]));
  if (underlined) return take("fixed", end + 1);
  const table = lines[start + 1];
  if (table !== undefined && /^[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-*:?[ \t]*)+$/.test(trimEnd(table))) {
    return take("fixed", end);
  }
  return take("prose", end);
}

/** The end of a paragraph: the first line that begins something else. */
function runEnd(lines: readonly string[], from: number): number {
  let end = from;
  while (end < lines.length && !interrupts(lines[end]!)) end++;
  return end;
}

function interrupts(line: string): boolean {
  const bare = trimEnd(line);
  return bare.trim() === "" || FENCE.test(bare) || HEADING.test(bare) || RULE.test(bare) || ITEM.test(bare) ||
    UNDERLINE.test(bare) || /^ {0,3}>/.test(bare);
}

function fenceEnd(lines: readonly string[], from: number, fence: string): number {
  const closing = new RegExp(`^ {0,3}${fence[0] === "~" ? "~" : "`"}{${fence.length},}[ \\t]*$`);
  for (let index = from; index < lines.length; index++) {
    if (closing.test(trimEnd(lines[index]!))) return index + 1;
  }
  return lines.length;
}

function frontMatterEnd(lines: readonly string[]): number {
  if (trimEnd(lines[0] ?? "") !== "---") return 0;
  for (let index = 1; index < lines.length; index++) if (trimEnd(lines[index]!) === "---") return index + 1;
  return 0;
}

function block(kind: Block["kind"], lines: readonly string[], prefix = ""): Block {
  const whole = lines.join("");
  const end = /\r?\n$/.exec(whole)?.[0] ?? "";
  return { kind, prefix, text: whole.slice(prefix.length, whole.length - end.length), end };
}

function trimEnd(line: string): string {
  return line.replace(/[ \t\r\n]+$/, "");
}
