import assert from "node:assert/strict";
import { test } from "node:test";
import { ProfanityClassifier } from "../../src/classifiers/profanity_classifier.ts";
import { createProfanityValidator } from "../../src/validators/profanity_validator.ts";
import { draft, refuses } from "../validators/helpers.ts";
import { checkClassifier, classify } from "./helpers.ts";

const mild = new ProfanityClassifier();
const strong = new ProfanityClassifier({ severity: "strong" });

test("ProfanityClassifier does what every classifier must", async () => {
  await checkClassifier(mild, "clean");
});

test("ProfanityClassifier tells mild words from strong ones and names from both", async () => {
  const table: [string, string, string][] = [
    ["Damn!", "profane", "clean"],
    ["DAMN", "profane", "clean"],
    ["d a m n", "profane", "clean"],
    ["Where is my bloody phone?", "profane", "clean"],
    ["Sh1t happens.", "profane", "profane"],
    ["That is bullsh*t.", "profane", "profane"],
    ["s h i t", "profane", "profane"],
    ["A fuсking joke.", "profane", "profane"],
    ["A Bloody Mary, please.", "clean", "clean"],
    ["Scunthorpe", "clean", "clean"],
    ["The assassin will assess the cocktail.", "clean", "clean"],
    ["The skyscraper was painted in Spain; the audience studied it.", "clean", "clean"],
    ['The word "damn" comes from Latin.', "clean", "clean"],
    ["**Bold** and *slanted* text, 5 * 5.", "clean", "clean"],
  ];
  for (const [text, atMild, atStrong] of table) {
    assert.equal((await classify(mild, text)).label, atMild, text);
    assert.equal((await classify(strong, text)).label, atStrong, text);
  }
});

test("ProfanityClassifier's censored text keeps case, white space, line breaks and the number of characters", async () => {
  const text = "HELLO  World,\n\tthis 👩‍👩‍👧 DAMN ｓｈｉｔ\tis  f**k Off.";
  const { metadata, spans } = await classify(mild, text);
  assert.equal(metadata.censoredText, "HELLO  World,\n\tthis 👩‍👩‍👧 **** ****\tis  **** Off.");
  assert.deepEqual(metadata.words, ["DAMN", "ｓｈｉｔ", "f**k"]);
  assert.equal(metadata.count, 3);
  assert.deepEqual(spans.map(({ start, end }) => text.slice(start, end)), metadata.words);
  const fox = await classify(new ProfanityClassifier({ censorChar: "🦊" }), "Damn it.");
  assert.equal(fox.metadata.censoredText, "🦊🦊🦊🦊 it.");
  assert.equal((await classify(strong, "Damn it.")).metadata.censoredText, "Damn it.");
});

test("ProfanityClassifier takes words of one's own, and no other instance sees them", async () => {
  const customWords = ["Snail Mail"];
  const own = new ProfanityClassifier({ customWords, allowWords: ["crap"] });
  customWords.push("lovely");
  assert.deepEqual((await classify(own, "No SNAIL MAIL. Lovely crap.")).metadata.words, ["SNAIL MAIL"]);
  assert.equal((await classify(own, "Snail mailbox.")).label, "clean");
  assert.equal((await classify(mild, "No snail mail.")).label, "clean");
  assert.equal((await classify(mild, "Lovely crap.")).label, "profane");
});

test("ProfanityClassifier takes linear time for texts full of profanity and of its look-alikes", () => {
  for (
    const piece of ["A blue tit, damn. ", "s h i t, ", "f**k*", "rode an ass, ", "cock herbs bitch puppies "]
  ) {
    const startedMs = performance.now();
    mild.classify(piece.repeat(2 ** 18 / piece.length));
    assert.ok(performance.now() - startedMs < 6_000, piece);
  }
});

test("ProfanityClassifier is surer the more it finds", async () => {
  const confidences = [];
  for (const text of ["Damn.", "Shit.", "Damn this shit."]) {
    confidences.push((await classify(mild, text)).confidence.toFixed(2));
  }
  assert.deepEqual(confidences, ["0.75", "0.90", "0.98"]);
  assert.equal((await classify(mild, "Hello.")).confidence, 0.9);
});

test("ProfanityClassifier refuses what cannot be used", () => {
  refuses(() => new ProfanityClassifier({ censorChar: "" }), /censorChar/);
  refuses(
    () => new ProfanityClassifier({ censorChar: "##" }),
    /censorChar must be one character: it is "##"/,
  );
  refuses(() => new ProfanityClassifier({ customWords: [" "] }), /customWords/);
  refuses(() => new ProfanityClassifier({ severity: "none" as "mild" }), /severity/);
});

test("createProfanityValidator forbids profane words and names them by its options", async () => {
  const polite = createProfanityValidator();
  assert.equal(polite.name, "ProfanityValidator");
  const hell = polite.validate(draft("What the hell is that?"));
  assert.deepEqual([hell.passed, hell.error], [false, undefined]);
  assert.deepEqual(await polite._validateAsync(draft("What the hell is that?")), hell);
  assert.equal(polite.validate(draft("What is that?")).passed, true);
  assert.equal(createProfanityValidator({ severity: "strong" }).validate(draft("Damn.")).passed, true);
  assert.equal(createProfanityValidator({ minConfidence: 0.8 }).validate(draft("Damn.")).passed, true);
  refuses(() => createProfanityValidator({ minConfidence: 2 }), /minConfidence/);
});
