import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import fc from "fast-check";
import { compareCodePoints, endOfPrefix, hasLoneSurrogate } from "../../src/text/code_points.ts";

const text = fc.string({ unit: "binary", maxLength: 8 });

test("compareCodePoints orders as UTF-8 bytes do", () => {
  const bytes = (value: string) => Buffer.from(value, "utf8");
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(Math.sign(compareCodePoints(a, b)), Buffer.compare(bytes(a), bytes(b)));
    }),
    { numRuns: 1_000, examples: [["\uff5e", "😀"], ["a", "a"], ["a", "ab"], ["\ue000", "\u{10000}"]] },
  );
});

test("endOfPrefix gives the first string after all that begin so", () => {
  const cases: readonly [prefix: string, end: string | undefined][] = [
    ["", undefined],
    ["a", "b"],
    ["a:1", "a:2"],
    ["a\ud7ff", "a\ue000"],
    ["a\u{10ffff}", "b"],
    ["\u{10ffff}", undefined],
  ];
  for (const [prefix, end] of cases) assert.equal(endOfPrefix(prefix), end);
  fc.assert(
    fc.property(text, text, (prefix, other) => {
      const end = endOfPrefix(prefix);
      const inside = compareCodePoints(other, prefix) >= 0 &&
        (end === undefined || compareCodePoints(other, end) < 0);
      assert.equal(inside, other.startsWith(prefix));
    }),
    { numRuns: 1_000 },
  );
});

test("hasLoneSurrogate finds half a character", () => {
  assert.equal(hasLoneSurrogate("a😀"), false);
  assert.equal(hasLoneSurrogate("a\ud83d"), true);
});
