/**
 * What the compiler must refuse: each line under a `@ts-expect-error` is an error of `deno check` and `tsc`, or the comment above it
 * is one. What it refuses to change is frozen, too.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain, CriticFeedback, defineValidator, Document, Thought, ValidationResult } from "../mod.ts";
import { AnthropicModel, createModel, type Generation, MockModel } from "../src/models/mod.ts";
import { QuickStart } from "../src/quick_start/mod.ts";
import { LengthValidator } from "../src/validators/mod.ts";

test("what a run gives can be read and not changed", () => {
  const model = new MockModel({ response: "Hello." });
  const run = new Chain({ model, prompt: "Greet.", validators: [new LengthValidator({ maxWords: 5 })] });
  const thought: Thought = run.run();
  const result = new ValidationResult({ validator: "mine", passed: true, message: "" });
  const changes: readonly (() => void)[] = [
    // @ts-expect-error A thought is a value.
    () => thought.text = "Bye.",
    // @ts-expect-error Its history is what was.
    () => thought.history.push(thought),
    // @ts-expect-error Results are keyed for good.
    () => thought.validationResults.mine = result,
    // @ts-expect-error A result has been decided.
    () => thought.validationResults.LengthValidator!.passed = false,
    // @ts-expect-error What was consumed was consumed.
    () => thought.usage.modelCalls = 0,
    // @ts-expect-error A document is a value.
    () => new Document({ text: "a" }).text = "b",
    // @ts-expect-error Feedback has been given.
    () => new CriticFeedback({ critic: "c", needsImprovement: false }).issues.push("d"),
  ];
  for (const change of changes) assert.throws(change, TypeError);
});

test("options that there are not are refused by the compiler and when the component is made", () => {
  const wrong: readonly (() => unknown)[] = [
    // @ts-expect-error It is maxWords.
    () => new LengthValidator({ maxWord: 5 }),
    // @ts-expect-error It is a number.
    () => new LengthValidator({ maxWords: "5" }),
    // @ts-expect-error A mode is one of three.
    () => new MockModel({ response: "a", mode: "random" }),
    // @ts-expect-error It is temperature.
    () => createModel("openai:gpt-4o", { apiKey: "key-01234567", temprature: 1 }),
    // @ts-expect-error A model has a name.
    () => new AnthropicModel({ apiKey: "key-01234567" }),
    // @ts-expect-error It is prompt.
    () => new Chain({ model: "mock", promt: "Greet." }),
    // @ts-expect-error There is no such preset.
    () => QuickStart.fromPreset("everything", "Greet.", { model: "mock" }),
    // @ts-expect-error A validator is a function.
    () => defineValidator("mine", "text"),
  ];
  for (const make of wrong) assert.throws(make, { name: "ConfigurationError" });
});

test("each part has its own type, and none is of any", () => {
  type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
  const text: Same<Thought["text"], string | undefined> = true;
  const valid: Same<Thought["valid"], boolean> = true;
  const finish: Same<Generation["finishReason"], "stop" | "length" | "filter" | "other"> = true;
  const raw: Same<Generation["raw"], unknown> = true;
  const run: Same<ReturnType<Chain["run"]>, Thought> = true;
  const twin: Same<ReturnType<Chain["_runAsync"]>, Promise<Thought>> = true;
  assert.ok([text, valid, finish, raw, run, twin].every(Boolean));
});
