/**
 * What the members of an ensemble come to together.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { type CriticAnswer, verdictOf } from "./parse_answer.ts";
import { groupSimilar, mergedItem } from "./similar.ts";
import { mean, median, spread, tidy } from "./statistics.ts";
import type { RaisedItem } from "./n_critics_prompts.ts";

/** How the members' scores become one. */
export type Aggregate = "mean" | "median" | "min" | "majority";

/** What one member said. */
export interface MemberAnswer {
  /** Its name. */
  readonly name: string;
  /** What it said. */
  readonly answer: CriticAnswer;
  /** How much it counts. */
  readonly weight: number;
  /** Whether its asking for a change is enough. */
  readonly blocking: boolean;
}

/** The decision of an ensemble. */
export interface Decision {
  /** Whether the text needs improvement. */
  readonly verdict: boolean | undefined;
  /** The members' scores as one. */
  readonly score: number | undefined;
  /** How close the scores are to each other. */
  readonly confidence: number | undefined;
  /** The blocking members who asked for a change. */
  readonly vetoes: readonly string[];
}

/**
 * Decides.
 *
 * @param members What each member said.
 * @param aggregate How scores become one.
 * @param passScore From this score on the text is good enough.
 * @returns The decision; where no member gave a score, the majority of their verdicts.
 */
export function decideTogether(
  members: readonly MemberAnswer[],
  aggregate: Aggregate,
  passScore: number,
): Decision {
  const scored = members.filter(({ answer }) => answer.score !== undefined);
  const scores = scored.map(({ answer }) => answer.score!);
  const votes = members.flatMap(({ answer, weight }) => {
    const verdict = verdictOf(answer, passScore);
    return verdict === undefined ? [] : [{ verdict, weight }];
  });
  const content = mean(votes.map(({ verdict }) => verdict ? 0 : 1), votes.map(({ weight }) => weight));
  const score = {
    mean: () => mean(scores, scored.map(({ weight }) => weight)),
    median: () => median(scores),
    min: () => scores.length === 0 ? undefined : Math.min(...scores),
    majority: () => content,
  }[aggregate]();
  const byVotes = content === undefined ? undefined : content <= 0.5;
  const verdict = aggregate === "majority" || score === undefined ? byVotes : score < passScore;
  const vetoes = members
    .filter(({ answer, blocking }) => blocking && verdictOf(answer, passScore) === true)
    .map(({ name }) => name);
  const apart = spread(scores);
  return {
    verdict: vetoes.length > 0 ? true : verdict,
    score,
    // Scores from 0 to 1 are at most half of it away from their mean.
    confidence: apart === undefined ? undefined : tidy(Math.max(0, 1 - apart / 0.5)),
    vetoes,
  };
}

/** Merges the remarks of one kind, keeping who made them, in the order of the members. */
export function mergeRemarks(
  members: readonly MemberAnswer[],
  kind: "issues" | "suggestions",
): RaisedItem[] {
  const all = members.flatMap(({ name, answer }) => answer[kind].map((item) => ({ name, item })));
  return groupSimilar(all, ({ item }) => item.text).map((group) => ({
    item: mergedItem(group.map(({ item }) => item)),
    by: [...new Set(group.map(({ name }) => name))],
  }));
}

/** Who is for a change and who against it, where members differ. */
export function disagreementsOf(
  members: readonly MemberAnswer[],
  passScore: number,
): Record<string, JsonValue> | undefined {
  const names = (wanted: boolean): string[] =>
    members.filter(({ answer }) => verdictOf(answer, passScore) === wanted).map(({ name }) => name);
  const [change, keep] = [names(true), names(false)];
  return change.length === 0 || keep.length === 0 ? undefined : { change, keep };
}
