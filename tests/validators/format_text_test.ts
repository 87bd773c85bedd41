import assert from "node:assert/strict";
import { test } from "node:test";
import { markdownFormat } from "../../src/validators/factories.ts";
import { FormatValidator } from "../../src/validators/format_validator.ts";
import { checkTable, draft, validate } from "./helpers.ts";

/** Markdown is read in the worker. */
const checkMarkdown: typeof checkTable = (validator, table) =>
  checkTable(validator, table, { inWorker: true });
const issuesOf = async (text: string): Promise<readonly string[]> =>
  (await validate(markdownFormat(), text, { inWorker: true })).issues;

test("markdown reports what is broken in the structure", async () => {
  await checkMarkdown(markdownFormat(), [
    ["# Title\n\nText with `code` and ``a ` b``.\n\n- one\n- two\n", true],
    ["```sh\n#!/bin/sh\necho `date\n```\n", true],
    ["Hello #hashtag", true],
    ["    indented ` code\n", true],
    ["- item\n\n      ```\n      ` inside\n      ```\n", true],
    ["- ```\n  in an item\n  ```\n", true],
    ["> ```\n> in a quotation\n> ```\n", true],
    ["```\n```", true],
    ["````md\n```\nin a longer fence\n```\n````\n", true],
    ["\\`plain\\`", true],
    ['<a title="`">html</a>', true],
    ["| a | b |\n|---|---|\n| 1 | 2 |\n", true],
    ["| a | b |\n|---|---|\n| 1 \\| 2 | `x` |\n", true],
    ["> - | a | b |\n>   |---|---|\n>   | 1 | 2 |\n", true],
    ["[x](https://example.com)", true],
    ["[x]\n\n[x]: https://example.com", true],
    ["[![build](badge.svg)](https://example.com)", true],
    ["", true],
    ["```sh\nls\n", false],
    ["```", false],
    ["```sh\nls\n``\n", false],
    ["> ```\n> ls\n\ntext", false],
    ["~~~~\ncode\n~~~\n", false],
    ["a `lone tick", false],
    ["# a `lone tick", false],
    ["[a `lone tick](b)", false],
    ["[x]()", false],
    ["![](<>)", false],
    ["[`code`]()", false],
    ["[x]\n\n[x]: <>", false],
    ["| a | b |\n|---|---|\n| 1 |\n", false],
    ["| a | b |\n|---|---|\n| 1 | 2 |\nText without a blank line before it.", false],
    ["| a | b |\n|---|\n| 1 | 2 |\n", false],
  ]);
});

test("markdown names the line and the repair of each fault", async () => {
  const text = "Text `x\n\n[a]()\n\n```js\ncode";
  const result = await validate(markdownFormat(), text, { inWorker: true });
  assert.equal(result.message, "The Markdown has 3 structural faults.");
  assert.deepEqual(result.issues, [
    "Line 1: a code span is opened but never closed.",
    "Line 3: a link has an empty target.",
    "Line 5: a code fence is opened but never closed.",
  ]);
  assert.equal(result.suggestions[2], "Close the code fence opened at line 5 with ```.");
  assert.equal(result.score, 0.7);
  const many = await validate(markdownFormat(), "[a]()\n".repeat(30), { inWorker: true });
  assert.equal(many.score, 0);
  assert.equal(many.issues.length, 30);
});

test("markdown finds the line of a fault in what has lines of its own", async () => {
  assert.deepEqual(await issuesOf("A `span\nover lines` and\r\na [link](\nx) and [no\nlink]() and ` so"), [
    "Line 4: a link has an empty target.",
    "Line 5: a code span is opened but never closed.",
  ]);
  assert.deepEqual(await issuesOf("> - a | b\n>   -|-\n>   ` | [x]()\n>   1 | 2 | 3"), [
    "Line 3: a code span is opened but never closed.",
    "Line 3: a link has an empty target.",
    "Line 4: a row of a table has 3 cells, its header has 2.",
  ]);
  assert.deepEqual(await issuesOf("a | b\n--|--|--\n1 | 2"), [
    "Line 2: the row of dashes of a table has 3 cells, its header has 2.",
  ]);
});

test("markdown requires what is asked for", async () => {
  const everything = markdownFormat({
    requireHeading: true,
    requireList: true,
    requireCodeBlock: true,
    requireTable: true,
  });
  const nothing = [
    "There is no heading.",
    "There is no list.",
    "There is no code block.",
    "There is no table.",
  ];
  assert.deepEqual((await validate(everything, "text", { inWorker: true })).issues, nothing);
  assert.deepEqual((await validate(everything, "")).issues, nothing);
  const full = "Title\n=====\n\n1. one\n\n```\ncode\n```\n\na | b\n--|--\n1 | 2\n";
  const { passed, metadata } = await validate(everything, full, { inWorker: true });
  assert.equal(passed, true);
  assert.deepEqual(metadata, {
    format: "markdown",
    headings: 1,
    listItems: 1,
    codeBlocks: 1,
    tables: 1,
    faults: 0,
  });
});

test("markdown bounds jumps of headings, and is strict about them where asked to", async () => {
  const jumps = markdownFormat({ maxHeadingJump: 1 });
  await checkMarkdown(jumps, [["# A\n## B\n### C\n# D", true], ["## B\n### C", true], ["# A\n### C", false]]);
  assert.deepEqual((await validate(jumps, "# A\n\n#### D", { inWorker: true })).suggestions, [
    "Make the heading at line 3 one of level 2.",
  ]);
  await checkMarkdown(markdownFormat({ strictHeadings: true }), [
    ["#Title", false],
    ["Text\n##Title", false],
    ["####### A", false],
    ["# Title", true],
    ["```\n#!/bin/sh\n```", true],
  ]);
});

test("markdown takes linear time on hard texts", () => {
  const units = [
    "`",
    "` `` ``` ",
    "[",
    "![",
    "[](",
    "[](<",
    ">",
    "- ",
    "1. ",
    "|",
    "\n",
    "* ",
    "- a\n",
    "<!--",
  ];
  for (const unit of units) {
    const startedMs = performance.now();
    const { error } = markdownFormat().validate(draft(unit.repeat(100_000 / unit.length)));
    assert.equal(error, undefined, `${unit} ${error?.message}`);
    assert.ok(performance.now() - startedMs < 8_000, unit);
  }
});

test("markdown is read in turns where it is long", async () => {
  const block = "# A\n\nText with `code`.\n\n- one\n\n      two\n\n```\n# three\n\n```\n\n";
  const text = `${block.repeat(5_000)}a [link][x] and a \` tick\n\n[x]: <>`;
  const result = await validate(markdownFormat(), text, { inWorker: true });
  assert.deepEqual(result.issues, [
    "Line 65001: a link has an empty target.",
    "Line 65001: a code span is opened but never closed.",
  ]);
  assert.deepEqual(result.metadata, {
    format: "markdown",
    headings: 5_000,
    listItems: 5_000,
    codeBlocks: 10_000,
    tables: 0,
    faults: 2,
  });
  const reason = new Error("stop");
  const stop = new AbortController();
  setTimeout(() => stop.abort(reason), 0);
  await assert.rejects(
    markdownFormat()._validateAsync(draft(text.repeat(4)), { signal: stop.signal }),
    reason,
  );
});

test("email accepts what is one address", async () => {
  await checkTable(new FormatValidator({ format: "email" }), [
    ["name@example.com", true],
    [" name@example.com\n", true],
    ["a.b+c_d@sub.example.co.uk", true],
    ["name@münchen.de", true],
    ["name@xn--mnchen-3ya.de", true],
    [`${"a".repeat(64)}@example.com`, true],
    ["", false],
    ["name", false],
    ["@example.com", false],
    ["name@", false],
    ["a@b..com", false],
    [".a@b.com", false],
    ["a.@b.com", false],
    ["a..b@c.com", false],
    ["a b@c.com", false],
    ["a@b@c.com", false],
    ['"a b"@c.com', false],
    ["a@-b.com", false],
    ["a@b-.com", false],
    ["a@b.com.", false],
    ["a@localhost", false],
    ["a@127.0.0.1", false],
    ["a@[127.0.0.1]", false],
    ["a@b_c.com", false],
    [`${"a".repeat(65)}@example.com`, false],
    [`${"é".repeat(33)}@example.com`, false],
    [`a@${"b".repeat(64)}.com`, false],
    [`a@${"b.".repeat(130)}com`, false],
    [`a@${"ü".repeat(60)}.de`, false],
    ["name@example.com, other@example.com", false],
    // What the package alone knows.
    ["a@example.c", false],
    ["a@example.c0m", false],
    ["a\u0300@example.com", true],
  ], { inWorker: true });
});

test("email says which part is wrong and shows no address", async () => {
  const result = await validate(new FormatValidator({ format: "email" }), "secret..name@example.com");
  assert.match(result.message, /The part before the @ has a dot at its edge, or two in a row/);
  assert.ok(!JSON.stringify(result).includes("secret"));
});

test("url accepts what is one address", async () => {
  await checkTable(new FormatValidator({ format: "url" }), [
    ["https://example.com", true],
    [" HTTP://Example.com:8080/a?b=c#d \n", true],
    ["http://localhost:3000", true],
    ["http://127.0.0.1/", true],
    ["http://[::1]:80/", true],
    ["https://münchen.de/ä", true],
    ["http://intranet/", true],
    ["", false],
    ["example.com", false],
    ["ftp://example.com", false],
    ["javascript:alert(1)", false],
    ["http:example.com", false],
    ["http://", false],
    ["https://exa mple.com", false],
    ["https://example.com/a\nb", false],
    ["https://user:pass@example.com", false],
    ["http://example.com:99999", false],
  ]);
});

test("url holds to its options", async () => {
  const make = (url: object) => new FormatValidator({ format: "url", url });
  await checkTable(make({ protocols: ["ftp", "MAILTO:"] }), [
    ["ftp://a.com", true],
    ["mailto:a@b.com", true],
    ["http://a.com", false],
  ]);
  await checkTable(make({ allowLocalhost: false }), [
    ["http://localhost", false],
    ["http://127.1.2.3", false],
    [
      "http://a.localhost",
      false,
    ],
    ["http://[::1]", false],
    ["http://10.0.0.1", true],
  ]);
  await checkTable(make({ allowIp: false }), [["http://10.0.0.1", false], ["http://[::2]", false], [
    "http://0x7f.1",
    false,
  ]]);
  await checkTable(make({ requireTld: true }), [["http://a", false], ["http://a.b1", false], [
    "http://1.2.3.4",
    false,
  ], [
    "http://a.com",
    true,
  ], ["http://a.рф", true]]);
  await checkTable(make({ allowCredentials: true }), [["https://user:pass@example.com", true]]);
});

test("url never shows user names and passwords", async () => {
  const result = await validate(new FormatValidator({ format: "url" }), "https://user:secret@example.com");
  assert.match(result.message, /user name or password/);
  assert.ok(!JSON.stringify(result).includes("secret"));
});
