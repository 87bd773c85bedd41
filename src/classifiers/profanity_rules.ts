/**
 * Finds profanity by whole words, masked words and words written letter by letter; what a list of strong words finds is handed
 * in.
 *
 * @module
 */

import { toComparable } from "../text/normalize.ts";
import {
  ENDINGS,
  MASKED_WORDS,
  MENTION,
  MILD,
  MILD_STEMS,
  PLAIN_NAMES,
  PLAIN_PLACES,
  UNMISTAKABLE,
} from "./profanity_words.ts";

/** How bad a word is. */
export type ProfanitySeverity = "mild" | "strong";

/** A profane word. */
export interface ProfanityFinding {
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** How bad it is. */
  readonly severity: ProfanitySeverity;
}

/** A word of a list, and where it stands. */
export interface ListedWord {
  /** Where it begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** The word of the list. */
  readonly stem: string;
}

/** Finds the words of a list of strong words, parts of longer words among them, however their letters are written. */
export type FindListed = (text: string) => readonly ListedWord[];

const LETTER_BY_LETTER = /(?<![\p{L}\p{N}])\p{L}(?:[ ._*-]{1,2}\p{L}){2,40}(?![\p{L}\p{N}])/gu;
const MASKED = /(?<![\p{L}\p{N}])\p{L}[\p{L}*#%]{2,20}/gu;
const OF_WORD = /[\p{L}\p{N}$@!]/u;
const LONGEST_WORD = 40;

/**
 * Finds the profane words of a text.
 *
 * @param original The text.
 * @param findListed Finds strong words.
 * @returns The words in order, none over another.
 */
export function findProfanity(original: string, findListed: FindListed): ProfanityFinding[] {
  const comparable = toComparable(original, "confusables");
  const text = inSmallLetters(comparable.text);
  // A mark for each unit, so that many plain places and many findings do not take the product of both.
  const plain = plainPlaces(text);
  const isPlain = ({ start, end }: ProfanityFinding): boolean => plain.subarray(start, end).includes(1);
  const isMentioned = ({ start, severity }: ProfanityFinding): boolean =>
    severity === "mild" && MENTION.test(text.slice(Math.max(0, start - 20), start));
  const found = [
    ...listed(text, findListed),
    ...MILD.flatMap((words) => spansOf(text, words)).map((span) => finding(span, "mild")),
    ...letterByLetter(text, findListed),
    ...masked(text),
  ].filter((one) => !isPlain(one) && !isMentioned(one));
  return withoutOverlaps(found).map(({ start, end, severity }) => {
    const [from, to] = comparable.toOriginal([start, end]);
    return { start: from, end: to, severity };
  });
}

/** Marks each unit that stands in a name or term in which a listed word is none. */
function plainPlaces(text: string): Uint8Array {
  const plain = new Uint8Array(text.length);
  for (const place of PLAIN_PLACES) for (const span of spansOf(text, place)) plain.fill(1, ...span);
  return plain;
}

/** Small letters where that keeps the length. */
function inSmallLetters(text: string): string {
  return text.replace(/\p{Lu}/gu, (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length ? small : letter;
  });
}

function finding([start, end]: readonly [number, number], severity: ProfanitySeverity): ProfanityFinding {
  return { start, end, severity };
}

function spansOf(text: string, pattern: RegExp): [number, number][] {
  return Array.from(text.matchAll(pattern), ({ 0: found, index }) => [index, index + found.length]);
}

/**
 * Finds the words of a list that are a whole word, with an ending at most, and no name or term.
 *
 * @param text A text in small letters without look-alikes.
 * @param findListed Finds strong words.
 * @returns The words, and which of the list each is.
 */
export function findStrongWords(text: string, findListed: FindListed): ListedWord[] {
  const plain = plainPlaces(text);
  return listed(text, findListed).filter(({ start, end }) => !plain.subarray(start, end).includes(1));
}

function listed(text: string, findListed: FindListed): (ProfanityFinding & ListedWord)[] {
  return findListed(text).flatMap(({ start, end, stem }) => {
    if (PLAIN_NAMES.has(stem)) return [];
    let from = start;
    let to = end;
    while (from > 0 && start - from < LONGEST_WORD && OF_WORD.test(text[from - 1]!)) from--;
    while (to < text.length && to - end < LONGEST_WORD && OF_WORD.test(text[to]!)) to++;
    while (to > end && text[to - 1] === "!") to--;
    const isWhole = UNMISTAKABLE.has(stem) || (from === start && ENDINGS.test(text.slice(end, to)));
    if (!isWhole) return [];
    return [{ ...finding([from, to], MILD_STEMS.has(stem) && to - end < 3 ? "mild" : "strong"), stem }];
  });
}

/** "d a m n", "s.h.i.t": letters with one or two signs between them, which make such a word together. */
function letterByLetter(text: string, findListed: FindListed): ProfanityFinding[] {
  return spansOf(text, LETTER_BY_LETTER).flatMap((span) => {
    const word = text.slice(...span).replace(/[^\p{L}]/gu, "");
    if (listed(word, findListed).length > 0) return [finding(span, "strong")];
    const isMild = MILD.some((words) => spansOf(word, words).some(([from, to]) => to - from === word.length));
    return isMild ? [finding(span, "mild")] : [];
  });
}

/** "f**k", "sh*t": signs in the place of letters. */
function masked(text: string): ProfanityFinding[] {
  return spansOf(text, MASKED).flatMap(([start, end]) => {
    const token = text.slice(start, end);
    if (!/[*#%]/.test(token)) return [];
    const hit = MASKED_WORDS.find(({ word }) => fits(token, word));
    return hit ? [finding([start, end], hit.severity)] : [];
  });
}

function fits(token: string, word: string): boolean {
  if (token.length !== word.length) return false;
  // One letter and stars could be any word, but for the two that are always written so.
  const letters = token.replace(/[*#%]/g, "").length;
  if (letters < 2 && word !== "fuck" && word !== "shit") return false;
  return Array.from(token).every((sign, index) => /[*#%]/.test(sign) || sign === word[index]);
}

/**
 * Makes one of what overlaps, as bad as the worse.
 *
 * @param findings The words.
 * @returns The words in order, none over another.
 */
export function withoutOverlaps(findings: readonly ProfanityFinding[]): ProfanityFinding[] {
  const merged: ProfanityFinding[] = [];
  for (const next of findings.toSorted((one, other) => one.start - other.start || other.end - one.end)) {
    const last = merged.at(-1);
    if (last === undefined || next.start >= last.end) {
      merged.push(next);
      continue;
    }
    const severity = last.severity === "strong" ? "strong" : next.severity;
    merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, next.end), severity };
  }
  return merged;
}
