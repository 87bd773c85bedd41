/**
 * The parts of a prompt that may be left out when it is too long, and what the critics ask for, merged.
 *
 * @module
 */

import type { CriticFeedback, FeedbackItem } from "./critic_feedback.ts";
import type { Document } from "./document.ts";
import { oneLine } from "./revision.ts";

/** What one critic asks for. */
export interface CriticChanges {
  /** The critic, by its name. */
  readonly critic: string;
  /** Its main text. */
  readonly summary: string;
  /** What is wrong, the gravest first. */
  readonly issues: readonly FeedbackItem[];
  /** What to do. */
  readonly suggestions: readonly FeedbackItem[];
}

/** The parts that may be left out, one by one. */
export interface Droppable {
  /** Documents, highest score first. */
  readonly documents: readonly Document[];
  /** What the critics ask for. */
  readonly changes: readonly CriticChanges[];
  /** Notes, oldest first. */
  readonly notes: readonly string[];
}

const RANKS = { high: 0, medium: 1, low: 2 };

/**
 * Collects what the critics ask for: each remark once, under the critic that made it first and with the highest
 * severity that any gave it.
 *
 * @param feedback The feedback that asks for change.
 * @param limit The most issues, and the most suggestions, of each critic.
 * @returns One entry a critic, without those that have nothing left to say.
 */
export function askedChanges(feedback: readonly CriticFeedback[], limit: number): readonly CriticChanges[] {
  const ranks = new Map<string, number>();
  for (const item of feedback.flatMap((one) => [...one.issues, ...one.suggestions])) {
    const key = sameness(item.text);
    ranks.set(key, Math.min(ranks.get(key) ?? RANKS.low, rankOf(item)));
  }
  const seen = new Set<string>();
  const take = (items: readonly FeedbackItem[]): FeedbackItem[] =>
    items.filter((item) => seen.size < seen.add(sameness(item.text)).size)
      .map((item) => withRank(item, ranks.get(sameness(item.text))!));
  // All issues first: a suggestion that repeats another critic's issue adds nothing.
  const issues = feedback.map((one) =>
    take(one.issues).sort((a, b) => rankOf(a) - rankOf(b)).slice(0, limit)
  );
  const suggestions = feedback.map((one) => take(one.suggestions).slice(0, limit));
  return feedback
    .map(({ critic, summary }, index) => ({
      critic,
      summary,
      issues: issues[index]!,
      suggestions: suggestions[index]!,
    }))
    .filter(hasContent);
}

function hasContent(changes: CriticChanges): boolean {
  return changes.summary !== "" || changes.issues.length > 0 || changes.suggestions.length > 0;
}

/** A remark without a severity counts as one of medium severity. */
function rankOf(item: FeedbackItem): number {
  return RANKS[item.severity ?? "medium"];
}

function withRank(item: FeedbackItem, rank: number): FeedbackItem {
  return rank === rankOf(item) ? item : { ...item, severity: rank === RANKS.high ? "high" : "medium" };
}

function sameness(text: string): string {
  return oneLine(text).normalize("NFC").toLowerCase();
}

/**
 * Leaves out the one part that is missed least.
 *
 * @param parts What is still in the prompt.
 * @returns What is left, or `undefined` when nothing more may go.
 */
export function lighten(parts: Droppable): Droppable | undefined {
  if (parts.documents.length > 0) return { ...parts, documents: parts.documents.slice(0, -1) };
  const changes = withoutOneLow(parts.changes);
  if (changes !== undefined) return { ...parts, changes };
  return parts.notes.length > 0 ? { ...parts, notes: parts.notes.slice(1) } : undefined;
}

/** Leaves out the last remark of low severity. */
function withoutOneLow(changes: readonly CriticChanges[]): readonly CriticChanges[] | undefined {
  for (let index = changes.length - 1; index >= 0; index--) {
    const one = changes[index]!;
    for (const field of ["suggestions", "issues"] as const) {
      const at = one[field].findLastIndex((item) => item.severity === "low");
      if (at < 0) continue;
      const lighter = { ...one, [field]: one[field].toSpliced(at, 1) };
      return changes.toSpliced(index, 1, lighter).filter(hasContent);
    }
  }
  return undefined;
}
