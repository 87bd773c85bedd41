import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonFormat } from "../../src/validators/factories.ts";
import type { StandardSchema } from "../../src/validators/format_schema.ts";
import { FormatValidator } from "../../src/validators/format_validator.ts";
import { checkTable, draft, validate } from "./helpers.ts";

/** A Standard Schema of objects with a string `name`. */
function named(vendor: string, isAsync = false): StandardSchema {
  const check = (value: unknown) =>
    typeof (value as { name?: unknown } | null)?.name === "string" ? {} : {
      issues: [{ message: "expected string", path: ["name"] }, {
        message: "odd",
        path: [{ key: "a/b" }, 0],
      }],
    };
  return {
    "~standard": {
      version: 1,
      vendor,
      validate: (value) => isAsync ? Promise.resolve(check(value)) : check(value),
    },
  };
}

test("json accepts what is one JSON value", async () => {
  await checkTable(jsonFormat(), [
    ['{"a": [1, -0.5e3, true, null, "x\\u00e9\\n"]}', true],
    ["42", true],
    ['"text"', true],
    ["\ufeff \n[1]\r\n ", true],
    ['{"__proto__": 1}', true],
    ["", false],
    ["  ", false],
    ["{a: 1}", false],
    ["{'a': 1}", false],
    ["[1,]", false],
    ["[1] [2]", false],
    ["NaN", false],
    ["[Infinity]", false],
    ["[01]", false],
    ['["a\nb"]', false],
    ["Here: {}", false],
    ["```json\n{}\n```", false],
  ]);
});

test("json says where the fault is, and how to repair it", async () => {
  const result = await validate(jsonFormat(), '{\r\n  "a": 1,\r\n  "👩‍👩‍👧é": x\r\n}');
  assert.equal(result.message, "The text is not valid JSON at line 3, column 9: x is no JSON value.");
  assert.match(result.issues[0]!, /^Line 3, column 9: x is no JSON value, near ".*👩‍👩‍👧é.*"\.$/);
  assert.deepEqual(result.suggestions, ["Put double quotes around x."]);
  assert.equal(result.metadata.line, 3);
  const repairs: [string, string][] = [
    ['{"a": 1', "Complete the JSON and close it with }."],
    ["{a: 1}", "Put double quotes around the key a."],
    ["```json\n{}\n```", "Remove the code fence around the JSON."],
    ["{} and more", "Remove what follows the JSON value."],
    ["Sure! {}", "Remove the text before the JSON value."],
    ['{"a": 1,}', "Remove the comma before }."],
    ['{"a": None}', "Write null instead of None."],
    ['["x', "Close the string with a double quote."],
    ["[1 // one\n]", "Remove the comment."],
  ];
  for (const [text, repair] of repairs) {
    assert.deepEqual((await validate(jsonFormat(), text)).suggestions, [repair]);
  }
});

test("json accepts one code fence where that is allowed", async () => {
  await checkTable(jsonFormat({ allowFence: true }), [
    ["```json\n{}\n```", true],
    ["\n~~~~\n[1]\n~~~~\n", true],
    ["{}", true],
    ["````\n{}\n```", false],
    ["```json\n{}", false],
    ["```json\n{}\n```\n```json\n{}\n```", false],
    ["```json\n\n```", false],
  ]);
});

test("json reports keys that occur twice and numbers that cannot be kept", async () => {
  const result = await validate(
    jsonFormat(),
    '{"a": 1, "\\u0061": 9007199254740993, "b": 1e999, "c": {"a": 0}}',
  );
  assert.equal(result.message, "The JSON has 3 faults.");
  assert.match(result.issues[0]!, /the key "\\u0061" occurs twice/);
  assert.match(result.issues[1]!, /more digits than can be kept/);
  assert.match(result.issues[2]!, /1e999 is too large/);
  assert.equal((await validate(jsonFormat({ strictKeys: false }), '{"a": 1, "a": 2}')).passed, true);
});

test("json refuses deep nesting quickly", () => {
  for (const [deep, fault] of [["[".repeat(100_000), /512/], ['{"a":'.repeat(100_000), /512/]] as const) {
    const startedMs = performance.now();
    assert.match(jsonFormat().validate(draft(deep)).message, fault);
    assert.ok(performance.now() - startedMs < 5_000);
  }
  assert.equal(jsonFormat().validate(draft("[".repeat(512) + "]".repeat(512))).passed, true);
});

test("json of ten megabytes is checked in linear time", () => {
  const text = JSON.stringify(
    Array.from({ length: 300_000 }, (_, index) => ({ index, name: "a name of some length" })),
  );
  const startedMs = performance.now();
  assert.equal(jsonFormat().validate(draft(text)).passed, true);
  assert.ok(performance.now() - startedMs < 10_000);
});

test("json is checked against a Standard Schema, with a pointer to each fault", async () => {
  const validator = jsonFormat({ schema: named("test") });
  assert.equal(
    (await validate(validator, '{"name": "x"}')).message,
    "The text is valid JSON and fits the schema.",
  );
  const result = await validate(validator, '{"name": 5}');
  assert.deepEqual(result.issues, ["/name: expected string", "/a~1b/0: odd"]);
  assert.deepEqual(result.suggestions[0], "Correct /name: expected string");
});

test("json is checked against an asynchronous schema on an event loop only", async () => {
  const validator = jsonFormat({ schema: named("test", true) });
  assert.equal((await validator._validateAsync(draft('{"name": 5}'))).issues.length, 2);
  assert.throws(() => validator.validate(draft("{}")), /returned a promise/);
});

test("json is checked against a function", async () => {
  const schema = (value: unknown) => Array.isArray(value) || ["expected an array"];
  await checkTable(jsonFormat({ schema }), [["[]", true], ["{}", false]]);
  assert.equal((await validate(jsonFormat({ schema: () => undefined }), "{}")).passed, true);
  assert.equal((await validate(jsonFormat({ schema: () => false }), "{}")).passed, false);
  assert.match(
    jsonFormat({ schema: (() => 5) as never }).validate(draft("1")).error!.message,
    /must give a list of issues/,
  );
});

test("containsJson finds objects and arrays in prose", async () => {
  await checkTable(new FormatValidator({ format: "containsJson" }), [
    ['The answer is {"a": {"b": [1, {"c": "}"}]}}.', true],
    ['Use { to open. {"a": 1}', true],
    ["numbers [1, 2]", true],
    ['said "{"a": 1}"', true],
    ["none at all", false],
    ["[see note]", false],
    ['{"items": [1, 2], name: "x"}', false],
    ['{"a": [1, 2], "b": ', false],
    ["42", false],
    ["", false],
  ]);
});

test("containsJson counts, and tells why candidates fail", async () => {
  const two = new FormatValidator({ format: "containsJson", minCount: 2 });
  assert.equal((await validate(two, "[1] and {}")).passed, true);
  const result = await validate(two, '[1] and {"a": 1,}');
  assert.equal(
    result.message,
    "The text holds 1 valid JSON object or array among 2 candidates; at least 2 are needed.",
  );
  assert.match(result.issues[0]!, /a key must follow the comma/);
  assert.deepEqual(result.metadata, { format: "containsJson", candidates: 2, valid: 1 });
  const none = await validate(new FormatValidator({ format: "containsJson" }), "no");
  assert.deepEqual(none.suggestions, ["Give one complete JSON object."]);
});

test("containsJson applies the schema to any or to all", async () => {
  const text = 'First {"name": "x"}, then {"name": 5}.';
  const any = new FormatValidator({ format: "containsJson", schema: named("test") });
  assert.equal((await validate(any, text)).passed, true);
  const all = new FormatValidator({ format: "containsJson", schema: named("test"), match: "all" });
  const result = await validate(all, text);
  assert.match(result.message, /all must be valid/);
  assert.match(result.issues[0]!, /^The JSON at line 1, column 27: \/name: expected string/);
});

test("containsJson takes linear time on brackets without end", () => {
  const validator = new FormatValidator({ format: "containsJson", schema: () => ["no"] });
  const texts = [
    "{".repeat(100_000),
    "[".repeat(100_000),
    '{"a":'.repeat(50_000),
    '{"a":1,x '.repeat(50_000),
    "[1]".repeat(50_000),
  ];
  for (const text of [...texts, `{"a":1,${'"\\"'.repeat(50_000)}`]) {
    const startedMs = performance.now();
    assert.equal(validator.validate(draft(text)).passed, false);
    assert.ok(performance.now() - startedMs < 8_000, text.slice(0, 10));
  }
});
