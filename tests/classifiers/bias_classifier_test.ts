import assert from "node:assert/strict";
import { test } from "node:test";
import { BiasClassifier } from "../../src/classifiers/bias_classifier.ts";
import type { IdentityCategory } from "../../src/classifiers/identity_groups.ts";
import { createBiasValidator } from "../../src/validators/bias_validator.ts";
import { draft, refuses } from "../validators/helpers.ts";
import { checkClassifier, classify } from "./helpers.ts";

const bias = new BiasClassifier();

test("BiasClassifier does what every classifier must", async () => {
  await checkClassifier(bias, "unbiased");
});

test("BiasClassifier tells a judgement of a group from a fact about it", async () => {
  const pairs: [biased: string, unbiased: string, category: IdentityCategory][] = [
    ["All women are bad drivers.", "Women are half of the population.", "gender"],
    ["Girls cannot do maths.", "The girls cannot do the exercise because the page is missing.", "gender"],
    [
      "Asians are naturally good at math.",
      "Asian students scored higher on average in the 2019 survey.",
      "race",
    ],
    ["Muslims can't be trusted.", "Muslims fast during the month of Ramadan.", "religion"],
    ["Old people are useless with technology.", "Old people can get a discount at the ticket office.", "age"],
    ["Poor people are lazy.", "Poor people deserve support.", "class"],
    ["Disabled people can't be leaders.", "Disabled people can be excellent leaders.", "disability"],
    ["Immigrants steal our jobs.", "Immigrants found jobs in nursing.", "nationality"],
    ["Conservatives are stupid.", "Some conservatives voted for the bill.", "politics"],
    ["Gay men are promiscuous.", "Gay men are allowed to donate blood now.", "orientation"],
  ];
  for (const [biased, unbiased, category] of pairs) {
    const found = await classify(bias, biased);
    assert.deepEqual(
      [found.label, Object.keys(found.metadata.categories as object)],
      ["biased", [category]],
      biased,
    );
    assert.equal((await classify(bias, unbiased)).label, "unbiased", unbiased);
  }
});

test("BiasClassifier leaves alone what is denied, reported, counted, demanded, or said of some", async () => {
  for (
    const text of [
      "People from accounting joined the meeting.",
      "It is false that immigrants are criminals.",
      "Nobody believes that women cannot drive.",
      "Not all men are violent.",
      '"Women are too emotional to lead," the minister wrote in 1911.',
      "The stereotype that Germans have no sense of humor is old.",
      "According to the study, girls are better at reading than boys.",
      "Women should be paid the same as men.",
      "Autistic people should not be excluded from the trial.",
      "The women on our team are good at chess and bad at losing.",
      "Women could not vote until 1971.",
      "The old bridge is too weak for lorries.",
    ]
  ) assert.equal((await classify(bias, text)).label, "unbiased", text);
});

test("BiasClassifier's spans name the judgement, and its confidence is the documented function of it", async () => {
  const text = "Hm.  Old   people CAN'T learn; all men are liars.";
  const { spans, confidence, scores } = await classify(bias, text);
  assert.deepEqual(spans.map(({ start, end, label }) => [text.slice(start, end), label]), [
    ["Old   people CAN'T learn", "age"],
    ["men are liars", "gender"],
  ]);
  assert.equal(confidence.toFixed(9), (1 - Math.exp(-(1.4 + 2.0))).toFixed(9));
  assert.deepEqual(scores, { unbiased: 1 - confidence, biased: confidence });
  assert.equal((await classify(bias, "The train is late.")).confidence, 0.9);
  const greek = await classify(bias, "Οι γυναίκες είναι το μισό του πληθυσμού της χώρας.");
  assert.deepEqual([greek.label, greek.metadata.unsupportedLanguage], ["unbiased", true]);
});

test("BiasClassifier looks for the groups it is told to", async () => {
  const age = new BiasClassifier({ categories: ["age"] });
  assert.equal((await classify(age, "Girls cannot do maths.")).label, "unbiased");
  assert.equal((await classify(age, "Teenagers are irresponsible.")).label, "biased");
  const strict = new BiasClassifier({ threshold: 0.8 });
  assert.equal((await classify(strict, "Teenagers are irresponsible.")).label, "unbiased");
  assert.equal((await classify(strict, "All teenagers are irresponsible.")).label, "biased");
});

test("BiasClassifier takes linear time for texts full of groups", () => {
  for (
    const piece of ["women are ", "all old people ", "Women are bad at. ", '"said women are lazy" ', "not "]
  ) {
    const startedMs = performance.now();
    bias.classify(piece.repeat(2 ** 20 / piece.length));
    assert.ok(performance.now() - startedMs < 6_000, piece);
  }
});

test("BiasClassifier refuses what cannot be used", () => {
  refuses(() => new BiasClassifier({ threshold: -1 }), /threshold/);
  refuses(() => new BiasClassifier({ categories: [] }), /categories/);
  refuses(() => new BiasClassifier({ categories: ["shoes" as "age"] }), /categories/);
});

test("createBiasValidator forbids prejudice", async () => {
  const fair = createBiasValidator();
  assert.equal(fair.name, "BiasValidator");
  const result = fair.validate(draft("Poor people are lazy."));
  assert.deepEqual([result.passed, result.error], [false, undefined]);
  assert.deepEqual(await fair._validateAsync(draft("Poor people are lazy.")), result);
  assert.equal(fair.validate(draft("Poor people pay more for credit.")).passed, true);
  assert.equal(
    createBiasValidator({ categories: ["age"] }).validate(draft("Poor people are lazy.")).passed,
    true,
  );
  assert.equal(createBiasValidator({ threshold: 0.9 }).validate(draft("Poor people are lazy.")).passed, true);
  refuses(() => createBiasValidator({ threshold: 2 }), /threshold/);
});
