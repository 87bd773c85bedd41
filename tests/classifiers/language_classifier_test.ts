import assert from "node:assert/strict";
import { test } from "node:test";
import { LanguageClassifier } from "../../src/classifiers/language_classifier.ts";
import { LANGUAGES } from "../../src/classifiers/language_names.ts";
import { refuses } from "../validators/helpers.ts";
import { checkClassifier, classify } from "./helpers.ts";

const language = new LanguageClassifier();

test("LanguageClassifier does what every classifier must, and takes digits for no language", async () => {
  await checkClassifier(language, "und");
});

test("LanguageClassifier knows everyday sentences at its default options", async () => {
  const table: [string, string][] = [
    ["Ich gehe heute mit meinem Hund spazieren.", "de"],
    ["Je vais au marché acheter du pain.", "fr"],
    ["Mañana voy a la playa con mis amigos.", "es"],
    ["明日は友達と海へ行きます。", "ja"],
    ["Завтра я еду на море с друзьями.", "ru"],
    ["我明天和朋友一起去海边。", "zh"],
    ["Domani vado al mare con i miei amici.", "it"],
    ["Amanhã vou à praia com os meus amigos.", "pt"],
    ["Demà vaig a la platja amb els meus amics.", "ca"],
  ];
  for (const [text, label] of table) assert.equal((await classify(language, text)).label, label, text);
});

test("LanguageClassifier passes over code and addresses, and lists the languages of a text in several", async () => {
  const code =
    "Ich gehe heute spazieren.\n```\nfor each of the items in the list do print the item\n```\nhttps://the-english-site.example/of/the/day";
  assert.equal((await classify(language, code)).label, "de");
  const mixed = "Ich gehe heute mit meinem Hund im Park spazieren. I am walking my dog in the park today.";
  assert.deepEqual(Object.keys((await classify(language, mixed)).metadata.languages!).sort(), ["de", "en"]);
});

test("LanguageClassifier chooses among candidates and falls back where it is not sure", async () => {
  const among = new LanguageClassifier({ candidates: ["no", "sv"], fallbackLanguage: "sv" });
  assert.ok(["no", "sv"].includes((await classify(among, "Jeg går tur med hunden min hver dag.")).label));
  const sure = new LanguageClassifier({ minConfidence: 1, fallbackLanguage: "en" });
  assert.equal((await classify(sure, "Ich gehe heute mit meinem Hund spazieren.")).label, "en");
  assert.ok(LANGUAGES.length >= 20);
  refuses(() => new LanguageClassifier({ candidates: [] }), /candidates must be/);
  refuses(
    () => new LanguageClassifier({ candidates: ["de"], fallbackLanguage: "en" }),
    /must be one of candidates/,
  );
});
