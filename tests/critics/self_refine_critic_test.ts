import assert from "node:assert/strict";
import { test } from "node:test";
import { SelfRefineCritic } from "../../src/critics/self_refine_critic.ts";
import type { RefineResult } from "../../src/critics/self_refine_loop.ts";
import { CriticError } from "../../src/errors.ts";
import { MockModel, type MockResponse } from "../../src/models/mock_model.ts";
import { readFence } from "../../src/text/fence.ts";
import { buildPrompt, promptText } from "../../src/thought/prompt.ts";
import { asked, draft, everyDriver } from "./helpers.ts";

const feedback = (score: number, issue: string, more: object = {}): string =>
  JSON.stringify({
    score,
    summary: `Summary of ${issue}.`,
    issues: [{ text: issue, fix: `Fix ${issue}` }],
    stop: false,
    ...more,
  });

function refine(
  responses: MockResponse[],
  maxIterations?: number,
): { result: RefineResult; model: MockModel } {
  const model = new MockModel({ responses, mode: "strict" });
  return { result: new SelfRefineCritic({ model }).refine(draft({ text: "y0" }), { maxIterations }), model };
}

test("SelfRefineCritic examines a text in one call and scores each dimension", () => {
  const model = new MockModel({
    response: JSON.stringify({
      dimensions: [{ name: "Clarity", score: 8, quote: "very" }, { name: "accuracy", score: "6/10" }, {
        name: "other",
        score: 1,
      }],
      issues: [{
        text: "Vague",
        location: "first sentence",
        quote: "very",
        fix: "Give a figure.",
        severity: "medium",
      }],
      suggestions: ["Read it aloud."],
      stop: false,
    }),
  });
  const result = new SelfRefineCritic({ model }).critique(draft());
  assert.equal(result.modelCalls, 1);
  assert.equal(result.score, 0.7);
  assert.equal(result.needsImprovement, true);
  assert.deepEqual(result.issues, [{
    text: "Vague",
    severity: "medium",
    quote: "very",
    location: "first sentence",
  }]);
  assert.deepEqual(result.suggestions.map((item) => item.text), ["Give a figure.", "Read it aloud."]);
  const prompt = asked(model.calls[0]!);
  for (const name of ["clarity", "accuracy", "completeness", "coherence"]) {
    assert.ok(prompt.includes(`- ${name}: `), name);
  }
  assert.match(prompt, /where it is, what is wrong there, and exactly how to change it/);
  assert.match(prompt, /You may stop/);
});

test("SelfRefineCritic takes stop for its verdict, then the common rules", () => {
  const verdict = (answer: object): boolean | undefined =>
    new SelfRefineCritic({ model: new MockModel({ response: JSON.stringify(answer) }) }).critique(draft())
      .needsImprovement;
  assert.equal(verdict({ stop: true, score: 2 }), false);
  assert.equal(verdict({ stop: false, needsImprovement: false }), false);
  assert.equal(verdict({ score: 8 }), false);
  assert.equal(verdict({ score: 7 }), true);
  assert.equal(verdict({ issues: ["a"] }), true);
  assert.equal(verdict({ issues: [] }), undefined);
});

test("SelfRefineCritic names dimensions of the user's own, braces and line breaks included", () => {
  const model = new MockModel({ response: '{"score": 5}' });
  new SelfRefineCritic({ model, dimensions: ["no {braces}", "two\nlines"] }).critique(draft());
  assert.match(asked(model.calls[0]!), /- no \{braces\}\n- two\nlines/);
});

test("SelfRefineCritic checks earlier remarks off, and tells the generator which are settled", () => {
  const model = new MockModel({
    responses: [
      feedback(4, "First"),
      feedback(5, "Second", { resolved: [1] }),
      feedback(6, "Third", { resolved: [2] }),
    ],
  });
  const critic = new SelfRefineCritic({ model });
  let thought = draft({ text: "y0" });
  for (const text of ["y1", "y2"]) {
    thought = thought.addCriticFeedback(critic.critique(thought)).nextIteration({ id: text }).withText(text);
  }
  const last = critic.critique(thought);
  assert.match(asked(model.calls[2]!), /1\. First\n2\. Second/);
  assert.equal(
    last.forGenerator,
    "Earlier versions and what was said about them, oldest first:\nVersion 1 began: y0\n- First (still open)\n" +
      "Version 2 began: y1\n- Second (settled: keep it so)",
  );
  const prompt = promptText(buildPrompt(thought.addCriticFeedback(last).nextIteration({ id: "y3" })));
  assert.match(prompt, /Version 2 began: y1/);
});

test("SelfRefineCritic shows as much of the history as historyWindow says", () => {
  for (
    const [historyWindow, pattern] of [["all", /First.*Second/s], [1, /Second/], [
      0,
      /^(?!.*earlier versions, numbered)/s,
    ]] as const
  ) {
    const model = new MockModel({
      responses: [feedback(4, "First"), feedback(5, "Second"), feedback(6, "Third")],
    });
    const critic = new SelfRefineCritic({ model, historyWindow });
    let thought = draft({ text: "y0" });
    for (const text of ["y1", "y2"]) {
      thought = thought.addCriticFeedback(critic.critique(thought)).nextIteration({ id: text }).withText(
        text,
      );
    }
    critic.critique(thought);
    const prompt = asked(model.calls[2]!);
    assert.match(prompt, pattern);
    if (historyWindow === 1) assert.doesNotMatch(prompt, /First/);
  }
});

test("SelfRefineCritic refines with the whole history in the prompt, the latest feedback last", () => {
  const { result, model } = refine([
    feedback(3, "remark0"),
    "y1",
    feedback(4, "remark1"),
    "y2",
    feedback(9, "remark2", { stop: true }),
  ]);
  const prompt = asked(model.calls[3]!);
  const places = ["\ny0\n", "remark0", "\ny1\n", "remark1"].map((part) => prompt.indexOf(part));
  assert.ok(places.every((place, index) => place > (places[index - 1] ?? -1)), String(places));
  assert.equal(readFence(prompt, "draft"), "y1");
  assert.match(prompt, /Keep what was praised/);
  assert.equal(result.text, "y2");
  assert.equal(result.stopReason, "stop");
  assert.deepEqual(result.versions.map((version) => version.thought.text), ["y0", "y1", "y2"]);
});

test("SelfRefineCritic makes no revision when the first feedback says stop", () => {
  const { result, model } = refine([feedback(5, "nothing much", { stop: true })]);
  assert.equal(model.calls.length, 1);
  assert.equal(result.text, "y0");
  assert.equal(result.stopReason, "stop");
});

test("SelfRefineCritic ends at the score that passes", () => {
  const { result } = refine([feedback(4, "a"), "y1", feedback(8, "b")]);
  assert.equal(result.stopReason, "passed");
  assert.equal(result.text, "y1");
  assert.equal(result.score, 0.8);
});

test("SelfRefineCritic ends when a revision changes nothing but blanks", () => {
  const { result } = refine([feedback(4, "a"), " y0\n"]);
  assert.equal(result.stopReason, "no-change");
  assert.equal(result.text, "y0");
});

test("SelfRefineCritic returns an earlier version when the score dropped", () => {
  const { result } = refine([feedback(6, "a"), "y1", feedback(3, "b"), "y2"], 2);
  assert.equal(result.stopReason, "max-iterations");
  assert.equal(result.text, "y0");
  assert.equal(result.score, 0.6);
  assert.equal(result.versions.length, 3);
});

test("SelfRefineCritic returns the last revision when the version before it was the best", () => {
  const { result } = refine([feedback(3, "a"), "y1", feedback(6, "b"), "y2"], 2);
  assert.equal(result.text, "y2");
  assert.equal(result.score, undefined);
  assert.equal(refine([feedback(3, "a"), "y1"], 1).result.text, "y1");
});

test("SelfRefineCritic returns the last version when nothing has a score", () => {
  const plain = (issue: string): string => JSON.stringify({ issues: [issue] });
  assert.equal(refine([plain("a"), "y1", plain("b"), "y2"], 2).result.text, "y2");
});

test("SelfRefineCritic refines in at most two calls a round, one after the other", () => {
  for (const rounds of [1, 3]) {
    const model = new MockModel({
      response: (call) => call.index % 2 === 0 ? feedback(4, `fb${call.index}`) : `y${call.index}`,
    });
    const result = new SelfRefineCritic({ model, maxIterations: rounds }).refine(draft({ text: "y0" }));
    assert.equal(model.calls.length, 2 * rounds);
    assert.equal(result.usage.modelCalls, 2 * rounds);
  }
});

test("SelfRefineCritic asks one model in every role", () => {
  const { model } = refine([feedback(4, "a"), "y1", feedback(9, "b")]);
  assert.equal(model.calls.length, 3);
});

test("SelfRefineCritic stops within its budget and keeps what it has", () => {
  const model = new MockModel({
    response: (call) => call.index % 2 === 0 ? feedback(4, `fb${call.index}`) : `y${call.index}`,
  });
  const critic = new SelfRefineCritic({ model, budget: { maxModelCalls: 3 } });
  const result = critic.refine(draft({ text: "y0" }));
  assert.equal(result.stopReason, "budget");
  assert.equal(model.calls.length, 3);
  assert.equal(result.text, "y1");
});

test("SelfRefineCritic keeps what it has when a revision is unusable", () => {
  const { result } = refine([feedback(4, "a"), "Summary of a."]);
  assert.equal(result.stopReason, "unusable-revision");
  assert.equal(result.text, "y0");
});

test("SelfRefineCritic goes on with feedback that it could not read", () => {
  const { result, model } = refine(["Say why.", "Still: say why.", "y1", feedback(9, "b")]);
  assert.match(asked(model.calls[2]!), /Say why\./);
  assert.equal(result.text, "y1");
});

test("SelfRefineCritic refines in the same way under every driver", async () => {
  const results = await everyDriver(() => {
    const model = new MockModel({ responses: [feedback(3, "a"), "y1", feedback(9, "b")] });
    return new SelfRefineCritic({ model })._refineOperation(draft({ text: "y0" }));
  });
  for (const { versions, ...result } of results) {
    assert.equal(versions.length, 2);
    assert.equal(result.text, "y1");
    assert.equal(result.thought.id, "t.1");
  }
});

test("SelfRefineCritic's refinement has a twin for event loops, which a signal ends", async () => {
  const model = new MockModel({ response: feedback(9, "a", { stop: true }), latencyMs: 1 });
  const critic = new SelfRefineCritic({ model });
  assert.equal((await critic._refineAsync(draft())).stopReason, "stop");
  const controller = new AbortController();
  controller.abort(new Error("enough"));
  await assert.rejects(critic._refineAsync(draft(), { signal: controller.signal }), /enough/);
});

test("SelfRefineCritic refuses options out of range", () => {
  const model = new MockModel();
  const wrong = [
    { dimensions: [] },
    { dimensions: [" "] },
    { dimensions: ["a", " a"] },
    { maxIterations: 0 },
    { maxIterations: 21 },
    { maxIterations: true },
    { passScore: -1 },
    { historyWindow: "some" },
    { historyWindow: -1 },
  ];
  for (const options of wrong) {
    assert.throws(
      () => new SelfRefineCritic({ model, ...options } as never),
      { name: "ConfigurationError" },
      JSON.stringify(options),
    );
  }
  assert.throws(() => new SelfRefineCritic({ model }).refine(draft(), { maxIterations: 0 }), {
    name: "ConfigurationError",
  });
  assert.throws(
    () => new SelfRefineCritic({ model }).refine(draft({ text: undefined })),
    (error) => error instanceof CriticError,
  );
});
