/**
 * Counts the signs of spam in a text.
 *
 * @module
 */

import { type ComparableText, toComparable } from "../text/normalize.ts";
import type { OwnTerms } from "./own_terms.ts";
import { SPAM_SIGNALS, type SpamFamily } from "./spam_signals.ts";

/** A sign in a text. */
export interface SpamFinding {
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** Its family. */
  readonly family: SpamFamily;
  /** How strong a sign it is. */
  readonly weight: number;
}

/** What was counted. */
export interface SpamFeatures {
  /** For each family that is there, how much of it: ln(1 + the sum of weights × (1 + 30 / words)), with 20 words at least. */
  readonly amounts: Readonly<Partial<Record<SpamFamily, number>>>;
  /** The signs that stand at a place, in order. */
  readonly findings: readonly SpamFinding[];
  /** Which share of the longer words is in capitals, 0 to 1. */
  readonly capitalShare: number;
  /** Links to a word. */
  readonly linkDensity: number;
}

const WORD = /\p{L}[\p{L}\p{M}'’]*/gu;
const LINK = /\bhttps?:\/\/|\bwww\./giu;
/** Words in capitals are counted among those of so many letters or more. */
const SHOUTED_LETTERS = 4;
const SHORT_TEXT = 20;
/** From this share of words in capitals on a text shouts. */
const SHOUTED_SHARE = 0.15;

/**
 * Counts the signs of spam in a text.
 *
 * @param original The text.
 * @param terms Words of the user's own; each is a plain sign of its family.
 * @returns How much of each family there is, and where.
 */
export function countSpam(original: string, terms: OwnTerms<SpamFamily>): SpamFeatures {
  const comparable = toComparable(original, "confusables");
  const { text } = comparable;
  const listed = terms.isEnglish ? terms.without(original, findSigns(comparable)) : [];
  const own = terms.find(original).map(({ start, end, kind }) => ({ start, end, family: kind, weight: 1 }));
  const findings = [...listed, ...own].sort((one, other) => one.start - other.start);
  const sums: Partial<Record<SpamFamily, number>> = {};
  for (const { family, weight } of findings) sums[family] = (sums[family] ?? 0) + weight;
  const words = text.match(WORD) ?? [];
  const capitalShare = shoutedShare(words);
  if (capitalShare > SHOUTED_SHARE) sums.shouting = 3 * capitalShare;
  // A short text with one link is not yet full of them.
  const linkDensity = (text.match(LINK)?.length ?? 0) / Math.max(SHORT_TEXT, words.length);
  if (linkDensity > 0) sums.link = (sums.link ?? 0) + 0.3 + 10 * linkDensity;
  // The shorter a text, the more each sign says.
  const factor = 1 + 30 / Math.max(SHORT_TEXT, words.length);
  const amounts = Object.fromEntries(
    Object.entries(sums).map(([family, sum]) => [family, Math.log1p(factor * sum)]),
  );
  return { amounts, findings, capitalShare, linkDensity };
}

function findSigns({ text, toOriginal }: ComparableText): SpamFinding[] {
  const found = SPAM_SIGNALS.flatMap(({ family, weight, pattern }) =>
    Array.from(text.matchAll(pattern), ({ 0: sign, index }) => {
      const [start, end] = toOriginal([index, index + sign.length]);
      return { start, end, family, weight };
    })
  );
  return found.sort((one, other) => one.start - other.start);
}

function shoutedShare(words: readonly string[]): number {
  const long = words.filter((word) => word.length >= SHOUTED_LETTERS);
  const shouted = long.filter((word) => word === word.toUpperCase() && word !== word.toLowerCase());
  return shouted.length < 2 ? 0 : shouted.length / long.length;
}
