/**
 * Finds the name a person probably meant.
 *
 * @module
 */

/**
 * Picks the candidate nearest to what was written, when one is near enough to be worth naming.
 *
 * The distance is Damerau–Levenshtein's (optimal string alignment): insertions, deletions, substitutions and swaps of
 * neighbours count 1 each, without regard to case. Near enough is at most a third of the longer word, at least one.
 *
 * @param written What was written.
 * @param candidates What could have been meant.
 * @returns The nearest candidate, or `undefined`.
 */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const bound = Math.max(1, Math.floor(Math.max(written.length, candidate.length) / 3));
    const distance = editDistance(written.toLowerCase(), candidate.toLowerCase());
    if (distance <= bound && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

const LONGEST_NAME = 64;

function editDistance(a: string, b: string): number {
  if (a.length > LONGEST_NAME || b.length > LONGEST_NAME) return a === b ? 0 : Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, beforeLast[j - 2]! + 1);
      }
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/**
 * Words a hint for a misspelt name.
 *
 * @param written What was written.
 * @param candidates What could have been meant.
 * @returns `did you mean "x"?`, or the list of candidates where none is near.
 */
export function hintFor(written: string, candidates: readonly string[]): string {
  const near = nearest(written, candidates);
  return near === undefined ? `known: ${candidates.join(", ")}` : `did you mean "${near}"?`;
}
