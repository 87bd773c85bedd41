import { test } from "node:test";
import assert from "node:assert/strict";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { CriticFeedback, type CriticFeedbackInit } from "../../src/thought/critic_feedback.ts";

function message(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError || error instanceof StorageError);
    return error.message;
  }
  return "none";
}

test("CriticFeedback needs only the critic's name", () => {
  assert.deepEqual({ ...new CriticFeedback({ critic: "tone" }) }, {
    critic: "tone",
    summary: "",
    needsImprovement: undefined,
    score: undefined,
    confidence: undefined,
    issues: [],
    suggestions: [],
    raw: undefined,
    parse: "structured",
    usage: undefined,
    modelCalls: 0,
    durationMs: undefined,
    metadata: {},
    forGenerator: undefined,
    error: undefined,
  });
});

test("CriticFeedback takes remarks as strings and as items", () => {
  const feedback = new CriticFeedback({
    critic: "tone",
    issues: [
      " vague ",
      { text: "dull", severity: "high", quote: "It is.", location: "line 1" },
      "vague",
      "",
      { text: " dull " },
    ],
    suggestions: [{ text: "Be concrete." }],
  });
  assert.deepEqual(feedback.issues, [
    { text: "vague" },
    { text: "dull", severity: "high", quote: "It is.", location: "line 1" },
  ]);
  assert.deepEqual(feedback.suggestions, [{ text: "Be concrete." }]);
});

test("CriticFeedback counts the calls of its usage unless it is told their number", () => {
  const usage = { modelCalls: 3, promptTokens: 10 };
  assert.equal(new CriticFeedback({ critic: "c", usage }).modelCalls, 3);
  assert.equal(new CriticFeedback({ critic: "c", usage, modelCalls: 4 }).modelCalls, 4);
});

test("CriticFeedback cuts a long answer, but not inside a character", () => {
  const raw = "a".repeat(65_535) + "😀" + "b";
  assert.equal(new CriticFeedback({ critic: "c", raw }).raw, "a".repeat(65_535));
  assert.equal(new CriticFeedback({ critic: "c", raw: "a".repeat(70_000) }).raw!.length, 65_536);
});

test("CriticFeedback refuses to be changed", () => {
  const feedback = new CriticFeedback({ critic: "c", issues: ["a"], usage: { modelCalls: 1 } });
  assert.throws(() => Object.assign(feedback, { critic: "d" }), TypeError);
  assert.throws(() => Object.assign(feedback.issues[0]!, { text: "b" }), TypeError);
  assert.throws(() => Object.assign(feedback.usage!, { modelCalls: 0 }), TypeError);
  assert.throws(() => (feedback.suggestions as unknown[]).push("b"), TypeError);
});

test("CriticFeedback refuses wrong fields and names them", () => {
  const make = (init: unknown) => message(() => new CriticFeedback(init as CriticFeedbackInit));
  assert.equal(
    make({}),
    "Cannot create CriticFeedback as critic must be a string that is not blank: critic is missing",
  );
  assert.match(
    make({ critic: "c", needsImprovement: "no" }),
    /needsImprovement must be a boolean: needsImprovement is "no"$/,
  );
  assert.match(make({ critic: "c", confidence: 2 }), /confidence must be a finite number from 0 to 1/);
  assert.match(
    make({ critic: "c", parse: "xml" }),
    /parse must be one of "structured", "sections", "none": parse is "xml"$/,
  );
  assert.match(
    make({ critic: "c", issues: [{ text: "a", severity: "severe" }] }),
    /issues\[0\]\.severity must be one of/,
  );
  assert.match(
    make({ critic: "c", issues: [{ severity: "low" }] }),
    /issues\[0\]\.text must be a string: .* is missing$/,
  );
  assert.match(make({ critic: "c", issues: [3] }), /issues\[0\] must be an object: issues\[0\] is 3$/);
  assert.match(make({ critic: "c", modelCalls: 1.5 }), /modelCalls must be an integer of at least 0/);
  assert.match(make({ critic: "c", modelCalls: true }), /modelCalls must be an integer/);
  assert.match(
    make({ critic: "c", usage: {} }),
    /usage\.modelCalls must be an integer of at least 0: .* is missing$/,
  );
  assert.match(make({ critic: "c", violations: [] }), /there is no field violations/);
});

test("CriticFeedback.of puts another name on feedback and keeps the rest", () => {
  const feedback = new CriticFeedback({ critic: "c", issues: ["a"], durationMs: 3 });
  assert.equal(CriticFeedback.of(feedback, { critic: "c", durationMs: 5 }), feedback);
  assert.deepEqual({ ...CriticFeedback.of(feedback, { critic: "c#2" }) }, { ...feedback, critic: "c#2" });
  assert.equal(CriticFeedback.of({ critic: "c" }, { durationMs: 5 }).durationMs, 5);
});

test("CriticFeedback reads back what it wrote", () => {
  const full = new CriticFeedback({
    critic: "c",
    summary: "s",
    needsImprovement: false,
    score: 0.5,
    confidence: 1,
    issues: ["a", { text: "b", severity: "low", quote: "q", location: "l" }],
    suggestions: ["d"],
    raw: "r",
    parse: "sections",
    usage: { modelCalls: 2, promptTokens: 1, completionTokens: 0, costUsd: 0.1, callsWithoutUsage: 1 },
    durationMs: 0,
    metadata: { a: [1] },
    forGenerator: "note",
    error: { code: "c", message: "m" },
  });
  for (const feedback of [full, new CriticFeedback({ critic: "c" })]) {
    assert.deepEqual(CriticFeedback.fromJSON(feedback.toJSON()), feedback);
    assert.deepEqual(CriticFeedback.fromJSON(JSON.parse(JSON.stringify(feedback))), feedback);
  }
});

test("CriticFeedback.fromJSON keeps fields that it does not know, of its remarks too", () => {
  const feedback = CriticFeedback.fromJSON({ critic: "c", mood: "good", issues: [{ text: "a", page: 2 }] });
  assert.deepEqual(feedback.metadata, { $extra: { mood: "good", "issues[0].page": 2 } });
});
