import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { answerFormat, CRITIC_ANSWER_SCHEMA } from "../../src/critics/answer_format.ts";
import { VERDICT_FORMAT } from "../../src/critics/constitutional_prompts.ts";
import { parseAnswer, verdictOf } from "../../src/critics/parse_answer.ts";
import { EVALUATION_FORMAT, REFLECTION_FORMAT } from "../../src/critics/reflexion_prompts.ts";
import { FEEDBACK_FORMAT } from "../../src/critics/self_refine_prompts.ts";
import { ANSWER_SHAPES } from "./parse_answer_table.ts";

const THRESHOLD = 0.7;

for (const shape of ANSWER_SHAPES) {
  test(`parseAnswer reads ${shape.name}`, () => {
    const answer = parseAnswer(shape.answer);
    assert.equal(answer.parse, shape.parse);
    assert.equal(verdictOf(answer, THRESHOLD), shape.verdict);
    assert.equal(answer.score, shape.score);
    assert.equal(answer.problem === undefined, shape.parse !== "none");
    if (shape.issues) assert.deepEqual(answer.issues.map((item) => item.text), shape.issues);
    if (shape.suggestions) assert.deepEqual(answer.suggestions.map((item) => item.text), shape.suggestions);
    if (shape.summary !== undefined) assert.equal(answer.summary, shape.summary);
  });
}

test("the table holds at least forty shapes", () => assert.ok(ANSWER_SHAPES.length >= 40));

test("parseAnswer keeps severity, quotation and place of an issue", () => {
  const { issues } = parseAnswer(
    '{"issues": [{"issue": "Vague", "severity": "Major", "evidence": "some say", "where": "line 2"}, {"description": "Long", "severity": "?"}]}',
  );
  assert.deepEqual(issues, [
    { text: "Vague", severity: "high", quote: "some say", location: "line 2" },
    { text: "Long" },
  ]);
});

test("parseAnswer takes an object as it is when a provider hands one out", () => {
  const answer = parseAnswer({ needsImprovement: false, score: 9 });
  assert.equal(answer.parse, "structured");
  assert.equal(answer.needsImprovement, false);
});

test("parseAnswer gives the answer itself as the summary when nothing can be read", () => {
  assert.equal(parseAnswer("<think>hm</think> It is what it is.").summary, "It is what it is.");
});

test("parseAnswer marks an object that was cut off", () => {
  assert.equal(parseAnswer('{"needsImprovement": true, "issues": ["a", "b').truncated, true);
  assert.equal(parseAnswer('{"needsImprovement": true}').truncated, false);
});

test("parseAnswer reads the model's own confidence on a scale of one", () => {
  assert.equal(parseAnswer('{"needsImprovement": true, "confidence": 0.6}').confidence, 0.6);
  assert.equal(parseAnswer('{"needsImprovement": true, "confidence": 6}').confidence, undefined);
});

test("parseAnswer never throws, whatever the answer is", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseAnswer(text)));
  fc.assert(fc.property(fc.json(), (text) => void parseAnswer(text)));
  fc.assert(
    fc.property(fc.json(), fc.nat(200), (text, cut) => void parseAnswer(`{"issues": ${text}`.slice(0, cut))),
  );
});

test("the schemas keep to what a provider can enforce: every field required, nothing besides, no bounds", () => {
  for (
    const format of [answerFormat(), EVALUATION_FORMAT, REFLECTION_FORMAT, FEEDBACK_FORMAT, VERDICT_FORMAT]
  ) {
    checkStrict(format.schema);
  }
});

function checkStrict(schema: Readonly<Record<string, unknown>>): void {
  for (const keyword of Object.keys(schema)) {
    assert.ok(
      ["type", "enum", "items", "properties", "required", "additionalProperties", "description"].includes(
        keyword,
      ),
      keyword,
    );
  }
  if (schema.items) checkStrict(schema.items as Record<string, unknown>);
  if (!schema.properties) return;
  assert.deepEqual(schema.required, Object.keys(schema.properties));
  assert.equal(schema.additionalProperties, false);
  for (const property of Object.values(schema.properties)) checkStrict(property as Record<string, unknown>);
}

test("the schema has the fields that every critic asks for", () => {
  assert.deepEqual(Object.keys(CRITIC_ANSWER_SCHEMA.properties as object), [
    "needsImprovement",
    "score",
    "summary",
    "issues",
    "suggestions",
  ]);
});
