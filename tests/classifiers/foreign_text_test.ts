import assert from "node:assert/strict";
import { test } from "node:test";
import { isForeign } from "../../src/classifiers/foreign_text.ts";
import {
  BiasClassifier,
  ProfanityClassifier,
  SentimentClassifier,
  SpamClassifier,
  ToxicityClassifier,
} from "../../src/classifiers/mod.ts";
import { classify } from "./helpers.ts";

const GERMAN =
  "Gestern Abend fuhren meine Eltern mit dem Zug nach Hamburg, um dort ihre alten Freunde zu besuchen.";

test("a text is foreign when it is in another script, or long without a common English word", () => {
  assert.ok(isForeign("Вчера вечером мы гуляли."));
  assert.ok(isForeign("昨日の夜は散歩をしました。"));
  assert.ok(isForeign(GERMAN));
  assert.ok(!isForeign("Last night we walked along the river, and nobody said a word about dinner."));
  assert.ok(!isForeign("Guten Morgen."));
  assert.ok(!isForeign("Yоu аrе аn іdіоt."));
});

test("every lexicon of English says that it has nothing to say on a foreign text", async () => {
  const lexicons = [
    new SentimentClassifier(),
    new ProfanityClassifier(),
    new ToxicityClassifier(),
    new SpamClassifier(),
    new BiasClassifier(),
  ];
  for (const lexicon of lexicons) {
    for (const text of ["Вчера вечером мы гуляли.", GERMAN]) {
      const { confidence, metadata } = await classify(lexicon, text);
      assert.deepEqual(
        [confidence, metadata.unsupportedLanguage, metadata.reason],
        [0.5, true, "unsupported_language"],
        lexicon.name,
      );
    }
    assert.equal((await classify(lexicon, "The bus is late.")).metadata.unsupportedLanguage, undefined);
  }
  const { metadata } = await classify(new ProfanityClassifier(), GERMAN);
  assert.equal(metadata.censoredText, GERMAN);
});
