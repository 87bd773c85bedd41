/**
 * How the valence of words becomes the sentiment of a text.
 *
 * The rules are those that lexicon methods share: a word counts by its valence; what negates it, strengthens it or weakens it
 * stands shortly before it in the same clause; of two clauses joined by "but" the second one counts more; capitals and
 * exclamation marks add a little. A sentence's sum is squeezed into −1 to 1, and a text is the mean of its sentences that say
 * anything.
 *
 * @module
 */

import type { ClassifiedSpan } from "./classification_result.ts";

/** Words and phrases of up to three words with their valence, −5 to 5. */
export type Valences = (term: string) => number | undefined;

/** What a text was found to say. */
export interface SentimentReading {
  /** −1 to 1. */
  readonly score: number;
  /** How many sentences speak for good and for bad. */
  readonly positive: number;
  /** How many speak for bad. */
  readonly negative: number;
  /** The words that count. */
  readonly spans: readonly ClassifiedSpan[];
}

const NEGATORS = new Set(
  ("not no never nothing nowhere none cannot cant dont doesnt didnt isnt wasnt arent werent wont wouldnt couldnt shouldnt " +
    "hasnt havent hadnt aint neither nor without hardly barely scarcely lacks lacking zero").split(" "),
);
/** They do not use up the words between a negation and what it negates: "I don't think it is great". */
const LIGHT = new Set(
  "a an the it is was be been are were this that these i we you they he she think believe feel at to of as so really very any all"
    .split(" "),
);
const BOOSTERS: Readonly<Record<string, number>> = {
  very: 1.3,
  really: 1.3,
  extremely: 1.5,
  absolutely: 1.5,
  incredibly: 1.5,
  totally: 1.4,
  completely: 1.4,
  so: 1.2,
  too: 1.1,
  highly: 1.3,
  truly: 1.3,
  super: 1.4,
  especially: 1.2,
  utterly: 1.5,
  remarkably: 1.3,
  exceptionally: 1.5,
  slightly: 0.6,
  somewhat: 0.7,
  fairly: 0.8,
  rather: 0.9,
  barely: 0.5,
  mildly: 0.6,
  partly: 0.7,
  kinda: 0.7,
  almost: 0.8,
};
const NEGATION_WINDOW = 3;
const NEGATED = -0.74;
const BEFORE_BUT = 0.5;
const AFTER_BUT = 1.5;
const CAPITALS = 1.25;
const EXCLAMATION = 0.3;
const MOST_EXCLAMATIONS = 3;
/** The sum at which a sentence is at about 0.7; as in VADER, on a scale of words of −4 to 4. */
const SQUEEZE = 15;
const MOST_SPANS = 50;

/**
 * Reads the sentiment of a text.
 *
 * @param text The text.
 * @param valences Knows the words.
 * @returns What it says.
 */
export function readSentiment(text: string, valences: Valences): SentimentReading {
  const spans: ClassifiedSpan[] = [];
  const scores: number[] = [];
  for (const { index, 0: sentence } of text.matchAll(/[^.!?\n…]+[.!?…]*/g)) {
    const sum = scoreSentence(sentence, index, valences, spans);
    if (sum !== 0) scores.push(sum / Math.sqrt(sum * sum + SQUEEZE));
  }
  const score = scores.length === 0 ? 0 : scores.reduce((sum, one) => sum + one, 0) / scores.length;
  const positive = scores.filter((one) => one > 0).length;
  return { score, positive, negative: scores.length - positive, spans: spans.slice(0, MOST_SPANS) };
}

/**
 * Joins what the passages of a text say.
 *
 * @param readings What each says, and where in the text it begins.
 * @returns What the text says: the mean of all its sentences that say anything.
 */
export function joinReadings(
  readings: readonly (readonly [reading: SentimentReading, start: number])[],
): SentimentReading {
  if (readings.length === 1) return readings[0]![0];
  const sum = (of: (reading: SentimentReading) => number): number =>
    readings.reduce((total, [reading]) => total + of(reading), 0);
  const positive = sum((reading) => reading.positive);
  const negative = sum((reading) => reading.negative);
  const score = sum((reading) => reading.score * (reading.positive + reading.negative)) /
    Math.max(1, positive + negative);
  const spans = readings.flatMap(([reading, offset]) =>
    reading.spans.map(({ start, end, ...rest }) => ({ start: start + offset, end: end + offset, ...rest }))
  );
  return { score, positive, negative, spans: spans.slice(0, MOST_SPANS) };
}

interface Token {
  readonly word: string;
  readonly written: string;
  readonly start: number;
}

function scoreSentence(
  sentence: string,
  offset: number,
  valences: Valences,
  spans: ClassifiedSpan[],
): number {
  const shouted = /\p{Lu}{2}/u.test(sentence) && !/\p{Ll}/u.test(sentence);
  const exclamations = Math.min(MOST_EXCLAMATIONS, sentence.match(/!/g)?.length ?? 0);
  let total = 0;
  let clauseStart = offset;
  for (const clause of sentence.split(/([,;:()]|\bbut\b|\bhowever\b|\balthough\b)/iu)) {
    if (/^(?:but|however)$/i.test(clause)) total *= BEFORE_BUT / AFTER_BUT;
    const tokens = tokensOf(clause, clauseStart);
    total += scoreClause(tokens, { valences, shouted, spans });
    clauseStart += clause.length;
  }
  if (/\b(?:but|however)\b/i.test(sentence)) total *= AFTER_BUT;
  return total === 0 ? 0 : total + Math.sign(total) * EXCLAMATION * exclamations;
}

function tokensOf(clause: string, start: number): Token[] {
  return [...clause.matchAll(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}]+)*|\p{Extended_Pictographic}/gu)].map((
    { index, 0: written },
  ) => ({ word: written.toLowerCase().replace(/['’]/g, ""), written, start: start + index }));
}

interface ClauseReading {
  readonly valences: Valences;
  readonly shouted: boolean;
  readonly spans: ClassifiedSpan[];
}

function scoreClause(tokens: readonly Token[], { valences, shouted, spans }: ClauseReading): number {
  let sum = 0;
  for (let index = 0; index < tokens.length; index++) {
    const found = longest(tokens, index, valences);
    if (found === undefined) continue;
    const { length, valence } = found;
    const first = tokens[index]!;
    const last = tokens[index + length - 1]!;
    let value = valence * (BOOSTERS[tokens[index - 1]?.word ?? ""] ?? 1);
    if (!shouted && /^\p{Lu}{2,}$/u.test(first.written)) value *= CAPITALS;
    if (isNegated(tokens, index)) value *= NEGATED;
    sum += value;
    const label = value > 0 ? "positive" : "negative";
    const weight = Math.round(Math.abs(value) * 100) / 100;
    if (weight > 0) spans.push({ start: first.start, end: last.start + last.written.length, label, weight });
    index += length - 1;
  }
  return sum;
}

function longest(
  tokens: readonly Token[],
  index: number,
  valences: Valences,
): { length: number; valence: number } | undefined {
  for (let length = Math.min(3, tokens.length - index); length > 0; length--) {
    const valence = valences(tokens.slice(index, index + length).map(({ word }) => word).join(" "));
    // A negation is no bad word by itself: "no problem".
    if (valence !== undefined && (length > 1 || !NEGATORS.has(tokens[index]!.word))) {
      return { length, valence };
    }
  }
  return undefined;
}

function isNegated(tokens: readonly Token[], index: number): boolean {
  let negated = false;
  for (let before = index - 1, left = NEGATION_WINDOW; before >= 0 && left > 0; before--) {
    const { word } = tokens[before]!;
    if (NEGATORS.has(word)) negated = !negated;
    if (!LIGHT.has(word)) left--;
  }
  return negated;
}
