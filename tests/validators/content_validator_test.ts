import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContentOptions } from "../../src/validators/content_options.ts";
import { ContentValidator } from "../../src/validators/content_validator.ts";
import { prohibitedContent, requiredContent } from "../../src/validators/factories.ts";
import { checkContract, checkTable, draft, refuses, validate } from "./helpers.ts";

test("ContentValidator does what every validator must", async () => {
  await checkContract(new ContentValidator({ prohibited: ["very bad"], required: ["fox"] }));
  await checkContract(new ContentValidator({ prohibited: ["\\bbad\\b"], required: ["fox"], regex: true }));
});

test("ContentValidator finds items without regard to case unless told to", async () => {
  await checkTable(prohibitedContent(["Bad"]), [["a BAD word", false], ["a bad word", false], [
    "a good word",
    true,
  ]]);
  await checkTable(prohibitedContent(["Bad"], { caseSensitive: true }), [["bad", true], ["Bad", false]]);
  await checkTable(prohibitedContent(["straße", "sky"]), [["STRAẞE", false], ["\u017f\u212ay", false], [
    "STRASSE",
    true,
  ]]);
});

test("ContentValidator finds whole words only", async () => {
  await checkTable(prohibitedContent(["ass"]), [["first class", true], ["an ass!", false], ["ass", false], [
    "ass_x",
    true,
  ]]);
  await checkTable(prohibitedContent(["café"]), [["un café noir", false], ["cafés", true], [
    "cafe\u0301",
    false,
  ]]);
  await checkTable(prohibitedContent(["C++", "#tag", ".NET"]), [
    ["I like C++.", false],
    ["C++17", false],
    ["a#tags", true],
    ["see x#tag here", false],
    ["ABC++", true],
    ["ASP.NET", false],
  ]);
  await checkTable(prohibitedContent(["ass"], { wholeWord: false }), [["first class", false]]);
});

test("ContentValidator asks for no boundary in scripts without spaces", async () => {
  await checkTable(prohibitedContent(["日本", "AI", "ไทย"]), [
    ["これは日本語です", false],
    ["我爱AI技术", false],
    ["ภาษาไทยง่าย", false],
    ["PAID", true],
  ]);
  await checkTable(prohibitedContent(["사과"]), [["사과 하나", false], ["사과나무", true]]);
});

test("ContentValidator takes any white space for any other", async () => {
  await checkTable(prohibitedContent(["first class"]), [
    ["first  \n\tclass", false],
    ["first\u00a0class", false],
    ["firstclass", true],
  ]);
});

test("ContentValidator finds items that overlap", async () => {
  const result = await validate(prohibitedContent(["new york", "york city", "york"]), "New York City");
  assert.equal(result.issues.length, 3);
  assert.equal(result.score, 0);
});

test("ContentValidator scores rules, not hits", async () => {
  const result = await validate(prohibitedContent(["bad", "worse", "worst"]), "bad bad bad bad bad");
  assert.equal(result.score, 2 / 3);
  assert.equal(result.message, "The text breaks 1 of 3 content rules.");
  assert.equal(
    result.issues[0],
    'Prohibited: "bad" occurs 5 times: "bad bad bad bad bad", "bad bad bad bad bad", "bad bad bad bad bad".',
  );
  assert.deepEqual(result.suggestions, ['Replace or remove "bad".']);
});

test("ContentValidator reports matches with their place in the original text", async () => {
  const content = new ContentValidator({
    prohibited: [{ text: "bad", label: "judgement", severity: "high" }],
    required: ["word"],
    maxMatchesReported: 2,
  });
  const result = await validate(content, "e\u0301e\u0301 bad word bad bad");
  assert.deepEqual(result.metadata.matches, [
    { rule: "judgement", kind: "prohibited", severity: "high", start: 5, end: 8, excerpt: "bad" },
    { rule: "judgement", kind: "prohibited", severity: "high", start: 14, end: 17, excerpt: "bad" },
  ]);
  const passed = await validate(content, "a word");
  assert.equal(passed.message, "The text contains none of 1 prohibited item and all of 1 required item.");
});

test("ContentValidator requires all items or any", async () => {
  await checkTable(requiredContent(["a", "b"]), [["a b", true], ["a", false]]);
  await checkTable(requiredContent(["a", "b"], { requireMode: "any" }), [["b", true], ["c", false]]);
  const all = await validate(requiredContent(["a", "b"]), "b");
  assert.deepEqual([all.issues, all.suggestions], [['Missing: "a".'], ['Include "a".']]);
  const any = await validate(requiredContent(["a", "b"], { requireMode: "any" }), "c");
  assert.deepEqual([any.issues, any.score], [['Missing: at least one of "a", "b".'], 0]);
});

test("ContentValidator names what matters most first", async () => {
  const items = [{ text: "a", severity: "low" }, { text: "b", severity: "high" }, "c"] as const;
  const result = await validate(prohibitedContent(items), "a b c");
  assert.deepEqual(result.suggestions.map((line) => line.at(-3)), ["b", "c", "a"]);
});

test("ContentValidator sees through look-alikes and invisible characters where asked to", async () => {
  const hidden = ["b\u200bad", "b\u0430d", "ｂａｄ", "𝐛𝐚𝐝", "b\u00adad", "BA\u202eD", "bad\ufe0f"];
  const plain = prohibitedContent(["bad"]);
  const folded = prohibitedContent(["bad"], { normalize: "confusables" });
  for (const text of hidden) {
    if (!text.startsWith("bad")) {
      assert.equal((await validate(plain, text)).passed, true, JSON.stringify(text));
    }
    assert.equal((await validate(folded, `so ${text}!`)).passed, false, JSON.stringify(text));
  }
  const result = await validate(folded, "so b\u200b\u0430d!");
  assert.deepEqual((result.metadata.matches as { start: number; end: number }[])[0]!.start, 3);
  assert.deepEqual((result.metadata.matches as { start: number; end: number }[])[0]!.end, 7);
  await checkTable(prohibitedContent(["fi"], { normalize: "NFKC" }), [["ﬁ", false]]);
});

test("ContentValidator takes items for patterns where asked to", async () => {
  const patterns = new ContentValidator({ prohibited: ["\\d{4}-\\d{2}"], required: ["^dear"], regex: true });
  await checkTable(patterns, [["Dear you", true], ["x\nDEAR you", true], ["dear 2024-01", false], [
    "hello",
    false,
  ]]);
  const evil = new ContentValidator({ prohibited: ["^(a+)+(b)?\\2$"], regex: true, regexTimeoutMs: 40 });
  assert.equal(evil.validate(draft(`${"a".repeat(27)}!`)).error?.code, "regex_timeout");
});

test("ContentValidator finds 1,000 items in a megabyte in one pass", () => {
  const items = Array.from(
    { length: 1_000 },
    (_, index) => `item ${index.toString(36)} of ${index * 7_919 % 1_009}`,
  );
  const validator = prohibitedContent(items);
  for (const text of ["item 1 of ".repeat(105_000), "x".repeat(2 ** 20), "Слово за слово. ".repeat(65_000)]) {
    const startedMs = performance.now();
    validator.validate(draft(text));
    assert.ok(performance.now() - startedMs < 8_000);
  }
  const nested = prohibitedContent(Array.from({ length: 200 }, (_, index) => "a".repeat(index + 1)), {
    wholeWord: false,
  });
  assert.equal(nested.validate(draft("a".repeat(20_000))).issues.length, 200);
});

test("ContentValidator refuses options that cannot be meant", () => {
  const make = (options: unknown) => () => new ContentValidator(options as ContentOptions);
  refuses(make({}), /at least one item is required/);
  refuses(make({ prohibited: [], required: [] }), /at least one item is required/);
  refuses(make({ prohibited: [" "] }), /prohibited\[0\] must be a string that is not blank/);
  refuses(make({ prohibited: ["\u200b"], normalize: "confusables" }), /must not be blank in the form/);
  refuses(make({ prohibited: [5] }), /prohibited\[0\] must be/);
  refuses(make({ prohibited: ["Bad "], required: ["bad "] }), /must not be both prohibited and required/);
  refuses(
    make({ prohibited: ["("], regex: true }),
    /prohibited\[0\] must be a regular expression that the engine accepts/,
  );
  refuses(make({ prohibited: ["a"], regex: true, wholeWord: true }), /wholeWord must not be set/);
  refuses(make({ prohibited: [{ text: "a", label: "x" }, { text: "b", label: "x" }] }), /labels must differ/);
  refuses(make({ prohibited: ["a"], maxMatchesReported: -1 }), /maxMatchesReported must be an integer/);
  refuses(make({ prohibited: ["a"], normalize: "NFD" }), /normalize must be one of/);
  refuses(make({ banned: ["a"] }), /there is no option banned/);
});

test("ContentValidator leaves the caller's lists alone", () => {
  const prohibited = ["a"];
  const validator = prohibitedContent(prohibited);
  prohibited.push("b");
  assert.equal(validator.validate(draft("b")).passed, true);
});
