/**
 * Tells whether a text is plainly not in English, so that a lexicon of English words has nothing to say on it.
 *
 * @module
 */

import { normalizeFor } from "../text/normalize.ts";

/** More than this share of letters of another script, and the text is not English. */
const FOREIGN_LETTERS = 0.3;
/** With so many words and none that is common in English and in no other language nearby, it is not. */
const ENOUGH_WORDS = 12;
/** What is looked at, in UTF-16 units: enough to know. */
const LOOKED_AT = 4_000;
const COMMON =
  /\b(?:the|of|and|is|are|were|be|it|that|this|you|she|they|for|not|with|your|my|but|have|from|what|who|how|can|an|at|by|to)\b/i;

/**
 * Whether a text is plainly not in English: most of it in another script, or without any of the words that every English text
 * has. A short text in Latin letters is given the benefit of the doubt.
 *
 * @param text The text.
 * @returns `true` when it is not.
 */
export function isForeign(text: string): boolean {
  const sample = normalizeFor(text.slice(0, LOOKED_AT), "confusables");
  const letters = sample.match(/\p{L}/gu) ?? [];
  const latin = sample.match(/\p{Script=Latin}/gu) ?? [];
  if (letters.length - latin.length > letters.length * FOREIGN_LETTERS) return true;
  const words = sample.match(/\p{L}+/gu) ?? [];
  return words.length >= ENOUGH_WORDS && !COMMON.test(sample);
}
