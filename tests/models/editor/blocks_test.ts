import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dropEmpty, joinBlocks, splitBlocks } from "../../../src/models/editor/blocks.ts";
import { splitSentences } from "../../../src/models/editor/split_sentences.ts";

const TEXT = `---
title: x
---
# Title

A paragraph
of two lines.
- one
  goes on
- two

> quoted

| a | b |
|---|---|

\`\`\`ts
# no heading

\`\`\`
Under
=====
1. [x] done

    indented code

***
last`;

test("a Markdown text is cut into its blocks", () => {
  const kinds = splitBlocks(TEXT).filter((block) => block.kind !== "blank").map((
    { kind, prefix, text },
  ) => [kind, prefix, text]);
  assert.deepEqual(kinds, [
    ["fixed", "", "---\ntitle: x\n---"],
    ["heading", "# ", "Title"],
    ["prose", "", "A paragraph\nof two lines."],
    ["item", "- ", "one\n  goes on"],
    ["item", "- ", "two"],
    ["fixed", "", "> quoted"],
    ["fixed", "", "| a | b |"],
    ["fixed", "", "|---|---|"],
    ["fixed", "", "```ts\n# no heading\n\n```"],
    ["fixed", "", "Under\n====="],
    ["item", "1. [x] ", "done"],
    ["fixed", "", "    indented code"],
    ["fixed", "", "***"],
    ["prose", "", "last"],
  ]);
});

test("blocks put together again are the very same text", () => {
  const line = fc.constantFrom(
    "",
    "a b.",
    "# h",
    "- i",
    "  x",
    "```",
    "~~~~",
    "---",
    "===",
    "> q",
    "| t |",
    "1) n",
    "    c",
    "<p>",
    "\r",
  );
  fc.assert(fc.property(fc.array(line), (lines) => {
    const text = lines.join("\n");
    assert.equal(joinBlocks(splitBlocks(text)), text);
  }));
});

test("sentences put together again are the very same paragraph", () => {
  assert.deepEqual(splitSentences("Dr. Who came\nby train. He left! Why? "), [
    "Dr. Who came\nby train. ",
    "He left! ",
    "Why? ",
  ]);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => assert.equal(splitSentences(text).join(""), text)),
  );
});

test("a block that lost its text goes with the blank line that set it off", () => {
  const without = (index: number): string =>
    joinBlocks(
      dropEmpty(
        splitBlocks("one\n\ntwo\n\nthree\n").map((block, at) =>
          at === index ? { ...block, text: "" } : block
        ),
      ),
    );
  assert.equal(without(0), "two\n\nthree\n");
  assert.equal(without(2), "one\n\nthree\n");
  assert.equal(without(4), "one\n\ntwo\n");
});
