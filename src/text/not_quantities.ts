/**
 * Finds what is written with digits and is no quantity: dates, times, versions, addresses, code, names with numbers in them.
 *
 * Every expression repeats within bounds, and none can match in two ways, so a text of any length takes linear time.
 *
 * @module
 */

/** The kinds of it. */
export type NotQuantity = "dates" | "times" | "versions" | "codeBlocks" | "urls" | "identifiers" | "ordinals";

/** All kinds. */
export const NOT_QUANTITIES: readonly NotQuantity[] = [
  "dates",
  "times",
  "versions",
  "codeBlocks",
  "urls",
  "identifiers",
  "ordinals",
];

/** Where something begins and ends, in UTF-16 units. */
export type Span = readonly [start: number, end: number];

const BEFORE = "(?<![\\p{L}\\p{N}_])";
const AFTER = "(?![\\p{L}\\p{N}_])";
const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|" +
  "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";

const PATTERNS: Readonly<Record<Exclude<NotQuantity, "codeBlocks">, readonly RegExp[]>> = {
  dates: [
    whole(
      "\\d{4}([-/.])\\d{1,2}\\1\\d{1,2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d{2}:?\\d{2})?)?",
    ),
    whole("\\d{1,2}([-/.])\\d{1,2}\\1(?:\\d{4}|\\d{2})"),
    whole(`\\d{1,2}(?:st|nd|rd|th)?[ ](?:of[ ])?${MONTH}(?:,?[ ]\\d{4})?`),
    whole(`${MONTH}[ ]\\d{1,2}(?:st|nd|rd|th)?(?:,?[ ]\\d{4})?`),
    whole(`${MONTH},?[ ]\\d{4}`),
  ],
  times: [
    whole("\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?:[ ]?[ap]\\.?m\\.?)?"),
    whole("\\d{1,2}[ ]?[ap]m"),
  ],
  versions: [
    whole("v\\.?[ ]?\\d{1,9}(?:\\.\\d{1,9}){0,5}(?:-[\\p{L}\\d.]{1,30})?"),
    whole("\\d{1,9}(?:\\.\\d{1,9}){2,5}"),
  ],
  urls: [
    /(?<![\p{L}\p{N}])(?:[a-z][a-z\d+.-]{1,20}:\/\/|www\.)[^\s<>"]{1,2000}/giu,
    /(?<![^\s<>"@])[^\s<>"@]{1,64}@[^\s<>"@]{1,255}/gu,
  ],
  identifiers: [
    // Telephone numbers; groups of digits that hang together by hyphens.
    /(?<![\p{L}\p{N}_])\+\d{1,3}(?:[ -]?\(?\d{1,4}\)?){1,6}(?![\p{L}\p{N}_])/gu,
    /(?<![\p{L}\p{N}_])\(?\d{3}\)?[ -]\d{3}-\d{4}(?![\p{L}\p{N}_])/gu,
    /(?<![\p{L}\p{N}_-])\d{1,12}(?:-\d{1,12}){2,8}(?![\p{L}\p{N}_-])/gu,
    // "#42", "COVID-19", "A4", "file_2", "3a7f".
    /#\d{1,20}(?![\p{L}\p{N}_])/gu,
    /(?<![\p{L}\p{N}_])\p{L}{1,30}-\d{1,12}(?![\p{L}\p{N}_])/gu,
    /(?<![\p{L}\p{N}_])[\p{L}_][\p{L}_]{0,60}\d[\p{L}\p{N}_]{0,60}/gu,
    /(?<![\p{L}\p{N}_])(?!\d{1,20}[eE]\d{1,4}(?![\p{L}\p{N}_]))\d{1,20}[\p{L}_]{1,20}\d[\p{L}\p{N}_]{0,60}/gu,
  ],
  ordinals: [whole("\\d{1,9}(?:st|nd|rd|th)")],
};

function whole(source: string): RegExp {
  return new RegExp(`${BEFORE}${source}${AFTER}`, "giu");
}

/**
 * Finds what is no quantity.
 *
 * @param text The text.
 * @param kinds What to look for.
 * @returns Where it stands, in order, without overlaps.
 */
export function findNotQuantities(text: string, kinds: readonly NotQuantity[]): Span[] {
  // What one kind finds may be too much for the arguments of one call.
  const spans: Span[] = kinds.includes("codeBlocks") ? findCode(text) : [];
  for (const kind of kinds) {
    if (kind !== "codeBlocks") {
      for (const pattern of PATTERNS[kind]) {
        for (const { index, 0: found } of text.matchAll(pattern)) spans.push([index, index + found.length]);
      }
    }
  }
  return merge(spans);
}

/** Fenced blocks, also one that is never closed, and code within a line. */
function findCode(text: string): Span[] {
  const spans: Span[] = [];
  let fence: { start: number; marker: string } | undefined;
  for (const { index, 0: line } of text.matchAll(/[^\n]+/g)) {
    const marker = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && marker !== undefined) fence = { start: index, marker };
    else if (fence !== undefined && marker?.startsWith(fence.marker)) {
      spans.push([fence.start, index + line.length]);
      fence = undefined;
    }
  }
  if (fence !== undefined) spans.push([fence.start, text.length]);
  for (const { index, 0: found } of text.matchAll(/(?<!`)`[^`\n]{1,300}`/g)) {
    spans.push([index, index + found.length]);
  }
  return spans;
}

function merge(spans: readonly Span[]): Span[] {
  const merged: [number, number][] = [];
  for (const [start, end] of [...spans].sort((one, other) => one[0] - other[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
