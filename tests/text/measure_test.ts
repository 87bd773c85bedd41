import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countBytes,
  countCodePoints,
  countLines,
  countParagraphs,
  TextMeasures,
} from "../../src/text/measure.ts";

const measures = new TextMeasures();
const MEGA = 2 ** 20;

/** A text of about a million UTF-16 units. */
function mega(pattern: string): string {
  return pattern.repeat(Math.ceil(MEGA / pattern.length));
}

test("graphemes are counted as a reader sees them", () => {
  const samples: [string, number][] = [
    ["", 0],
    ["abc", 3],
    [" a ", 3],
    ["a\r\nb", 3],
    ["\r\n\r\n", 2],
    ["\n\r", 2],
    ["👩‍👩‍👧", 1],
    ["e\u0301", 1],
    ["🇩🇪🇫🇷", 2],
    ["👍🏽!", 2],
    ["한국", 2],
    ["Ā֐", 2],
    ["\ud800", 1],
    ["\u1112\u1161\u11ab", 1],
  ];
  for (const [text, expected] of samples) {
    assert.equal(measures.graphemes(text), expected, JSON.stringify(text));
  }
});

test("graphemes of plain text are counted as the segmenter counts them", () => {
  const segmenter = new Intl.Segmenter("en");
  const plain = "\0\r\n\t aZ9éßĀǅΩжЖ’–€日本のカ한Ａ。";
  for (const one of plain) {
    for (const other of plain) {
      const text = `${one}${other}`;
      assert.equal(measures.graphemes(text), [...segmenter.segment(text)].length, JSON.stringify(text));
    }
  }
});

test("graphemes of a long text are counted as those of its parts", () => {
  assert.equal(measures.graphemes("👩‍👩‍👧é e\u0301 日本 ".repeat(500)), 4_000);
  assert.equal(measures.graphemes("👩‍👩‍👧".repeat(1_000)), 1_000);
  assert.equal(measures.graphemes("🇩🇪".repeat(1_001)), 1_001);
  assert.equal(measures.graphemes(`${" ".repeat(1023)}\u0301${"x".repeat(10)}`), 1_033);
});

test("words are runs of letters and digits", () => {
  const samples: [string, number][] = [
    ["", 0],
    ["  ", 0],
    ["one two", 2],
    ["don't stop", 2],
    ["3.14 and 1,000", 3],
    ["end.Start", 2],
    ["snake_case __ _x", 2],
    ["naïve café", 2],
    ["слово за слово", 3],
    ["👍 yes", 1],
    ["co\u00adop", 1],
    ["l’été", 1],
  ];
  for (const [text, expected] of samples) {
    assert.equal(measures.words(text), expected, JSON.stringify(text));
  }
});

test("words of scripts without spaces are found by a dictionary", () => {
  const words = measures.words("これは日本語の文章です。");
  assert.ok(words >= 4 && words <= 9, `${words}`);
});

test("words of Latin text with other scripts in it are counted as without them", () => {
  const latin = "The quick brown fox jumps over the lazy dog. ";
  assert.equal(measures.words(`${latin.repeat(100)}👍`), 900);
});

test("sentences do not end after abbreviations and initials", () => {
  const samples: [string, number][] = [
    ["", 0],
    ["...", 0],
    ["One. Two! Three?", 3],
    ["Dr. Smith came. He left.", 2],
    ["It was J. R. R. Tolkien who wrote it.", 1],
    ["See No. 5 and Fig. 3 there.", 1],
    ["No. I won't.", 2],
    ["Neither do I. They do.", 2],
    ["He paid 3.50 dollars.", 1],
    ["Use it, e.g. The Times.", 1],
    ["# Title\nText.", 2],
    ["Dr.\nSmith", 2],
    ["最初の文。次の文。", 2],
  ];
  for (const [text, expected] of samples) {
    assert.equal(measures.sentences(text), expected, JSON.stringify(text));
  }
});

test("lines end with LF, CR LF or CR, and a line break at the end begins none", () => {
  const samples: [string, number][] = [["", 0], ["a", 1], ["a\n", 1], ["a\nb", 2], ["a\r\nb\rc\n\n", 4], [
    "\n",
    1,
  ]];
  for (const [text, expected] of samples) assert.equal(countLines(text), expected, JSON.stringify(text));
});

test("paragraphs are runs of lines that are not blank", () => {
  const samples: [string, number][] = [["", 0], ["\n \n", 0], ["a\nb", 1], ["a\n\nb", 2], [
    "\r\na\r\n \r\n\r\nb\r\n",
    2,
  ]];
  for (const [text, expected] of samples) {
    assert.equal(countParagraphs(text), expected, JSON.stringify(text));
  }
});

test("code points and bytes are counted with pairs and halves of pairs", () => {
  assert.equal(countCodePoints("a👍\ud800\udc00\udc00"), 4);
  assert.equal(countBytes("aé€👍"), 1 + 2 + 3 + 4);
  assert.equal(countBytes("\ud800a\udc00"), 3 + 1 + 3);
});

test("a megabyte of any text is measured in linear time", () => {
  const texts = [
    mega("a"),
    mega("The fox. "),
    mega("👩‍👩‍👧"),
    mega("日本語の文。"),
    mega("\u0301"),
    mega("\r\n"),
  ];
  for (const text of texts) {
    const startedMs = performance.now();
    for (const count of [measures.graphemes(text), measures.words(text), measures.sentences(text)]) {
      assert.ok(count >= 0);
    }
    assert.ok(performance.now() - startedMs < 6_000, JSON.stringify(text.slice(0, 12)));
  }
});

test("ten megabytes without a space are counted", () => {
  assert.equal(measures.graphemes("a".repeat(10 * MEGA)), 10 * MEGA);
  assert.ok(measures.words("a".repeat(10 * MEGA)) < 200);
});
