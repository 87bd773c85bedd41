/**
 * Finds remarks that say the same in other words, by the words alone and without a call.
 *
 * @module
 */

import { ENGLISH_STOP_WORDS } from "../retrievers/stop_words.ts";
import { termsOf } from "../text/words.ts";
import type { FeedbackItem, Severity } from "../thought/critic_feedback.ts";

/** From this share of common words on, two remarks count as one. */
const SAME = 0.6;

const STOP_WORDS: ReadonlySet<string> = new Set(ENGLISH_STOP_WORDS);

/**
 * Groups what is alike: each item joins the first group whose first member it is similar to.
 *
 * @param items What to group.
 * @param textOf The words of an item.
 * @returns The groups, in the order of their first members, each in the order given.
 */
export function groupSimilar<T>(items: readonly T[], textOf: (item: T) => string): T[][] {
  const groups: { readonly words: ReadonlySet<string>; readonly members: T[] }[] = [];
  for (const item of items) {
    const words = wordsOf(textOf(item));
    const group = groups.find((one) => similarity(one.words, words) >= SAME);
    if (group) group.members.push(item);
    else groups.push({ words, members: [item] });
  }
  return groups.map(({ members }) => members);
}

/** Whether two texts say the same, as far as their words tell. */
export function isSimilar(a: string, b: string): boolean {
  return similarity(wordsOf(a), wordsOf(b)) >= SAME;
}

/** The words that carry meaning; all of them where nothing else is there. */
function wordsOf(text: string): ReadonlySet<string> {
  const all = termsOf(text);
  const telling = all.filter((word) => !STOP_WORDS.has(word));
  return new Set(telling.length > 0 ? telling : all);
}

/** The share of common words among all (Jaccard). */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  const all = a.size + b.size - common;
  return all === 0 ? 0 : common / all;
}

/** One remark for several that say the same: the first one's words, and the gravest severity. */
export function mergedItem(items: readonly FeedbackItem[]): FeedbackItem {
  const severity = gravest(items.map((item) => item.severity));
  const first = items[0]!;
  const quote = first.quote ?? items.find((item) => item.quote !== undefined)?.quote;
  return {
    ...first,
    ...(quote === undefined ? {} : { quote }),
    ...(severity === undefined ? {} : { severity }),
  };
}

/** The gravest of some severities. */
export function gravest(severities: readonly (Severity | undefined)[]): Severity | undefined {
  return (["high", "medium", "low"] as const).find((one) => severities.includes(one));
}
