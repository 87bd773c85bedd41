/**
 * Finds what is broken inside a paragraph of Markdown: backticks that never close, and links to nowhere.
 *
 * @module
 */

import type { MarkdownFault } from "./markdown.ts";

/** A link or an image whose brackets hold nothing to go to. */
const EMPTY_TARGET = /\[[^[\]]*\]\(\s*(?:<\s*>\s*)?\)/g;

/**
 * Checks a paragraph.
 *
 * @param lines Its lines.
 * @param firstLine The number of the first, from 1.
 * @returns What is broken.
 */
export function inlineFaults(lines: readonly string[], firstLine: number): MarkdownFault[] {
  const text = lines.join("\n");
  if (!text.includes("`") && !text.includes("](")) return [];
  const { prose, lone } = withoutCode(text);
  const ticksAt = lineCounter(text, firstLine);
  const faults = lone.map(({ index, length }): MarkdownFault => {
    const line = ticksAt(index);
    const ticks = "`".repeat(Math.min(length, 10));
    const repair =
      `Close the code span at line ${line} with ${ticks}, or put a backslash before a plain backtick.`;
    return { kind: "code span", line, message: "a code span is opened but never closed", repair };
  });
  const linkAt = lineCounter(text, firstLine);
  for (const match of prose.matchAll(EMPTY_TARGET)) {
    const line = linkAt(match.index);
    const repair = `Give the link at line ${line} an address, or make it plain text.`;
    faults.push({ kind: "link", line, message: "a link has an empty target", repair });
  }
  return faults;
}

/** Gives the line of an index; asked in ascending order, it reads the text once. */
function lineCounter(text: string, firstLine: number): (index: number) => number {
  let line = firstLine;
  let next = text.indexOf("\n");
  return (index) => {
    for (; next >= 0 && next < index; next = text.indexOf("\n", next + 1)) line++;
    return line;
  };
}

interface Run {
  readonly index: number;
  readonly length: number;
}

/** Blanks the code spans of a text, keeping every index, and gives the runs of backticks that close nothing. */
function withoutCode(text: string): { prose: string; lone: readonly Run[] } {
  const runs: Run[] = [];
  for (const { index, 0: whole } of text.matchAll(/`+/g)) runs.push({ index, length: whole.length });
  // Where the runs of each length stand, last one first, so that the next one is taken off the end.
  const later = new Map<number, number[]>();
  for (let at = runs.length - 1; at >= 0; at--) {
    const list = later.get(runs[at]!.length) ?? [];
    list.push(at);
    later.set(runs[at]!.length, list);
  }
  const parts: string[] = [];
  const lone: Run[] = [];
  let end = 0;
  for (let at = 0; at < runs.length; at++) {
    const { index, length } = runs[at]!;
    const opens = isEscaped(text, index) ? length - 1 : length;
    if (opens === 0) continue;
    const closing = nextAfter(later.get(opens), at);
    if (closing === undefined) {
      lone.push({ index: index + length - opens, length: opens });
      continue;
    }
    const spanEnd = runs[closing]!.index + opens;
    parts.push(text.slice(end, index), " ".repeat(spanEnd - index));
    end = spanEnd;
    at = closing;
  }
  parts.push(text.slice(end));
  return { prose: parts.join(""), lone };
}

function nextAfter(places: number[] | undefined, at: number): number | undefined {
  while (places !== undefined && places.length > 0 && places.at(-1)! <= at) places.pop();
  return places?.at(-1);
}

/** Whether an odd number of backslashes stands before an index. */
function isEscaped(text: string, index: number): boolean {
  let slashes = 0;
  while (text[index - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1;
}
