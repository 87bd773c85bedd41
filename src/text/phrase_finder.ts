/**
 * Finds many phrases in one pass over a text, however many there are (the algorithm of Aho and Corasick, 1975).
 *
 * The automaton reads symbols: code points, with case folded where case does not count, and any run of white space as one
 * space. All occurrences are found, overlapping ones too. Time is linear in the text and in the number of occurrences.
 *
 * @module
 */

import { foldCase } from "./unicode.ts";

/** Told of each occurrence: which phrase, and where it begins and ends in UTF-16 units. */
export type PhraseListener = (phrase: number, start: number, end: number) => void;

/** The symbol of characters that stand in no phrase. */
const OTHER = 0;
const SPACE = 0x20;
const ROOT = 0;
const NONE = -1;

/** Finds a fixed set of phrases. */
export class PhraseFinder {
  readonly #caseSensitive: boolean;
  /** The number of each symbol that stands in a phrase; those of ASCII in a table of their own. */
  readonly #symbols = new Map<number, number>();
  readonly #asciiSymbols: Int32Array = new Int32Array(128);
  /** What characters stand for; filled as they are met. */
  readonly #characterSymbols = new Map<number, number>();
  /** `state * width + symbol` → the next state. */
  readonly #next = new Map<number, number>();
  readonly #fromRoot: Int32Array;
  readonly #fallback: Int32Array;
  /** The phrase that ends in each state, and the nearest state on the way of fallbacks where one ends. */
  readonly #phrase: Int32Array;
  readonly #nextEnd: Int32Array;
  readonly #lengths: readonly number[];
  readonly #width: number;
  readonly #ringMask: number;

  /**
   * @param phrases The phrases; none may be empty, and no two equal.
   * @param caseSensitive Whether case counts.
   */
  constructor(phrases: readonly string[], caseSensitive: boolean) {
    this.#caseSensitive = caseSensitive;
    const symbolLists = phrases.map((phrase) => this.#readPhrase(phrase));
    this.#lengths = symbolLists.map((symbols) => symbols.length);
    this.#width = this.#symbols.size + 1;
    const most = this.#lengths.reduce((sum, length) => sum + length, 1);
    this.#phrase = new Int32Array(most).fill(NONE);
    this.#nextEnd = new Int32Array(most).fill(NONE);
    this.#fallback = new Int32Array(most);
    this.#fromRoot = new Int32Array(this.#width);
    this.#addPhrases(symbolLists);
    this.#link();
    this.#ringMask = 2 ** Math.ceil(Math.log2(Math.max(...this.#lengths, 1) + 1)) - 1;
    for (let point = 0; point < 128; point++) {
      this.#asciiSymbols[point] = this.#symbols.get(this.#fold(point)) ?? OTHER;
    }
  }

  /**
   * Finds all occurrences, in the order of their ends.
   *
   * @param text The text.
   * @param listener Told of each.
   */
  find(text: string, listener: PhraseListener): void {
    const starts = new Int32Array(this.#ringMask + 1);
    let state = ROOT;
    let count = 0;
    let afterSpace = false;
    for (let index = 0; index < text.length;) {
      const point = text.codePointAt(index)!;
      const start = index;
      index += point > 0xffff ? 2 : 1;
      if (isSpace(point)) {
        // A run of white space is one symbol; it ends where its first character does, and the rest is passed over.
        if (afterSpace) continue;
        afterSpace = true;
      } else afterSpace = false;
      starts[count++ & this.#ringMask] = start;
      const symbol = point < 128 ? this.#asciiSymbols[point]! : this.#symbolOf(point);
      state = this.#step(state, symbol);
      for (
        let at = this.#phrase[state]! >= 0 ? state : this.#nextEnd[state]!;
        at > ROOT;
        at = this.#nextEnd[at]!
      ) {
        const phrase = this.#phrase[at]!;
        listener(phrase, starts[(count - this.#lengths[phrase]!) & this.#ringMask]!, index);
      }
    }
  }

  #step(from: number, symbol: number): number {
    if (symbol === OTHER) return ROOT;
    for (let state = from; state !== ROOT; state = this.#fallback[state]!) {
      const next = this.#next.get(state * this.#width + symbol);
      if (next !== undefined) return next;
    }
    return this.#fromRoot[symbol]!;
  }

  #symbolOf(point: number): number {
    const known = this.#characterSymbols.get(point);
    if (known !== undefined) return known;
    const symbol = this.#symbols.get(this.#fold(point)) ?? OTHER;
    this.#characterSymbols.set(point, symbol);
    return symbol;
  }

  #fold(point: number): number {
    if (isSpace(point)) return SPACE;
    return this.#caseSensitive ? point : foldCase(point);
  }

  #readPhrase(phrase: string): number[] {
    return Array.from(phrase.replace(/\s+/g, " "), (character) => {
      const point = this.#fold(character.codePointAt(0)!);
      const symbol = this.#symbols.get(point) ?? this.#symbols.size + 1;
      this.#symbols.set(point, symbol);
      return symbol;
    });
  }

  #addPhrases(symbolLists: readonly (readonly number[])[]): void {
    let states = 1;
    symbolLists.forEach((symbols, phrase) => {
      let state = ROOT;
      for (const symbol of symbols) {
        const key = state * this.#width + symbol;
        let next = this.#next.get(key);
        if (next === undefined) {
          next = states++;
          this.#next.set(key, next);
          if (state === ROOT) this.#fromRoot[symbol] = next;
        }
        state = next;
      }
      this.#phrase[state] = phrase;
    });
  }

  /** Gives each state the one to fall back to. Keys come in the order of making, but not by depth: so by rounds. */
  #link(): void {
    const children = new Map<number, [symbol: number, child: number][]>();
    for (const [key, child] of this.#next) {
      const parent = Math.floor(key / this.#width);
      const list = children.get(parent) ?? [];
      list.push([key % this.#width, child]);
      children.set(parent, list);
    }
    const queue = [ROOT];
    for (const state of queue) {
      for (const [symbol, child] of children.get(state) ?? []) {
        const fallback = state === ROOT ? ROOT : this.#step(this.#fallback[state]!, symbol);
        this.#fallback[child] = fallback;
        this.#nextEnd[child] = this.#phrase[fallback]! >= 0 ? fallback : this.#nextEnd[fallback]!;
        queue.push(child);
      }
    }
  }
}

/**
 * The form in which two phrases are the same phrase.
 *
 * @param phrase A phrase.
 * @param caseSensitive Whether case counts.
 * @returns The phrase with its white space and, where it does not count, its case folded.
 */
export function foldPhrase(phrase: string, caseSensitive: boolean): string {
  const spaced = phrase.replace(/\s+/g, " ");
  if (caseSensitive) return spaced;
  return Array.from(spaced, (character) => String.fromCodePoint(foldCase(character.codePointAt(0)!))).join(
    "",
  );
}

function isSpace(point: number): boolean {
  if (point <= 0x20) return point === 0x20 || (point >= 0x09 && point <= 0x0d);
  if (point < 0xa0) return false;
  return point === 0xa0 || point === 0x1680 || (point >= 0x2000 && point <= 0x200a) || point === 0x2028 ||
    point === 0x2029 || point === 0x202f || point === 0x205f || point === 0x3000 || point === 0xfeff;
}
