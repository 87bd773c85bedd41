/** Random numbers that a seed decides, for trials that can be run again. */

/**
 * Makes a source of random numbers.
 *
 * @param seed Any integer.
 * @returns A function that gives the next number, from 0 up to but not including 1.
 */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
