/**
 * Cuts text into the words that search compares.
 *
 * Every index (in memory or in SQLite) holds what this file makes of a text, and every query passes through it too, so all
 * storages agree on what a word is. A word is a run of letters, digits and their marks. It is compared without regard to
 * case, accents and compatibility forms: "Café", "CAFE" and "ｃａｆｅ" are one word. Scripts that put no spaces between words
 * (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are cut into single characters; a query in them is looked up as a phrase.
 *
 * @module
 */

/** A word and where it stands. */
export interface Word {
  /** What is compared. */
  readonly term: string;
  /** Where it begins in the text, in UTF-16 code units. */
  readonly start: number;
  /** Where it ends, exclusive. */
  readonly end: number;
}

/** A longer run (a key, an encoded image) counts by its beginning alone; in UTF-16 code units. */
const LONGEST_TERM = 128;

/** A character of a script that puts no spaces between words, for a regular expression with the flag `u`. */
export const UNSPACED: string = String
  .raw`[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`;
/** Half-width Japanese writes its voicing marks as letters of their own. */
const HALF_WIDTH_MARKS = "\\uff9e\\uff9f";
const SOFT_HYPHEN = "\\u00ad";

const WORD = new RegExp(
  String.raw`(?=[\p{L}\p{N}])${UNSPACED}[\p{M}${HALF_WIDTH_MARKS}]*` +
    String.raw`|(?=[\p{L}\p{N}])(?:(?!${UNSPACED})[\p{L}\p{N}\p{M}${SOFT_HYPHEN}])+`,
  "gu",
);
const ASCII = /^\p{ASCII}*$/u;
const ASCII_WORDS = /[a-z0-9]+/g;

/** Accents, variation selectors and enclosing marks; й and ў are letters of their own and keep theirs. */
const DROPPED_MARKS = /([иуИУ]\u0306)|[\u0300-\u036f\ufe00-\ufe0f\u20d0-\u20ff\u{e0100}-\u{e01ef}]/gu;
/** What compatibility forms may bring along, such as the brackets of "⑴". */
const NOT_OF_A_WORD = /[^\p{L}\p{N}\p{M}]+/gu;

/**
 * Lists the words of a text as they are compared.
 *
 * @param text Any text.
 * @returns The words in order, repeated as they are.
 */
export function termsOf(text: string): string[] {
  if (ASCII.test(text)) return (text.toLowerCase().match(ASCII_WORDS) ?? []).map(cut);
  const terms: string[] = [];
  for (const found of text.match(WORD) ?? []) {
    const term = fold(found);
    if (term !== "") terms.push(term);
  }
  return terms;
}

/**
 * Lists the words of a text with their places.
 *
 * @param text Any text.
 * @returns The same words as {@linkcode termsOf} gives.
 */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: found, index } of text.matchAll(WORD)) {
    const term = fold(found);
    if (term !== "") words.push({ term, start: index, end: index + found.length });
  }
  return words;
}

/**
 * Folds one word to what is compared: no case, no accents, no compatibility forms. It holds no ASCII character but lower-case
 * letters and digits, so terms joined by spaces can be cut again at the spaces.
 */
function fold(word: string): string {
  if (ASCII.test(word)) return cut(word.toLowerCase());
  const plain = word.normalize("NFKD").replace(DROPPED_MARKS, "$1");
  // Upper case first: it also unites ß with ss, and the dotless ı with i.
  const folded = plain.toUpperCase().toLowerCase().replaceAll("ς", "σ");
  return cut(folded.normalize("NFC").replace(NOT_OF_A_WORD, ""));
}

function cut(term: string): string {
  if (term.length <= LONGEST_TERM) return term;
  const short = term.slice(0, LONGEST_TERM);
  return /[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short;
}
