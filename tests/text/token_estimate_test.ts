import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { estimateTokens } from "../../src/text/token_estimate.ts";

interface Sample {
  readonly name: string;
  readonly script: string;
  /** Counted with OpenAI's o200k_base vocabulary. */
  readonly tokens: number;
  readonly text: string;
}

const SAMPLES = JSON.parse(readFileSync(new URL("./token_counts.json", import.meta.url), "utf8")) as Sample[];

test("the estimate is within a quarter of the recorded counts, in eight scripts and more", () => {
  assert.ok(SAMPLES.length >= 20);
  assert.ok(new Set(SAMPLES.map((sample) => sample.script)).size >= 8);
  for (const { name, tokens, text } of SAMPLES) {
    const estimate = estimateTokens(text);
    assert.ok(Math.abs(estimate / tokens - 1) <= 0.25, `${name}: ${estimate} for ${tokens}`);
  }
});

test("the estimate is an integer, and 0 only for the empty text", () => {
  assert.equal(estimateTokens(""), 0);
  for (const text of [" ", "\n", "a", "é", "漢", "🎉", "\ud800", "\u200d"]) {
    assert.ok(Number.isInteger(estimateTokens(text)) && estimateTokens(text) >= 1, JSON.stringify(text));
  }
});

test("a text has no fewer tokens than its parts, and at most one more than their sum", () => {
  const part = fc.string({
    unit: fc.constantFrom("a", "Z", " ", "1", "\n", "é", "漢", "🎉", "!", "ж"),
    maxLength: 12,
  });
  fc.assert(fc.property(part, part, (first, second) => {
    const whole = estimateTokens(first + second);
    assert.ok(whole >= Math.max(estimateTokens(first), estimateTokens(second)));
    assert.ok(whole <= estimateTokens(first) + estimateTokens(second) + 1);
  }));
});

test("a megabyte is estimated in linear time", () => {
  for (const text of ["lemur ", "漢字", "1234567890"]) {
    const started = performance.now();
    estimateTokens(text.repeat(2 ** 20 / text.length));
    assert.ok(performance.now() - started < 5_000);
  }
});
