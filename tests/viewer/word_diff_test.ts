import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { wordChanges } from "../../src/viewer/word_diff.ts";

function shown(before: string, after: string): string {
  return wordChanges(before, after)
    .map(({ kind, text }) => kind === "kept" ? text : kind === "added" ? `{+${text}+}` : `[-${text}-]`)
    .join("");
}

test("wordChanges shows words that changed together as one change", () => {
  assert.equal(
    shown(
      "In order to utilize it, get a installer. It is is easy.",
      "To use it, get an installer. It is easy.",
    ),
    "[-In order to utilize-]{+To use+} it, get [-a-]{+an+} installer. It is [-is -]easy.",
  );
});

test("wordChanges keeps lines apart, and shows line breaks that changed", () => {
  assert.equal(shown("one two\nthree four", "one 2\n3 four"), "one [-two-]{+2+}\n[-three-]{+3+} four");
  assert.equal(shown("one\n\ntwo", "one\ntwo"), "one\n[-\n-]two");
});

test("wordChanges finds words of languages that write none apart", () => {
  assert.equal(shown("今日は雨です。", "今日は雪です。"), "今日は[-雨-]{+雪+}です。");
});

test("wordChanges tells both texts", () => {
  const text = fc.array(fc.constantFrom("a", "b", "the", " ", "  ", "\n", ".", "é", "雨")).map((words) =>
    words.join("")
  );
  fc.assert(fc.property(text, text, (before, after) => {
    const changes = wordChanges(before, after);
    const without = (kind: string) =>
      changes.filter((change) => change.kind !== kind).map(({ text }) => text).join("");
    assert.equal(without("added"), before);
    assert.equal(without("removed"), after);
  }));
});
