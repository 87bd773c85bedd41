/** Two faults of classifiers that would come back unseen: answers that depend on what is installed, and copies that cache. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import * as classifiers from "../../src/classifiers/mod.ts";
import {
  BiasClassifier,
  LanguageClassifier,
  ProfanityClassifier,
  SentimentClassifier,
  SpamClassifier,
  ToxicityClassifier,
  withCache,
} from "../../src/classifiers/mod.ts";

const ROOM = fileURLToPath(new URL("../../src/classifiers/", import.meta.url));
const TEXT = "What the hell, this is a terrible day.";
const built = () => [
  new SentimentClassifier(),
  new LanguageClassifier(),
  new ProfanityClassifier(),
  new SpamClassifier(),
  new ToxicityClassifier(),
  new BiasClassifier(),
];

test("no classifier has another backend for a package that is missing", () => {
  const loaders = readdirSync(ROOM).filter((file) => file.endsWith("_calls.ts"));
  assert.deepEqual(loaders.sort(), [
    "language_calls.ts",
    "profanity_calls.ts",
    "sentiment_calls.ts",
    "toxicity_calls.ts",
  ]);
  for (const file of loaders) {
    // A package is imported at the top, so that where it is missing there is an error, and nothing to go on with instead.
    assert.doesNotMatch(readFileSync(`${ROOM}${file}`, "utf8"), /\bcatch\b|\bimport\(|\brequire\(/, file);
  }
  for (const classifier of built()) {
    assert.equal(classifier.classify(TEXT).method, "lexicon", classifier.name);
  }
});

test("one wrapper caches every built-in classifier, and none brings a cache of its own", async () => {
  for (const classifier of built()) {
    const cached = withCache(classifier);
    const first = cached.classify(TEXT);
    assert.deepEqual(first, classifier.classify(TEXT));
    assert.deepEqual(cached.classify(TEXT), first);
    assert.deepEqual(await cached._classifyAsync(TEXT), first);
    const { hits, misses } = cached.stats();
    assert.deepEqual([hits, misses], [2, 1], classifier.name);
  }
  assert.deepEqual(Object.keys(classifiers).filter((name) => /cache/i.test(name)), ["withCache"]);
});
