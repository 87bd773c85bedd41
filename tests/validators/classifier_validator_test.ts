import assert from "node:assert/strict";
import { test } from "node:test";
import { defineClassifier } from "../../src/classifiers/define_classifier.ts";
import {
  ClassifierValidator,
  type ClassifierValidatorOptions,
} from "../../src/validators/classifier_validator.ts";
import { createLanguageValidator, createSentimentValidator } from "../../src/validators/label_validators.ts";
import { checkContract, draft, refuses, validate } from "./helpers.ts";

/** Reads "label confidence". */
const told = defineClassifier("told", ["good", "bad"], (text) => {
  const [label, confidence] = text.split(" ");
  return { label: label!, confidence: Number(confidence) };
});

test("ClassifierValidator does what every validator must", async () => {
  await checkContract(
    new ClassifierValidator({ classifier: () => ({ label: "x", confidence: 0.9 }), validLabels: ["x"] }),
  );
});

test("ClassifierValidator decides by label, confidence and the lists given", async () => {
  const table: [Partial<ClassifierValidatorOptions>, string, boolean][] = [
    [{ invalidLabels: ["bad"] }, "bad 0.9", false],
    [{ invalidLabels: ["bad"] }, "bad 0.3", true],
    [{ invalidLabels: ["bad"] }, "good 0.9", true],
    [{ invalidLabels: ["bad"] }, "good 0.3", true],
    [{ invalidLabels: ["bad"], onLowConfidence: "fail" }, "good 0.3", false],
    [{ validLabels: ["good"] }, "good 0.9", true],
    [{ validLabels: ["good"] }, "good 0.3", false],
    [{ validLabels: ["good"] }, "bad 0.9", false],
    [{ validLabels: ["good"] }, "bad 0.3", false],
    [{ validLabels: ["good"], onLowConfidence: "pass" }, "good 0.3", true],
    [{ expectedLabel: "good" }, "good 0.5", true],
    [{ expectedLabel: "good", threshold: 0.6 }, "good 0.5", false],
  ];
  for (const [options, text, passes] of table) {
    const result = await validate(new ClassifierValidator({ classifier: told, ...options }), text);
    assert.equal(result.passed, passes, `${JSON.stringify(options)} ${text}`);
  }
});

test("ClassifierValidator says what it rests on, and scores by what is acceptable", async () => {
  const text = "You fool.";
  const classifier = defineClassifier("spans", ["rude", "kind"], () => ({
    label: "rude",
    confidence: 0.9,
    scores: { rude: 0.9, kind: 0.3 },
    spans: [{ start: 4, end: 8, label: "rude", weight: 1 }],
  }));
  const result = await validate(new ClassifierValidator({ classifier, invalidLabels: ["rude"] }), text);
  assert.equal(result.message, 'The text is "rude" with confidence 0.90 (threshold 0.5).');
  assert.deepEqual(result.issues, ['The label "rude" is not wanted; it rests on "fool".']);
  assert.deepEqual(result.suggestions, ['Rephrase: "fool".']);
  assert.ok(Math.abs(result.score! - 0.25) < 1e-9);
});

test("ClassifierValidator gives errors for what could not be classified", async () => {
  const broken = new ClassifierValidator({
    classifier: () => {
      throw new Error("no");
    },
    invalidLabels: ["x"],
  });
  assert.deepEqual(broken.validate(draft("a")).error, {
    code: "classifier_error",
    message: "ClassifierValidator failed: no",
  });
  const unread = new ClassifierValidator({
    classifier: told,
    validLabels: ["good"],
    extract: () => {
      throw new Error("none");
    },
  });
  assert.equal(unread.validate(draft("a")).error?.code, "extract_error");
  const later = new ClassifierValidator({
    classifier: async () => await Promise.resolve({ label: "x", confidence: 1 }),
    validLabels: ["x"],
  });
  assert.equal((await later._validateAsync(draft("a"))).passed, true);
  const part = new ClassifierValidator({
    classifier: told,
    validLabels: ["good"],
    extract: (text) => text.slice(2),
  });
  assert.equal((await validate(part, "> good 1")).passed, true);
});

test("every validator on a built-in classifier works with it", async () => {
  const kind = createSentimentValidator({ forbidden: ["negative"] });
  assert.equal(kind.validate(draft("What a horrible, ugly mess.")).passed, false);
  // A text of which nothing is known is not refused.
  assert.equal((await kind._validateAsync(draft("The train leaves at eight."))).passed, true);
  const glad = createSentimentValidator({ required: ["positive"] });
  assert.equal(glad.validate(draft("I love it!")).passed, true);
  const german = createLanguageValidator({ languages: ["de", "fr"] });
  assert.equal(german.validate(draft("Ich gehe heute mit meinem Hund spazieren.")).passed, true);
  assert.equal(german.validate(draft("I am walking my dog in the park.")).passed, false);
  refuses(() => createSentimentValidator({}), /exactly one of required and forbidden/);
  refuses(() => createSentimentValidator({ required: ["positive"], forbidden: ["negative"] }), /exactly one/);
  refuses(() => createLanguageValidator({ languages: [] }), /languages must be/);
});

test("ClassifierValidator refuses options that make no sense", () => {
  const make = (options: unknown) => () => new ClassifierValidator(options as ClassifierValidatorOptions);
  refuses(make({ validLabels: ["x"] }), /classifier is required/);
  refuses(make({ classifier: told }), /at least one label is required/);
  refuses(make({ classifier: told, validLabels: [] }), /validLabels must be an array with at least 1 item/);
  refuses(
    make({ classifier: told, validLabels: ["fine"] }),
    /"fine" must be a label of the classifier: it has good, bad/,
  );
  refuses(
    make({ classifier: told, validLabels: ["good"], invalidLabels: ["good"] }),
    /both wanted and unwanted/,
  );
  refuses(make({ classifier: told, validLabels: ["good"], expectedLabel: "good" }), /must not both be given/);
  refuses(
    make({ classifier: told, validLabels: ["good"], threshold: NaN }),
    /threshold must be a number from 0 to 1/,
  );
  refuses(
    make({ classifier: { name: "x", labels: [] }, validLabels: ["good"] }),
    /classifier must be a classifier/,
  );
});
