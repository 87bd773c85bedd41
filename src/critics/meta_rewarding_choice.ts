/**
 * Which of several judgements is used.
 *
 * @module
 */

import type { CriticAnswer } from "./parse_answer.ts";
import { median } from "./statistics.ts";

/** A judgement with its rating. */
export interface Judgement {
  /** What was said. */
  readonly answer: CriticAnswer;
  /** How others are shown it. */
  readonly text: string;
  /** How often it was found better than another, 0 to 1. */
  readonly rating: number;
}

/**
 * Chooses the judgement with the best rating. Between equal ratings: the one whose score is nearest to the median, then the
 * shorter one, then the one that comes first in the alphabet, so that the order in which they came never decides.
 *
 * @param judgements The judgements; at least one.
 * @returns The best.
 */
export function bestJudgement(judgements: readonly Judgement[]): Judgement {
  const middle = median(judgements.map(({ answer }) => answer.score).filter((score) => score !== undefined));
  const distance = ({ answer: { score } }: Judgement): number =>
    middle === undefined || score === undefined ? 1 : Math.abs(score - middle);
  return [...judgements].sort((a, b) =>
    b.rating - a.rating || distance(a) - distance(b) || a.text.length - b.text.length ||
    (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)
  )[0]!;
}
