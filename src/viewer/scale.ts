/**
 * Axes of drawings.
 *
 * @module
 */

/**
 * Chooses round places for the marks of an axis that begins at 0.
 *
 * @param most Where the axis ends.
 * @param marks About how many marks there should be.
 * @param least The smallest step.
 * @returns The places: multiples of 1, 2 or 5 times a power of ten, the first of them 0, none beyond the end.
 */
export function roundMarks(most: number, marks: number, least = 0): number[] {
  if (!(most > 0)) return [0];
  const rough = most / marks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough)!;
  const step = Math.max(factor * power, least);
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** A coordinate of a drawing, to the hundredth. */
export function place(value: number): number {
  return Math.round(value * 100) / 100;
}
