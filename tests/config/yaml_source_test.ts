import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_DEPTH, readYaml } from "../../src/config/yaml_source.ts";
import { ConfigurationError } from "../../src/errors.ts";

function failure(text: string): ConfigurationError {
  try {
    readYaml(text, "a.yaml");
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error;
  }
  assert.fail("it was read");
}

function excerptOf(error: ConfigurationError): string {
  return (error.metadata.problems as { excerpt: string }[])[0]!.excerpt;
}

test("readYaml gives the values of maps, lists and scalars", () => {
  const { value } = readYaml("a: [1, two, true, null]\nb: { c: 1.5 }\nd: |\n  x\n  y\n", "a.yaml");
  assert.deepEqual(value, { a: [1, "two", true, null], b: { c: 1.5 }, d: "x\ny\n" });
});

test("readYaml keeps a number under variables as it is written, where it would be put into a text otherwise", () => {
  const { value } = readYaml(
    "variables: { v: 1.10, n: 3, hex: 0x1F, on: true }\nother: { variables: 1.10 }\n",
    "a.yaml",
  );
  assert.deepEqual(value, {
    variables: { v: "1.10", n: 3, hex: "0x1F", on: true },
    other: { variables: 1.1 },
  });
});

test("readYaml gives null for an empty file and for comments alone", () => {
  assert.equal(readYaml("", "a.yaml").value, null);
  assert.equal(readYaml("# nothing\n", "a.yaml").value, null);
});

test("readYaml reads JSON", () => {
  assert.deepEqual(readYaml('{"a": [1, {"b": "c"}]}', "a.json").value, { a: [1, { b: "c" }] });
});

test("readYaml gives the place of a value and of its key", () => {
  const { places } = readYaml("first: 1\nvalidators:\n  - length: { minWords: 5 }\n", "a.yaml");
  const place = places.find(["validators", 0, "length", "minWords"])!;
  assert.deepEqual(places.position(place.value.start), { line: 3, column: 25 });
  assert.deepEqual(places.position(place.key!.start), { line: 3, column: 15 });
});

test("readYaml takes aliases and puts their values in", () => {
  assert.deepEqual(readYaml("a: &x { b: 1 }\nc: *x\n", "a.yaml").value, { a: { b: 1 }, c: { b: 1 } });
});

test("readYaml keeps a key such as __proto__ as data", () => {
  const { value } = readYaml("__proto__: { polluted: true }\n", "a.yaml");
  assert.deepEqual(Object.keys(value as object), ["__proto__"]);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test("readYaml points at a syntax error with line, column and caret", () => {
  const error = failure("a: 1\nb: 'open\n");
  assert.match(
    error.message,
    /^a\.yaml:3:1: this is not valid YAML: missing closing 'quote$|^a\.yaml:2:\d+: this is not valid YAML/,
  );
  assert.match(excerptOf(error), /\^/);
});

test("readYaml names a duplicate key", () => {
  const error = failure("a: 1\nb: 2\na: 3\n");
  assert.equal(error.message, "a.yaml:3:1: the key a stands twice in this map");
  assert.equal(excerptOf(error), "  3 | a: 3\n    | ^");
});

test("readYaml refuses tabs, tags, unknown anchors, second documents and numbers that are not finite", () => {
  assert.match(failure("a:\n\t- b\n").message, /a\.yaml:2:1: this is not valid YAML: tabs are not allowed/);
  assert.match(failure("a: !!js/function x\n").message, /a\.yaml:1:4: .*unresolved tag/i);
  assert.match(failure("a: *b\n").message, /a\.yaml:1:4: there is no anchor &b before this alias/);
  assert.match(failure("a: 1\n---\nb: 2\n").message, /a\.yaml:2:1: .*multiple documents/);
  assert.match(failure("a: .inf\n").message, /a\.yaml:1:4: a number must be finite: it is \.inf/);
  assert.match(failure("? [a]\n: 1\n").message, /a\.yaml:1:3: a key must be plain text/);
});

test("readYaml refuses a bomb of aliases fast", () => {
  const levels = "bcdefghijk".split("").map((name, index) => {
    const below = "abcdefghij"[index];
    return `${name}: &${name} [${Array(10).fill(`*${below}`).join(", ")}]`;
  });
  const startedMs = performance.now();
  const error = failure(`a: &a [x, x, x, x, x, x, x, x, x, x]\n${levels.join("\n")}\n`);
  assert.match(error.message, /holds at most 100000 values, those repeated by aliases included/);
  assert.ok(performance.now() - startedMs < 5_000);
});

test("readYaml refuses an alias that holds itself", () => {
  assert.match(failure("a: &a [*a]\n").message, new RegExp(`nested at most ${MAX_DEPTH} deep|no anchor`));
});

test("readYaml refuses deep nesting fast, in brackets and in blocks", () => {
  const startedMs = performance.now();
  assert.match(
    failure("[".repeat(500_000)).message,
    new RegExp(`^a\\.yaml:1:${MAX_DEPTH + 1}: .*${MAX_DEPTH} deep`),
  );
  assert.match(failure(`${"- ".repeat(1_000)}x`).message, new RegExp(`${MAX_DEPTH} deep`));
  assert.ok(performance.now() - startedMs < 5_000);
});

test("readYaml refuses nesting that takes all of the stack, wherever the parser is when it runs out", () => {
  const texts = ["- ".repeat(2_500), `${"? - ".repeat(1_200)}|\n length: {}\n`];
  // Each call begins one frame deeper, so that the stack ends in other places of the parser.
  function fromDepth(depth: number, text: string): ConfigurationError {
    return depth === 0 ? failure(text) : fromDepth(depth - 1, text);
  }
  for (let depth = 0; depth < 60; depth++) {
    for (const text of texts) {
      assert.match(fromDepth(depth, text).code, /config_too_large|invalid_yaml|invalid_config/);
    }
  }
});

test("readYaml reads thousands of keys of one map in time that grows with their number only", () => {
  const startedMs = performance.now();
  const text = `{ ${Array.from({ length: 6_000 }, (_, index) => `k${index}: 1`).join(",")} }`;
  assert.equal(Object.keys(readYaml(text, "a.yaml").value as object).length, 6_000);
  assert.ok(performance.now() - startedMs < 5_000);
});

test("readYaml refuses many words and signs before the parser sees them", () => {
  const startedMs = performance.now();
  assert.equal(failure("{".concat('"'.repeat(2 ** 20))).code, "config_too_large");
  assert.ok(performance.now() - startedMs < 5_000);
});

test("readYaml takes thousands of aliases in time that grows with their number only", () => {
  const startedMs = performance.now();
  const { value } = readYaml(`a: &a 1\nb: [${"*a ,".repeat(12_000)}]`, "a.yaml");
  assert.equal((value as { b: unknown[] }).b.length, 12_000);
  assert.ok(performance.now() - startedMs < 5_000);
});

test("an alias stands for the last anchor before it, also where another alias repeats it", () => {
  const { value } = readYaml("a: &x 1\nb: &y [*x]\nc: &x 2\nd: *y\ne: *x\n&k key: 3\nf: *k\n", "a.yaml");
  assert.deepEqual(value, { a: 1, b: [1], c: 2, d: [1], e: 2, key: 3, f: "key" });
});

test("readYaml takes a long key over thousands of values in time that grows with their number only", () => {
  const startedMs = performance.now();
  readYaml(`? ${"x".repeat(500_000)}\n: [${"1,".repeat(10_000)}]`, "a.yaml");
  assert.ok(performance.now() - startedMs < 5_000);
});

test("a key that is long or not plain is shown short and in quotes, so that a problem stays one line", () => {
  const { message } = failure(`"a\\nb": 1\n"a\\nb": 2\n`);
  assert.equal(message, `a.yaml:2:1: the key "a\\nb" stands twice in this map`);
  assert.ok(failure(`? ${"x".repeat(5_000)}\n: 1\n? ${"x".repeat(5_000)}\n: 1\n`).message.length < 300);
});

test("an excerpt of a long line shows the part around its caret", () => {
  const error = failure(`a: "${"x".repeat(300)}"\nb: { ${"y: 1, ".repeat(60)}z: .nan }\n`);
  const [line, caret] = excerptOf(error).split("\n") as [string, string];
  assert.ok(line.length < 120);
  assert.equal(line.slice(caret.indexOf("^")).slice(0, 1).length, 1);
});

test("an excerpt puts its caret under the value after tabs, wide characters and marks", () => {
  const { places } = readYaml('a: { "日本": e\u0301 , b: 1 }\n', "a.yaml");
  const place = places.find(["a", "b"])!;
  const [line, caret] = places.excerpt(place.key!).split("\n") as [string, string];
  // 日本 takes four columns and é one, so the caret stands two columns further right than code units would put it, and one back.
  assert.equal(caret.indexOf("^") - line.indexOf("b: 1"), 2 - 1);
});

test("a value under a key that names a secret is hidden from excerpts", () => {
  const { places } = readYaml("model: { apiKey: sk-very-secret, name: .x }\n", "a.yaml");
  const excerpt = places.excerpt(places.find(["model", "name"])!.value);
  assert.doesNotMatch(excerpt, /sk-very-secret/);
  assert.match(excerpt, /apiKey: \*{14}, name: \.x/);
});

test("a secret in a file that cannot be read is hidden from excerpts and messages", () => {
  const key = "sk-0123456789abcdefghijklmn";
  for (
    const text of [`model: { apiKey: ${key}`, `headers:\n  X-Key: "${key}`, `a: b: ${key}`, `a: 'b' ${key}`]
  ) {
    const { message, metadata } = failure(text);
    assert.ok(!JSON.stringify([message, metadata]).includes(key), text);
  }
});

test("what the parser quotes of the file is shown short and without control characters", () => {
  assert.match(failure(">\0").message, />\\u0000$/);
  assert.ok(failure(`- >${"x".repeat(20_000)}\0`).message.length < 1_200);
});

test("readYaml refuses a text with hundreds of thousands of faults and leaves errors as they were", () => {
  assert.equal(failure(`"${"\\- ".repeat(300_000)}"`).code, "invalid_yaml");
  assert.match(new Error("an ordinary one").stack!, /yaml_source_test/);
});

test("a message and its excerpt stay short where the parser quotes a line of a megabyte", () => {
  const error = failure(`|${"__proto__".repeat(100_000)}`);
  assert.ok(error.message.length < 2_000, `${error.message.length}`);
});
