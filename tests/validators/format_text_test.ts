import assert from "node:assert/strict";
import { test } from "node:test";
import { markdownFormat } from "../../src/validators/factories.ts";
import { FormatValidator } from "../../src/validators/format_validator.ts";
import { checkTable, draft, validate } from "./helpers.ts";

test("markdown reports what is broken in the structure", async () => {
  await checkTable(markdownFormat(), [
    ["# Title\n\nText with `code` and ``a ` b``.\n\n- one\n- two\n", true],
    ["```sh\n#!/bin/sh\necho `date\n```\n", true],
    ["Hello #hashtag", true],
    ["    indented ` code\n", true],
    ["- item\n\n      ```\n      ` inside\n      ```\n", true],
    ["\\`plain\\`", true],
    ["| a | b |\n|---|---|\n| 1 | 2 |\n", true],
    ["[x](https://example.com)", true],
    ["", true],
    ["```sh\nls\n", false],
    ["~~~~\ncode\n~~~\n", false],
    ["a `lone tick", false],
    ["[x]()", false],
    ["![](<>)", false],
    ["| a | b |\n|---|---|\n| 1 |\n", false],
  ]);
});

test("markdown names the line and the repair of each fault", async () => {
  const result = await validate(markdownFormat(), "Text `x\n\n[a]()\n\n```js\ncode");
  assert.equal(result.message, "The Markdown has 3 structural faults.");
  assert.deepEqual(result.issues, [
    "Line 1: a code span is opened but never closed.",
    "Line 3: a link has an empty target.",
    "Line 5: a code fence is opened but never closed.",
  ]);
  assert.equal(result.suggestions[2], "Close the code fence opened at line 5 with ```.");
  assert.equal(result.score, 0.7);
  assert.equal((await validate(markdownFormat(), "[a]()\n".repeat(30))).score, 0);
});

test("markdown requires what is asked for", async () => {
  const everything = markdownFormat({
    requireHeading: true,
    requireList: true,
    requireCodeBlock: true,
    requireTable: true,
  });
  const result = await validate(everything, "text");
  assert.deepEqual(result.issues, [
    "There is no heading.",
    "There is no list.",
    "There is no code block.",
    "There is no table.",
  ]);
  const full = "Title\n=====\n\n1. one\n\n```\ncode\n```\n\na | b\n--|--\n1 | 2\n";
  assert.equal((await validate(everything, full)).passed, true);
});

test("markdown bounds jumps of headings, and is strict about them where asked to", async () => {
  const jumps = markdownFormat({ maxHeadingJump: 1 });
  await checkTable(jumps, [["# A\n## B\n### C\n# D", true], ["## B\n### C", true], ["# A\n### C", false]]);
  assert.deepEqual((await validate(jumps, "# A\n\n#### D")).suggestions, [
    "Make the heading at line 3 one of level 2.",
  ]);
  await checkTable(markdownFormat({ strictHeadings: true }), [["#Title", false], ["####### A", false], [
    "# Title",
    true,
  ]]);
});

test("markdown takes linear time on hard texts", () => {
  for (const unit of ["`", "` `` ``` ", "[", "[](", ">", "- ", "|", "\n", "* "]) {
    const startedMs = performance.now();
    markdownFormat().validate(draft(unit.repeat(500_000 / unit.length)));
    assert.ok(performance.now() - startedMs < 2_000, unit);
  }
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
  ]);
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
