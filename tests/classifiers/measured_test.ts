/** Holds the classifiers to what docs/classifiers.md says of them; `deno task bench:classifiers` prints the figures afresh. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BiasClassifier } from "../../src/classifiers/bias_classifier.ts";
import { LanguageClassifier } from "../../src/classifiers/language_classifier.ts";
import { ProfanityClassifier } from "../../src/classifiers/profanity_classifier.ts";
import { SentimentClassifier } from "../../src/classifiers/sentiment_classifier.ts";
import { SpamClassifier } from "../../src/classifiers/spam_classifier.ts";
import { ToxicityClassifier } from "../../src/classifiers/toxicity_classifier.ts";
import { harmfulAsToxic, measure } from "../helpers/classifier_measure.ts";
import {
  beginnings,
  declarations,
  MAIL_GROUPS,
  mails,
  MISSING,
  NO_MAILS,
  ownSentences,
  reviews,
  reviewsAs,
} from "./labelled_texts.ts";

test("SentimentClassifier is as precise on reviews as the docs say", { skip: MISSING }, async () => {
  const classifier = new SentimentClassifier();
  const floors = {
    amazon: [0.96, 0.51, 0.86, 0.79],
    imdb: [0.89, 0.62, 0.84, 0.71],
    yelp: [0.93, 0.43, 0.86, 0.77],
  } as const;
  for (const [site, [negative, negativeRecall, positive, positiveRecall]] of Object.entries(floors)) {
    const texts = reviews(site as keyof typeof floors);
    assert.equal(texts.length, 1_001);
    const { labels } = await measure(classifier, texts);
    assert.ok(labels.negative!.precision >= negative && labels.negative!.recall >= negativeRecall, site);
    assert.ok(labels.positive!.precision >= positive && labels.positive!.recall >= positiveRecall, site);
  }
});

test("LanguageClassifier knows 34 languages by a paragraph and by seven words as well as the docs say", {
  skip: MISSING,
}, async () => {
  const classifier = new LanguageClassifier();
  const paragraphs = await measure(classifier, declarations());
  assert.equal(Object.keys(paragraphs.labels).length, 34);
  assert.ok(paragraphs.accuracy >= 0.99, `${paragraphs.accuracy}`);
  for (const [language, { recall }] of Object.entries(paragraphs.labels)) assert.ok(recall >= 0.93, language);
  const { accuracy } = await measure(classifier, beginnings());
  assert.ok(accuracy >= 0.965, `${accuracy}`);
});

test("ProfanityClassifier is as precise as the docs say, on sentences its rules were made with and on others", async () => {
  const classifier = new ProfanityClassifier();
  const floors = { profanity: [201, 0.99, 0.99], profanity_held_out: [60, 0.96, 0.83] } as const;
  for (const [name, [count, precision, recall]] of Object.entries(floors)) {
    const texts = ownSentences(name as keyof typeof floors);
    assert.equal(texts.length, count);
    const { profane } = (await measure(classifier, texts)).labels;
    assert.ok(profane!.precision >= precision && profane!.recall >= recall, JSON.stringify(profane));
  }
});

test("ToxicityClassifier is as precise as the docs say, on sentences its rules were made with and on others", async () => {
  const classifier = new ToxicityClassifier();
  const floors = { toxicity: [385, 0.99, 0.96], toxicity_held_out: [60, 0.94, 0.56] } as const;
  for (const [name, [count, precision, recall]] of Object.entries(floors)) {
    const texts = ownSentences(name as keyof typeof floors);
    assert.equal(texts.length, count);
    const { toxic } = (await measure(classifier, texts, harmfulAsToxic)).labels;
    assert.ok(toxic!.precision >= precision && toxic!.recall >= recall, JSON.stringify(toxic));
  }
});

test("SpamClassifier is as precise as the docs say, on sentences its rules were made with and on others", async () => {
  const floors = { spam: [200, 0.99, 0.94], spam_held_out: [50, 0.99, 0.39] } as const;
  for (const [name, [count, precision, recall]] of Object.entries(floors)) {
    const texts = ownSentences(name as keyof typeof floors);
    assert.equal(texts.length, count);
    const { spam } = (await measure(new SpamClassifier(), texts)).labels;
    assert.ok(spam!.precision >= precision && spam!.recall >= recall, JSON.stringify(spam));
  }
});

test(
  "SpamClassifier is as precise on mails it was not fitted to as the docs say",
  { skip: NO_MAILS },
  async () => {
    const texts = MAIL_GROUPS.flatMap((group) => mails(group, "other"));
    assert.equal(texts.length, 3_023);
    const { spam } = (await measure(new SpamClassifier(), texts)).labels;
    assert.ok(spam!.precision >= 0.91 && spam!.recall >= 0.72, JSON.stringify(spam));
  },
);

test("BiasClassifier is as precise as the docs say, on sentences its rules were made with and on others", async () => {
  const floors = { bias: [160, 0.99, 0.99], bias_held_out: [60, 0.94, 0.63] } as const;
  for (const [name, [count, precision, recall]] of Object.entries(floors)) {
    const texts = ownSentences(name as keyof typeof floors);
    assert.equal(texts.length, count);
    const { biased } = (await measure(new BiasClassifier(), texts)).labels;
    assert.ok(biased!.precision >= precision && biased!.recall >= recall, JSON.stringify(biased));
  }
});

test(
  "toxicity, spam and bias are found in hardly any review, however strong its words",
  { skip: MISSING },
  async () => {
    const table = [
      [new ToxicityClassifier(), "non_toxic", 4],
      [new SpamClassifier(), "ham", 0],
      [new BiasClassifier(), "unbiased", 0],
    ] as const;
    for (const [classifier, label, most] of table) {
      const { wrong } = await measure(classifier, reviewsAs(label));
      assert.ok(wrong.length <= most, JSON.stringify(wrong));
    }
  },
);
