/**
 * Cuts very long texts into passages that can be read one after another, as people's texts are: at the end of a sentence.
 *
 * @module
 */

import { piecesOf } from "./pieces.ts";

/** A part of a text. */
export interface Passage {
  /** What it says. */
  readonly text: string;
  /** Where in the text it begins, in UTF-16 units. */
  readonly start: number;
}

/** The longest passage, in UTF-16 units; shorter texts are never cut. */
const LONGEST = 65_536;
const END_OF_SENTENCE = /[.!?…。！？]["'”’»)]{0,3}\s|\n/gu;

/**
 * Cuts a text: at the end of a sentence in the last quarter of a passage, else behind a space there, else anywhere.
 *
 * @param text The text.
 * @returns The passages in order; together they are the text.
 */
export function* passagesOf(text: string): Generator<Passage> {
  let start = 0;
  while (text.length - start > LONGEST) {
    const end = start + lengthOf(text.slice(start, start + LONGEST + 1));
    yield { text: text.slice(start, end), start };
    start = end;
  }
  yield { text: text.slice(start), start };
}

function lengthOf(part: string): number {
  const quarter = LONGEST * 3 / 4;
  let end = 0;
  for (const { index, 0: sign } of part.slice(quarter, LONGEST).matchAll(END_OF_SENTENCE)) {
    end = quarter + index + sign.length;
  }
  return end || piecesOf(part, LONGEST)[0]!.length;
}
