/**
 * Ratings from games between pairs.
 *
 * @module
 */

import { tidy } from "./statistics.ts";

/** A pair, by the places of its two. */
export type Pair = readonly [first: number, second: number];

/** What came of a pair. */
export interface Game {
  /** Who met. */
  readonly pair: Pair;
  /** Who won; `undefined` for a tie. */
  readonly winner: number | undefined;
}

/**
 * Lists the pairs to compare.
 *
 * @param count How many there are.
 * @param pairing Every pair, or each with the first alone.
 * @returns The pairs, in order.
 */
export function pairsOf(count: number, pairing: "all" | "vs-first"): Pair[] {
  const pairs: Pair[] = [];
  for (let first = 0; first < (pairing === "all" ? count : 1); first++) {
    for (let second = first + 1; second < count; second++) pairs.push([first, second]);
  }
  return pairs;
}

/** The share of games that each has won, a tie counting half; one without a game has as good a chance as any. */
export function winRates(count: number, games: readonly Game[]): number[] {
  return Array.from({ length: count }, (_, index) => {
    const own = games.filter(({ pair }) => pair.includes(index));
    const points = own.reduce(
      (sum, { winner }) => sum + (winner === undefined ? 0.5 : winner === index ? 1 : 0),
      0,
    );
    return own.length === 0 ? 0.5 : tidy(points / own.length);
  });
}
