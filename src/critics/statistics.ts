/**
 * The little arithmetic that critics do with the scores of several answers.
 *
 * @module
 */

/** The mean, weighted where weights are given; `undefined` of nothing, or where nothing has weight. */
export function mean(values: readonly number[], weights?: readonly number[]): number | undefined {
  const weightOf = (index: number): number => weights?.[index] ?? 1;
  const total = values.reduce((sum, _, index) => sum + weightOf(index), 0);
  if (total === 0) return undefined;
  return tidy(values.reduce((sum, value, index) => sum + value * weightOf(index), 0) / total);
}

/** Takes the noise of binary fractions away, by which a mean of 0.7 could fall below 0.7. */
export function tidy(value: number): number {
  return Math.round(value * 1e12) / 1e12;
}

/** The middle value, or the mean of the two in the middle; `undefined` of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1));
}

/** The standard deviation; `undefined` of fewer than two. */
export function spread(values: readonly number[]): number | undefined {
  const middle = mean(values);
  if (middle === undefined || values.length < 2) return undefined;
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2))!);
}
