/**
 * Short pieces of a text for messages, and where in the text something stands.
 *
 * @module
 */

import { TextMeasures } from "./measure.ts";
import { isHighSurrogate, isLowSurrogate } from "./unicode.ts";

/** A place in a text, as people count. */
export interface TextPosition {
  /** The line, from 1. */
  readonly line: number;
  /** The column in characters as a reader sees them, from 1. */
  readonly column: number;
}

/**
 * Finds the line and column of an index.
 *
 * @param text The text.
 * @param index A UTF-16 index.
 * @returns Its place.
 */
export function positionOf(text: string, index: number): TextPosition {
  return positionsIn(text)(index);
}

/**
 * Finds the lines and columns of many indices in one pass over the text.
 *
 * @param text The text.
 * @returns Finds the place of an index; each must not be smaller than the one before it.
 */
export function positionsIn(text: string): (index: number) => TextPosition {
  const measures = new TextMeasures();
  let line = 1;
  let column = 1;
  let at = 0;
  return (index) => {
    const lines = text.slice(at, index).split(/\r\n|\r|\n/);
    if (lines.length > 1) {
      line += lines.length - 1;
      column = 1;
    }
    column += measures.graphemes(lines.at(-1)!);
    at = index;
    return { line, column };
  };
}

/**
 * Cuts a text to a number of characters as a reader sees them.
 *
 * @param text The text.
 * @param graphemes How many to keep.
 * @returns The text, or its beginning and "…".
 */
export function shorten(text: string, graphemes: number): string {
  // A character hardly ever takes more than 16 code units; one that does may be cut.
  const start = text.slice(0, wholeEnd(text, graphemes * 16));
  if (start.length === text.length && text.length <= graphemes) return text;
  let count = 0;
  for (const { index } of new Intl.Segmenter("en").segment(start)) {
    if (count++ === graphemes) return `${start.slice(0, index)}…`;
  }
  return start.length < text.length ? `${start}…` : text;
}

/**
 * Quotes what stands in a text, with a little of what is around it, on one line.
 *
 * @param text The text.
 * @param span Where it begins and ends, in UTF-16 units.
 * @param around How many code units of context on each side. @default 0
 * @returns The quotation, in double quotes.
 */
export function quote(text: string, span: readonly [number, number], around = 0): string {
  const start = wholeStart(text, Math.max(0, span[0] - around));
  const end = wholeEnd(text, Math.min(text.length, span[1] + around));
  const cutBefore = around > 0 && start > 0 ? "…" : "";
  const cutAfter = around > 0 && end < text.length ? "…" : "";
  const shown = shorten(oneLine(text.slice(start, end)), EXCERPT_GRAPHEMES + 2 * around);
  return `"${cutBefore}${shown}${cutAfter}"`;
}

/** The longest excerpt of a match, in characters. */
const EXCERPT_GRAPHEMES = 60;

function oneLine(text: string): string {
  return text.replace(/[\r\n\t\u2028\u2029]+/g, " ");
}

function wholeStart(text: string, index: number): number {
  return isInsidePair(text, index) ? index - 1 : index;
}

function wholeEnd(text: string, index: number): number {
  return isInsidePair(text, index) ? index + 1 : index;
}

function isInsidePair(text: string, index: number): boolean {
  return index > 0 && isLowSurrogate(text.charCodeAt(index)) && isHighSurrogate(text.charCodeAt(index - 1));
}
