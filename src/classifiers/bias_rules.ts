/**
 * Finds prejudice in a text: judgements of groups of people as such.
 *
 * @module
 */

import { BIAS_PATTERNS } from "./bias_patterns.ts";
import { categoryOf, type IdentityCategory } from "./identity_groups.ts";
import { PlainReader } from "./plain_reader.ts";
import { SHARE_OF_STANCE, StanceReader } from "./reported.ts";

/** A judgement of a group. */
export interface BiasFinding {
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** What makes the people a group. */
  readonly category: IdentityCategory;
  /** How much evidence it is. */
  readonly weight: number;
}

/** Words in disguise are not looked for: prejudice is not ashamed of its words. */
const READER = new PlainReader([]);
/** How much one judgement is evidence of. */
export const JUDGEMENT = 1.4;
/** With these it is said of every one of them, or of their nature. */
const SWEEPING = 0.6;
const SWEEPS =
  /\b(?:all|every|always|never|naturally|inherently|by nature|born|everyone knows|everybody knows|of course|obviously|typical)\b/;
/** What is counted is no prejudice, as it seems. */
const COUNTED =
  /\b(?:percent|per cent|study|studies|survey|surveys|surveyed|statistics|data|according to|on average|researchers|sample|census|rates?|likely|poll|polls)\b|\d ?%/;
const COUNTED_SHARE = 0.3;
/** How far around a judgement its sentence is looked at, in UTF-16 units of plain text. */
const REACH = 120;

/**
 * Finds judgements of groups in a text.
 *
 * @param original The text.
 * @returns What was found in order, the longest of what overlaps.
 */
export function findBias(original: string): BiasFinding[] {
  const plain = READER.read(original);
  const stance = new StanceReader(plain.text);
  const found = BIAS_PATTERNS.flatMap((pattern) =>
    Array.from(plain.text.matchAll(pattern), ({ 0: match, index, groups }) => {
      const end = index + match.length;
      return {
        start: index,
        end,
        category: categoryOf(groups!.group!),
        weight: weigh(plain.text, index, end, stance),
      };
    })
  );
  return apart(found.filter(({ weight }) => weight > 0)).map(({ start, end, ...rest }) => {
    const [from, to] = plain.toOriginal([start, end]);
    return { start: from, end: to, ...rest };
  });
}

function weigh(text: string, start: number, end: number, stance: StanceReader): number {
  const before = text.slice(Math.max(0, start - REACH), start).replace(/^.*[.!?]/s, "");
  const after = text.slice(end, end + REACH).replace(/[.!?].*$/s, "");
  const sweeping = SWEEPS.test(before.slice(-30) + text.slice(start, end)) ? SWEEPING : 0;
  const counted = COUNTED.test(before) || COUNTED.test(after) ? COUNTED_SHARE : 1;
  return (JUDGEMENT + sweeping) * counted * SHARE_OF_STANCE[stance.at(start)];
}

function apart(findings: readonly BiasFinding[]): BiasFinding[] {
  const kept: BiasFinding[] = [];
  for (const next of findings.toSorted((one, other) => one.start - other.start || other.end - one.end)) {
    if (kept.length === 0 || next.start >= kept.at(-1)!.end) kept.push(next);
  }
  return kept;
}
