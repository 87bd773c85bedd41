import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { termsOf, wordsOf } from "../../src/text/words.ts";

const CASES: readonly [title: string, text: string, terms: string[]][] = [
  ["punctuation separates", "ai, robots! (foo_bar) e-mail", ["ai", "robots", "foo", "bar", "e", "mail"]],
  ["digits count", "v1.2 of 2026", ["v1", "2", "of", "2026"]],
  ["case and accents do not", "Café CAFÉ cafe\u0301 naïve Ångström", [
    "cafe",
    "cafe",
    "cafe",
    "naive",
    "angstrom",
  ]],
  ["sharp s and ligatures unfold", "Straße STRASSE ﬁn", ["strasse", "strasse", "fin"]],
  ["both Turkish i are i", "İstanbul ISTANBUL ıstanbul", ["istanbul", "istanbul", "istanbul"]],
  ["final sigma is sigma", "ΟΔΟΣ οδός", ["οδοσ", "οδοσ"]],
  ["й keeps its breve, ё loses its dots", "чай Ёлка", ["чай", "елка"]],
  ["full-width letters are letters", "Ｃａｆｅ１２", ["cafe12"]],
  ["Chinese is cut into characters", "东京都, ok", ["东", "京", "都", "ok"]],
  ["kana too, with their marks", "ガンダム が か\u3099 ｶﾞ ー", [
    "ガ",
    "ン",
    "ダ",
    "ム",
    "が",
    "が",
    "ガ",
    "ー",
  ]],
  ["mixed scripts", "iPhone手机2", ["iphone", "手", "机", "2"]],
  ["Thai is cut into characters", "ไทย", ["ไ", "ท", "ย"]],
  ["Korean has spaces", "한국어 \u1112\u1161\u11ab", ["한국어", "한"]],
  ["Hindi keeps its vowels", "हिन्दी", ["हिन्दी"]],
  ["soft hyphens and variation selectors vanish", "co\u00adoperate 葛\u{e0100}", ["cooperate", "葛"]],
  ["brackets of compatibility forms vanish", "⒈ ½", ["1", "12"]],
  ["half a character is none", "a\ud800b \udc00", ["a", "b"]],
  ["signs are no words", "🚀 -- * … «»", []],
  ["nothing", "", []],
];

for (const [title, text, terms] of CASES) {
  test(`termsOf: ${title}`, () => assert.deepEqual(termsOf(text), terms));
}

test("termsOf cuts a very long word where a character ends", () => {
  const [term] = termsOf("x" + "𝕏".repeat(200) + "é");
  assert.equal(term, "x".repeat(128));
  const [astral] = termsOf("a" + "\u{20bb7}".repeat(3) + "𐐷".repeat(200));
  assert.equal(astral, "a");
  const [deseret] = termsOf("a" + "𐐷".repeat(200));
  assert.equal(deseret!.length, 127);
});

test("wordsOf gives the terms of termsOf with their places, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const words = wordsOf(text);
      assert.deepEqual(words.map((word) => word.term), termsOf(text));
      for (const word of words) assert.ok(termsOf(text.slice(word.start, word.end)).includes(word.term));
    }),
    { numRuns: 500 },
  );
});

test("a term holds no ASCII but lower-case letters and digits, so that SQLite cuts terms at spaces alone", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      for (const term of termsOf(text)) assert.match(term, /^(?:[a-z0-9]|[^\p{ASCII}\p{Surrogate}])+$/u);
    }),
    { numRuns: 500 },
  );
});

test("a text of a million characters is cut in linear time", () => {
  const startMs = performance.now();
  assert.equal(termsOf("The café has crème brûlée. ".repeat(40_000)).length, 200_000);
  assert.equal(termsOf("é".repeat(1_000_000)).length, 1);
  assert.ok(performance.now() - startMs < 10_000);
});
