/**
 * Orders strings by code point, as SQLite and every UTF-8 store do. JavaScript's own `<` goes by UTF-16 code units, which puts
 * characters beyond U+FFFF before some that come earlier.
 *
 * @module
 */

const HIGHEST = 0x10ffff;
const SURROGATES = { first: 0xd800, after: 0xe000 };

/**
 * Compares two strings by code point.
 *
 * @param a One.
 * @param b The other.
 * @returns Below 0 when `a` comes first, 0 when they are equal, above 0 otherwise.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const unitOfA = a.charCodeAt(index);
    const unitOfB = b.charCodeAt(index);
    if (unitOfA !== unitOfB) return rank(unitOfA) - rank(unitOfB);
  }
  return a.length - b.length;
}

/** Moves surrogates, which stand for the highest code points, behind all other code units. */
function rank(unit: number): number {
  return unit >= SURROGATES.first && unit < SURROGATES.after ? unit + HIGHEST : unit;
}

/**
 * Finds where the strings that begin with a prefix end in code-point order.
 *
 * @param prefix The prefix; well-formed.
 * @returns The first string after all of them, or `undefined` when they go on to the end of the order.
 */
export function endOfPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (points.at(-1) === HIGHEST) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  points.push(last + 1 === SURROGATES.first ? SURROGATES.after : last + 1);
  return String.fromCodePoint(...points);
}

/**
 * Tells whether a string has a surrogate without its other half. No UTF-8 store can hold such a string.
 *
 * @param text The string.
 * @returns Whether it has.
 */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}
