/**
 * Stretches of a sorted list of keys.
 *
 * @module
 */

import { compareCodePoints } from "../text/code_points.ts";
import type { KeyRange } from "./requests.ts";

/**
 * Takes the keys of a stretch out of a sorted list.
 *
 * @param sorted All keys, in code-point order.
 * @param range The stretch.
 * @param limit At most so many.
 * @returns The keys, in order.
 */
export function keysInRange(sorted: readonly string[], range: KeyRange, limit = Infinity): string[] {
  const found: string[] = [];
  const from = compareCodePoints(range.after, range.from) > 0 ? range.after : range.from;
  for (let index = lowerBound(sorted, from); index < sorted.length && found.length < limit; index++) {
    const key = sorted[index]!;
    if (range.until !== undefined && compareCodePoints(key, range.until) >= 0) break;
    if (key !== range.after) found.push(key);
  }
  return found;
}

/** The first place in a sorted list whose key is not before `key`. */
function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareCodePoints(sorted[middle]!, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
