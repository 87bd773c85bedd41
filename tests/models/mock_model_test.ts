import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../src/drivers/simulation.ts";
import { ConfigurationError, ModelApiError, ModelError } from "../../src/errors.ts";
import { generateForThought, generateOperation, MockModel } from "../../src/models/mod.ts";
import { all } from "../../src/operation/combinators.ts";
import { Thought } from "../../src/thought/thought.ts";
import { gives, testEveryDriver, throwsMessage } from "../helpers/drivers.ts";

testEveryDriver("a mock answers from its script", {
  operation: function* () {
    const model = new MockModel({ responses: ["First.", (call) => `Second to ${call.prompt}.`] });
    const texts: string[] = [];
    for (const prompt of ["a", "b", "c"]) texts.push((yield* generateOperation(model, prompt)).text);
    return texts;
  },
  check: gives(["First.", "Second to b.", "First."]),
});

testEveryDriver("a mock throws the errors of its script", {
  operation: () => generateOperation(new MockModel({ response: new ModelError("the model is ill") }), "a"),
  check: throwsMessage(/the model is ill/),
});

testEveryDriver("a mock in strict mode throws when its script is used up", {
  operation: function* () {
    const model = new MockModel({ responses: ["only"], mode: "strict" });
    yield* generateOperation(model, "a");
    return yield* generateOperation(model, "b");
  },
  check: throwsMessage(/mock has no answer left: 1 were scripted/),
});

testEveryDriver("a mock that is too slow times out", {
  operation: () => generateOperation(new MockModel({ latencyMs: 500 }), "a", { timeoutMs: 5 }),
  check: (outcome) => {
    throwsMessage(/mock did not answer within 5 ms/)(outcome);
    const { error } = outcome as { error: ModelApiError };
    assert.ok(error instanceof ModelApiError && error.code === "timeout" && error.retryable);
  },
});

test("a mock in mode last repeats its last answer", () => {
  const model = new MockModel({ responses: ["a", "b"], mode: "last" });
  assert.deepEqual([1, 2, 3].map(() => model.generate("x")), ["a", "b", "b"]);
});

test("a mock without a script quotes the first fifty graphemes of the prompt", () => {
  const family = "👨‍👩‍👧".repeat(60);
  assert.equal(new MockModel({ name: "m" }).generate("Hi"), "Mock response of m to: Hi");
  assert.equal(new MockModel({ name: "m" }).generate(family), `Mock response of m to: ${"👨‍👩‍👧".repeat(50)}`);
});

test("a mock records what it was asked, and forgets it on reset", () => {
  const model = new MockModel({ responses: ["a", "b"] });
  model.generate("Greet me", { systemPrompt: "Be brief.", temperature: 0.5 });
  const [call] = model.calls;
  assert.equal(call!.index, 0);
  assert.equal(call!.prompt, "[system]\nBe brief.\n\n[user]\nGreet me");
  assert.deepEqual(call!.messages.map((message) => message.role), ["system", "user"]);
  assert.deepEqual(call!.options, { systemPrompt: "Be brief.", temperature: 0.5 });
  model.reset();
  assert.equal(model.calls.length, 0);
  assert.equal(model.generate("again"), "a");
});

test("a mock is sent the same prompt for a thought as any model, and records the thought", () => {
  const thought = new Thought({ prompt: "Describe lemurs." });
  const model = new MockModel({ response: "Lemurs." });
  const [text, prompt] = model.generateWithThought(thought);
  assert.equal(text, "Lemurs.");
  assert.match(prompt, /Describe lemurs\./);
  assert.equal(model.calls[0]!.prompt, prompt);
  assert.equal(model.calls[0]!.thoughtId, thought.id);
});

test("a mock's calls overlap under a virtual clock", () => {
  const model = new MockModel({ latencyMs: 1000 });
  const { elapsedMs } = simulate(all([1, 2, 3].map(() => generateOperation(model, "x"))));
  assert.equal(elapsedMs, 1000);
  assert.deepEqual(model.calls.map((call) => [call.startedAtMs, call.endedAtMs]), [[0, 1000], [0, 1000], [
    0,
    1000,
  ]]);
});

test("a mock streams its answer word by word", async () => {
  const model = new MockModel({ response: "One two\nthree " });
  assert.deepEqual([...model.stream("x")], ["One ", "two\n", "three "]);
  const pieces: string[] = [];
  for await (const piece of model._streamAsync("x")) pieces.push(piece);
  assert.deepEqual(pieces, ["One ", "two\n", "three "]);
});

test("a mock says what it is told to have consumed", () => {
  const usage = { promptTokens: 3, completionTokens: 4, costUsd: 0.1 };
  const thought = new Thought({ prompt: "x" });
  const model = new MockModel({ usage });
  const { outcome } = simulate(generateForThought(model, thought, [{ role: "user", content: "x" }]));
  assert.deepEqual(outcome.ok && outcome.value.usage, usage);
});

test("a mock refuses what its capabilities leave out", () => {
  const model = new MockModel({ capabilities: { seed: false, structuredOutput: false } });
  assert.throws(() => model.generate("x", { seed: 1 }), /Cannot call mock as it does not support seed/);
  const responseFormat = { type: "json", schema: {} } as const;
  assert.throws(() => model.generate("x", { responseFormat }), /does not support responseFormat/);
});

test("a mock counts tokens with its tokenizer, or says that it estimates", () => {
  assert.deepEqual(new MockModel().countTokensDetailed("Hello there"), { tokens: 3, exact: false });
  const model = new MockModel({ tokenizer: (text) => text.length });
  assert.deepEqual(model.countTokensDetailed("Hello"), { tokens: 5, exact: true });
  assert.equal(model.countTokens("Hello"), 5);
});

test("a mock is refused without a script, with two scripts, and with unknown options", () => {
  assert.throws(() => new MockModel({ responses: [] }), /responses must be an array with at least 1 item/);
  assert.throws(() => new MockModel({ responses: ["a"], response: "b" }), /must not both be given/);
  assert.throws(() => new MockModel({ respones: ["a"] } as never), /did you mean responses\?/);
  assert.throws(() => new MockModel({ latencyMs: -1 }), ConfigurationError);
});

test("a mock keeps no hold of the caller's list", () => {
  const responses = ["a", "b"];
  const model = new MockModel({ responses });
  responses.length = 0;
  assert.equal(model.generate("x"), "a");
});
