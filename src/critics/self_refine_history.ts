/**
 * The history that Self-Refine shows its model: earlier versions, each with what was said about it.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { fence } from "../text/fence.ts";
import type { CriticFeedback } from "../thought/critic_feedback.ts";
import type { Thought } from "../thought/thought.ts";
import { feedbackText, itemLine } from "./critique_prompt.ts";
import { shorten } from "./read_fields.ts";
import type { CriticSession } from "./session.ts";

/** A version of the text and the feedback on it. */
export interface RefinementPair {
  /** The version. */
  readonly text: string;
  /** What was said about it. */
  readonly feedback: CriticFeedback;
}

/** The most of the history that is shown, in UTF-16 code units; the oldest pairs go first. */
const LONGEST_HISTORY = 60_000;
const LONGEST_EXCERPT = 240;

/**
 * Collects the earlier versions of a text with this critic's feedback.
 *
 * @param session Whose history.
 * @param window The most pairs, or `"all"`.
 * @returns The pairs, oldest first, within the bound of length.
 */
export function earlierPairs(session: CriticSession, window: "all" | number): RefinementPair[] {
  const pairs = session.thought.history.flatMap((thought) => pairOf(thought, session.name));
  const kept: RefinementPair[] = [];
  let length = 0;
  const limit = window === "all" ? Infinity : window;
  for (const pair of pairs.reverse()) {
    length += pair.text.length + feedbackText(pair.feedback).length;
    if (kept.length >= limit || length > LONGEST_HISTORY) break;
    kept.unshift(pair);
  }
  return kept;
}

function pairOf(thought: Thought, name: string): RefinementPair[] {
  const feedback = thought.criticFeedback.findLast((one) => one.critic === name && one.error === undefined);
  return feedback === undefined || thought.text === undefined ? [] : [{ text: thought.text, feedback }];
}

/** Earlier remarks, numbered through all rounds, so that the model can say which are settled. */
export function earlierRemarks(pairs: readonly RefinementPair[]): readonly string[] {
  return pairs.flatMap(({ feedback }) => feedback.issues.map(itemLine));
}

/** The earlier remarks as a section of the prompt that asks for feedback; "" when there are none. */
export function remarksSection(remarks: readonly string[]): string {
  if (remarks.length === 0) return "";
  const lines = remarks.map((line, index) => `${index + 1}. ${line}`).join("\n");
  return "What you said about earlier versions, numbered. Check each one off if this version has settled it, " +
    `and do not repeat it then:\n${fence("feedback", lines)}`;
}

/** The pairs as sections of the prompt that asks for a new version, in order. */
export function pairSections(pairs: readonly RefinementPair[]): string[] {
  return pairs.map(({ text, feedback }, index) => {
    const number = index + 1;
    return `Version ${number}:\n${fence("version", text)}\n\nFeedback on version ${number}:\n` +
      fence("feedback", feedbackText(feedback));
  });
}

/**
 * Tells the writer of the next version what was said before, and what has been settled since.
 *
 * @param pairs The earlier versions.
 * @param resolved The numbers of the remarks that are settled; `undefined` when the model did not say.
 * @returns The note; `undefined` when there is no history.
 */
export function historyNote(
  pairs: readonly RefinementPair[],
  resolved: ReadonlySet<number> | undefined,
): string | undefined {
  if (pairs.length === 0) return undefined;
  let number = 0;
  const entries = pairs.map(({ text, feedback }, index) => {
    const lines = feedback.issues.map((issue) => {
      number++;
      const state = resolved === undefined
        ? ""
        : resolved.has(number)
        ? " (settled: keep it so)"
        : " (still open)";
      return `- ${itemLine(issue)}${state}`;
    });
    const excerpt = shorten(text.replace(/\s+/g, " ").trim(), LONGEST_EXCERPT);
    return [
      `Version ${index + 1} began: ${excerpt}`,
      ...(lines.length === 0 ? ["- nothing was wrong with it"] : lines),
    ].join("\n");
  });
  return `Earlier versions and what was said about them, oldest first:\n${entries.join("\n")}`;
}

/** Reads the numbers of settled remarks. */
export function readResolved(value: unknown): ReadonlySet<number> | undefined {
  if (!Array.isArray(value)) return undefined;
  return new Set((value as unknown[]).map((entry) => Number(entry)).filter(Number.isInteger));
}

/** Facts about the history, for metadata. */
export function historyFacts(
  remarks: readonly string[],
  resolved: ReadonlySet<number> | undefined,
): Record<string, JsonValue> {
  if (remarks.length === 0) return {};
  return { earlierRemarks: remarks.length, ...(resolved === undefined ? {} : { resolved: [...resolved] }) };
}
