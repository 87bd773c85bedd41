import assert from "node:assert/strict";
import { test } from "node:test";
import { CRITERIA } from "../../src/critics/criteria.ts";
import { PromptCritic, type PromptCriticOptions } from "../../src/critics/prompt_critic.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { asked, draft } from "./helpers.ts";

const scored = (...scores: (number | undefined)[]): string =>
  JSON.stringify({
    criteria: scores.flatMap((score, index) =>
      score === undefined ? [] : [{ criterion: index + 1, score, comment: `comment ${index + 1}` }]
    ),
  });

function critique(options: Partial<PromptCriticOptions>, response: string) {
  return new PromptCritic({
    model: new MockModel({ response }),
    criteria: ["It says when.", "It is polite.", "It is short."],
    maxRepairs: 0,
    ...options,
  }).critique(draft());
}

test("PromptCritic scores by the mean of its criteria, in one call", () => {
  const feedback = critique({}, scored(4, 8, 9));
  assert.equal(feedback.score, 0.7);
  assert.equal(feedback.needsImprovement, false);
  assert.equal(feedback.modelCalls, 1);
  assert.deepEqual(feedback.metadata.criteria, [
    { name: "It says when.", score: 0.4, comment: "comment 1" },
    { name: "It is polite.", score: 0.8, comment: "comment 2" },
    { name: "It is short.", score: 0.9, comment: "comment 3" },
  ]);
});

test("PromptCritic computes the mean itself, whatever score the model gives", () => {
  const answer = JSON.parse(scored(2, 2, 2)) as object;
  assert.equal(critique({}, JSON.stringify({ ...answer, score: 10 })).score, 0.2);
});

test("PromptCritic takes the model's verdict where it gives one, and else its mean", () => {
  const answer = JSON.parse(scored(2, 2, 2)) as object;
  assert.equal(critique({}, JSON.stringify({ ...answer, needsImprovement: false })).needsImprovement, false);
  assert.equal(critique({ passScore: 0.2 }, scored(2, 2, 2)).needsImprovement, false);
  assert.equal(critique({}, scored(2, 2, 2)).needsImprovement, true);
});

test("PromptCritic notes a criterion that the answer leaves out, and takes the mean of the rest", () => {
  const feedback = critique({}, scored(4, undefined, 8));
  assert.ok(Math.abs(feedback.score! - 0.6) < 1e-9);
  assert.deepEqual(feedback.metadata.missingCriteria, ["It is polite."]);
});

test("PromptCritic finds criteria by their words where the numbers are missing", () => {
  const answer = JSON.stringify({
    criteria: [{ name: "it is polite", score: 3, comment: "" }, { criterion: "It says when.", score: 5 }],
  });
  const feedback = critique({}, answer);
  assert.ok(Math.abs(feedback.score! - 0.4) < 1e-9);
});

test("PromptCritic puts criteria with braces and line breaks into one line each, as they are", () => {
  const model = new MockModel({ response: scored(5, 5) });
  new PromptCritic({ model, criteria: ["It has {text}\nand }{", "Two"] }).critique(draft());
  assert.ok(asked(model.calls[0]!).includes("1. It has {text} and }{\n2. Two"));
});

test("PromptCritic reads prose under headings that a template of one's own asks for", () => {
  const answer = [
    "## Criteria",
    "1. It says when: 4/10 - no date",
    "2. It is polite: 9/10",
    "3. It is short: 8/10",
    "## Issues",
    "- There is no date.",
  ].join("\n");
  const feedback = critique({ critiqueTemplate: "Judge {text} by {criteria}." }, answer);
  assert.equal(feedback.parse, "sections");
  assert.equal(feedback.score, 0.7);
  assert.deepEqual(feedback.issues.map(({ text }) => text), ["There is no date."]);
  assert.deepEqual((feedback.metadata.criteria as { comment: string }[])[0]!.comment, "no date");
});

test("PromptCritic reads a score on a line whose criterion and comment have colons of their own", () => {
  const model = new MockModel({
    response:
      "Criteria:\n- Task: it does what was asked: 7/10, but: two dates differ\n- Tone: 4/10 - once: rude",
  });
  const criteria = ["Task: it does what was asked", "Tone"];
  const feedback = new PromptCritic({ model, criteria }).critique(draft());
  assert.deepEqual((feedback.metadata.criteria as { score: number }[]).map(({ score }) => score), [0.7, 0.4]);
});

test("PromptCritic takes a list of criteria by its name", () => {
  const model = new MockModel({ response: scored(5) });
  new PromptCritic({ model, criteria: "business" }).critique(draft());
  for (const criterion of CRITERIA.business) assert.ok(asked(model.calls[0]!).includes(criterion));
  new PromptCritic({ model }).critique(draft());
  for (const criterion of CRITERIA.general) assert.ok(asked(model.calls[1]!).includes(criterion));
});

test("PromptCritic never takes praise or blame in prose for a verdict", () => {
  for (
    const answer of [
      "This is not excellent; the facts are wrong.",
      "The text needs no improvement.",
      "Great!",
    ]
  ) {
    const feedback = critique({}, answer);
    assert.equal(feedback.needsImprovement, undefined, answer);
    assert.equal(feedback.parse, "none");
  }
});

test("PromptCritic refuses criteria that are empty, repeated or unknown, and a template given twice", () => {
  const wrong: [object, RegExp][] = [
    [{ criteria: [] }, /criteria must be .*at least 1 item/],
    [{ criteria: ["a", "a "] }, /criteria\[1\] repeats criteria\[0\]/],
    [{ criteria: [" "] }, /criteria\[0\]/],
    [{ criteria: "poetic" }, /criteria must be one of "general"/],
    [{ critiqueTemplate: "{text}", templates: { critique: "{text}" } }, /must not both be given/],
    [{ critiqueTemplate: "no draft" }, /must use the placeholder \{text\}/],
    [{ passScore: 1.5 }, /passScore/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => new PromptCritic({ model: new MockModel(), ...options } as never), {
      name: "ConfigurationError",
      message,
    });
  }
});
