/** Whatever a model answers, the critics read it without throwing, soon, and within the bounds of what they promise. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AnswerReading,
  type CriticAnswer,
  parseAnswer,
  verdictOf,
} from "../../src/critics/parse_answer.ts";
import { CriticFeedback } from "../../src/thought/critic_feedback.ts";
import { fuzz } from "./harness.ts";
import { jsonAnswer, jsonValue } from "./json_texts.ts";

const MOST_UNITS = 300_000;

const READINGS: readonly AnswerReading[] = [
  {},
  { scale: 1 },
  { scale: 100, listField: "suggestions" },
  {
    headings: { reflection: ["what to do next"], revision: ["revised text"] },
    isEnough: (fields) => fields.has("reflection"),
  },
  { isEnough: () => true },
  { isEnough: () => false, missing: '"violations" is required' },
];

fuzz("a critic reads every answer", {
  file: import.meta.url,
  inputs: fc.record({
    answer: fc.oneof({ weight: 9, arbitrary: jsonAnswer(MOST_UNITS) }, { weight: 1, arbitrary: jsonValue }),
    reading: fc.nat(READINGS.length - 1),
  }),
  runs: 4_000,
  kinds: ["structured", "sections", "none"],
  check: ({ answer, reading }) => {
    const read = parseAnswer(answer, READINGS[reading]);
    checkAnswer(read, answer);
    return read.parse;
  },
});

function checkAnswer(answer: CriticAnswer, given: unknown): void {
  if (typeof given === "string") assert.equal(answer.raw, given);
  for (const share of [answer.score, answer.confidence]) {
    assert.ok(share === undefined || (share >= 0 && share <= 1), `${share} is no share`);
  }
  assert.equal(answer.problem === undefined, answer.parse !== "none");
  assert.ok(answer.summary.length <= 65_536);
  for (const items of [answer.issues, answer.suggestions]) {
    assert.ok(items.length <= 100);
    for (const { text, severity } of items) {
      assert.ok(text.length <= 8_000);
      assert.ok(severity === undefined || ["low", "medium", "high"].includes(severity));
    }
  }
  verdictOf(answer, 0.7);
  // What was read can be made into feedback, as every critic does with it.
  new CriticFeedback({
    critic: "critic",
    summary: answer.summary,
    score: answer.score,
    issues: answer.issues,
    suggestions: answer.suggestions,
    raw: answer.raw,
    parse: answer.parse,
  });
}
