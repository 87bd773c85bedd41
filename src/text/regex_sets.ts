/**
 * What each single-character part of a regular expression matches, asked of the engine itself on a sample of characters:
 * Latin-1, one or more of every kind of character elsewhere, and all that the expression itself names.
 *
 * @module
 */

import type { AtomNode } from "./regex_automaton.ts";

/** Which characters of the sample match. */
export interface CharacterSet {
  /** One bit a character. */
  readonly bits: Uint32Array;
  /** Whether a line break matches. */
  readonly hasLineBreak: boolean;
}

/** Letters of several scripts in both cases, those that fold oddly, marks, digits, spaces, symbols, emoji, halves of pairs. */
const ELSEWHERE =
  "ıĀſƒǅΑαςσЖжאבعहकกがカ漢한ᄀⱯꙀ\u0301\u0903\u20dd٣३Ⅷ²½\u2003\u2028\u2029\u3000\ufeff\u200b\u200d\u202e" +
  "–—‘’“”…†€№™←∀√■☺、。〈ﬀ𝐀𐐀𐐨😀👍🏽🇩\u{e0041}\ud800\udc00\u{10ffff}";

/**
 * Finds what atoms match.
 *
 * @param atoms Parts that match one character each.
 * @returns A set for each, over one common sample.
 */
export function atomSets(atoms: readonly AtomNode[]): CharacterSet[] {
  const sample = sampleFor(atoms);
  const known = new Map<string, CharacterSet>();
  return atoms.map((atom) => {
    const key = `${atom.flags}/${atom.source}`;
    const set = known.get(key) ?? matching(atom, sample);
    known.set(key, set);
    return set;
  });
}

/**
 * Whether some character belongs to all the sets.
 *
 * @param one A set.
 * @param other A set of the same sample.
 * @param third Another one.
 * @returns `true` when they have a character in common.
 */
export function overlap(one: CharacterSet, other: CharacterSet, third: CharacterSet = other): boolean {
  for (let index = 0; index < one.bits.length; index++) {
    if ((one.bits[index]! & other.bits[index]! & third.bits[index]!) !== 0) return true;
  }
  return false;
}

function matching({ source, flags }: AtomNode, sample: readonly string[]): CharacterSet {
  const pattern = new RegExp(`^(?:${source})$`, flags.replace("m", ""));
  const bits = new Uint32Array(Math.ceil(sample.length / 32));
  sample.forEach((character, index) => {
    if (pattern.test(character)) bits[index >> 5]! |= 1 << (index & 31);
  });
  return { bits, hasLineBreak: pattern.test("\n") || pattern.test("\r") };
}

function sampleFor(atoms: readonly AtomNode[]): string[] {
  const sample = new Set<string>(ELSEWHERE);
  for (let unit = 0; unit < 0x100; unit++) sample.add(String.fromCharCode(unit));
  for (const { source } of atoms) {
    for (const character of source) sample.add(character);
    for (const [, braced, plain] of source.matchAll(/\\(?:u\{([\da-f]+)\}|[ux]([\da-f]{2,4}))/gi)) {
      const point = parseInt((braced ?? plain)!, 16);
      for (const near of [point - 1, point, point + 1]) {
        if (near >= 0 && near <= 0x10ffff) sample.add(String.fromCodePoint(near));
      }
    }
  }
  // Letters of the other case match too under the i flag.
  for (const character of [...sample]) {
    for (const other of [character.toLowerCase(), character.toUpperCase()]) {
      if ([...other].length === 1) sample.add(other);
    }
  }
  return [...sample];
}
