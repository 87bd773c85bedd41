/**
 * Whether what was found in a text is a word of its own.
 *
 * @module
 */

import { characterAt, characterBefore, isLetterOrDigit, isUnspaced, isWordCharacter } from "./unicode.ts";

/**
 * Whether a span is not a part of a longer word. A side on which it ends in a sign, as "C++" does, need not end a word; nor
 * is there an end to be seen in scripts that are written without spaces.
 *
 * @param text The text.
 * @param start Where the span begins, in UTF-16 units.
 * @param end Where it ends.
 * @returns `false` when a letter, a digit or an underscore goes on before or after it.
 */
export function standsAlone(text: string, start: number, end: number): boolean {
  return !joins(characterBefore(text, start), characterAt(text, start)) &&
    !joins(characterAt(text, end), characterBefore(text, end));
}

/** Whether a character outside a span goes on with the word at the span's edge. */
function joins(outside: string, edge: string): boolean {
  if (outside === "" || !isWordCharacter(outside)) return false;
  const edgeIsOfWord = isLetterOrDigit(edge) || (edge !== "_" && isWordCharacter(edge));
  return edgeIsOfWord && !isUnspaced(outside) && !isUnspaced(edge);
}
