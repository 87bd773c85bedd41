/**
 * Measures of a text: characters as a reader sees them, words, sentences, lines, paragraphs, bytes.
 *
 * Long text is segmented in pieces of about 1 Ki code units, because segmenting it whole is quadratic in some runtimes. A
 * piece ends where no character, word or sentence can be cut: after a line break or a space, else at the last boundary that
 * the segmenter itself found. Plain text takes a path without a segmenter, which is much faster and counts the same
 * in every runtime.
 *
 * @module
 */

import { goesOn } from "./sentences.ts";
import { isHighSurrogate, isLowSurrogate, startsCharacter } from "./unicode.ts";

const PIECE = 1024;
/** A single character, word or sentence longer than this is counted in parts of this length. */
const LONGEST_SEGMENT = 65_536;

/** Has a character that may join its neighbour: a mark, a joiner, an emoji, a Hangul letter, a rarer script. */
const MAY_JOIN =
  /[^\0-\u02ff\u0370-\u0482\u048a-\u0530\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3001-\u3029\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d]/;
/** Has a character outside the scripts whose words the pattern below finds. */
const NEEDS_SEGMENTER =
  /[^\0-\u02ff\u0370-\u03ff\u0400-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]/;
/** A word: letters and digits, joined by an apostrophe or a middle dot between letters, by separators between digits. */
const PLAIN_WORD =
  /_*[\p{L}\p{Nd}](?:[\p{L}\p{Nd}_\u00ad]|(?<=\p{L})['’·](?=\p{L})|(?<=\p{Nd})['’.,;](?=\p{Nd}))*/gu;

/**
 * Counts what needs a segmenter, in one language. Segmenters are costly to make, so keep the object.
 *
 * @example
 * ```ts ignore
 * new TextMeasures("en").graphemes("👩‍👩‍👧"); // 1
 * ```
 */
export class TextMeasures {
  /** The language of the text. */
  readonly locale: string;
  #graphemes: Intl.Segmenter | undefined;
  #words: Intl.Segmenter | undefined;
  #sentences: Intl.Segmenter | undefined;

  /** @param locale The language of the text, a BCP 47 tag. */
  constructor(locale = "en") {
    this.locale = locale;
  }

  /** Counts characters as a reader sees them; CR LF is one. */
  graphemes(text: string): number {
    if (!MAY_JOIN.test(text)) return text.length - countOf(text, "\r\n");
    const segmenter = this.#graphemes ??= new Intl.Segmenter(this.locale, { granularity: "grapheme" });
    return countPieces(segmenter, text, {
      breaksAfterSpace: true,
      plain: (piece) => MAY_JOIN.test(piece) ? undefined : piece.length - countOf(piece, "\r\n"),
      counts: () => true,
    });
  }

  /** Counts words: runs of letters and digits; in scripts without spaces, what a dictionary takes for words. */
  words(text: string): number {
    if (!NEEDS_SEGMENTER.test(text)) return countPlainWords(text);
    const segmenter = this.#words ??= new Intl.Segmenter(this.locale, { granularity: "word" });
    return countPieces(segmenter, text, {
      breaksAfterSpace: true,
      plain: (piece) => NEEDS_SEGMENTER.test(piece) ? undefined : countPlainWords(piece),
      counts: (segment) => segment.isWordLike === true,
    });
  }

  /**
   * Counts sentences. A line break ends one, so a heading and an item of a list are sentences of their own; a piece without
   * a letter or a digit is none.
   */
  sentences(text: string): number {
    const segmenter = this.#sentences ??= new Intl.Segmenter(this.locale, { granularity: "sentence" });
    let before = "";
    return countPieces(segmenter, text, {
      breaksAfterSpace: false,
      plain: () => undefined,
      counts: ({ segment }) => {
        if (!/[\p{L}\p{N}]/u.test(segment)) return false;
        const isNew = before === "" || !goesOn(before, segment);
        before = segment;
        return isNew;
      },
    });
  }
}

interface Counting {
  /** Whether a piece may end after a space. */
  readonly breaksAfterSpace: boolean;
  /** Counts a piece without the segmenter, where that can be done. */
  readonly plain: (piece: string) => number | undefined;
  /** Whether a segment counts. */
  readonly counts: (segment: Intl.SegmentData) => boolean;
}

function countPieces(segmenter: Intl.Segmenter, text: string, counting: Counting): number {
  let total = 0;
  let start = 0;
  let size = PIECE;
  while (start < text.length) {
    const safeEnd = findSafeEnd(text, start, size, counting.breaksAfterSpace);
    const end = safeEnd ?? wholeCharacterEnd(text, start + size);
    const piece = text.slice(start, end);
    const plain = safeEnd === undefined ? undefined : counting.plain(piece);
    if (plain !== undefined) {
      total += plain;
      start = end;
      continue;
    }
    const segments = [...segmenter.segment(piece)];
    const last = segments.at(-1)!;
    if (safeEnd === undefined && segments.length === 1 && size < LONGEST_SEGMENT) {
      size *= 2;
      continue;
    }
    // The last segment of a piece that was cut anywhere may go on: it begins the next piece.
    const keepsLast = safeEnd !== undefined || segments.length === 1;
    for (const segment of segments) if ((keepsLast || segment !== last) && counting.counts(segment)) total++;
    start = keepsLast ? end : start + last.index;
    size = PIECE;
  }
  return total;
}

/** The end of a piece of at most `size` that cuts nothing in two; `undefined` where there is none. */
function findSafeEnd(text: string, start: number, size: number, afterSpace: boolean): number | undefined {
  if (text.length - start <= size) return text.length;
  for (let end = start + size; end > start; end--) {
    const unit = text.charCodeAt(end - 1);
    if (unit === 0x0a) return end;
    if (afterSpace && unit === 0x20 && startsCharacter(text.charCodeAt(end))) return end;
  }
  return undefined;
}

function wholeCharacterEnd(text: string, end: number): number {
  return isHighSurrogate(text.charCodeAt(end - 1)) && isLowSurrogate(text.charCodeAt(end)) ? end + 1 : end;
}

function countPlainWords(text: string): number {
  let count = 0;
  for (let start = 0; start < text.length;) {
    // Bounded also where there is no space: a pattern that loops over a longer run exhausts the stack of some engines.
    const end = findSafeEnd(text, start, 8 * PIECE, true) ?? start + LONGEST_SEGMENT;
    count += text.slice(start, end).match(PLAIN_WORD)?.length ?? 0;
    start = end;
  }
  return count;
}

function countOf(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

/** Counts Unicode code points; a lone surrogate is one. */
export function countCodePoints(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index++) {
    if (isLowSurrogate(text.charCodeAt(index)) && isHighSurrogate(text.charCodeAt(index - 1))) count--;
  }
  return count;
}

/** Counts the bytes of the text in UTF-8; a lone surrogate takes three, as U+FFFD does in its place. */
export function countBytes(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) count += 1;
    else if (unit < 0x800) count += 2;
    else if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(index + 1))) {
      count += 4;
      index++;
    } else count += 3;
  }
  return count;
}

/** Counts lines, ended by LF, CR LF or CR. A line break at the very end begins no further line, so "" has none. */
export function countLines(text: string): number {
  let count = 0;
  let lineStart = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit !== 0x0a && unit !== 0x0d) continue;
    if (unit === 0x0d && text.charCodeAt(index + 1) === 0x0a) index++;
    count++;
    lineStart = index + 1;
  }
  return lineStart < text.length ? count + 1 : count;
}

/** Counts paragraphs: runs of lines that are not blank. */
export function countParagraphs(text: string): number {
  let count = 0;
  let inside = false;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const blank = !/\S/.test(line);
    if (!blank && !inside) count++;
    inside = !blank;
  }
  return count;
}
