import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  alignmentOf,
  localAlignment,
  measureBoth,
  shortenAtSentences,
} from "../../src/critics/style_alignment.ts";
import { StyleCritic, styleCriticFromFile, type StyleOptions } from "../../src/critics/style_critic.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { readFence } from "../../src/text/fence.ts";
import { measureStyle, sentencesOf } from "../../src/text/stylometry.ts";
import { estimateTokens } from "../../src/text/token_estimate.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";
import { asked, draft } from "./helpers.ts";

const PLAIN =
  "We built the shed in June. It took us nine days. You can see it from the road. I don't paint it, as the wood is good. " +
  "My brother made the door, and you'll notice that it's a bit low. Do come and look! We'd like that.";
const STIFF =
  "The construction of the building, which was undertaken in the month of June; was completed within a period of nine days, a " +
  "duration that had been anticipated by those responsible for the planning of the undertaking; the structure, it must be noted, is " +
  "clearly visible from the public thoroughfare, and no protective coating has been applied to the exterior surfaces.";

const judged = (vocabulary: number, structure: number, tone: number, more: object = {}): string =>
  JSON.stringify({
    dimensions: Object.entries({ vocabulary, structure, tone })
      .map(([dimension, score]) => ({ dimension, score, comment: "" })),
    ...more,
  });

function critique(options: Partial<StyleOptions>, response: string, text = STIFF) {
  const critic = new StyleCritic({ model: new MockModel({ response }), maxRepairs: 0, ...options });
  return critic.critique(draft({ text }));
}

test("StyleCritic computes the weighted total itself, whatever the model says it is", () => {
  const answer = judged(5, 6, 10, { score: 1, needsImprovement: false });
  const feedback = critique({ styleDescription: "Plain." }, answer);
  assert.equal(feedback.score, 0.73);
  assert.equal(feedback.needsImprovement, true);
  assert.equal(feedback.modelCalls, 1);
  assert.equal(critique({ styleDescription: "Plain.", passAlignment: 0.7 }, answer).needsImprovement, false);
  const weights = { vocabulary: 0, structure: 0, tone: 2 };
  assert.equal(critique({ styleDescription: "Plain.", weights }, answer).score, 1);
});

test("StyleCritic takes the mean of what is measured and what is judged, and tone as it is judged", () => {
  const feedback = critique({ referenceText: STIFF }, judged(4, 4, 4));
  assert.deepEqual(feedback.metadata.local, { vocabulary: 1, structure: 1 });
  assert.deepEqual(feedback.metadata.dimensions, { vocabulary: 0.7, structure: 0.7, tone: 0.4 });
  assert.equal(feedback.score, 0.58);
  const apart = critique({ referenceText: PLAIN }, judged(4, 4, 4)).metadata.local as Record<string, number>;
  assert.ok(apart.vocabulary! < 0.7 && apart.structure! < 0.7, JSON.stringify(apart));
});

test("StyleCritic measures nothing in the mode model, and nothing of a text that is too short", () => {
  for (
    const feedback of [
      critique({ referenceText: STIFF, mode: "model" }, judged(4, 4, 4)),
      critique({ referenceText: "Short." }, judged(4, 4, 4)),
      critique({ referenceText: PLAIN }, judged(4, 4, 4), "Short, too."),
    ]
  ) {
    assert.deepEqual(feedback.metadata.local, {});
    assert.equal(feedback.score, 0.4);
  }
});

test("StyleCritic gives the measures to the model as facts, those that differ most first", () => {
  const model = new MockModel({ response: judged(4, 4, 4) });
  new StyleCritic({ model, referenceText: PLAIN }).critique(draft({ text: STIFF }));
  const prompt = asked(model.calls[0]!);
  const lines = prompt.split("These are facts:\n")[1]!.split("\n\n")[0]!.split("\n");
  assert.equal(lines.length, 14);
  assert.match(lines.slice(0, 2).join(), /words a sentence: 60.*should be near \d/);
  assert.match(prompt, /vocabulary:.*structure:.*tone:.*0: nothing.*10: it could stand/s);
  assert.match(prompt, /Content and facts are out of scope/);
  assert.equal(readFence(prompt, "reference"), PLAIN);
});

test("StyleCritic gives what is out of style with its words and its rewrite, and drops words that are not there", () => {
  const rewrites = [
    { quote: "it must be noted", rewrite: "note", dimension: "tone", severity: "low" },
    { quote: "never written anywhere", rewrite: "gone", dimension: "tone", severity: "high" },
    { quote: "in the month of June", rewrite: "in June", dimension: "vocabulary" },
    { quote: "public thoroughfare", rewrite: "", dimension: "vocabulary" },
  ];
  const feedback = critique({ styleDescription: "Plain." }, judged(4, 4, 4, { rewrites }));
  assert.deepEqual(feedback.issues, [
    { text: 'Out of style (tone): "it must be noted"', quote: "it must be noted", severity: "low" },
    { text: 'Out of style (vocabulary): "in the month of June"', quote: "in the month of June" },
  ]);
  assert.deepEqual(feedback.suggestions.map(({ text }) => text), [
    'Instead of "it must be noted" write "note"',
    'Instead of "in the month of June" write "in June"',
  ]);
  assert.equal(feedback.metadata.dropped, 2);
});

test("StyleCritic makes do with examples alone", () => {
  const model = new MockModel({ response: judged(9, 9, 9) });
  const sentences = PLAIN.split(/(?<=[.!]) /);
  const feedback = new StyleCritic({ model, styleExamples: sentences }).critique(draft({ text: PLAIN }));
  assert.equal(asked(model.calls[0]!).match(/<example-/g)!.length, sentences.length);
  assert.equal((feedback.metadata.local as Record<string, number>).vocabulary, 1);
  assert.equal(feedback.needsImprovement, false);
});

test("StyleCritic gives no score and no verdict where the answer cannot be read", () => {
  const feedback = critique({ referenceText: STIFF }, "It reads well enough.");
  assert.deepEqual([feedback.parse, feedback.score, feedback.needsImprovement], [
    "none",
    undefined,
    undefined,
  ]);
});

test("StyleCritic takes its reference from a file, and says which one is missing", async () => {
  const model = new MockModel({ response: judged(4, 4, 4) });
  await inTemporaryDirectory((directory) => {
    const path = join(directory, "reference.txt");
    writeFileSync(path, PLAIN);
    styleCriticFromFile(path, { model }).critique(draft({ text: STIFF }));
    assert.equal(readFence(asked(model.calls[0]!), "reference"), PLAIN);
    assert.throws(() => styleCriticFromFile(join(directory, "missing.txt"), { model }), {
      name: "ConfigurationError",
      message: /the reference of the style .*missing\.txt/,
    });
    const both = { model, referenceText: PLAIN } as never;
    assert.throws(() => styleCriticFromFile(path, both), { message: /referenceText must be left out/ });
  });
});

test("StyleCritic refuses to guess a style", () => {
  const wrong: [object, RegExp][] = [
    [{}, /must be told what the style is: give referenceText, styleDescription or styleExamples/],
    [{ styleExamples: [] }, /styleExamples/],
    [{ styleExamples: ["a", "  "] }, /styleExamples\[1\]/],
    [{ styleExamples: Array.from({ length: 21 }, () => "a") }, /styleExamples/],
    [{ styleDescription: "a", weights: { tone: -1 } }, /weights\.tone/],
    [
      { styleDescription: "a", weights: { vocabulary: 0, structure: 0, tone: 0 } },
      /weights must not all be 0/,
    ],
    [{ styleDescription: "a", mode: "local" }, /mode/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => new StyleCritic({ model: new MockModel(), ...options } as never), {
      name: "ConfigurationError",
      message,
    });
  }
});

test("measureStyle tells styles apart by what they are written with", () => {
  const [plain, stiff] = [measureStyle(PLAIN)!, measureStyle(STIFF)!];
  assert.ok(plain.sentenceLength < 9 && stiff.sentenceLength > 40);
  assert.ok(plain.contractions > 5 && stiff.contractions === 0);
  assert.ok(plain.firstPerson > 8 && stiff.firstPerson === 0);
  assert.ok(stiff.passives === 1 && plain.passives === 0);
  assert.ok(stiff.readability > plain.readability + 10);
  assert.equal(measureStyle("Too short to say."), undefined);
  assert.equal(measureStyle("- a list item of words\n".repeat(9))!.listLines, 1);
});

test("measureStyle takes a long text without a line break in its stride", () => {
  assert.ok(measureStyle("Ein längerer Satz ohne Ende ".repeat(20_000)) !== undefined);
  assert.ok(measureStyle("语言模型写的文字几乎是对的。".repeat(5_000)) !== undefined);
});

test("localAlignment of a text with itself is 1", () => {
  assert.deepEqual(localAlignment(measureBoth(PLAIN, PLAIN)!), { vocabulary: 1, structure: 1 });
  assert.equal(measureBoth(PLAIN, ""), undefined);
});

test("alignmentOf weighs only what is known", () => {
  const weights = { vocabulary: 0.3, structure: 0.3, tone: 0.4 };
  assert.deepEqual(alignmentOf({}, {}, weights), { dimensions: {}, total: undefined });
  assert.equal(alignmentOf({ tone: 0.5 }, {}, weights).total, 0.5);
  assert.equal(alignmentOf({ tone: 1 }, { vocabulary: 0.3 }, weights).total, 0.7);
});

test("shortenAtSentences keeps whole sentences of the beginning, the middle and the end", () => {
  const text = Array.from({ length: 300 }, (_, index) => `Sentence number ${index} says little.`).join(" ");
  const shortened = shortenAtSentences(text, 300);
  assert.ok(estimateTokens(shortened) <= 330);
  const parts = shortened.split("\n[…]\n");
  assert.equal(parts.length, 3);
  for (const part of parts) {
    assert.match(part, /^Sentence number \d+ says little\.( Sentence number \d+ says little\.)*$/);
  }
  assert.match(parts[0]!, /^Sentence number 0 /);
  assert.match(parts[1]!, /^Sentence number 100 /);
  assert.match(parts[2]!, /number 299 says little\.$/);
  assert.equal(shortenAtSentences(PLAIN, 2_000), PLAIN);
  assert.ok(shortenAtSentences("word".repeat(50_000), 100).length < 2_000);
});

test("sentencesOf cuts at stops and line breaks, and not after a title", () => {
  assert.deepEqual(sentencesOf("Dr. Ada came. She left\nA heading\n\nThe end"), [
    "Dr. Ada came. ",
    "She left\n",
    "A heading\n\n",
    "The end",
  ]);
});
