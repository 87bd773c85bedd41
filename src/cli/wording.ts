/**
 * Words for numbers, times, long texts and what is to be typed.
 *
 * @module
 */

import { printable } from "./paint.ts";

export { countWords, money, plural, seconds } from "../text/wording.ts";

const MOST_CHARACTERS = 200;

/**
 * Makes one line of a text: line breaks become spaces, and its end is cut off where it is long.
 *
 * @param text The text.
 * @param most The most characters.
 * @returns The line.
 */
export function shortLine(text: string, most: number = MOST_CHARACTERS): string {
  const characters = Array.from(printable(text.slice(0, 4 * most)).replace(/\s+/g, " ").trim());
  const isCut = characters.length > most || text.length > 4 * most;
  return isCut ? `${characters.slice(0, most - 1).join("").trimEnd()}…` : characters.join("");
}

/**
 * Writes a word as it must be typed in a shell.
 *
 * @param word The word.
 */
export function typed(word: string): string {
  return /^[\w.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Writes an instant to the minute, in UTC: `2026-01-02 10:00Z` for `2026-01-02T10:00:00.000Z`. */
export function minute(timestamp: string): string {
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)}Z`;
}

/** Puts spaces before every line of a text that is not empty. */
export function indent(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(columns));
}

/**
 * Lays out rows in columns.
 *
 * @param rows The cells; the last of a row is not padded.
 * @returns One line a row.
 */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => widths[index] = Math.max(widths[index] ?? 0, visibleLength(cell)));
  }
  const lines = rows.map((row) =>
    row.map((cell, index) =>
      index === row.length - 1 ? cell : cell + " ".repeat(widths[index]! - visibleLength(cell))
    )
      .join("  ").trimEnd()
  );
  return lines.map((line) => `${line}\n`).join("");
}

// deno-lint-ignore no-control-regex
const COLOR = /\x1b\[[0-9]+m/g;

function visibleLength(cell: string): number {
  return Array.from(cell.replace(COLOR, "")).length;
}
