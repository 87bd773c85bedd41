import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BiasClassifier,
  ProfanityClassifier,
  SentimentClassifier,
  ToxicityClassifier,
} from "../../src/classifiers/mod.ts";
import { classify } from "./helpers.ts";

const PLAIN = "The train leaves at eight and arrives at nine. ".repeat(1_500);
const lexicons: readonly [OperationLexicon, string][] = [
  [new SentimentClassifier(), "horrible"],
  [new ProfanityClassifier(), "damn"],
  [new ToxicityClassifier(), "you are an idiot"],
  [new BiasClassifier(), "girls cannot do maths"],
];
type OperationLexicon = Parameters<typeof classify>[0];

test("a lexicon finds what stands in each passage of a long text, where it stands", async () => {
  for (const [lexicon, words] of lexicons) {
    const text = Array.from({ length: 4 }, () => `${PLAIN}It is so: ${words}. `).join("");
    const { spans } = await classify(lexicon, text);
    assert.deepEqual(
      spans.map(({ start, end }) => text.slice(start, end)),
      Array(4).fill(words),
      lexicon.name,
    );
    assert.deepEqual(
      (await classify(lexicon, text.slice(0, text.length / 4))).label,
      (await classify(lexicon, text)).label,
    );
  }
});

test("a lexicon in the worker reads a long text in turns, so that it can be stopped", async () => {
  for (const [lexicon, words] of lexicons.slice(0, 3)) {
    const reason = new Error("stop");
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 0);
    const text = `${words}. ${PLAIN}`.repeat(40);
    await assert.rejects(lexicon._classifyAsync(text, { signal: stop.signal }), reason, lexicon.name);
  }
});

test("BiasClassifier reads ten megabytes without a space", async () => {
  assert.equal((await classify(new BiasClassifier(), "a".repeat(10_000_000))).label, "unbiased");
});
