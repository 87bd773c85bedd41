import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import type { RegexOptions } from "../../src/validators/regex_options.ts";
import { PatternValidator, RegexValidator } from "../../src/validators/regex_validator.ts";
import type { RegexEngine } from "../../src/validators/search_pattern.ts";
import { checkContract, checkTable, draft, refuses, validate } from "./helpers.ts";

test("RegexValidator does what every validator must", async () => {
  await checkContract(new RegexValidator({ required: ["fox"], forbidden: ["\\bdog\\b", "\\d+x"] }));
});

test("RegexValidator requires all required patterns and none of the forbidden ones", async () => {
  const both = new RegexValidator({ required: ["a", /b/], forbidden: ["x"] });
  await checkTable(both, [["ab", true], ["a", false], ["b", false], ["abx", false], ["", false]]);
  await checkTable(new RegexValidator({ forbidden: ["x"] }), [["", true], ["x", false]]);
  await checkTable(new RegexValidator({ pattern: "^\\d+$" }), [["42", true], ["4a", false]]);
});

test("RegexValidator takes any required pattern where that is asked for", async () => {
  const any = new RegexValidator({ required: ["a", "b"], forbidden: ["x"], requireMode: "any" });
  await checkTable(any, [["a", true], ["b", true], ["c", false], ["bx", false]]);
  const result = await validate(any, "c");
  assert.equal(result.score, 0.5);
  assert.match(result.issues[0]!, /unless another required pattern matches/);
});

test("RegexValidator counts matches against both ends", async () => {
  const counted = new RegexValidator({ required: [{ name: "mark", pattern: "(a)(b)?", min: 2, max: 3 }] });
  await checkTable(counted, [["a", false], ["aa", true], ["ab ab ab", true], ["aaaa", false]]);
  assert.deepEqual((await validate(counted, "a")).issues, [
    '"mark" was found once, at least 2 matches are needed.',
  ]);
  assert.deepEqual((await validate(counted, "aaaa")).issues, [
    '"mark" was found 4 times, at most 3 matches are allowed.',
  ]);
  assert.deepEqual((await validate(counted, "a")).suggestions, ['Give the text 2 to 3 matches of "mark".']);
});

test("RegexValidator scores satisfied rules and quotes what is forbidden", async () => {
  const rules = new RegexValidator({
    required: ["a"],
    forbidden: [{ name: "number", pattern: "\\d+", message: "Write numbers as words." }, "zzz"],
  });
  const result = await validate(rules, "b 1 22 333 4444");
  assert.equal(result.score, 1 / 3);
  assert.equal(result.message, "The text satisfies 1 of 3 pattern rules.");
  assert.deepEqual(result.issues, [
    '"a" was not found, at least 1 match is needed.',
    '"number" must not occur: found "1" at offset 2, "22" at offset 4, "333" at offset 7 and 1 more.',
  ]);
  assert.equal(result.suggestions[1], "Write numbers as words.");
  assert.deepEqual(result.metadata, { matches: { a: 0, number: 4, zzz: 0 } });
});

test("RegexValidator shortens a long match", async () => {
  const result = await validate(new RegexValidator({ forbidden: ["x+"] }), "x".repeat(500));
  assert.ok(result.issues[0]!.includes(`"${"x".repeat(60)}…"`), result.issues[0]);
});

test("RegexValidator keeps no place in a text between calls", () => {
  const pattern = /a/g;
  pattern.lastIndex = 1;
  const reused = new RegexValidator({ required: [pattern] });
  for (let round = 0; round < 3; round++) assert.equal(reused.validate(draft("a")).passed, true);
  assert.equal(new RegexValidator({ required: [/a/y] }).validate(draft("ba")).passed, true);
  assert.equal(pattern.lastIndex, 1);
});

test("RegexValidator compares cases and characters as Unicode has them", async () => {
  const options = { caseSensitive: false };
  await checkTable(new RegexValidator({ required: ["^sky$"], ...options }), [["SKY", true], ["ſKY", true], [
    "s\u212ay",
    true,
  ]]);
  await checkTable(new RegexValidator({ required: [/^SKY$/], ...options }), [["sky", true]]);
  await checkTable(new RegexValidator({ required: ["SKY"] }), [["sky", false]]);
  await checkTable(new RegexValidator({ required: ["^caf\u00e9$"] }), [["cafe\u0301", true], [
    "caf\u00e9",
    true,
  ]]);
  await checkTable(new RegexValidator({ required: ["^.$"] }), [["👍", true]]);
});

test("RegexValidator gives offsets of the original text", async () => {
  const result = await validate(new RegexValidator({ forbidden: ["é!"] }), "xe\u0301 e\u0301!");
  assert.match(result.issues[0]!, /at offset 4/);
});

test("RegexValidator reads ^ and $ line by line unless told not to", async () => {
  await checkTable(new RegexValidator({ required: ["^b$"] }), [["a\nb\nc", true]]);
  await checkTable(new RegexValidator({ required: ["^b$"], multiline: false }), [["a\nb\nc", false], [
    "b",
    true,
  ]]);
  await checkTable(new RegexValidator({ required: [{ pattern: "^b$", flags: "i" }] }), [["a\nb", false], [
    "B",
    true,
  ]]);
});

test("RegexValidator counts an empty match once at each place", async () => {
  await checkTable(new RegexValidator({ required: [{ pattern: "x*", min: 4, max: 4 }] }), [["abc", true], [
    "a👍c",
    true,
  ]]);
});

test("RegexValidator judges a text by a catastrophic pattern at once", async () => {
  const evil = new RegexValidator({ required: ["^(a+)+$"] });
  const startedMs = performance.now();
  await checkTable(evil, [["aaaa", true], [`${"a".repeat(40)}!`, false], [`${"a".repeat(2 ** 20)}!`, false]]);
  assert.ok(performance.now() - startedMs < 10_000);
});

test("RegexValidator ends in time what cannot be matched in linear time", async () => {
  const evil = new RegexValidator({ name: "evil", required: ["^(a+)+(b)?\\2$"], regexTimeoutMs: 400 });
  assert.equal(evil.validate(draft("aaaa")).passed, true);
  const startedMs = performance.now();
  const text = `${"a".repeat(32)}!`;
  const result = evil.validate(draft(text));
  assert.ok(performance.now() - startedMs < 20_000);
  assert.equal(result.error?.code, "regex_timeout");
  assert.match(result.error!.message, /^Pattern "\^\(a\+\)\+\(b\)\?\\+2\$": .* within 400 ms/);
  assert.equal(result.passed, false);
  assert.deepEqual(result.suggestions, []);
  let turns = 0;
  const turning = setInterval(() => turns++, 2);
  assert.equal((await evil._validateAsync(draft(text))).error?.code, "regex_timeout");
  clearInterval(turning);
  assert.ok(turns > 2);
});

test("RegexValidator takes linear time for a slow pattern on a long text", () => {
  const slow = new RegexValidator({ required: ["a+b"] });
  const startedMs = performance.now();
  assert.equal(slow.validate(draft("a".repeat(2 ** 20))).passed, false);
  assert.ok(performance.now() - startedMs < 8_000);
  assert.equal(slow.validate(draft(`${"-".repeat(20_000)}aab`)).passed, true);
});

test("RegexValidator judges a text that exhausts the engine's stack", () => {
  const deep = new RegexValidator({ required: ["^(?:a|b)*c"] });
  assert.deepEqual(deep.validate(draft("ab".repeat(3_000_000))).issues, [
    '"^(?:a|b)*c" was not found, at least 1 match is needed.',
  ]);
});

test("RegexValidator refuses a pattern that cannot be stopped where there is no worker", () => {
  const { getBuiltinModule } = process;
  Object.assign(process, { getBuiltinModule: undefined });
  try {
    const required = ["^(a+)+(b)?\\2$"];
    refuses(
      () => new RegexValidator({ required }),
      /required\[0\] must not take exponential time where no worker/,
    );
    assert.equal(
      new RegexValidator({ required, allowUnsafePatterns: true }).validate(draft("aa")).passed,
      true,
    );
    assert.equal(
      new RegexValidator({ required: ["^(a+)+$"] }).validate(draft(`${"a".repeat(50)}!`)).passed,
      false,
    );
  } finally {
    Object.assign(process, { getBuiltinModule });
  }
});

test("RegexValidator uses the engine it is given", async () => {
  const compiled: string[] = [];
  const engine: RegexEngine = {
    compile(source, flags) {
      compiled.push(`${source}/${flags}`);
      if (source === "[") throw new Error("no such class");
      return {
        *matchAll(text) {
          for (let index = text.indexOf(source); index >= 0; index = text.indexOf(source, index + 1)) {
            yield { index, 0: source };
          }
        },
      };
    },
  };
  const literal = new RegexValidator({ required: [{ pattern: "(a+)+", min: 2 }], engine });
  assert.equal((await validate(literal, "(a+)+ and (a+)+")).passed, true);
  assert.deepEqual(compiled, ["(a+)+/um"]);
  refuses(() => new RegexValidator({ required: ["["], engine }), /no such class/);
});

test("RegexValidator leaves the caller's lists alone", () => {
  const required = ["a"];
  const forbidden = Object.freeze(["x"]);
  const validator = new RegexValidator({ required, forbidden });
  required.push("b");
  assert.equal(validator.validate(draft("a")).passed, true);
  assert.deepEqual(required, ["a", "b"]);
});

test("RegexValidator takes the other names of its options", async () => {
  assert.equal(PatternValidator, RegexValidator);
  await checkTable(new RegexValidator({ requiredPatterns: ["a"], prohibitedPatterns: ["x"] }), [["a", true], [
    "ax",
    false,
  ]]);
  await checkTable(new RegexValidator({ forbiddenPatterns: ["x"] }), [["x", false]]);
});

test("RegexValidator refuses options that cannot be meant", () => {
  const make = (options: unknown) => () => new RegexValidator(options as RegexOptions);
  refuses(make({}), /at least one pattern is required/);
  refuses(make({ required: [], forbidden: [] }), /at least one pattern is required/);
  refuses(make({ required: [""] }), /required\[0\] must not be an empty pattern/);
  refuses(make({ required: [new RegExp("")] }), /must not be an empty pattern/);
  refuses(
    make({ required: ["a("] }),
    /required\[0\] must be a regular expression that the engine accepts: .*: required\[0\] is "a\("/,
  );
  refuses(make({ required: ["(?P<year>\\d+)"] }), /write a named group as \(\?<name>…\)/);
  refuses(make({ required: ["(?i)abc"] }), /set caseSensitive/);
  refuses(make({ required: ["\\Aabc\\Z"] }), /write \\A.*write \\Z/);
  refuses(make({ required: ["\\'"] }), /only .* may be escaped/);
  refuses(
    make({ required: ["a"], requiredPatterns: ["b"] }),
    /required and requiredPatterns must not both be given/,
  );
  refuses(make({ pattern: "a", required: ["b"] }), /must not both be given/);
  refuses(make({ forbidden: ["a"], prohibitedPatterns: ["b"] }), /must not both be given/);
  refuses(make({ required: ["a"], forbidden: ["a"] }), /names of patterns must differ/);
  refuses(make({ required: [{ pattern: "a", min: 3, max: 2 }] }), /min is 3, max is 2/);
  refuses(make({ forbidden: [{ pattern: "a", max: 2 }] }), /must not have min or max/);
  refuses(make({ required: [{ pattern: "a", count: 2 }] }), /there is no option required\[0\]\.count/);
  refuses(make({ required: [{ name: "a" }] }), /required\[0\]\.pattern is required/);
  refuses(
    make({ required: [5] }),
    /required\[0\] must be a string or a regular expression or an object/,
  );
  refuses(make({ required: "a" }), /required must be an array/);
  refuses(make({ required: ["a"], regexTimeoutMs: 0 }), /regexTimeoutMs must be an integer of at least 1/);
  refuses(make({ required: ["a"], engine: {} }), /engine must be an object with a method compile/);
  refuses(make({ require: ["a"] }), /did you mean/);
});
