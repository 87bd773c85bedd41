import { test } from "node:test";
import assert from "node:assert/strict";
import { ConfigurationError } from "../../src/errors.ts";
import { Thought } from "../../src/thought/thought.ts";

const TIMESTAMP = "2026-01-31T12:00:00.000Z";

function fullThought(): Thought {
  return new Thought({
    prompt: "Write.",
    id: "first",
    timestamp: "2026-01-30T12:00:00.000Z",
    chainId: "chain",
    systemPrompt: "You are brief.",
    text: "The draft.",
    modelPrompt: "Write, please.",
    generation: { model: "m", finishReason: "stop" },
    preGenerationContext: ["pre"],
    postGenerationContext: ["post"],
    metadata: { "critics.Reflexion": ["tried once"] },
    validationResults: {
      Length: { passed: false, message: "Too short.", issues: ["2 words of 5"] },
      Regex: { passed: true, message: "All rules\n  hold." },
      Format: { passed: false, error: { code: "crash", message: "It broke." } },
    },
    criticFeedback: [
      { critic: "Reflexion", needsImprovement: true, issues: ["vague"], forGenerator: "Name the place." },
      { critic: "SelfRefine", needsImprovement: false, forGenerator: "Keep the tone." },
      { critic: "Unsure", summary: "mumble", parse: "none" },
      {
        critic: "Broken",
        needsImprovement: true,
        forGenerator: "nonsense",
        error: { code: "crash", message: "It broke." },
      },
    ],
  });
}

test("nextIteration carries over the task, the chain and the metadata", () => {
  const first = fullThought();
  const next = first.nextIteration();
  assert.equal(next.prompt, "Write.");
  assert.equal(next.systemPrompt, "You are brief.");
  assert.equal(next.chainId, "chain");
  assert.deepEqual(next.metadata, { "critics.Reflexion": ["tried once"] });
  assert.deepEqual(next.history, [first]);
});

test("nextIteration drops the text and all that was said about it", () => {
  const next = fullThought().nextIteration();
  assert.equal(next.text, undefined);
  assert.equal(next.modelPrompt, undefined);
  assert.equal(next.generation, undefined);
  assert.deepEqual(next.validationResults, {});
  assert.deepEqual(next.criticFeedback, []);
  assert.deepEqual(next.postGenerationContext, []);
  assert.deepEqual(next.preGenerationContext, []);
});

test("nextIteration keeps the generator's documents when asked to", () => {
  const first = fullThought();
  assert.deepEqual(
    first.nextIteration({ keepPreContext: true }).preGenerationContext,
    first.preGenerationContext,
  );
});

test("nextIteration sets id, iteration, timestamp and parent", () => {
  const next = fullThought().nextIteration({ id: "second", timestamp: TIMESTAMP });
  assert.equal(next.id, "second");
  assert.equal(next.iteration, 1);
  assert.equal(next.timestamp, TIMESTAMP);
  assert.equal(next.parentId, "first");
  assert.notEqual(fullThought().nextIteration().id, "first");
});

test("nextIteration takes a snapshot of what the generator needs", () => {
  const first = fullThought();
  const { revision } = first.nextIteration();
  assert.deepEqual({ ...revision }, {
    thoughtId: "first",
    text: "The draft.",
    failedValidations: [first.validationResults.Length],
    passedValidations: ["Regex: All rules hold."],
    feedback: [first.criticFeedback[0]],
    notes: ["Name the place.", "Keep the tone."],
  });
});

test("nextIteration gives each round's snapshot alone", () => {
  const second = fullThought().nextIteration().withText("Better.").addCriticFeedback({
    critic: "Reflexion",
    needsImprovement: true,
    issues: ["long"],
  });
  const third = second.nextIteration();
  assert.equal(third.revision!.text, "Better.");
  assert.deepEqual(third.revision!.feedback.flatMap(({ issues }) => issues.map(({ text }) => text)), [
    "long",
  ]);
  assert.deepEqual(third.revision!.notes, []);
  assert.deepEqual(third.revision!.failedValidations, []);
});

test("nextIteration refuses a thought without a text", () => {
  assert.throws(
    () => new Thought({ prompt: "p" }).nextIteration(),
    (error) => error instanceof ConfigurationError && /without a text cannot be improved/.test(error.message),
  );
  assert.equal(new Thought({ prompt: "p", text: "" }).nextIteration().revision!.text, "");
});

test("nextIteration refuses an id that its history holds", () => {
  assert.throws(() => fullThought().nextIteration({ id: "first" }), /id must differ/);
  assert.throws(() => fullThought().nextIteration({ timestamp: "now" }), /timestamp must be an instant/);
});

test("fifty iterations give a history of fifty complete thoughts, oldest first", () => {
  let thought = new Thought({ prompt: "p" });
  const texts: string[] = [];
  for (let iteration = 0; iteration < 50; iteration++) {
    texts.push(`text ${iteration}`);
    thought = thought.addPreGenerationContext(["document"]).withText(texts[iteration]!)
      .addValidationResult("v", { passed: false, issues: [`issue ${iteration}`] })
      .nextIteration();
  }
  assert.equal(thought.iteration, 50);
  assert.equal(thought.history.length, 50);
  assert.deepEqual(thought.history.map(({ text }) => text), texts);
  assert.deepEqual(thought.history.map(({ iteration }) => iteration), texts.map((_, index) => index));
  assert.equal(new Set([...thought.history, thought].map(({ id }) => id)).size, 51);
  thought.history.forEach((earlier, index) => {
    assert.deepEqual(earlier.history, []);
    assert.equal(earlier.preGenerationContext.length, 1);
    assert.deepEqual(earlier.validationResults.v!.issues, [`issue ${index}`]);
    assert.equal(earlier.parentId, thought.history[index - 1]?.id);
  });
});
