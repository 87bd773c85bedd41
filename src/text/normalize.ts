/**
 * Brings texts into a form in which they can be compared, and finds the way back to the original.
 *
 * @module
 */

import { foldConfusables } from "./confusables.ts";
import { isInert } from "./unicode.ts";

/** How texts are compared: by composed characters, by compatible ones, or by what they look like. */
export type ComparisonForm = "NFC" | "NFKC" | "confusables";

/** A text in the form in which it is compared. */
export interface ComparableText {
  /** The text in that form. */
  readonly text: string;
  /** The span of the original that a span of the text stands for, in UTF-16 units. */
  toOriginal(span: readonly [number, number]): readonly [number, number];
}

/**
 * Brings a text into the form in which it is compared.
 *
 * @param original The text.
 * @param form The form.
 * @returns The text in that form; the original itself where it has that form already.
 */
export function toComparable(original: string, form: ComparisonForm): ComparableText {
  const text = normalizeFor(original, form);
  if (text === original) return { text, toOriginal: (span) => span };
  let map: OffsetMap | undefined;
  return { text, toOriginal: (span) => (map ??= mapOffsets(original, form)).toOriginal(span) };
}

/**
 * Brings a text into a form, without the way back.
 *
 * @param text The text.
 * @param form The form.
 * @returns The text in that form.
 */
export function normalizeFor(text: string, form: ComparisonForm): string {
  if (form === "NFC") return isInert(text) ? text : text.normalize("NFC");
  const compatible = text.normalize("NFKC");
  return form === "NFKC" ? compatible : foldConfusables(compatible);
}

/** Pieces that are normalised independently of each other: Hangul, and any other character with the marks on it. */
const INDEPENDENT_PIECE =
  /[\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc]+|[^\p{M}\uff9e\uff9f][\p{M}\uff9e\uff9f]*|[\p{M}\uff9e\uff9f]+/gsu;

interface OffsetMap {
  toOriginal(span: readonly [number, number]): readonly [number, number];
}

function mapOffsets(original: string, form: ComparisonForm): OffsetMap {
  /** For each unit of the text in that form: where the piece it comes from begins and ends. */
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of original.matchAll(INDEPENDENT_PIECE)) {
    const [piece] = match;
    const changed = normalizeFor(piece, form);
    for (let unit = 0; unit < changed.length; unit++) {
      starts.push(changed === piece ? match.index + unit : match.index);
      ends.push(changed === piece ? match.index + unit + 1 : match.index + piece.length);
    }
  }
  return {
    toOriginal: ([start, end]) => {
      const first = starts[start] ?? original.length;
      return [first, end > start ? ends[end - 1] ?? original.length : first];
    },
  };
}
