/**
 * How much room a text takes on a terminal.
 *
 * @module
 */

import stringWidth from "string-width";

/** The columns that a text takes; East Asian characters and emoji take two. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/**
 * Cuts the end off a text that does not fit.
 *
 * @param text One line without control characters.
 * @param columns How many columns there are.
 * @returns The text, or as much of it as fits with a `…`.
 */
export function fitColumns(text: string, columns: number): string {
  if (columns < 1) return "";
  if (displayWidth(text) <= columns) return text;
  let fitting = "";
  let taken = 1;
  for (const { segment } of new Intl.Segmenter("en").segment(text)) {
    taken += displayWidth(segment);
    if (taken > columns) break;
    fitting += segment;
  }
  return `${fitting.trimEnd()}…`;
}
