/**
 * Picks the first few of many without sorting all of them.
 *
 * @module
 */

/**
 * Gives the items that would stand first if all were sorted.
 *
 * @param items The items, in any order.
 * @param count How many at most.
 * @param compare Below 0 when its first argument comes first; never 0 for two different items.
 * @returns The first ones, in order.
 */
export function bestOf<T>(items: readonly T[], count: number, compare: (a: T, b: T) => number): T[] {
  if (count >= items.length) return [...items].sort(compare);
  const best: T[] = [];
  if (count < 1) return best;
  for (const item of items) {
    if (best.length === count && compare(item, best[count - 1]!) > 0) continue;
    let index = best.length === count ? count - 1 : best.length;
    while (index > 0 && compare(item, best[index - 1]!) < 0) {
      best[index] = best[index - 1]!;
      index--;
    }
    best[index] = item;
  }
  return best;
}
