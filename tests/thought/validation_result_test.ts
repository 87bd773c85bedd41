import { test } from "node:test";
import assert from "node:assert/strict";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { ValidationResult, type ValidationResultInit } from "../../src/thought/validation_result.ts";

function message(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError || error instanceof StorageError);
    return error.message;
  }
  return "none";
}

test("ValidationResult fills in what is left out", () => {
  assert.deepEqual({ ...new ValidationResult({ passed: true }) }, {
    validator: "validator",
    passed: true,
    message: "passed",
    score: undefined,
    issues: [],
    suggestions: [],
    metadata: {},
    durationMs: undefined,
    error: undefined,
  });
  assert.equal(new ValidationResult({ passed: false }).message, "did not pass");
  assert.equal(
    new ValidationResult({ passed: false, issues: ["too short", "too dull"] }).message,
    "too short",
  );
  const error = { code: "crash", message: "It broke." };
  assert.equal(new ValidationResult({ passed: false, error }).message, "It broke.");
});

test("ValidationResult trims strings and drops issues that are blank or repeated", () => {
  const result = new ValidationResult({
    passed: false,
    message: " bad\n",
    issues: [" b ", "a", "b", "", "  "],
    suggestions: ["  do it  ", "do it"],
  });
  assert.equal(result.message, "bad");
  assert.deepEqual(result.issues, ["b", "a"]);
  assert.deepEqual(result.suggestions, ["do it"]);
});

test("ValidationResult refuses to be changed", () => {
  const result = new ValidationResult({
    passed: false,
    issues: ["a"],
    metadata: { n: { m: 1 } },
    error: { code: "c", message: "" },
  });
  assert.throws(() => Object.assign(result, { passed: true }), TypeError);
  assert.throws(() => (result.issues as string[]).push("b"), TypeError);
  assert.throws(() => Object.assign(result.metadata.n as object, { m: 2 }), TypeError);
  assert.throws(() => Object.assign(result.error!, { code: "d" }), TypeError);
  assert.throws(() => (new ValidationResult({ passed: true }).issues as string[]).push("b"), TypeError);
});

test("ValidationResult refuses what contradicts itself", () => {
  const make = (init: unknown) => message(() => new ValidationResult(init as ValidationResultInit));
  assert.equal(
    make({ passed: true, issues: ["bad"] }),
    'Cannot create ValidationResult as issues must be empty where passed is true: issues is ["bad"]',
  );
  assert.match(
    make({ passed: true, error: { code: "x", message: "y" } }),
    /error must be left out where passed is true/,
  );
  assert.equal(make({ passed: true, issues: ["  "] }), "none");
});

test("ValidationResult refuses wrong fields and names them", () => {
  const make = (init: unknown) => message(() => new ValidationResult(init as ValidationResultInit));
  assert.equal(make({}), "Cannot create ValidationResult as passed must be a boolean: passed is missing");
  assert.equal(
    make({ passed: "yes" }),
    'Cannot create ValidationResult as passed must be a boolean: passed is "yes"',
  );
  assert.match(
    make({ passed: true, score: 1.2 }),
    /score must be a finite number from 0 to 1: score is 1\.2$/,
  );
  assert.match(make({ passed: true, score: NaN }), /score must be/);
  assert.match(make({ passed: true, score: true }), /score must be/);
  assert.match(make({ passed: true, durationMs: -1 }), /durationMs must be a finite number of at least 0/);
  assert.match(
    make({ passed: false, issues: "bad" }),
    /issues must be an array of strings: issues is "bad"$/,
  );
  assert.match(make({ passed: false, issues: ["a", 1] }), /issues\[1\] must be a string: issues\[1\] is 1$/);
  assert.match(make({ passed: false, issues: null }), /issues must be an array/);
  assert.match(make({ passed: true, validator: " " }), /validator must be a string that is not blank/);
  assert.match(make({ passed: true, issue: [] }), /there is no field issue; did you mean "issues"\?$/);
  assert.match(
    make({ passed: false, error: { message: "x" } }),
    /error\.code must be a string that is not blank: error\.code is missing$/,
  );
  assert.match(
    make({ passed: true, metadata: { a: [new Set()] } }),
    /metadata\.a\[0\] must be a JSON value: it is a Set$/,
  );
});

test("ValidationResult.of gives the same result when the label changes nothing", () => {
  const result = new ValidationResult({ validator: "length", passed: true, durationMs: 5 });
  assert.equal(ValidationResult.of(result), result);
  assert.equal(ValidationResult.of(result, { validator: "length", durationMs: 9 }), result);
});

test("ValidationResult.of puts another name on a result and keeps the rest", () => {
  const result = new ValidationResult({
    validator: "length",
    passed: false,
    issues: ["a"],
    metadata: { words: 2 },
  });
  const labelled = ValidationResult.of(result, { validator: "length#2", durationMs: 9 });
  assert.deepEqual({ ...labelled }, { ...result, validator: "length#2", durationMs: 9 });
  assert.equal(result.validator, "length");
  assert.equal(ValidationResult.of({ passed: true }, { validator: "mine" }).validator, "mine");
});

test("ValidationResult reads back what it wrote", () => {
  const results = [
    new ValidationResult({ passed: true }),
    new ValidationResult({
      validator: "__proto__",
      passed: false,
      message: "m",
      score: 0,
      issues: ["i"],
      suggestions: ["s"],
      metadata: JSON.parse('{"__proto__": {"polluted": true}, "n": null}'),
      durationMs: 1.5,
      error: { code: "c", message: "" },
    }),
  ];
  for (const result of results) {
    assert.deepEqual(ValidationResult.fromJSON(result.toJSON()), result);
    assert.deepEqual(ValidationResult.fromJSON(JSON.parse(JSON.stringify(result))), result);
  }
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test("ValidationResult.fromJSON keeps fields that it does not know, of its parts too", () => {
  const result = ValidationResult.fromJSON({
    passed: false,
    error: { code: "c", message: "m", retry: 1 },
    grade: "B",
  });
  assert.deepEqual(result.metadata, { $extra: { "error.retry": 1, grade: "B" } });
});

test("ValidationResult.fromJSON names the field that is wrong", () => {
  assert.equal(
    message(() => ValidationResult.fromJSON({ passed: 1 })),
    "Cannot read ValidationResult as passed must be a boolean: passed is 1",
  );
});
