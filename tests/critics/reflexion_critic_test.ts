import assert from "node:assert/strict";
import { test } from "node:test";
import { addReflection } from "../../src/critics/reflexion_memory.ts";
import { ReflexionCritic, type ReflexionOptions } from "../../src/critics/reflexion_critic.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { CriticError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { sleep } from "../../src/operation/operation.ts";
import { buildPrompt, promptText } from "../../src/thought/prompt.ts";
import type { Thought } from "../../src/thought/thought.ts";
import { asked, draft, failing } from "./helpers.ts";

const reflection = (number: number): string =>
  JSON.stringify({
    diagnosis: `diagnosis ${number}`,
    rootCause: `cause ${number}`,
    plan: [`step ${number}`],
    avoid: [`trap ${number}`],
  });
const passing = (): Thought => draft().addValidationResult("LengthValidator", { passed: true, score: 1 });
const counting = () => new MockModel({ response: (call) => reflection(call.index + 1) });

/** Runs rounds as a chain would: the memory is kept in the thought's metadata. */
function rounds(critic: ReflexionCritic, count: number, start: Thought = failing()): Thought[] {
  const thoughts: Thought[] = [];
  let thought = start;
  for (let round = 0; round < count; round++) {
    const memory = { value: (thought.metadata.critics as Record<string, never> | undefined)?.[critic.name] };
    const feedback = critic.critique(thought, { memory });
    const done = thought.addCriticFeedback(feedback).withMetadata({
      critics: { [critic.name]: memory.value ?? null },
    });
    thoughts.push(done);
    thought = done.nextIteration({ id: `t${round + 1}` }).withText(`Draft ${round + 2}.`)
      .addValidationResult("LengthValidator", { passed: false, message: "still too short" });
  }
  return thoughts;
}

test("ReflexionCritic makes no call when the validators pass the text", () => {
  const model = counting();
  const critic = new ReflexionCritic({ model });
  const feedback = critic.critique(passing());
  assert.equal(feedback.needsImprovement, false);
  assert.equal(feedback.modelCalls, 0);
  assert.equal(model.calls.length, 0);
  assert.deepEqual(critic.estimateCalls(passing()), { min: 0, expected: 0, max: 0 });
});

test("ReflexionCritic reflects in one call when a validator failed, with the result as the reward", () => {
  const model = counting();
  const feedback = new ReflexionCritic({ model }).critique(failing());
  assert.equal(feedback.modelCalls, 1);
  assert.equal(feedback.needsImprovement, true);
  assert.equal(feedback.score, 0.35);
  assert.deepEqual(feedback.issues, [{ text: "diagnosis 1" }]);
  assert.deepEqual(feedback.suggestions, [{ text: "step 1" }]);
  assert.equal(
    feedback.forGenerator,
    "What went wrong: diagnosis 1\nThe cause: cause 1\nPlan for the next attempt:\n1. step 1\nAvoid:\n- trap 1",
  );
  const prompt = asked(model.calls[0]!);
  assert.match(prompt, /The attempt failed\. Its score is 0\.35/);
  assert.match(prompt, /LengthValidator \(score 0\.35 of 1\): The text has 7 words/);
  assert.match(prompt, /Find the cause/);
  assert.match(prompt, /plan for the next attempt/);
  assert.match(prompt, /Do not write the new text/);
});

test("ReflexionCritic takes a validator that broke for neither a failure nor a success of the attempt", () => {
  const broken = { passed: false, error: { code: "exception", message: "crash" } };
  const critic = new ReflexionCritic({ model: counting() });
  const undecided = passing().addValidationResult("Broken", broken);
  const feedback = critic.critique(undecided);
  assert.equal(feedback.needsImprovement, undefined);
  assert.equal(
    feedback.summary,
    "It cannot be told whether the attempt succeeded: Broken could not check it",
  );
  assert.deepEqual([feedback.modelCalls, critic.estimateCalls(undecided).max], [0, 0]);
  const failed = failing().addValidationResult("Broken", broken);
  assert.equal(critic.critique(failed).needsImprovement, true);
});

test("ReflexionCritic's reflection is in the next generation prompt", () => {
  const critic = new ReflexionCritic({ model: counting() });
  const thought = failing();
  const next = thought.addCriticFeedback(critic.critique(thought)).nextIteration({ id: "next" });
  const prompt = promptText(buildPrompt(next));
  for (const part of ["diagnosis 1", "cause 1", "1. step 1", "trap 1"]) {
    assert.ok(prompt.includes(part), part);
  }
});

test("ReflexionCritic sees its earlier reflections in order, up to the bound, and asks whether the plan was followed", () => {
  const model = counting();
  rounds(new ReflexionCritic({ model }), 5);
  assert.doesNotMatch(asked(model.calls[0]!), /reflections on earlier attempts/);
  const seen = model.calls.map((call) =>
    [...asked(call).matchAll(/What went wrong: diagnosis (\d)/g)].map(([, number]) => Number(number))
  );
  assert.deepEqual(seen, [[], [1], [1, 2], [1, 2, 3], [2, 3, 4]]);
  assert.match(asked(model.calls[1]!), /whether this attempt followed your last plan/);
});

test("ReflexionCritic passes the reflections it remembers on to the generator", () => {
  const thoughts = rounds(new ReflexionCritic({ model: counting(), maxReflections: 2 }), 3);
  const note = thoughts[2]!.criticFeedback[0]!.forGenerator!;
  assert.doesNotMatch(note, /diagnosis 1/);
  assert.ok(note.indexOf("diagnosis 2") < note.indexOf("diagnosis 3"));
});

test("ReflexionCritic remembers nothing when maxReflections is 0", () => {
  const model = counting();
  const thoughts = rounds(new ReflexionCritic({ model, maxReflections: 0 }), 3);
  for (const call of model.calls) assert.doesNotMatch(asked(call), /reflections on earlier attempts/);
  assert.match(thoughts[2]!.criticFeedback[0]!.forGenerator!, /^What went wrong: diagnosis 3/);
  assert.deepEqual(thoughts[2]!.metadata.critics, { ReflexionCritic: { reflections: [] } });
});

test("ReflexionCritic reads its memory from the thought when the caller has none", () => {
  const model = counting();
  const kept = {
    ReflexionCritic: { reflections: ["What went wrong: an old story"] },
    Other: { reflections: ["a stranger's"] },
  };
  new ReflexionCritic({ model }).critique(failing({ metadata: { critics: kept } }));
  assert.match(asked(model.calls[0]!), /an old story/);
  assert.doesNotMatch(asked(model.calls[0]!), /a stranger's/);
});

test("ReflexionCritic files its memory under the name that the run gives it", () => {
  const model = counting();
  const kept = { "ReflexionCritic#2": { reflections: ["What went wrong: the second's own"] } };
  const thought = failing({ metadata: { critics: kept } });
  const feedback = new ReflexionCritic({ model }).critique(thought, { criticName: "ReflexionCritic#2" });
  assert.equal(feedback.critic, "ReflexionCritic#2");
  assert.match(asked(model.calls[0]!), /the second's own/);
});

test("ReflexionCritic ignores a memory that is not its own", () => {
  for (const value of [null, 7, "x", [1], { reflections: "x" }, { reflections: [1, null] }]) {
    const feedback = new ReflexionCritic({ model: counting() }).critique(failing(), { memory: { value } });
    assert.equal(feedback.needsImprovement, true);
  }
});

test("ReflexionCritic goes on from a resumed thought as it would have", () => {
  const uninterrupted = counting();
  const [, , third] = rounds(new ReflexionCritic({ model: uninterrupted }), 3);
  const resumed = new MockModel({ response: (call) => reflection(call.index + 3) });
  const before = rounds(new ReflexionCritic({ model: counting() }), 2)[1]!;
  const thought = before.nextIteration({ id: "t2" }).withText("Draft 3.")
    .addValidationResult("LengthValidator", { passed: false, message: "still too short" });
  const copy = (thought.constructor as typeof Thought).fromJSON(JSON.parse(JSON.stringify(thought)));
  const feedback = new ReflexionCritic({ model: resumed }).critique(copy);
  assert.equal(asked(resumed.calls[0]!), asked(uninterrupted.calls[2]!));
  assert.equal(feedback.forGenerator, third!.criticFeedback[0]!.forGenerator);
});

test("ReflexionCritic keeps two chains that share it apart", () => {
  const model = new MockModel({ response: (call) => reflection(call.prompt.includes("ALPHA") ? 1 : 2) });
  const critic = new ReflexionCritic({ model });
  rounds(critic, 2, failing({ prompt: "ALPHA" }));
  rounds(critic, 2, failing({ prompt: "BETA" }));
  for (const call of model.calls) {
    const prompt = asked(call);
    assert.doesNotMatch(prompt, prompt.includes("ALPHA") ? /diagnosis 2/ : /diagnosis 1/);
  }
});

test("ReflexionCritic lets the model evaluate when asked to, and reflects below the score only", () => {
  const good = new MockModel({ response: '{"score": 8, "summary": "It explains."}' });
  const passed = new ReflexionCritic({ model: good, evaluator: "llm" }).critique(failing());
  assert.equal(passed.needsImprovement, false);
  assert.equal(passed.score, 0.8);
  assert.equal(good.calls.length, 1);
  assert.match(asked(good.calls[0]!), /0: it meets no condition.*10: it meets every condition/s);
  assert.match(asked(good.calls[0]!), /The text has 7 words/);
  const poor = new MockModel({
    responses: ['{"score": 3, "issues": ["It explains nothing."]}', reflection(1)],
  });
  const failed = new ReflexionCritic({ model: poor, evaluator: "llm" }).critique(failing());
  assert.equal(failed.needsImprovement, true);
  assert.equal(failed.score, 0.3);
  assert.equal(failed.modelCalls, 2);
  assert.match(asked(poor.calls[1]!), /It explains nothing\./);
});

test("ReflexionCritic gives no verdict when its model's evaluation cannot be read", () => {
  const model = new MockModel({ response: "Hm." });
  const feedback = new ReflexionCritic({ model, evaluator: "llm" }).critique(failing());
  assert.equal(feedback.needsImprovement, undefined);
  assert.equal(feedback.parse, "none");
  assert.equal(feedback.summary, "Hm.");
  assert.equal(model.calls.length, 2);
});

test("ReflexionCritic warns and asks its model when no validator has judged the text", () => {
  const model = new MockModel({ response: '{"score": 9}' });
  const critic = new ReflexionCritic({ model });
  const events: unknown[] = [];
  const { outcome } = simulate(critic._critiqueOperation(draft()), {
    onEvent: (event) => events.push(event),
  });
  assert.ok(outcome.ok);
  assert.equal(outcome.value.needsImprovement, false);
  assert.equal(outcome.value.metadata.evaluator, "llm");
  assert.equal((events[0] as { type: string; code: string }).code, "no_validators");
  assert.deepEqual(critic.estimateCalls(draft()), { min: 0, expected: 1, max: 4 });
});

test("ReflexionCritic takes a function for its evaluator: a boolean, a score, a record, or a generator", () => {
  const verdictWith = (evaluator: ReflexionOptions["evaluator"]): boolean | undefined =>
    new ReflexionCritic({ model: counting(), evaluator }).critique(draft()).needsImprovement;
  assert.equal(verdictWith(() => true), false);
  assert.equal(verdictWith(() => false), true);
  assert.equal(verdictWith(() => 0.8), false);
  assert.equal(verdictWith(() => 0.79), true);
  assert.equal(verdictWith((thought) => ({ passed: thought.text === "", reasons: ["not empty"] })), true);
  assert.equal(
    verdictWith(function* () {
      yield* sleep(1);
      return 0.9;
    }),
    false,
  );
});

test("ReflexionCritic shows its model the reasons of the user's evaluator", () => {
  const model = counting();
  new ReflexionCritic({ model, evaluator: () => ({ score: 0.25, reasons: ["2 of 8 tests pass"] }) }).critique(
    draft(),
  );
  assert.match(asked(model.calls[0]!), /score is 0\.25.*- 2 of 8 tests pass/s);
});

test("ReflexionCritic refuses a reward that is none", () => {
  for (const reward of [undefined, "good", 2, Number.NaN, {}, { score: -1 }, Promise.resolve(true)]) {
    const critic = new ReflexionCritic({ model: counting(), evaluator: (() => reward) as never });
    assert.throws(
      () => critic.critique(draft()),
      (error) => error instanceof CriticError && error.code === "bad_reward",
    );
  }
});

test("ReflexionCritic reads a reflection under headings", () => {
  const model = new MockModel({
    response:
      "## Diagnosis\nIt wanders.\n\n## Root cause\nNo outline.\n\n## Plan\n1. Outline first.\n2. Cut the rest.\n\n## Avoid\n- None",
  });
  const feedback = new ReflexionCritic({ model }).critique(failing());
  assert.equal(feedback.parse, "sections");
  assert.equal(feedback.summary, "It wanders.");
  assert.deepEqual(feedback.suggestions.map((item) => item.text), ["Outline first.", "Cut the rest."]);
});

test("ReflexionCritic refuses options out of range", () => {
  const model = new MockModel();
  for (
    const options of [
      { maxReflections: -1 },
      { maxReflections: 21 },
      { maxReflections: 1.5 },
      { passScore: 2 },
      { evaluator: "judge" },
      { evaluatorTemplate: "x" },
      { reflectionTemplate: "{reflections} {text}" },
    ]
  ) {
    assert.throws(() => new ReflexionCritic({ model, ...options } as never), { name: "ConfigurationError" });
  }
});

test("addReflection drops the oldest whole and never cuts one", () => {
  assert.deepEqual(addReflection(["a", "b"], "c", 2), ["b", "c"]);
  assert.deepEqual(addReflection(["a", "b"], "c", 0), []);
  const long = "word ".repeat(1_200);
  assert.deepEqual(addReflection([long, "b"], long, 3), ["b", long]);
  assert.deepEqual(addReflection(["b"], "word ".repeat(100_000), 3), []);
});
