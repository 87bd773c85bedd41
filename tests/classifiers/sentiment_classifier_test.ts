import assert from "node:assert/strict";
import { test } from "node:test";
import { SentimentClassifier } from "../../src/classifiers/sentiment_classifier.ts";
import { refuses } from "../validators/helpers.ts";
import { checkClassifier, classify } from "./helpers.ts";

const sentiment = new SentimentClassifier();
const LONG = "The train leaves at eight and arrives at nine. ".repeat(40);

test("SentimentClassifier does what every classifier must", async () => {
  await checkClassifier(sentiment, "neutral");
});

test("SentimentClassifier reads negation, contrast, emphasis and emoji", async () => {
  const table: [string, string][] = [
    ["This is good.", "positive"],
    ["This is not good.", "negative"],
    ["It is not bad at all.", "positive"],
    ["I don't think it is great.", "negative"],
    ["Great!", "positive"],
    ["GREAT", "positive"],
    ["The food was good, but the service was terrible.", "negative"],
    ["The service was terrible, but the food was amazing.", "positive"],
    ["No problem.", "positive"],
    ["I bought a skyscraper map in Spain.", "neutral"],
    ["😍", "positive"],
    [`${LONG}What a horrible day.`, "negative"],
    [LONG, "neutral"],
  ];
  for (const [text, label] of table) {
    assert.equal((await classify(sentiment, text)).label, label, text.slice(-60));
  }
});

test("SentimentClassifier is less sure of a text that says both", async () => {
  const mixed = await classify(sentiment, "The room was good. The staff was bad.");
  assert.deepEqual([mixed.label, mixed.confidence], ["neutral", 0.4]);
  const sum = Object.values(mixed.scores!).reduce((total, score) => total + score, 0);
  assert.ok(Math.abs(sum - 1) < 1e-9);
  assert.ok((await classify(sentiment, "Really great, I love it!")).confidence > 0.8);
});

test("SentimentClassifier's spans are the words it rests on", async () => {
  const text = "A truly great book with a boring end.";
  const { spans } = await classify(sentiment, text);
  assert.deepEqual(spans.map(({ start, end, label }) => [text.slice(start, end), label]), [
    ["great", "positive"],
    ["boring", "negative"],
  ]);
});

test("SentimentClassifier takes thresholds and words of one's own, and no other instance sees them", async () => {
  const own = new SentimentClassifier({ addTerms: { "wagging tail": 4 }, removeTerms: ["great"] });
  assert.equal((await classify(own, "A wagging tail.")).label, "positive");
  assert.equal((await classify(own, "Great.")).label, "neutral");
  assert.equal((await classify(sentiment, "A wagging tail.")).label, "neutral");
  const strict = new SentimentClassifier({ positiveThreshold: 0.95 });
  assert.equal((await classify(strict, "This is good.")).label, "neutral");
  refuses(
    () => new SentimentClassifier({ positiveThreshold: 0.1, negativeThreshold: 0.2 }),
    /must be below positiveThreshold/,
  );
  refuses(() => new SentimentClassifier({ positiveThreshold: 2 }), /from -1 to 1/);
});
