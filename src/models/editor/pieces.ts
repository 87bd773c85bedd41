/**
 * Cuts long paragraphs into pieces that retext reads in a moment.
 *
 * @module
 */

import { splitSentences } from "./split_sentences.ts";

const LONGEST_PIECE = 4_000;

/**
 * Cuts a long paragraph between sentences; retext reads a few thousand characters in some hundredths of a second.
 *
 * @param text The paragraph.
 * @returns The pieces; joined they are the paragraph.
 */
export function pieces(text: string): string[] {
  if (text.length <= LONGEST_PIECE) return [text];
  const cut: string[] = [""];
  for (const sentence of splitSentences(text)) {
    if (cut.at(-1) !== "" && cut.at(-1)!.length + sentence.length > LONGEST_PIECE) cut.push("");
    cut[cut.length - 1] += sentence;
  }
  return cut;
}
