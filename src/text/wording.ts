/**
 * Words for numbers and times.
 *
 * @module
 */

/** A number with its noun: `1 word`, `2 words`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A time, in milliseconds, in words. */
export function seconds(durationMs: number): string {
  return durationMs < 1_000 ? `${Math.round(durationMs)} ms` : `${(durationMs / 1_000).toFixed(1)} s`;
}

const MONEY = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const SMALL_MONEY = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  maximumSignificantDigits: 2,
});

/** A price in US dollars; of a small one the first two digits that are not 0. */
export function money(costUsd: number): string {
  return (costUsd > 0 && costUsd < 0.1 ? SMALL_MONEY : MONEY).format(costUsd);
}

/** How many words a text has. */
export function countWords(text: string): number {
  let count = 0;
  for (const { isWordLike } of new Intl.Segmenter("en", { granularity: "word" }).segment(text)) {
    if (isWordLike) count++;
  }
  return count;
}
