import assert from "node:assert/strict";
import { test } from "node:test";
import { findProblems, type OptionSchema } from "../src/options.ts";

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
