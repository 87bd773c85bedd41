/**
 * Finds insults, threats and attacks in a text; what a list of strong words finds is handed in.
 *
 * @module
 */

import { PlainReader, type PlainText, wordsAndPlurals } from "./plain_reader.ts";
import { type FindListed, findStrongWords } from "./profanity_rules.ts";
import { SHARE_OF_STANCE, StanceReader } from "./reported.ts";
import { SLUR_MARK, SWEAR_MARK, TOXICITY_PATTERNS, type ToxicityCategory } from "./toxicity_patterns.ts";
import {
  ADJECTIVES,
  BODY,
  CALLED,
  DEHUMANISING,
  FRAME,
  INSULTS,
  KIN,
  SLURS,
  SWEARS,
  VIOLENCE,
} from "./toxicity_words.ts";

/** Something toxic in a text. */
export interface ToxicityFinding {
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** What kind of harm it is. */
  readonly category: ToxicityCategory;
  /** How much evidence it is. */
  readonly weight: number;
}

const READER = new PlainReader(
  wordsAndPlurals(INSULTS, CALLED, ADJECTIVES, VIOLENCE, BODY, KIN, DEHUMANISING, FRAME),
);
/** Before "kill yourself" and the like, these make it a worry and no order. */
const WORRY =
  /\b(?:wants?|wanting|try|tries|trying|urge|plan|planning|planned|thoughts?|attempt|attempting|tempted|feel|feeling|about|might|could|may|almost|nearly|will|would|if you) (?:to )?(?:[a-z]+ )?$/;

/**
 * Finds what is toxic in a text.
 *
 * @param original The text.
 * @param findListed Finds strong words.
 * @returns What was found in order, the strongest of what overlaps.
 */
export function findToxicity(original: string, findListed: FindListed): ToxicityFinding[] {
  const plain = READER.read(original);
  const text = withMarks(plain.text, findListed);
  const stance = new StanceReader(plain.text);
  const found = TOXICITY_PATTERNS.flatMap(({ category, weight, pattern }) =>
    Array.from(text.matchAll(pattern), ({ 0: match, index }) => {
      const end = index + match.length;
      // A pattern may begin with the end of the clause before.
      const start = end - match.replace(/^[ .!?,]+/, "").length;
      return { start, end, category, weight: weight * shareOf(category, stance, text, start) };
    })
  );
  return strongest(found.filter(({ weight }) => weight > 0)).map((one) => toOriginal(one, plain));
}

function toOriginal({ start, end, ...rest }: ToxicityFinding, plain: PlainText): ToxicityFinding {
  const [from, to] = plain.toOriginal([start, end]);
  return { start: from, end: to, ...rest };
}

function shareOf(category: ToxicityCategory, stance: StanceReader, text: string, start: number): number {
  if (category === "self_harm" && WORRY.test(text.slice(Math.max(0, start - 40), start))) return 0;
  // A swear word is one whatever is denied, and reported by those who write it out.
  const kind = stance.at(start);
  return category === "profanity" && kind === "denied" ? 1 : SHARE_OF_STANCE[kind];
}

/** The text with every letter of a swear word or slur replaced by a mark. */
function withMarks(text: string, findListed: FindListed): string {
  const parts: string[] = [];
  let at = 0;
  for (
    const { start, end, stem } of findStrongWords(text, findListed).toSorted((a, b) => a.start - b.start)
  ) {
    const mark = SLURS.has(stem) ? SLUR_MARK : SWEARS.has(stem) ? SWEAR_MARK : undefined;
    if (mark === undefined || start < at) continue;
    parts.push(text.slice(at, start), mark.repeat(end - start));
    at = end;
  }
  return parts.join("") + text.slice(at);
}

/** Of what overlaps, what weighs most. */
function strongest(findings: readonly ToxicityFinding[]): ToxicityFinding[] {
  const kept: ToxicityFinding[] = [];
  for (const next of findings.toSorted((one, other) => one.start - other.start)) {
    const previous = kept.at(-1);
    if (previous === undefined || next.start >= previous.end) kept.push(next);
    else if (next.weight > previous.weight) kept[kept.length - 1] = next;
  }
  return kept;
}
