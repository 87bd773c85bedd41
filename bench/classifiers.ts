/** Prints how well the classifiers do on labelled texts: `deno task bench:classifiers`. The figures stand in docs/classifiers.md. */
import type { OperationClassifier } from "../src/classifiers/classifier.ts";
import { LanguageClassifier } from "../src/classifiers/language_classifier.ts";
import { ProfanityClassifier } from "../src/classifiers/profanity_classifier.ts";
import { SentimentClassifier } from "../src/classifiers/sentiment_classifier.ts";
import { type LabelledText, measure } from "../tests/helpers/classifier_measure.ts";
import { beginnings, declarations, ownSentences, reviews } from "../tests/classifiers/labelled_texts.ts";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

async function print(
  title: string,
  classifier: OperationClassifier,
  texts: readonly LabelledText[],
): Promise<void> {
  const { accuracy, labels } = await measure(classifier, texts);
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
