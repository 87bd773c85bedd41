import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, ModelApiError } from "../../src/errors.ts";
import { EditorModel, generateForThought, generateOperation } from "../../src/models/mod.ts";
import { fence } from "../../src/text/fence.ts";
import { TextMeasures } from "../../src/text/measure.ts";
import { buildPrompt } from "../../src/thought/prompt.ts";
import { Thought } from "../../src/thought/thought.ts";
import type { ValidationResultInit } from "../../src/thought/validation_result.ts";

const words = (text: string): number => new TextMeasures().words(text);

/** The next iteration of a draft that was validated. */
function revising(text: string, ...results: ValidationResultInit[]): Thought {
  const draft = new Thought({ prompt: "Edit the notice about the side door.", text });
  return results.reduce((thought, result, index) => thought.addValidationResult(`v${index}`, result), draft)
    .nextIteration();
}

function edit(thought: Thought): string {
  return runSync(generateForThought(new EditorModel(), thought, buildPrompt(thought))).text;
}

function tooLong(text: string, max: number, min = 0): ValidationResultInit {
  return {
    passed: false,
    issues: ["too long"],
    metadata: { counts: { words: words(text) }, bounds: { words: { max, ...(min > 0 ? { min } : {}) } } },
  };
}

function prohibited(text: string, ...terms: string[]): ValidationResultInit {
  const matches = terms.map((term) => {
    const start = text.toLowerCase().indexOf(term.toLowerCase());
    assert.ok(start >= 0, term);
    return { rule: term, kind: "prohibited", start, end: start + term.length, excerpt: term };
  });
  return { passed: false, issues: ["prohibited"], metadata: { matches } };
}

const WORDING: readonly (readonly [before: string, after: string])[] = [
  ["In order to enter, utilize the the side door.", "To enter, use the side door."],
  ["It takes a hour and an day.", "It takes an hour and a day."],
  ["The chairman came prior to the firemen.", "The chair came before the firefighters."],
  ["We attempt to obtain it. It was an attempt.", "We try to get it. It was an attempt."],
  ["It is very good. It is not very good. The very day.", "It is good. It is not very good. The very day."],
  ['She said "no" and "yes" and ‘so’.', 'She said "no" and "yes" and "so".'],
  [`He said "it's 5' tall" to me.`, `He said "it's 5' tall" to me.`],
  ["They dont know.", "They don't know."],
  ["Run `utilize x` at https://utilize.example/very.", "Run `utilize x` at https://utilize.example/very."],
];

for (const [before, after] of WORDING) {
  test(`the editor turns ${JSON.stringify(before)} into ${JSON.stringify(after)}`, () => {
    assert.equal(edit(revising(before)), after);
  });
}

test("the editor leaves headings, lists' structure, tables and code as they are", () => {
  const text =
    "# Utilize it\n\n- utilize a\n  1. utilize b\n\n| utilize | very |\n|---|---|\n\n```\nutilize very\n```\n\n> utilize\n";
  assert.equal(
    edit(revising(text)),
    "# Utilize it\n\n- use a\n  1. use b\n\n| utilize | very |\n|---|---|\n\n```\nutilize very\n```\n\n> utilize\n",
  );
});

test("the editor gives the same text in both drivers, and finds nothing more in its own text", async () => {
  const thought = revising("In order to enter, utilize the the side door. It is very near.");
  const model = new EditorModel();
  const prompt = buildPrompt(thought);
  const sync = runSync(generateForThought(model, thought, prompt)).text;
  assert.equal((await runAsync(generateForThought(model, thought, prompt))).text, sync);
  assert.equal(edit(revising(sync)), sync);
});

test("the editor replaces a prohibited term, takes out a filler, or drops the sentence", () => {
  const text = "The door is open. We simply facilitate entry, of course. Synergy is our goal. Doors matter.";
  const thought = revising(text, prohibited(text, "facilitate", "simply", "of course", "synergy"));
  assert.equal(edit(thought), "The door is open. We ease entry. Doors matter.");
});

test("the editor does not turn a sentence into its opposite", () => {
  const text = "The door is open. It is not simply a door. Doors matter.";
  assert.equal(edit(revising(text, prohibited(text, "simply"))), "The door is open. Doors matter.");
});

test("the editor rids headings and lists of prohibited terms too", () => {
  const text = "# Our amazing door\n\nThe door is open.\n\n- An amazing list\n- A plain list\n";
  assert.equal(
    edit(revising(text, prohibited(text, "amazing"))),
    "# Our door\n\nThe door is open.\n\n- A plain list\n",
  );
});

const LONG = [
  "The side door of the library opens on Monday, 4 May.",
  "Visitors enter the library by the side door while the main door is repaired.",
  "My aunt once met a famous sailor in Lisbon.",
  "The main door of the library is repaired until 30 June.",
  "Yesterday somebody whistled.",
  "Please close the side door of the library behind you.",
].join(" ");

test("the editor drops the least central sentences of a text that is too long", () => {
  const text = edit(revising(LONG, tooLong(LONG, 48)));
  assert.ok(words(text) <= 48);
  assert.match(text, /^The side door of the library opens on Monday, 4 May\./);
  assert.doesNotMatch(text, /whistled|Lisbon/);
  assert.match(text, /30 June\..*behind you\.$/);
});

test("the editor stays above the lower bound", () => {
  const text = edit(revising(LONG, tooLong(LONG, 50, 45)));
  assert.ok(words(text) >= 45 && words(text) <= 50, String(words(text)));
});

test("the editor keeps a sentence in each section, and what must stay", () => {
  const text = `# A\n\n${LONG}\n\n# B\n\nSomebody whistled twice. Nobody listened to that.\n`;
  const start = text.indexOf("Lisbon");
  const required: ValidationResultInit = {
    passed: true,
    metadata: { matches: [{ kind: "required", start, end: start + 6 }] },
  };
  const edited = edit(revising(text, tooLong(text, 40), required));
  assert.match(edited, /Lisbon/);
  assert.match(edited, /# B\n\n\w/);
  assert.ok(words(edited) <= 40);
});

test("the editor cannot make a text longer, and leaves one that is too short", () => {
  const short: ValidationResultInit = {
    passed: false,
    issues: ["too short"],
    metadata: { bounds: { words: { min: 90 } } },
  };
  assert.equal(edit(revising("The door is open.", short)), "The door is open.");
});

test("the editor says what to do where there is no text", () => {
  const thought = new Thought({ prompt: "Write a notice." });
  for (const run of [() => edit(thought), () => new EditorModel().generate("Write a notice.")]) {
    assert.throws(run, (error) => {
      assert.ok(error instanceof ModelApiError);
      assert.equal(error.code, "no_text");
      assert.equal(error.retryable, false);
      assert.match(error.suggestions.join(), /--input FILE/);
      return true;
    });
  }
});

test("the editor answers a critic in the form that is asked for", () => {
  const prompt = `Judge it.\n\n${
    fence("draft", "In order to enter, utilize the the side door. It is open.")
  }`;
  const schema = {
    properties: {
      needsImprovement: { type: "boolean" },
      score: { type: "integer" },
      summary: { type: "string" },
      issues: { type: "array" },
      suggestions: { type: "array" },
      verdicts: { type: "array" },
      stop: { type: "boolean" },
    },
  };
  const answer = JSON.parse(new EditorModel().generate(prompt, { responseFormat: { type: "json", schema } }));
  assert.deepEqual(answer, {
    needsImprovement: true,
    score: 4,
    summary: "3 places can be worded better.",
    issues: [
      { text: '"In order to" can be said more simply.', severity: "low", quote: "In order to" },
      { text: '"utilize" can be said more simply.', severity: "low", quote: "utilize" },
      { text: '"the the" says a word twice.', severity: "low", quote: "the the" },
    ],
    suggestions: [
      { text: 'Write "to" for "In order to".' },
      { text: 'Write "use" for "utilize".' },
      { text: 'Write "the" once.' },
    ],
    verdicts: [],
    stop: false,
  });
  const fine = `Judge it.\n\n${fence("draft", "The side door is open.")}`;
  const praise = JSON.parse(
    new EditorModel().generate(fine, { responseFormat: { type: "json", schema: {} } }),
  );
  assert.equal(praise.needsImprovement, false);
  assert.equal(praise.score, 10);
});

test("the editor edits the draft of a prompt that asks for no form", () => {
  const messages = [{ role: "user", content: `Rewrite:\n${fence("draft", "We utilize it.")}` }] as const;
  assert.equal(runSync(generateOperation(new EditorModel(), messages)).text, "We use it.");
});

test("the editor takes time for a long text without being taken for dead", () => {
  const text = "We utilize a number of doors, and they are very near the library. ".repeat(500);
  assert.match(edit(revising(text)), /^(We use some doors, and they are near the library\. ?)+$/);
});

test("the editor refuses options that mean nothing to it", () => {
  const prompt = fence("draft", "We utilize it.");
  assert.throws(() => new EditorModel().generate(prompt, { temperature: 0 }), /does not support temperature/);
  assert.throws(() => new EditorModel({ timeoutMs: 0 }), ConfigurationError);
  assert.throws(() => new EditorModel({ model: "x" } as never), /there is no option model/);
});
