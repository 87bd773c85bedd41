/**
 * Measures how a text is written, whatever it is about.
 *
 * The measures of contractions, passives and persons are English; in another language they are 0 for every text and tell nothing
 * apart. Rates are given for 100 words, so that texts of different lengths can be compared.
 *
 * @module
 */

import { goesOn } from "./sentences.ts";
import { wordsOf } from "./words.ts";

/** What was measured. */
export interface StyleFacts {
  /** Words a sentence, on average. */
  readonly sentenceLength: number;
  /** How far sentences differ from that average: the standard deviation, in words. */
  readonly sentenceSpread: number;
  /** Characters a word, on average. */
  readonly wordLength: number;
  /** Different words among 50 in a row, on average, as a share. */
  readonly variety: number;
  /** Contractions such as "don't", for 100 words. */
  readonly contractions: number;
  /** Sentences with a passive, as a share. */
  readonly passives: number;
  /** Words such as "I" and "we", for 100 words. */
  readonly firstPerson: number;
  /** Words such as "you", for 100 words. */
  readonly secondPerson: number;
  /** Commas, for 100 words. */
  readonly commas: number;
  /** Semicolons, colons, dashes and brackets, for 100 words. */
  readonly asides: number;
  /** Exclamation marks, for 100 words. */
  readonly exclamations: number;
  /** Question marks, for 100 words. */
  readonly questions: number;
  /** Lines that are items of a list, as a share. */
  readonly listLines: number;
  /** Years of schooling that reading it takes: the Automated Readability Index. */
  readonly readability: number;
}

/** Below so many words nothing can be said about a style. */
const FEWEST_WORDS = 30;
/** How much of a text is measured, in UTF-16 code units. */
const LONGEST = 40_000;
const LONGEST_LINE = 4_000;
const WINDOW = 50;

const CONTRACTION = /\p{L}['’](?:t|s|re|ve|ll|d|m)(?!\p{L})/giu;
const PASSIVE =
  /\b(?:am|is|are|was|were|be|been|being)\s+(?:\p{L}+ly\s+)?(?:\p{L}{2,}ed|made|done|seen|given|taken|written|known|shown|found|held|kept|built|sent|said|told|put|set|read|cut|lost|led|left|paid|born|chosen|driven|drawn)\b/iu;
const FIRST_PERSON = new Set(["i", "me", "my", "mine", "we", "us", "our", "ours", "myself", "ourselves"]);
const SECOND_PERSON = new Set(["you", "your", "yours", "yourself", "yourselves"]);
/** A line, or a part of a very long one, with the line breaks after it. */
const LINES = new RegExp(`([^\\n]{0,${LONGEST_LINE}})(\\n*)`, "g");
const LIST_LINE = /^\s*(?:[-*+•]|\d{1,3}[.)])\s/;

/**
 * Measures a text.
 *
 * @param text The text; of a long one the first 40,000 UTF-16 code units.
 * @returns What was measured, or `undefined` for fewer than 30 words.
 */
export function measureStyle(text: string): StyleFacts | undefined {
  const measured = text.slice(0, LONGEST);
  const words = wordsOf(measured).map(({ term }) => term);
  if (words.length < FEWEST_WORDS) return undefined;
  const sentences = sentencesOf(measured).map((sentence) => ({ sentence, words: wordsOf(sentence).length }))
    .filter((one) => one.words > 0);
  const lines = measured.split("\n").filter((line) => line.trim() !== "");
  const letters = words.reduce((sum, word) => sum + Array.from(word).length, 0);
  const perHundred = (count: number): number => 100 * count / words.length;
  const countOf = (pattern: RegExp): number => perHundred(measured.match(pattern)?.length ?? 0);
  const sentenceLength = words.length / sentences.length;
  const wordLength = letters / words.length;
  return {
    sentenceLength,
    sentenceSpread: Math.sqrt(average(sentences.map((one) => (one.words - sentenceLength) ** 2))),
    wordLength,
    variety: varietyOf(words),
    contractions: countOf(CONTRACTION),
    passives: average(sentences.map(({ sentence }) => PASSIVE.test(sentence) ? 1 : 0)),
    firstPerson: perHundred(words.filter((word) => FIRST_PERSON.has(word)).length),
    secondPerson: perHundred(words.filter((word) => SECOND_PERSON.has(word)).length),
    commas: countOf(/[,،、，]/g),
    asides: countOf(/[;:—–(（；：]/g),
    exclamations: countOf(/[!！]/g),
    questions: countOf(/[?？]/g),
    listLines: average(lines.map((line) => LIST_LINE.test(line) ? 1 : 0)),
    readability: 4.71 * wordLength + 0.5 * sentenceLength - 21.43,
  };
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The share of different words in windows of one length, since in a longer text more words repeat. */
function varietyOf(words: readonly string[]): number {
  const size = Math.min(WINDOW, words.length);
  const shares: number[] = [];
  for (let start = 0; start + size <= words.length; start += size) {
    shares.push(new Set(words.slice(start, start + size)).size / size);
  }
  return average(shares);
}

/**
 * Cuts a text into sentences. A line break ends one.
 *
 * @param text The text.
 * @returns The sentences with the blanks after them; joined, they are the text.
 */
export function sentencesOf(text: string): string[] {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  const sentences: string[] = [];
  // Line by line, as some runtimes take a time for a text that grows with the square of its length.
  for (const [, line = "", breaks = ""] of text.matchAll(LINES)) {
    const segments = line === "" ? [] : [...segmenter.segment(line)].map(({ segment }) => segment);
    let open = "";
    segments.forEach((segment, index) => {
      open += segment;
      const next = segments[index + 1];
      if (next !== undefined && goesOn(open, next)) return;
      sentences.push(next === undefined ? open + breaks : open);
      open = "";
    });
    if (line === "" && breaks !== "") sentences.push((sentences.pop() ?? "") + breaks);
  }
  return sentences;
}
