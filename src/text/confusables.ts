/**
 * Folds characters that are made to look like others, so that a word cannot hide behind a Cyrillic "а" or an invisible space.
 *
 * Only look-alikes of Latin letters that are common in evasion are folded; the text must be in NFKC, which already folds
 * full-width, circled, mathematical and other styled letters.
 *
 * @module
 */

/** Each row: the letter, and what looks like it. */
const LOOK_ALIKES: readonly (readonly [string, string])[] = [
  ["a", "аαɑ"],
  ["b", "Ьƅ"],
  ["c", "сϲᴄ"],
  ["d", "ԁժ"],
  ["e", "еєҽ"],
  ["g", "ɡց"],
  ["h", "һհ"],
  ["i", "іıιɩ"],
  ["j", "јϳ"],
  ["k", "κк"],
  ["l", "ӏǀ"],
  ["m", "м"],
  ["n", "ոп"],
  ["o", "оοօ"],
  ["p", "рρ"],
  ["q", "ԛզ"],
  ["r", "гᴦ"],
  ["s", "ѕꜱ"],
  ["t", "тτ"],
  ["u", "υսᴜ"],
  ["v", "νѵᴠ"],
  ["w", "ԝѡᴡ"],
  ["x", "хχ"],
  ["y", "уγү"],
  ["z", "ᴢ"],
  ["A", "АΑ"],
  ["B", "ВΒ"],
  ["C", "СϹ"],
  ["E", "ЕΕ"],
  ["F", "Ϝ"],
  ["G", "Ԍ"],
  ["H", "НΗ"],
  ["I", "ІΙӀ"],
  ["J", "Ј"],
  ["K", "КΚ"],
  ["M", "МΜ"],
  ["N", "Ν"],
  ["O", "ОΟ"],
  ["P", "РΡ"],
  ["S", "Ѕ"],
  ["T", "ТΤ"],
  ["V", "Ѵ"],
  ["W", "Ԝ"],
  ["X", "ХΧ"],
  ["Y", "ҮΥ"],
  ["Z", "Ζ"],
];

const FOLDED: ReadonlyMap<string, string> = new Map(
  LOOK_ALIKES.flatMap(([letter, others]) => [...others].map((other) => [other, letter] as const)),
);
const LOOK_ALIKE = new RegExp(`[${[...FOLDED.keys()].join("")}]`, "gu");
/** What is not seen: soft hyphens, joiners, direction marks, variation selectors, fillers, tags. */
const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e0fff}]/gu;

/**
 * Removes what cannot be seen and folds look-alikes of Latin letters.
 *
 * @param text A text in NFKC.
 * @returns The text as it looks.
 */
export function foldConfusables(text: string): string {
  return text.replace(INVISIBLE, "").replace(LOOK_ALIKE, (character) => FOLDED.get(character)!);
}
