/**
 * Reads a text in English so that rules about its words need not know how they are written: small letters, one space between
 * words, contractions in full, words that hide behind other signs brought to light.
 *
 * @module
 */

import { toComparable } from "../text/normalize.ts";

/** A text as rules read it. */
export interface PlainText {
  /** Words in small letters and signs (`. ! ? , ; : "`), each with a space before it and one after. */
  readonly text: string;
  /** The span of the original that a span of the text stands for, in UTF-16 units. */
  toOriginal(span: readonly [number, number]): readonly [number, number];
}

interface Piece {
  readonly plain: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /[\p{L}\p{N}@$](?:[\p{L}\p{N}\p{M}@$*]|[!'’](?=\p{L}))*|[.!?…]+|[,;:—–]|["“”„«»]|(?<![\p{L}\p{N}])['‘’]|['’](?![\p{L}\p{N}])|\n\s*\n/gu;
const SIGNS: Readonly<Record<string, string>> = { ",": ",", ";": ";", ":": ":", "—": ",", "–": "," };
/** What is written short; the ending `n't` and the like are taken apart by rule. */
const SHORT: Readonly<Record<string, string>> = {
  "can't": "can not",
  "won't": "will not",
  "shan't": "shall not",
  "ain't": "is not",
  "let's": "let us",
  "y'all": "you all",
  "cannot": "can not",
  "cant": "can not",
  "dont": "do not",
  "wont": "will not",
  "isnt": "is not",
  "arent": "are not",
  "doesnt": "does not",
  "didnt": "did not",
  "youre": "you are",
  "theyre": "they are",
  "im": "i am",
  "ive": "i have",
  "gonna": "going to",
  "wanna": "want to",
  "imma": "i am going to",
  "u": "you",
  "ya": "you",
  "r": "are",
  "ur": "your",
  "ppl": "people",
};
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/n't$/, " not"],
  [/'m$/, " am"],
  [/'re$/, " are"],
  [/'ll$/, " will"],
  [/'ve$/, " have"],
  [/'d$/, " would"],
];
const IS = /^(?:it|he|she|that|what|who|there|here|how|where|this|everyone|everybody|nobody)'s$/;
/** For each sign the letters it may stand for. */
const LETTERS_OF: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "il",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  "$": "s",
  "!": "i",
};
const LONGEST_KNOWN = 24;

/**
 * Reads texts with the words of some rules in mind: only these are brought to light where they are written in other signs
 * ("1d10t", "st*pid"), with letters drawn out ("stuuupid") or apart ("i d i o t").
 */
export class PlainReader {
  readonly #known: ReadonlySet<string>;
  readonly #byLength = new Map<number, string[]>();

  /**
   * Makes a reader.
   *
   * @param known The words of the rules, in small letters.
   */
  constructor(known: Iterable<string>) {
    this.#known = new Set(known);
    for (const word of this.#known) {
      this.#byLength.set(word.length, [...(this.#byLength.get(word.length) ?? []), word]);
    }
  }

  /**
   * Reads a text.
   *
   * @param original The text.
   * @returns The text as rules read it, and the way back.
   */
  read(original: string): PlainText {
    const comparable = toComparable(original, "confusables");
    const pieces = this.#joined(
      Array.from(comparable.text.matchAll(TOKEN), ({ 0: token, index }) => ({
        plain: this.#plain(token),
        start: index,
        end: index + token.length,
      })),
    );
    const starts: number[] = [];
    let length = 1;
    for (const { plain } of pieces) {
      starts.push(length);
      length += plain.length + 1;
    }
    const at = (offset: number): Piece => pieces[last(starts, offset)]!;
    return {
      text: ` ${pieces.map(({ plain }) => plain).join(" ")} `,
      toOriginal: ([start, end]) => comparable.toOriginal([at(start).start, at(end - 1).end]),
    };
  }

  #plain(token: string): string {
    if (/^[.!?…]/.test(token)) return token.includes("?") ? "?" : token.includes("!") ? "!" : ".";
    if (/^\s/.test(token)) return ".";
    const sign = SIGNS[token];
    if (sign !== undefined) return sign;
    if (/^["“”„«»'‘’]$/.test(token)) return '"';
    const word = token.toLowerCase().replaceAll("’", "'");
    return this.#broughtToLight(word) ?? inFull(word);
  }

  /** The known word behind other signs and drawn-out letters. */
  #broughtToLight(word: string): string | undefined {
    if (word.length > LONGEST_KNOWN * 2 || this.#known.has(word)) return undefined;
    if (/[a-z].*\*|\*.*[a-z]/.test(word)) return this.#masked(word);
    const isDrawnOut = /(.)\1\1/.test(word);
    if (!isDrawnOut && !(/[a-z]/.test(word) && /[0134570@$!]/.test(word))) return undefined;
    const shapes = isDrawnOut ? [word.replace(/(.)\1\1+/g, "$1"), word.replace(/(.)\1\1+/g, "$1$1")] : [word];
    return shapes.flatMap(asLetters).find((candidate) => this.#known.has(candidate));
  }

  #masked(word: string): string | undefined {
    // With less than half of the letters it could be many a word.
    if (word.replace(/[^a-z]/g, "").length * 2 < word.length) return undefined;
    const fits = (known: string): boolean =>
      Array.from(known).every((letter, index) => word[index] === "*" || word[index] === letter);
    return this.#byLength.get(word.length)?.find(fits);
  }

  /** Letters that stand apart are put together where they make a known word. */
  #joined(pieces: readonly Piece[]): Piece[] {
    const joined: Piece[] = [];
    for (let index = 0; index < pieces.length;) {
      const run = this.#run(pieces, index);
      joined.push(run ? { plain: run.word, start: pieces[index]!.start, end: run.end } : pieces[index]!);
      index += run?.count ?? 1;
    }
    return joined;
  }

  #run(pieces: readonly Piece[], from: number): { word: string; count: number; end: number } | undefined {
    let letters = "";
    let best: { word: string; count: number; end: number } | undefined;
    for (let index = from; index < pieces.length && letters.length < LONGEST_KNOWN; index++) {
      const { start, end } = pieces[index]!;
      if (end - start > 1 || (index > from && start - pieces[index - 1]!.end > 3)) break;
      // "you" and "are" of one letter are letters here.
      const letter = { you: "u", are: "r" }[pieces[index]!.plain] ?? pieces[index]!.plain;
      if (!/[a-z]/.test(letter)) break;
      letters += letter;
      if (letters.length > 2 && this.#known.has(letters)) {
        best = { word: letters, count: index - from + 1, end };
      }
    }
    return best;
  }
}

/** The words of some lists, and their plurals: what a {@linkcode PlainReader} is to know. */
export function wordsAndPlurals(...lists: readonly (readonly string[])[]): string[] {
  return lists.flat().flatMap((phrase) => phrase.split(" ")).flatMap((word) => [word, `${word}s`]);
}

function inFull(word: string): string {
  const short = SHORT[word];
  if (short !== undefined) return short;
  if (!word.includes("'")) return word;
  if (IS.test(word)) return word.replace("'s", " is");
  for (const [ending, full] of ENDINGS) if (ending.test(word)) return word.replace(ending, full);
  return word.replace(/'s$/, " 's");
}

/** A word with letters in the place of signs; "1" is tried as either of two. */
function asLetters(word: string): string[] {
  const written = (choice: number): string =>
    word.replace(/[0134570@$!]/g, (sign) => {
      const letters = LETTERS_OF[sign]!;
      return letters[choice % letters.length]!;
    });
  return [written(0), written(1)];
}

/** The index of the last number that is at most a given one. */
function last(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ascending[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
