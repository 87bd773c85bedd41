/** JSON as models write it: inside prose and fences, cut off, with the faults that models make. */
import fc from "fast-check";
import { damaged, hostileText, piece, repeated } from "./arbitraries.ts";

const key = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "score",
      "issues",
      "suggestions",
      "summary",
      "needs_improvement",
      "text",
      "severity",
      "quote",
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "", "é", 'a"b', "a\\b", "👍") },
  { weight: 1, arbitrary: piece },
);

const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    7,
    -1.5,
    1e21,
    12345678901234567890,
    "",
    "None",
    "8/10",
    "yes",
    "high",
    "- a\n- b",
  ),
  fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
);

/** Values that JSON can hold, of the kind that critics answer with. */
export const jsonValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }) },
    { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 5 }) },
  ),
})).value;

const answer = fc.record({
  needsImprovement: fc.oneof(fc.boolean(), leaf),
  score: fc.oneof(fc.nat(10), leaf),
  summary: leaf,
  issues: fc.oneof(
    fc.array(fc.oneof(leaf, fc.record({ text: leaf, severity: leaf, quote: leaf })), { maxLength: 3 }),
    leaf,
  ),
  suggestions: fc.oneof(fc.array(leaf, { maxLength: 3 }), jsonValue),
}, { requiredKeys: [] });

const written = fc.tuple(fc.oneof(jsonValue, answer), fc.constantFrom(0, 2, "\t")).map(([value, space]) =>
  JSON.stringify(value, undefined, space)
);

/** What models get wrong, told as replacements in a text. */
const FAULTS: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll('"', "'"),
  (text) => text.replaceAll('"', "”"),
  (text) => text.replaceAll("}", ",}").replaceAll("]", ",]"),
  (text) => text.replace(/"(\w+)":/g, "$1:"),
  (text) => text.replaceAll("true", "True").replaceAll("null", "None"),
  (text) => text.replaceAll(",", ", // why\n"),
  (text) => text.replaceAll("\\n", "\n"),
  (text) => text.replaceAll("\\", ""),
  (text) => JSON.stringify(text),
  (text) => text.slice(0, Math.ceil(text.length * 0.7)),
];

const faulty = fc.tuple(written, fc.constantFrom(...FAULTS)).map(([text, fault]) => fault(text));

const FRAMES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `Sure! Here it is:\n${text}\nI hope this helps {really}.`,
  (text) => `\`\`\`json\n${text}\n\`\`\``,
  (text) => `~~~~\n${text}`,
  (text) => `<think>\nIt is {"score": 1}\n</think>\n${text}`,
  (text) => `{"critique": ${text}}`,
  (text) => `[${text}]`,
  (text) => `{ "text": "${text}" }`,
  (text) => `${text}\n${text}`,
  (text) => `Score: 7/10\n\n## Issues\n1. ${text}\n- none\n\n**Suggestions:**\n${text}`,
];

const JSON_PIECES = [
  "{",
  "}",
  "[",
  "]",
  '"',
  "\\",
  ":",
  ",",
  '{"',
  '":',
  '{"a":',
  "[{",
  '\\"',
  "\\u",
  "'",
  "“",
  "//",
  "/*",
  "\n",
  " ",
  "{a:",
  "1",
  "0.5e",
  "null",
  "```\n",
  "```json\n",
  "~~~\n",
  "<think>\n",
  "</think>",
  "- ",
  "## Issues\n",
  "Score: ",
  "**Issues**\n",
  "1. ",
  "**",
  "_",
  "(",
  "\\\\",
];

/** What a model may answer where it was asked for JSON, or what somebody may send who means harm. */
export function jsonAnswer(mostUnits: number): fc.Arbitrary<string> {
  const framed = fc.tuple(fc.oneof(written, faulty), fc.constantFrom(...FRAMES)).map(([text, frame]) =>
    frame(text)
  );
  const pieces = fc.array(repeated(fc.constantFrom(...JSON_PIECES), mostUnits), {
    minLength: 1,
    maxLength: 6,
  })
    .map((parts) => parts.join("").slice(0, mostUnits));
  return fc.oneof(
    { weight: 4, arbitrary: framed },
    { weight: 4, arbitrary: damaged(framed) },
    { weight: 3, arbitrary: pieces },
    { weight: 2, arbitrary: hostileText(mostUnits) },
  );
}

/** JSON texts and nearly JSON texts, without anything around them. */
export function nearlyJson(mostUnits: number): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: written },
    { weight: 4, arbitrary: damaged(written, 2) },
    { weight: 1, arbitrary: faulty },
    {
      weight: 2,
      arbitrary: fc.array(repeated(fc.constantFrom(...JSON_PIECES), mostUnits), {
        minLength: 1,
        maxLength: 4,
      })
        .map((parts) => parts.join("").slice(0, mostUnits)),
    },
  );
}
