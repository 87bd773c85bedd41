/** Prints how well the classifiers do on labelled texts: `deno task bench:classifiers`. The figures stand in docs/classifiers.md. */
import type { OperationClassifier } from "../src/classifiers/classifier.ts";
import { BiasClassifier } from "../src/classifiers/bias_classifier.ts";
import { LanguageClassifier } from "../src/classifiers/language_classifier.ts";
import { ProfanityClassifier } from "../src/classifiers/profanity_classifier.ts";
import { SentimentClassifier } from "../src/classifiers/sentiment_classifier.ts";
import { SpamClassifier } from "../src/classifiers/spam_classifier.ts";
import { ToxicityClassifier } from "../src/classifiers/toxicity_classifier.ts";
import { harmfulAsToxic, type LabelledText, measure } from "../tests/helpers/classifier_measure.ts";
import {
  beginnings,
  declarations,
  MAIL_GROUPS,
  mails,
  NO_MAILS,
  ownSentences,
  reviews,
  reviewsAs,
} from "../tests/classifiers/labelled_texts.ts";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

async function print(
  title: string,
  classifier: OperationClassifier,
  texts: readonly LabelledText[],
  name?: (label: string) => string,
): Promise<void> {
  const { accuracy, labels } = await measure(classifier, texts, name);
  console.log(`\n${title}: ${texts.length} texts, ${percent(accuracy)} right\n`);
  console.log("| label | texts | precision | recall |\n| --- | --- | --- | --- |");
  for (const [label, { texts: count, precision, recall }] of Object.entries(labels)) {
    console.log(`| ${label} | ${count} | ${percent(precision)} | ${percent(recall)} |`);
  }
}

const sentiment = new SentimentClassifier();
for (const site of ["amazon", "imdb", "yelp"] as const) {
  await print(`sentiment, ${site}`, sentiment, reviews(site));
}
await print("language, paragraphs", new LanguageClassifier(), declarations());
await print("language, seven words", new LanguageClassifier(), beginnings());
const profanity = new ProfanityClassifier();
await print("profanity, sentences the rules were made with", profanity, ownSentences("profanity"));
await print("profanity, sentences they were not", profanity, ownSentences("profanity_held_out"));
const toxicity = new ToxicityClassifier();
for (const name of ["toxicity", "toxicity_held_out"] as const) {
  await print(`${name}, each label`, toxicity, ownSentences(name));
  await print(`${name}, toxic in any way`, toxicity, ownSentences(name), harmfulAsToxic);
}
const spam = new SpamClassifier();
await print("spam, sentences the rules were made with", spam, ownSentences("spam"));
await print("spam, sentences they were not", spam, ownSentences("spam_held_out"));
if (NO_MAILS === undefined) {
  for (const part of ["fitted", "other"] as const) {
    await print(`spam, mails, ${part}`, spam, MAIL_GROUPS.flatMap((group) => mails(group, part)));
    for (const group of MAIL_GROUPS) await print(`spam, mails, ${part}, ${group}`, spam, mails(group, part));
  }
} else console.log(`\nspam, mails: not measured as ${NO_MAILS}`);
const bias = new BiasClassifier();
await print("bias, sentences the rules were made with", bias, ownSentences("bias"));
await print("bias, sentences they were not", bias, ownSentences("bias_held_out"));
await print("toxicity, reviews", toxicity, reviewsAs("non_toxic"));
await print("spam, reviews", spam, reviewsAs("ham"));
await print("bias, reviews", bias, reviewsAs("unbiased"));
