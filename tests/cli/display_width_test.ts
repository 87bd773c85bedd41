import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { displayWidth, fitColumns } from "../../src/cli/display_width.ts";

test("East Asian characters and emoji take two columns, marks above a letter none", () => {
  assert.deepEqual(["abc", "日本", "👩‍👩‍👧", "e\u0301", ""].map(displayWidth), [3, 4, 2, 1, 0]);
});

test("a text that fits is whole, and one that does not ends with an ellipsis inside the columns", () => {
  assert.equal(fitColumns("日本", 4), "日本");
  assert.equal(fitColumns("日本語", 5), "日本…");
  assert.equal(fitColumns("日本語", 4), "日…");
  assert.equal(fitColumns("one two", 5), "one…");
  assert.equal(fitColumns("ab", 0), "");
});

test("whatever the text, no more columns are taken than there are", () => {
  fc.assert(fc.property(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.nat(20),
    (text, columns) => displayWidth(fitColumns(text, columns)) <= columns,
  ));
});
