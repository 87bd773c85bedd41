/**
 * How close the style of a text is to another: what was measured, what was judged, and the arithmetic of both.
 *
 * @module
 */

import { measureStyle, sentencesOf, type StyleFacts } from "../text/stylometry.ts";
import { estimateTokens } from "../text/token_estimate.ts";
import { mean, tidy } from "./statistics.ts";

/** What is compared. */
export type StyleDimension = "vocabulary" | "structure" | "tone";

/** The dimensions in their order. */
export const DIMENSIONS: readonly StyleDimension[] = Object.freeze(["vocabulary", "structure", "tone"]);

/** How much each dimension counts. */
export interface StyleWeights {
  /** The choice of words. @default 0.3 */
  readonly vocabulary?: number;
  /** Sentences, paragraphs, lists. @default 0.3 */
  readonly structure?: number;
  /** How the writer speaks to the reader. @default 0.4 */
  readonly tone?: number;
}

/** For each measure, what it belongs to, and how large a difference makes two styles wholly unlike in it. */
const MEASURES: readonly [
  name: keyof StyleFacts,
  dimension: StyleDimension,
  unlike: number,
  label: string,
][] = [
  ["wordLength", "vocabulary", 2, "characters a word"],
  ["variety", "vocabulary", 0.3, "different words among 50"],
  ["contractions", "vocabulary", 4, "contractions for 100 words"],
  ["firstPerson", "vocabulary", 8, 'words such as "I" and "we" for 100 words'],
  ["secondPerson", "vocabulary", 8, 'words such as "you" for 100 words'],
  ["sentenceLength", "structure", 15, "words a sentence"],
  ["sentenceSpread", "structure", 10, "spread of the sentences' lengths, in words"],
  ["passives", "structure", 0.4, "share of sentences with a passive"],
  ["commas", "structure", 8, "commas for 100 words"],
  ["asides", "structure", 5, "semicolons, colons, dashes and brackets for 100 words"],
  ["exclamations", "structure", 3, "exclamation marks for 100 words"],
  ["questions", "structure", 3, "question marks for 100 words"],
  ["listLines", "structure", 0.6, "share of lines that are items of a list"],
  ["readability", "structure", 8, "years of schooling to read it"],
];

/** What was measured in a text and in what it should be like. */
export interface Measured {
  /** The text. */
  readonly draft: StyleFacts;
  /** What it should be like. */
  readonly reference: StyleFacts;
}

/** Measures both; `undefined` where one is too short, or there is nothing to compare with. */
export function measureBoth(draft: string, reference: string): Measured | undefined {
  const facts = { draft: measureStyle(draft), reference: measureStyle(reference) };
  return facts.draft === undefined || facts.reference === undefined
    ? undefined
    : { draft: facts.draft, reference: facts.reference };
}

/** How alike two styles are by their measures, 0 to 1 for each dimension that can be measured. */
export function localAlignment({ draft, reference }: Measured): Partial<Record<StyleDimension, number>> {
  const alike = (dimension: StyleDimension): number | undefined =>
    mean(
      MEASURES.filter((measure) => measure[1] === dimension)
        .map(([name, , unlike]) => Math.max(0, 1 - Math.abs(draft[name] - reference[name]) / unlike)),
    );
  return { vocabulary: alike("vocabulary"), structure: alike("structure") };
}

/** The measures in words, those that differ most first. */
export function measureLines({ draft, reference }: Measured): string {
  return MEASURES
    .map(([name, , unlike, label]) => {
      const apart = Math.abs(draft[name] - reference[name]) / unlike;
      return {
        apart,
        line: `- ${label}: ${shown(draft[name])}; it should be near ${shown(reference[name])}`,
      };
    })
    .sort((a, b) => b.apart - a.apart)
    .map(({ line }) => line)
    .join("\n");
}

function shown(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/**
 * Puts what was measured and what was judged together.
 *
 * @param judged The model's score of each dimension, 0 to 1.
 * @param local What was measured of each dimension, 0 to 1.
 * @param weights How much each dimension counts.
 * @returns Each dimension's alignment, the mean of both where both are known, and the weighted total.
 */
export function alignmentOf(
  judged: Partial<Record<StyleDimension, number>>,
  local: Partial<Record<StyleDimension, number>>,
  weights: Required<StyleWeights>,
): { readonly dimensions: Partial<Record<StyleDimension, number>>; readonly total: number | undefined } {
  const parts = DIMENSIONS.flatMap((name) => {
    const value = mean([judged[name], local[name]].filter((one) => one !== undefined));
    return value === undefined ? [] : [{ name, value: tidy(value) }];
  });
  return {
    dimensions: Object.fromEntries(parts.map(({ name, value }) => [name, value])),
    total: mean(parts.map(({ value }) => value), parts.map(({ name }) => weights[name])),
  };
}

/**
 * Shortens a text at the borders of its sentences: its beginning, its middle and its end, which may all be written differently.
 *
 * @param text The text.
 * @param maxTokens How long it may be, in tokens by estimate.
 * @returns The text, or three parts of it with marks of omission.
 */
export function shortenAtSentences(text: string, maxTokens: number): string {
  if (estimateTokens(text) <= maxTokens) return text;
  const sentences = sentencesOf(text);
  const part = Math.floor(maxTokens / 3);
  const middle = Math.floor(sentences.length / 3);
  const beginning = takeTokens(sentences, part);
  const end = takeTokens([...sentences].reverse(), part).reverse();
  const between = takeTokens(
    sentences.slice(Math.max(beginning.length, middle), sentences.length - end.length),
    part,
  );
  return [beginning, between, end].map((list) => list.join("").trim()).filter((one) => one !== "").join(
    "\n[…]\n",
  );
}

function takeTokens(sentences: readonly string[], maxTokens: number): string[] {
  const taken: string[] = [];
  let tokens = 0;
  for (const sentence of sentences) {
    tokens += estimateTokens(sentence);
    if (tokens > maxTokens && taken.length > 0) break;
    // A sentence without an end is cut like any long text: there is no border to cut it at.
    taken.push(tokens > maxTokens ? sentence.slice(0, 4 * maxTokens) : sentence);
  }
  return taken;
}
