/**
 * Cuts prose into sentences without losing a character.
 *
 * @module
 */

import { goesOn } from "../../text/sentences.ts";

/**
 * Cuts a paragraph into sentences. A line break inside the paragraph ends none, as hard-wrapped text has many.
 *
 * @param text The paragraph.
 * @returns The sentences, each with the space after it; joined they are the paragraph.
 */
export function splitSentences(text: string): string[] {
  // A segmenter takes a line break for the end of a sentence; spaces of the same length keep the places.
  const flat = text.replace(/[\r\n]/g, " ");
  const sentences: string[] = [];
  let before = "";
  for (const { segment, index } of new Intl.Segmenter("en", { granularity: "sentence" }).segment(flat)) {
    const piece = text.slice(index, index + segment.length);
    const joined = sentences.length > 0 && (goesOn(before, segment) || !/[\p{L}\p{N}]/u.test(segment));
    if (joined) sentences[sentences.length - 1] += piece;
    else sentences.push(piece);
    before = segment;
  }
  return sentences;
}
