/**
 * Shortens a text by its least central sentences: those that share the fewest words with the others and with the task.
 *
 * @module
 */

import { countCodePoints, TextMeasures } from "../../text/measure.ts";
import { termsOf } from "../../text/words.ts";
import { type Block, joinBlocks } from "./blocks.ts";
import type { Demands, LengthDemand, LengthUnit } from "./demands.ts";
import { patternOf } from "./prohibited.ts";
import { splitSentences } from "./split_sentences.ts";

/** A sentence of a paragraph, or a whole item of a list. */
interface Unit {
  readonly block: number;
  /** The heading that it stands under. */
  readonly section: number;
  readonly text: string;
  readonly score: number;
  /** Items go only when no sentence is left to drop. */
  readonly tier: 0 | 1;
}

/** A word of the task counts as much as being shared with so many sentences. */
const TASK_WEIGHT = 3;
/** A number counts as much as so many shared words. */
const FACT_WEIGHT = 8;
/** Short sentences must not win by having few words. */
const LENGTH_DAMPING = 4;

const COMMON: ReadonlySet<string> = new Set(
  ("a an and are as at be but by can for from had has have he her his i if in is it its may not of on or our she so such than " +
    "that the their them then there these they this those to was we were which who will with you your").split(
      " ",
    ),
);

/**
 * Drops sentences until the text keeps its bounds, or nothing more can go. The first sentence stays, as it says what the text
 * is about, and so does the last one left of each section.
 *
 * @param blocks The text.
 * @param demands Its bounds, what must stay in it, and its task.
 * @returns The blocks; one that has lost all of its sentences is empty.
 */
export function shorten(blocks: readonly Block[], demands: Demands): Block[] {
  const shortener = new Shortener(blocks, demands);
  if (!shortener.isTooLong) return [...blocks];
  shortener.drop();
  shortener.giveBack();
  return shortener.rest();
}

/**
 * Lengths are kept by sums: the length of what is left is that of the whole less those of what was dropped. For words and
 * characters that is exact but for spaces at the edges, so the bounds hold.
 */
class Shortener {
  readonly #blocks: readonly Block[];
  readonly #demands: readonly LengthDemand[];
  readonly #units: readonly Unit[];
  readonly #unitLengths: readonly (readonly number[])[];
  readonly #lengths: number[];
  readonly #kept: ReadonlySet<number>;
  readonly #left = new Map<number, number>();
  readonly #dropped = new Set<number>();

  constructor(blocks: readonly Block[], { lengths, required, task }: Demands) {
    const measures = measuresOf(lengths);
    const measure = (text: string): number[] => measures.map((count) => count(text));
    this.#blocks = blocks;
    this.#demands = lengths;
    this.#lengths = measure(joinBlocks(blocks));
    this.#units = this.isTooLong ? unitsOf(blocks, task) : [];
    this.#kept = keptFor(this.#units, required);
    this.#unitLengths = this.#units.map((unit) => measure(unit.text.trim()));
    for (const { section } of this.#units) this.#left.set(section, (this.#left.get(section) ?? 0) + 1);
  }

  get isTooLong(): boolean {
    return this.#demands.some(({ max }, index) => max !== undefined && this.#lengths[index]! > max);
  }

  get #isTooShort(): boolean {
    return this.#demands.some(({ min }, index) => min !== undefined && this.#lengths[index]! < min);
  }

  /** Drops the least central units until the text fits. */
  drop(): void {
    for (const index of order(this.#units)) {
      if (!this.isTooLong) return;
      if (this.#kept.has(index) || this.#left.get(this.#units[index]!.section)! <= 1) continue;
      this.#take(index);
      if (this.#isTooShort) this.#restore(index);
    }
  }

  /** The last units dropped may have been longer than needed: what still fits comes back, the most central first. */
  giveBack(): void {
    if (this.isTooLong) return;
    for (const index of order(this.#units).reverse()) {
      if (!this.#dropped.has(index)) continue;
      this.#restore(index);
      if (this.isTooLong) this.#take(index);
    }
  }

  rest(): Block[] {
    const kept = new Map<number, string[]>();
    for (const index of this.#dropped) kept.set(this.#units[index]!.block, []);
    this.#units.forEach((unit, index) => {
      if (!this.#dropped.has(index)) kept.get(unit.block)?.push(unit.text);
    });
    return this.#blocks.map((block, number) => {
      const text = kept.get(number);
      return text === undefined ? block : { ...block, text: text.join("").replace(/\s+$/, "") };
    });
  }

  #take(index: number): void {
    this.#dropped.add(index);
    this.#shift(index, -1);
  }

  #restore(index: number): void {
    this.#dropped.delete(index);
    this.#shift(index, 1);
  }

  #shift(index: number, sign: 1 | -1): void {
    const { section } = this.#units[index]!;
    this.#left.set(section, this.#left.get(section)! + sign);
    this.#unitLengths[index]!.forEach((length, demand) => this.#lengths[demand]! += sign * length);
  }
}

function measuresOf(demands: readonly LengthDemand[]): ((text: string) => number)[] {
  const measures = new TextMeasures("en");
  const MEASURES: Readonly<Record<LengthUnit, (text: string) => number>> = {
    words: (text) => measures.words(text),
    sentences: (text) => measures.sentences(text),
    graphemes: (text) => measures.graphemes(text),
    codePoints: countCodePoints,
    utf16: (text) => text.length,
    bytes: (text) => new TextEncoder().encode(text).length,
  };
  return demands.map(({ unit }) => MEASURES[unit]);
}

/** The first sentence, and for each text that must stay the first sentence with it. */
function keptFor(units: readonly Unit[], required: readonly string[]): ReadonlySet<number> {
  const kept = new Set([Math.max(0, units.findIndex((unit) => unit.tier === 0))]);
  for (const text of required) {
    const pattern = patternOf([text]);
    kept.add(units.findIndex((unit) => unit.text.search(pattern) >= 0));
  }
  return kept;
}

function unitsOf(blocks: readonly Block[], task: string): Unit[] {
  let section = -1;
  const pieces = blocks.flatMap(({ kind, text }, block): Omit<Unit, "score">[] => {
    if (kind === "heading") section = block;
    if (kind === "item") return [{ block, section, text, tier: 1 }];
    return kind === "prose"
      ? splitSentences(text).map((sentence) => ({ block, section, text: sentence, tier: 0 }))
      : [];
  });
  const words = pieces.map((piece) => new Set(termsOf(piece.text).filter((word) => !COMMON.has(word))));
  const sentencesWith = new Map<string, number>();
  for (const set of words) {
    for (const word of set) sentencesWith.set(word, (sentencesWith.get(word) ?? 0) + 1);
  }
  const ofTask = new Set(termsOf(task));
  return pieces.map((piece, index) => {
    let shared = 0;
    for (const word of words[index]!) {
      shared += sentencesWith.get(word)! - 1 + (ofTask.has(word) ? TASK_WEIGHT : 0);
    }
    // A date, a version or an amount is seldom said twice, and is what a reader looks for.
    if (/\p{Nd}/u.test(piece.text)) shared += FACT_WEIGHT;
    return { ...piece, score: shared / (words[index]!.size + LENGTH_DAMPING) };
  });
}

/** The least central first; of equals, the later. */
function order(units: readonly Unit[]): number[] {
  return units.map((_, index) => index).sort((one, other) =>
    units[one]!.tier - units[other]!.tier || units[one]!.score - units[other]!.score || other - one
  );
}
