/**
 * Judgements of the draft against another text, whatever the order in which the two were shown.
 *
 * @module
 */

import type { FeedbackItem, Severity } from "../thought/critic_feedback.ts";
import { readWinner } from "./pairwise.ts";
import type { CriticAnswer } from "./parse_answer.ts";
import { field, fieldsOf, readSeverity, readText, shorten } from "./read_fields.ts";
import { groupSimilar, mergedItem } from "./similar.ts";

/** Which of the two. */
export type Side = "draft" | "other";

/** A judgement. */
export interface Trace {
  /** Which is better. */
  readonly winner: Side | "tie";
  /** What makes the difference. */
  readonly differences: readonly Difference[];
  /** The judgement as an example for others. */
  readonly example: string;
  /** What the model said. */
  readonly raw: string;
}

/** One difference. */
export interface Difference {
  /** Which of the two does it better. */
  readonly better: Side;
  /** What is wrong in the one that does it worse. */
  readonly text: string;
  /** What to do there. */
  readonly change: string;
  /** How grave it is. */
  readonly severity: Severity | undefined;
}

const LONGEST_EXCERPT = 500;
const LONGEST_REASONING = 2_000;

/**
 * Reads a judgement.
 *
 * @param answer The model's answer, one that could be read.
 * @param texts The two texts.
 * @param isSwapped Whether the draft stood at B.
 * @returns The judgement.
 */
export function readTrace(
  answer: CriticAnswer,
  texts: { readonly draft: string; readonly other: string },
  isSwapped: boolean,
): Trace {
  const sideOf = (label: string): Side => (label === "A") === isSwapped ? "other" : "draft";
  const label = readWinner(answer.fields) ?? "tie";
  const list = field(answer.fields, "differences");
  const differences = (Array.isArray(list) ? list as unknown[] : []).flatMap((entry): Difference[] => {
    const fields = fieldsOf(entry);
    const better = /^\W*([AB])\b/.exec(readText(field(fields, "better")))?.[1];
    const text = readText(field(fields, "text"));
    if (better === undefined || text === "") return [];
    const severity = readSeverity(field(fields, "severity"));
    return [{ better: sideOf(better), text, change: readText(field(fields, "change")), severity }];
  });
  const [a, b] = isSwapped ? [texts.other, texts.draft] : [texts.draft, texts.other];
  return {
    winner: label === "tie" ? "tie" : sideOf(label),
    differences,
    example: [
      `Text A began: ${excerpt(a)}`,
      `Text B began: ${excerpt(b)}`,
      `Reasoning: ${shorten(readText(field(answer.fields, "reasoning")), LONGEST_REASONING)}`,
      `Winner: ${label}`,
    ].join("\n"),
    raw: answer.raw,
  };
}

function excerpt(text: string): string {
  return shorten(text.replace(/\s+/g, " ").trim(), LONGEST_EXCERPT);
}

/** How often each won. */
export interface Tally {
  readonly draft: number;
  readonly other: number;
  readonly tie: number;
}

/** Counts who won. */
export function tally(traces: readonly Trace[]): Tally {
  const count = (winner: Trace["winner"]): number => traces.filter((trace) => trace.winner === winner).length;
  return { draft: count("draft"), other: count("other"), tie: count("tie") };
}

/** What the draft does worse than the other text, by the judgements that found for a side. */
export function shortcomings(
  traces: readonly Trace[],
  winner: Side,
): { readonly issues: readonly FeedbackItem[]; readonly suggestions: readonly FeedbackItem[] } {
  const worse = traces.filter((trace) => trace.winner === winner)
    .flatMap((trace) => trace.differences.filter(({ better }) => better === "other"));
  const issues = worse.map(({ text, severity }): FeedbackItem => ({
    text,
    ...(severity === undefined ? {} : { severity }),
  }));
  const changes = worse.map(({ change }): FeedbackItem => ({ text: change })).filter(({ text }) =>
    text !== ""
  );
  const merged = (items: readonly FeedbackItem[]): FeedbackItem[] =>
    groupSimilar(items, ({ text }) => text).map(mergedItem);
  return { issues: merged(issues), suggestions: merged(changes) };
}
