import { test } from "node:test";
import assert from "node:assert/strict";
import { ConfigurationError } from "../../src/errors.ts";
import { CriticFeedback } from "../../src/thought/critic_feedback.ts";
import { Document } from "../../src/thought/document.ts";
import { Thought, type ThoughtInit } from "../../src/thought/thought.ts";
import { ValidationResult } from "../../src/thought/validation_result.ts";

function message(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.message;
  }
  return "none";
}

const make = (init: unknown): string => message(() => new Thought(init as ThoughtInit));

test("Thought needs only a prompt", () => {
  const before = Date.now();
  const { id, timestamp, ...rest } = new Thought({ prompt: "Write." });
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(Date.parse(timestamp) >= before && Date.parse(timestamp) <= Date.now());
  assert.deepEqual(rest, {
    schemaVersion: 1,
    chainId: undefined,
    parentId: undefined,
    iteration: 0,
    prompt: "Write.",
    systemPrompt: undefined,
    text: undefined,
    modelPrompt: undefined,
    generation: undefined,
    preGenerationContext: [],
    postGenerationContext: [],
    validationResults: {},
    criticFeedback: [],
    history: [],
    revision: undefined,
    metadata: {},
  });
});

test("Thought makes 100,000 different ids", () => {
  const ids = new Set<string>();
  for (let count = 0; count < 100_000; count++) ids.add(new Thought({ prompt: "p" }).id);
  assert.equal(ids.size, 100_000);
});

test("Thought refuses wrong fields and names them", () => {
  assert.equal(
    make({}),
    "Cannot create Thought as prompt must be a string that is not blank: prompt is missing",
  );
  assert.equal(
    make({ prompt: " \n" }),
    'Cannot create Thought as prompt must be a string that is not blank: prompt is " \\n"',
  );
  assert.match(
    make({ prompt: "p", iteration: 1.5 }),
    /iteration must be an integer of at least 0: iteration is 1\.5$/,
  );
  assert.match(make({ prompt: "p", iteration: -1 }), /iteration must be an integer of at least 0/);
  assert.match(make({ prompt: "p", iteration: true }), /iteration must be an integer/);
  assert.match(make({ prompt: "p", text: 5 }), /text must be a string: text is 5$/);
  assert.match(make({ prompt: "p", text: null }), /text must be a string: text is null$/);
  assert.match(make({ prompt: "p", id: "" }), /id must be a string that is not blank/);
  assert.match(make({ promt: "p" }), /there is no field promt; did you mean "prompt"\?$/);
  assert.match(
    make({ prompt: "p", metadata: { a: { b: NaN } } }),
    /metadata\.a\.b must be a JSON value: metadata\.a\.b is NaN$/,
  );
});

test("Thought refuses a timestamp that is not an instant in UTC", () => {
  for (
    const timestamp of ["", "yesterday", "2026-01-31", "2026-01-31T12:00:00", "2026-13-31T12:00:00Z", 0, null]
  ) {
    assert.match(make({ prompt: "p", timestamp }), /timestamp must be an instant/, String(timestamp));
  }
  for (const timestamp of ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123Z"]) {
    assert.equal(new Thought({ prompt: "p", timestamp }).timestamp, timestamp);
  }
});

test("Thought names the place of what is wrong in its parts", () => {
  const wrong: [unknown, RegExp][] = [
    [{ preGenerationContext: ["a", { text: 1 }] }, /preGenerationContext\[1\]\.text must be a string/],
    [{ postGenerationContext: {} }, /postGenerationContext must be an array/],
    [
      { validationResults: { Length: { passed: "no" } } },
      /validationResults\.Length\.passed must be a boolean/,
    ],
    [
      { validationResults: { "Length#2": {} } },
      /validationResults\["Length#2"\]\.passed must be a boolean: .* is missing$/,
    ],
    [{ validationResults: 1 }, /validationResults must be an object/],
    [{ criticFeedback: [{}] }, /criticFeedback\[0\]\.critic must be a string/],
    [{ generation: { model: "m" } }, /generation\.finishReason must be/],
    [{ generation: { model: "m", finishReason: "tired" } }, /generation\.finishReason must be one of/],
    [{ revision: { text: "t" } }, /revision\.thoughtId must be a string/],
    [{ history: [{ prompt: "" }] }, /history\[0\]\.prompt must be a string that is not blank/],
    [{ history: "none" }, /history must be an array/],
  ];
  for (const [part, expected] of wrong) assert.match(make({ prompt: "p", ...part as object }), expected);
});

test("Thought refuses a history with one id twice, or with histories of its own", () => {
  const first = new Thought({ prompt: "p", text: "t", id: "a" });
  const second = first.nextIteration({ id: "b" });
  const other = new Thought({ prompt: "p", id: "c" });
  assert.match(make({ prompt: "p", id: "a", history: [first] }), /history\[0\]\.id must differ/);
  assert.match(make({ prompt: "p", history: [first, first] }), /history\[1\]\.id must differ/);
  assert.match(make({ prompt: "p", history: [other, second] }), /history\[1\]\.history must be empty/);
});

test("a change makes a new thought and leaves the old one as it was", () => {
  const thought = new Thought({ prompt: "p", metadata: { a: { b: 1 } } });
  const before = JSON.stringify(thought);
  const changed = thought
    .withText("text")
    .withModelPrompt("model prompt")
    .withGeneration({
      model: "m",
      finishReason: "stop",
      usage: { modelCalls: 1, promptTokens: 3 },
      durationMs: 4,
    })
    .addPreGenerationContext(["one", { text: "two", score: 1 }])
    .addPostGenerationContext([new Document({ text: "three" })])
    .addValidationResult("Length", { passed: true })
    .addCriticFeedback({ critic: "Tone", needsImprovement: false })
    .withMetadata({ c: [1] });
  assert.equal(JSON.stringify(thought), before);
  assert.equal(changed.id, thought.id);
  assert.equal(changed.text, "text");
  assert.equal(changed.modelPrompt, "model prompt");
  assert.deepEqual(changed.generation, {
    model: "m",
    finishReason: "stop",
    usage: { modelCalls: 1, promptTokens: 3 },
    durationMs: 4,
  });
  assert.deepEqual(changed.preGenerationContext.map((document) => document.text), ["one", "two"]);
  assert.deepEqual(changed.postGenerationContext.map((document) => document.text), ["three"]);
  assert.ok(changed.validationResults.Length instanceof ValidationResult);
  assert.ok(changed.criticFeedback[0] instanceof CriticFeedback);
  assert.deepEqual(changed.metadata, { a: { b: 1 }, c: [1] });
});

test("a thought refuses to be changed, deep inside too", () => {
  const thought = new Thought({ prompt: "p", text: "t", metadata: { a: { b: [1] } } })
    .addPreGenerationContext(["one"])
    .addValidationResult("V", { passed: false, issues: ["i"] })
    .addCriticFeedback({ critic: "C", needsImprovement: true, issues: ["i"], forGenerator: "n" })
    .withGeneration({ model: "m", finishReason: "stop", usage: { modelCalls: 1 } })
    .nextIteration({ keepPreContext: true });
  const changeable: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Object.isFrozen(value)) changeable.push(path);
    for (const [key, part] of Object.entries(value)) visit(part, `${path}.${key}`);
  };
  visit(thought, "thought");
  assert.deepEqual(changeable, []);
  assert.throws(() => Object.assign(thought, { text: "x" }), TypeError);
  assert.throws(() => Object.assign(thought.validationResults, { V: 1 }), TypeError);
  assert.throws(() => (thought.history as unknown[]).pop(), TypeError);
});

test("a thought does not share metadata with the caller or with its child", () => {
  const metadata = { list: [1] };
  const thought = new Thought({ prompt: "p", text: "t", metadata });
  metadata.list.push(2);
  const child = thought.nextIteration().withMetadata({ list: [3] });
  assert.deepEqual(thought.metadata, { list: [1] });
  assert.deepEqual(child.metadata, { list: [3] });
});

test("withMetadata refuses what JSON cannot hold and names its place", () => {
  const thought = new Thought({ prompt: "p" });
  const patch = (value: unknown) => message(() => thought.withMetadata(value as Record<string, never>));
  assert.match(
    patch({ memory: { tried: new Set() } }),
    /metadata\.memory\.tried must be a JSON value: it is a Set$/,
  );
  assert.match(patch({ memory: undefined }), /metadata\.memory must be a JSON value/);
});

test("addValidationResult files a result under its name, in the order of the validators", () => {
  const result = new ValidationResult({ validator: "Length", passed: false });
  const thought = new Thought({ prompt: "p", text: "t" })
    .addValidationResult("Length", result)
    .addValidationResult("Regex", { passed: true })
    .addValidationResult("Length#2", new ValidationResult({ validator: "Length", passed: true }));
  assert.deepEqual(Object.keys(thought.validationResults), ["Length", "Regex", "Length#2"]);
  assert.equal(thought.validationResults.Length, result);
  assert.equal(thought.validationResults["Length#2"]!.validator, "Length#2");
  const again = thought.addValidationResult("Length", { passed: true });
  assert.deepEqual(Object.keys(again.validationResults), ["Length", "Regex", "Length#2"]);
  assert.equal(again.validationResults.Length!.passed, true);
  assert.match(
    message(() => thought.addValidationResult("", { passed: true })),
    /validationResults must be a string/,
  );
});

test("withValidationResults takes a record and a list", () => {
  const list = [
    new ValidationResult({ validator: "b", passed: true }),
    new ValidationResult({ validator: "a", passed: true }),
  ];
  const thought = new Thought({ prompt: "p", text: "t" }).addValidationResult("old", { passed: false });
  const listed = thought.withValidationResults(list);
  assert.deepEqual(Object.keys(listed.validationResults), ["b", "a"]);
  assert.equal(listed.validationResults.b, list[0]);
  assert.deepEqual(
    thought.withValidationResults({ b: list[0]!, a: list[1]! }).validationResults,
    listed.validationResults,
  );
  assert.deepEqual(thought.withValidationResults([]).validationResults, {});
  assert.match(message(() => thought.withValidationResults([list[0]!, list[0]!])), /two have one name$/);
});

test("a validator may be called anything", () => {
  const names = ["__proto__", "constructor", "toString", "é 😀", "\ud800", "a.b"];
  const results = names.map((validator) => new ValidationResult({ validator, passed: true }));
  const thought = new Thought({ prompt: "p", text: "t" }).withValidationResults(results);
  assert.deepEqual(Object.keys(thought.validationResults), names);
  assert.equal(Object.getPrototypeOf(thought.validationResults), Object.prototype);
  const added = new Thought({ prompt: "p" }).addValidationResult("__proto__", { passed: true })
    .addValidationResult("constructor", { passed: true });
  assert.deepEqual(Object.keys(added.validationResults), ["__proto__", "constructor"]);
});

test("a thought is valid when there are results and all passed", () => {
  const thought = new Thought({ prompt: "p", text: "t" });
  const passed = thought.addValidationResult("a", { passed: true });
  const failed = passed.addValidationResult("b", { passed: false });
  assert.deepEqual([thought.valid, passed.valid, failed.valid], [false, true, false]);
  assert.equal(failed.addValidationResult("b", { passed: true }).valid, true);
  assert.equal(passed.withMetadata({ a: 1 }).valid, true);
  assert.equal(passed.nextIteration().valid, false);
  assert.equal(passed.nextIteration().history[0]!.valid, true);
  assert.equal(Thought.fromJSON(passed.toJSON()).valid, true);
});

test("withCriticFeedback replaces feedback and addCriticFeedback adds to it", () => {
  const thought = new Thought({ prompt: "p" }).addCriticFeedback({ critic: "a" }).addCriticFeedback({
    critic: "b",
  });
  assert.deepEqual(thought.criticFeedback.map(({ critic }) => critic), ["a", "b"]);
  assert.deepEqual(thought.withCriticFeedback([{ critic: "c" }]).criticFeedback.map(({ critic }) => critic), [
    "c",
  ]);
});

test("a thought sums what it and its history consumed", () => {
  const thought = new Thought({ prompt: "p" })
    .withGeneration({
      model: "m",
      finishReason: "stop",
      usage: { modelCalls: 2, promptTokens: 10, callsWithoutUsage: 1 },
    })
    .withText("t")
    .addCriticFeedback({ critic: "a", usage: { modelCalls: 1, promptTokens: 5, completionTokens: 7 } })
    .addCriticFeedback({ critic: "b", modelCalls: 3 })
    .addCriticFeedback({ critic: "rules" })
    .nextIteration()
    .withGeneration({ model: "m", finishReason: "stop", usage: { modelCalls: 1, promptTokens: 100 } });
  assert.deepEqual(thought.usage, {
    modelCalls: 7,
    promptTokens: 115,
    completionTokens: 7,
    callsWithoutUsage: 4,
  });
  assert.deepEqual(new Thought({ prompt: "p" }).usage, { modelCalls: 0 });
});
