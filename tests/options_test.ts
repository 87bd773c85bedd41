import assert from "node:assert/strict";
import { test } from "node:test";
import { findProblems, type OptionSchema, show } from "../src/options.ts";

const RULE: OptionSchema = {
  anyOf: [
    { type: "string" },
    { type: "object", properties: { pattern: { type: "string" } }, required: ["pattern"] },
  ],
};

const messages = (value: unknown): string[] =>
  findProblems(value, RULE, ["rule"]).map(({ message }) => message);

test("findProblems names the missing field of a choice that takes objects", () => {
  assert.deepEqual(messages({}), ["rule.pattern is required"]);
});

test("findProblems lists the choices when a value is of no type that one takes", () => {
  assert.deepEqual(messages(3), ["rule must be a string or an object: rule is 3"]);
});

test("findProblems finds nothing when a value is one of the choices", () => {
  assert.deepEqual([...messages("a"), ...messages({ pattern: "a" })], []);
});

test("show writes no more of a value than it shows, however deep and large that is", () => {
  let deep: unknown = "x";
  for (let depth = 0; depth < 20_000; depth++) deep = { schemaVersion: 1, prompt: "p", history: [deep] };
  const large = [Array.from({ length: 1_000_000 }, () => "word"), "x".repeat(5_000_000)];
  const startedMs = performance.now();
  for (let round = 0; round < 20; round++) {
    assert.equal(show(deep).length, 81);
    assert.equal(show(large).length, 81);
  }
  assert.ok(performance.now() - startedMs < 30_000);
  assert.equal(
    show({ a: [1, "b", null], c: new Date(0) }),
    '{"a":[1,"b",null],"c":"1970-01-01T00:00:00.000Z"}',
  );
});

test("findProblems does not show what stands under the name of a secret", () => {
  const [problem] = findProblems(["sk-1234"], { type: "string" }, ["model", "apiKey"]);
  assert.equal(problem!.message, "model.apiKey must be a string: model.apiKey is hidden");
});
