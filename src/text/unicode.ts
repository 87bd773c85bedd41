/**
 * What the validators need to know about characters: which belong to words, which scripts write without spaces, and how
 * letters compare without regard to case.
 *
 * @module
 */

const WORD_CHARACTER = /^[\p{L}\p{N}\p{M}_]$/u;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}]$/u;
const UNSPACED =
  /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}々〆ー]$/u;
/** Below it no code unit combines with another, but for CR LF. */
const FIRST_COMBINING = 0x300;
const NOT_INERT = /[^\0-\u02ff]/;

/**
 * Whether a text has only characters that no Unicode normalisation to NFC changes and that never combine.
 *
 * @param text The text.
 * @returns `true` for plain ASCII and Latin text.
 */
export function isInert(text: string): boolean {
  return !NOT_INERT.test(text);
}

/**
 * Whether a code unit can follow another one without becoming part of the same character.
 *
 * @param unit A UTF-16 code unit.
 * @returns `true` for everything below the first combining mark.
 */
export function startsCharacter(unit: number): boolean {
  return unit < FIRST_COMBINING;
}

/**
 * Whether a character can be part of a word: a letter, a digit, a mark on one, or an underscore.
 *
 * @param character One code point.
 * @returns `false` for the empty string.
 */
export function isWordCharacter(character: string): boolean {
  return WORD_CHARACTER.test(character);
}

/**
 * Whether a character is a letter or a digit.
 *
 * @param character One code point.
 * @returns `false` for the empty string.
 */
export function isLetterOrDigit(character: string): boolean {
  return LETTER_OR_DIGIT.test(character);
}

/**
 * Whether a character belongs to a script that is written without spaces, where a word's end cannot be seen.
 *
 * @param character One code point.
 * @returns `true` for Chinese, Japanese, Thai, Lao, Khmer, Burmese and Tibetan characters.
 */
export function isUnspaced(character: string): boolean {
  return UNSPACED.test(character);
}

/**
 * The code point that ends before an index.
 *
 * @param text The text.
 * @param index A UTF-16 index.
 * @returns The character, or "" at the start.
 */
export function characterBefore(text: string, index: number): string {
  if (index <= 0) return "";
  const isPair = index > 1 && isLowSurrogate(text.charCodeAt(index - 1)) &&
    isHighSurrogate(text.charCodeAt(index - 2));
  return text.slice(index - (isPair ? 2 : 1), index);
}

/**
 * The code point that begins at an index.
 *
 * @param text The text.
 * @param index A UTF-16 index.
 * @returns The character, or "" at the end.
 */
export function characterAt(text: string, index: number): string {
  const point = text.codePointAt(index);
  return point === undefined ? "" : String.fromCodePoint(point);
}

/** Whether a code unit is the first half of a pair. */
export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Whether a code unit is the second half of a pair. */
export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

const DOTLESS_I = 0x131;

/**
 * Folds the case of a code point as the `iu` flags of a regular expression do: two code points are equal without regard to
 * case when they fold to the same one. Never changes the number of code points, so "İ" and "ß" stay themselves.
 *
 * @param point A code point.
 * @returns The folded code point.
 */
export function foldCase(point: number): number {
  if (point < 0x80) return point >= 0x41 && point <= 0x5a ? point + 0x20 : point;
  if (point === DOTLESS_I) return point;
  return single(single(point, true), false);
}

function single(point: number, upper: boolean): number {
  const character = String.fromCodePoint(point);
  const changed = upper ? character.toUpperCase() : character.toLowerCase();
  const first = changed.codePointAt(0)!;
  return changed.length === (first > 0xffff ? 2 : 1) ? first : point;
}
