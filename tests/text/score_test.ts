import assert from "node:assert/strict";
import { test } from "node:test";
import { latinDigits, readScore } from "../../src/text/score.ts";

const CASES: [value: unknown, score: number | undefined][] = [
  ["8", 0.8],
  ["8/10", 0.8],
  ["8 / 10", 0.8],
  ["8 out of 10", 0.8],
  ["8 von 10", 0.8],
  ["85/100", 0.85],
  ["4.5/5", 0.9],
  ["80 %", 0.8],
  ["80%", 0.8],
  ["80 percent", 0.8],
  ["0.8", 0.8],
  ["0,8", 0.8],
  ["7,5", 0.75],
  ["10", 1],
  ["0", 0],
  ["**8**/10", 0.8],
  ["Score: 8", 0.8],
  ["8/10 because it is clear", 0.8],
  ["8 — good", 0.8],
  [8, 0.8],
  [0.8, 0.8],
  [10, 1],
  [1, 0.1],
  ["٨/١٠", 0.8],
  ["८", 0.8],
  ["８０％", 0.8],
  ["11", undefined],
  ["11/10", undefined],
  ["85", undefined],
  ["101 %", undefined],
  ["-1", undefined],
  ["−1", undefined],
  ["8-9", undefined],
  ["8–9", undefined],
  ["1/0", undefined],
  ["3/4/2024", undefined],
  ["not great and poor", undefined],
  ["eight", undefined],
  ["", undefined],
  [Number.NaN, undefined],
  [Infinity, undefined],
  [-0.5, undefined],
  [true, undefined],
  [null, undefined],
  [{}, undefined],
];

for (const [value, expected] of CASES) {
  test(`readScore gives ${expected} for ${typeof value === "string" ? JSON.stringify(value) : String(value)} of ten`, () => {
    assert.equal(readScore(value, 10), expected);
  });
}

test("readScore reads on the scale that was asked for when none is written", () => {
  assert.equal(readScore("4", 5), 0.8);
  assert.equal(readScore("0.4", 1), 0.4);
  assert.equal(readScore(1, 1), 1);
});

test("readScore is quick on a long text", () => {
  assert.equal(readScore("9".repeat(1_000_000), 10), undefined);
});

test("latinDigits writes digits of every script as ASCII", () => {
  assert.equal(latinDigits("٠١٢٣٤٥٦٧٨٩ ०१२३४५६७८९ ０１２ 𝟎𝟗"), "0123456789 0123456789 012 09");
});
