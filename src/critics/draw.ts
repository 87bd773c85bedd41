/**
 * Draws without replacement, in an order that a seed decides.
 *
 * @module
 */

/** What is drawn next, and all that is drawn of the present round through the whole. */
export interface Draw {
  /** The numbers drawn now, from 1. */
  readonly drawn: readonly number[];
  /** What has been drawn since all had their turn. */
  readonly used: readonly number[];
  /** How often all have had their turn. */
  readonly cycle: number;
}

/**
 * Draws numbers: all have had their turn before any comes again, and none comes twice in one draw.
 *
 * @param total Draw from 1 to this number.
 * @param count How many to draw; at most `total`.
 * @param seed Decides the order; an integer.
 * @param before The draw before; `undefined` for the first.
 * @returns The draw.
 */
export function drawNext(
  total: number,
  count: number,
  seed: number,
  before: Omit<Draw, "drawn"> | undefined,
): Draw {
  let cycle = before?.cycle ?? 0;
  let used = (before?.used ?? []).filter((number) =>
    Number.isInteger(number) && number >= 1 && number <= total
  );
  const drawn: number[] = [];
  while (drawn.length < count) {
    const next = shuffled(total, seed, cycle).find((number) =>
      !used.includes(number) && !drawn.includes(number)
    );
    if (next !== undefined) {
      drawn.push(next);
      used = [...used, next];
    } else {
      cycle++;
      used = [];
    }
  }
  return used.length === total ? { drawn, used: [], cycle: cycle + 1 } : { drawn, used, cycle };
}

/** The numbers in the order of one cycle (Fisher and Yates), by a generator that depends on seed and cycle alone. */
function shuffled(total: number, seed: number, cycle: number): number[] {
  const numbers = Array.from({ length: total }, (_, index) => index + 1);
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(cycle + 1, 0x85ebca6b)) >>> 0;
  for (let index = total - 1; index > 0; index--) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const other = ((mixed ^ (mixed >>> 14)) >>> 0) % (index + 1);
    [numbers[index], numbers[other]] = [numbers[other]!, numbers[index]!];
  }
  return numbers;
}
