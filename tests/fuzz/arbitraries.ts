/** Inputs that several fuzzers draw from: texts that break readers, and texts that have been damaged. */
import fc from "fast-check";

/** Pieces that mean something to one reader or another. */
const SIGNS = [
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  "<",
  ">",
  ":",
  ",",
  ";",
  '"',
  "'",
  "`",
  "\\",
  "/",
  "|",
  "*",
  "&",
  "!",
  "#",
  "%",
  "@",
  "$",
  "^",
  "-",
  "+",
  "=",
  "?",
  "_",
  ".",
  "~",
  " ",
  "  ",
  "\t",
  "\n",
  "\r\n",
  "\r",
  "\0",
  "\x1b[31m",
  "\x7f",
  "\u0085",
  "\u2028",
  "\ufeff",
  "\u200d",
  "\u0301",
  "\ud800",
  "\udc00",
  "é",
  "ß",
  "İ",
  "東京",
  "กขค",
  "한글",
  "👩‍👩‍👧",
  "🇩🇪",
  "“",
  "”",
  "«",
  "»",
  "„",
  "---",
  "...",
  "```",
  "~~~",
  "//",
  "/*",
  "*/",
  "<!--",
  "-->",
  "${A}",
  "{{x}}",
  "\\u0041",
  "\\n",
  "\\\\",
] as const;

/** Names that mean something to JavaScript. */
const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "length",
  "then",
  "toJSON",
] as const;

const WORDS = [
  "a",
  "b",
  "word",
  "lemur",
  "Issue",
  "score",
  "true",
  "false",
  "null",
  "yes",
  "no",
  "0",
  "1",
  "-1",
  "1e999",
  "0x10",
  "3.5",
  "NaN",
  "8/10",
  "none",
] as const;

/** Pieces of hostile text. */
export const piece: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...SIGNS) },
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
);

/** A few pieces, repeated; now and then very often. */
export function repeated(pieces: fc.Arbitrary<string>, mostUnits: number): fc.Arbitrary<string> {
  const times = fc.oneof(
    { weight: 60, arbitrary: fc.integer({ min: 1, max: 20 }) },
    { weight: 10, arbitrary: fc.integer({ min: 20, max: 2_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 2_000, max: mostUnits }) },
  );
  return fc.tuple(fc.array(pieces, { minLength: 1, maxLength: 4 }), times)
    .map(([list, count]) => list.join("").repeat(count).slice(0, mostUnits));
}

/**
 * Hostile text: pieces and repetitions of pieces.
 *
 * @param mostUnits About how long it gets, in UTF-16 units.
 */
export function hostileText(mostUnits: number): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")) },
    {
      weight: 2,
      arbitrary: fc.array(
        fc.oneof({ weight: 4, arbitrary: piece }, { weight: 1, arbitrary: repeated(piece, mostUnits) }),
        {
          maxLength: 8,
        },
      ).map((parts) => parts.join("").slice(0, mostUnits)),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  );
}

/** One change to a text; places are shares of its length. */
interface Edit {
  readonly kind: "cut" | "put" | "replace" | "double" | "swap" | "end";
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom("cut", "put", "put", "replace", "double", "swap", "end"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 12 }),
  text: piece,
});

function apply(text: string, { kind, at, length, text: added }: Edit): string {
  const start = Math.floor(at * text.length);
  const end = start + length;
  switch (kind) {
    case "cut":
      return text.slice(0, start) + text.slice(end);
    case "put":
      return text.slice(0, start) + added + text.slice(start);
    case "replace":
      return text.slice(0, start) + added + text.slice(end);
    case "double":
      return text.slice(0, end) + text.slice(start);
    case "swap":
      return text.slice(0, start) + text.slice(end, end + length) + text.slice(start, end) +
        text.slice(end + length);
    case "end":
      return text.slice(0, start);
  }
}

/** The texts, with up to so many changes. */
export function damaged(texts: fc.Arbitrary<string>, mostEdits = 4): fc.Arbitrary<string> {
  return fc.tuple(texts, fc.array(edit, { maxLength: mostEdits })).map(([text, edits]) =>
    edits.reduce(apply, text)
  );
}
