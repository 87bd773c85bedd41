/**
 * The texts of which the vectors of values are made.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { piecesOf } from "../text/pieces.ts";
import { textsOf } from "./entry.ts";

/** The longest text that a vector is made of unless something is said, in UTF-16 code units. */
export const DEFAULT_TEXT_LENGTH = 8_000;

/** How much of a value a hit shows, in UTF-16 code units. */
const SNIPPET_LENGTH = 200;

/**
 * Joins the strings of a value, of which its vectors are made.
 *
 * @param value The value.
 * @returns The text, one string a line; empty when there is none.
 */
export function textOfValue(value: JsonValue): string {
  return textsOf(value).filter((text) => text.trim() !== "").join("\n");
}

/**
 * Shows how a piece of a value begins.
 *
 * @param value The value.
 * @param which The number of the piece, and how long pieces may be, in UTF-16 code units.
 * @returns One line of text.
 */
export function pieceSnippet(value: JsonValue, which: { piece: number; maxTextLength: number }): string {
  const pieces = piecesOf(textOfValue(value), which.maxTextLength);
  const text = (pieces[which.piece] ?? pieces.at(-1)!).replace(/\s+/g, " ").trim();
  const [start] = piecesOf(text, SNIPPET_LENGTH);
  return start!.length < text.length ? `${start!.trimEnd()}…` : text;
}
