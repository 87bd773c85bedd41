import assert from "node:assert/strict";
import { test } from "node:test";
import { ToxicityClassifier } from "../../src/classifiers/toxicity_classifier.ts";
import { createToxicityValidator } from "../../src/validators/toxicity_validator.ts";
import { draft, refuses } from "../validators/helpers.ts";
import { checkClassifier, classify } from "./helpers.ts";

const toxicity = new ToxicityClassifier();
const labelled = async (table: readonly (readonly [string, string])[]): Promise<void> => {
  for (const [text, label] of table) assert.equal((await classify(toxicity, text)).label, label, text);
};

test("ToxicityClassifier does what every classifier must", async () => {
  await checkClassifier(toxicity, "non_toxic");
});

test("ToxicityClassifier takes no word within a word, nor illness and processes, for an attack", async () => {
  await labelled([
    ["The skyscraper was painted in Spain.", "non_toxic"],
    ["The audience studied the painting.", "non_toxic"],
    ["The cancer patients died before the trial ended.", "non_toxic"],
    ["Kill the process if it hangs; the disk died.", "non_toxic"],
    ["I will kill your session after ten minutes.", "non_toxic"],
    ["You will die without this medication.", "non_toxic"],
    ["I'll beat you at chess.", "non_toxic"],
  ]);
});

test("ToxicityClassifier finds insults, attacks and threats however they are spelt", async () => {
  await labelled([
    ["You are an idiot", "toxic"],
    ["You are an idіot", "toxic"],
    ["You're an i d i o t.", "toxic"],
    ["u r an 1d10t", "toxic"],
    ["YOU ARE A STUUUUPID MORON", "toxic"],
    ["you are a total id*ot", "toxic"],
    ["F**k you, you b1tch!", "toxic"],
    ["Kill yourself.", "severe_toxic"],
    ["I hope you die.", "severe_toxic"],
    ["All immigrants are vermin.", "severe_toxic"],
    ["I will hurt you", "threat"],
    ["I will  hurt you", "threat"],
    ["I will\n\thurt you", "threat"],
    ["I w1ll k i l l you", "threat"],
    ["Ι wіll ｋｉｌｌ you.", "threat"],
  ]);
});

test("ToxicityClassifier tells what is said from what is denied, reported or feared", async () => {
  await labelled([
    ["I don't think you are stupid.", "non_toxic"],
    ["I will never hurt you.", "non_toxic"],
    ["It is wrong to say that immigrants are vermin.", "non_toxic"],
    ['"You are an idiot," wrote the anonymous commenter.', "non_toxic"],
    ['The letter said: "I will hurt you."', "non_toxic"],
    ['Listen: you are an idiot, "friend".', "toxic"],
    ["If you feel you might kill yourself, please call somebody.", "non_toxic"],
    ["I am such an idiot.", "non_toxic"],
  ]);
});

test("ToxicityClassifier's spans name what was found, and its metadata the score of each category", async () => {
  const text = "Hello.  You're an  ＩＤＩＯＴ, and I'll  hurt you!";
  const { spans, metadata, scores, confidence } = await classify(toxicity, text);
  assert.deepEqual(spans.map(({ start, end, label }) => [text.slice(start, end), label]), [
    ["You're an  ＩＤＩＯＴ", "insult"],
    ["I'll  hurt you", "threat"],
  ]);
  const categories = metadata.categories as Record<string, number>;
  assert.equal(categories.insult!.toFixed(2), "0.80");
  assert.equal(categories.threat, confidence);
  assert.equal(categories.self_harm, 0);
  assert.deepEqual(scores, { non_toxic: 1 - confidence, toxic: 0, severe_toxic: 0, threat: confidence });
});

test("ToxicityClassifier is as sure as it documents, and its thresholds are those of categories", async () => {
  assert.equal((await classify(toxicity, "What a lovely evening.")).confidence, 0.9);
  const threat = await classify(toxicity, "I will hurt you.");
  assert.equal(threat.confidence.toFixed(3), (1 - Math.exp(-2.6)).toFixed(3));
  const deaf = new ToxicityClassifier({ threatThreshold: 0.99 });
  assert.equal((await classify(deaf, "I will hurt you.")).label, "toxic");
  assert.equal(
    (await classify(new ToxicityClassifier({ generalThreshold: 0.5 }), "Shut up.")).label,
    "toxic",
  );
  assert.equal((await classify(toxicity, "Shut up.")).label, "non_toxic");
  const all = new ToxicityClassifier({ generalThreshold: 0, threatThreshold: 0 });
  assert.equal((await classify(all, "Good morning.")).label, "non_toxic");
});

test("ToxicityClassifier has nothing to say on a language that is not English", async () => {
  for (const text of ["Ты дурак и я тебя ненавижу, уходи отсюда.", "これはとても良い天気ですね。"]) {
    const { label, confidence, metadata } = await classify(toxicity, text);
    assert.deepEqual([label, confidence, metadata.unsupportedLanguage], ["non_toxic", 0.5, true]);
  }
  assert.equal((await classify(toxicity, "Привет! You are an idiot, друг мой хороший.")).label, "toxic");
});

test("ToxicityClassifier takes linear time for texts full of what it looks for", () => {
  const pieces = [
    "you are an ",
    "You are an idiot. ",
    "i d i o t ",
    "st*pid*",
    '"said ',
    "i will ",
    "1d10t!",
    "women are ",
    "you stupid ",
  ];
  for (const piece of pieces) {
    const startedMs = performance.now();
    toxicity.classify(piece.repeat(2 ** 18 / piece.length));
    assert.ok(performance.now() - startedMs < 6_000, piece);
  }
});

test("ToxicityClassifier refuses what cannot be used", () => {
  refuses(() => new ToxicityClassifier({ generalThreshold: 2 }), /generalThreshold/);
  refuses(() => new ToxicityClassifier({ threatThreshold: NaN }), /threatThreshold/);
  refuses(() => new ToxicityClassifier({ threshold: 0.5 } as object), /threshold/);
});

test("createToxicityValidator forbids what is toxic, or what is severely so alone", async () => {
  const civil = createToxicityValidator();
  assert.equal(civil.name, "ToxicityValidator");
  const insult = civil.validate(draft("You are an idiot."));
  assert.deepEqual([insult.passed, insult.error], [false, undefined]);
  assert.deepEqual(await civil._validateAsync(draft("You are an idiot.")), insult);
  assert.match(insult.suggestions.join(), /You are an idiot/);
  assert.equal(civil.validate(draft("You are a genius.")).passed, true);
  const mild = createToxicityValidator({ allowMild: true });
  assert.equal(mild.validate(draft("You are an idiot.")).passed, true);
  assert.equal(mild.validate(draft("Kill yourself.")).passed, false);
  assert.equal(mild.validate(draft("I will hurt you.")).passed, false);
  assert.equal(createToxicityValidator({ threshold: 0.95 }).validate(draft("I will hurt you.")).passed, true);
  assert.equal(createToxicityValidator({ threshold: 0.5 }).validate(draft("Shut up.")).passed, false);
  refuses(() => createToxicityValidator({ threshold: -1 }), /threshold/);
});
