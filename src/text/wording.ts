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

/** A price, in US dollars, in words. */
export function money(costUsd: number): string {
  return costUsd > 0 && costUsd < 0.0001 ? "below $0.0001" : `$${costUsd.toFixed(costUsd < 1 ? 4 : 2)}`;
}

/** How many words a text has. */
export function countWords(text: string): number {
  let count = 0;
  for (const { isWordLike } of new Intl.Segmenter("en", { granularity: "word" }).segment(text)) {
    if (isWordLike) count++;
  }
  return count;
}
