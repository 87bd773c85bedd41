import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fencedBlocks, findJson } from "../../src/text/json_in_prose.ts";
import { stripReasoning } from "../../src/text/reasoning.ts";
import { readTolerantly } from "../../src/text/tolerant_json.ts";

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const has = (key: string) => (value: unknown): boolean =>
  isObject(value) && Object.hasOwn(value as object, key);

test("findJson prefers the whole text, then fences, then objects inside prose, then repair", () => {
  assert.equal(findJson('{"a": 1}', isObject)?.origin, "whole");
  assert.equal(findJson('x\n```json\n{"a": 1}\n```\n{"a": 2, "b": 3}', isObject)?.origin, "fenced");
  assert.deepEqual(findJson('x {"a": 1} y', isObject), {
    value: { a: 1 },
    origin: "embedded",
    truncated: false,
  });
  assert.deepEqual(findJson('x {"a": 1,} y', isObject), {
    value: { a: 1 },
    origin: "repaired",
    truncated: false,
  });
});

test("findJson knows braces inside strings", () => {
  assert.deepEqual(findJson('see {"a": "} and {", "b": "\\"}"} end', isObject)?.value, {
    a: "} and {",
    b: '"}',
  });
});

test("findJson takes the longest object that will do", () => {
  assert.deepEqual(findJson('{"a": 1} {"a": 22222} {"b": "much longer than both"}', has("a"))?.value, {
    a: 22222,
  });
});

test("findJson looks inside an object that will not do", () => {
  assert.deepEqual(findJson('{"wrapped": {"a": 1}}', has("a"))?.value, { a: 1 });
});

test("findJson says when the text ended before the object", () => {
  assert.deepEqual(findJson('{"a": [1, {"b": 2}, {"c": "cu', has("a")), {
    value: { a: [1, { b: 2 }] },
    origin: "repaired",
    truncated: true,
  });
});

test("findJson prefers a complete object to one that is cut off", () => {
  assert.deepEqual(findJson("{a: 1,} and {a: 2, b: [", has("a"))?.value, { a: 1 });
});

test("findJson gives nothing for a text without an object", () => {
  for (const text of ["", " ", "prose", "[1, 2]", "{", "}{", '{"a"']) {
    assert.equal(findJson(text, has("a")), undefined, text);
  }
});

test("findJson does not let a key change a prototype", () => {
  const found = findJson('{"__proto__": {"polluted": true}, "a": 1,}', has("a"))?.value as Record<
    string,
    unknown
  >;
  assert.equal(found.polluted, undefined);
  assert.equal(Object.getPrototypeOf(found), Object.prototype);
});

test("findJson finds every object that JSON can write", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.constantFrom("", "Well: "),
      (value, before) => {
        const found = findJson(`${before}${JSON.stringify(value)}`, isObject);
        assert.deepEqual(JSON.stringify(found?.value), JSON.stringify(JSON.parse(JSON.stringify(value))));
      },
    ),
  );
});

test("readTolerantly reads what JSON can write, as JSON does", () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.stringMatching(/^[a-z]{1,8}$/),
        fc.oneof(fc.integer(), fc.boolean(), fc.stringMatching(/^[\w .;-]{0,20}$/), fc.array(fc.integer())),
      ),
      (value) => {
        assert.deepEqual(readTolerantly(JSON.stringify(value), 0).value, { ...value });
      },
    ),
  );
});

test("readTolerantly stays shallow on deep nesting", () => {
  assert.equal(readTolerantly("[".repeat(100_000), 0).value, undefined);
});

test("findJson stays quick on long texts made to slow it down", () => {
  for (
    const text of [
      "{".repeat(1e6),
      '{"a":'.repeat(2e5),
      '{"a":"'.repeat(1.6e5),
      '{a:"b" '.repeat(1.4e5),
      "{/*".repeat(3e5),
    ]
  ) {
    findJson(text, has("missing"));
  }
});

test("fencedBlocks gives the contents of fences, also of one that is never closed", () => {
  assert.deepEqual(fencedBlocks("a\n```json\n1\n```\nb\n~~~\n2\n```\n3\n~~~\n````\n4"), [
    "1",
    "2\n```\n3",
    "4",
  ]);
});

test("stripReasoning takes away blocks of reasoning and nothing else", () => {
  assert.equal(stripReasoning("<think>a</think>b"), "b");
  assert.equal(stripReasoning("Hello\n<Thinking>\na\n</Thinking>\nb"), "Hello\n\nb");
  assert.equal(stripReasoning("a</think>b"), "b");
  assert.equal(stripReasoning("<think>never closed"), "");
  assert.equal(stripReasoning("He wrote <think>a</think> there"), "He wrote <think>a</think> there");
  assert.equal(stripReasoning('{"quote": "</think>"}'), '{"quote": "</think>"}');
  assert.equal(stripReasoning("plain"), "plain");
});

test("stripReasoning takes linear time on white space of every kind", () => {
  const startedMs = performance.now();
  for (const space of [" ", "\t", "\n", "\r", "\r\n", "\u2028", "\u2029"]) {
    const text = `a${space.repeat(200_000)}<think>b</think>c`;
    assert.match(stripReasoning(text), /^a/, JSON.stringify(space));
    assert.ok(stripReasoning(`x${space.repeat(200_000)}`).length > 0);
  }
  assert.ok(performance.now() - startedMs < 5_000);
  assert.equal(stripReasoning("Hello\u2028 <think>a</think>b"), "Hello\u2028b");
});

test("readTolerantly ends within a text whose last character is a backslash", () => {
  assert.equal(readTolerantly('"a\\', 0).end, 3);
});

test("findJson looks into thousands of fenced blocks in time that grows with the text only", () => {
  const startedMs = performance.now();
  assert.equal(findJson(`\`\`\`\n${'{"'.repeat(180)}\n\`\`\`\n`.repeat(2_800), () => false), undefined);
  assert.ok(performance.now() - startedMs < 8_000);
});
