/**
 * What changed between two texts, word by word.
 *
 * @module
 */

import { diffWordsWithSpace } from "diff";

/** A stretch of text that stayed, went or came. */
export interface TextChange {
  /** What became of it. */
  readonly kind: "kept" | "removed" | "added";
  /** The text. */
  readonly text: string;
}

/**
 * Compares two texts.
 *
 * @param before The earlier text.
 * @param after The later text.
 * @returns What stayed, went and came, in order: all but what was added makes up the earlier text, all but what was removed
 * the later one.
 */
export function wordChanges(before: string, after: string): TextChange[] {
  // Words of languages that write none apart are found by the platform.
  const intlSegmenter = new Intl.Segmenter(undefined, { granularity: "word" });
  return diffWordsWithSpace(before, after, { intlSegmenter }).map(({ value, added, removed }) => ({
    kind: added ? "added" : removed ? "removed" : "kept",
    text: value,
  }));
}
