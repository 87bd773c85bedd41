/** How a chain asks its critics, what they remember, and what becomes of those that break. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { Critic, CriticContext } from "../../src/critics/critic.ts";
import { defineCritic } from "../../src/critics/define_critic.ts";
import { NCriticsCritic } from "../../src/critics/n_critics_critic.ts";
import { ReflexionCritic } from "../../src/critics/reflexion_critic.ts";
import { SelfRefineCritic } from "../../src/critics/self_refine_critic.ts";
import { CriticError } from "../../src/errors.ts";
import type { JsonValue } from "../../src/json.ts";
import { defineModel } from "../../src/models/define_model.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { sleep } from "../../src/operation/operation.ts";
import { defineRetriever } from "../../src/retrievers/define_retriever.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import { ASKS, drafting, errorOf, never, observed, resultOf, saying, simulated } from "./helpers.ts";

test("critics are asked side by side, and their feedback keeps the order of the configuration", () => {
  const slow = (name: string, durationMs: number): Critic =>
    defineCritic(name, function* () {
      yield* sleep(durationMs);
      return ASKS;
    });
  const { outcome, elapsedMs } = simulated(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      critics: [slow("a", 90), slow("b", 10), slow("c", 50)],
      alwaysApplyCritics: true,
      maxImprovementIterations: 1,
    }),
  );
  assert.ok(outcome.ok);
  assert.equal(elapsedMs, 180);
  for (const { criticFeedback } of outcome.value.iterations) {
    assert.deepEqual(criticFeedback.map(({ critic, durationMs }) => [critic, durationMs]), [
      ["a", 90],
      ["b", 10],
      ["c", 50],
    ]);
  }
});

test("what a critic warns of stands in the result, and its event names run and critic", () => {
  const critic = new NCriticsCritic({ model: new MockModel({ response: '{"needsImprovement": false}' }) });
  const options = { model: drafting(), prompt: "Write.", critics: [critic], alwaysApplyCritics: true };
  const { outcome, events } = observed(options);
  assert.ok(outcome.ok);
  const { runId, warnings } = outcome.value;
  assert.deepEqual(warnings.map(({ code }) => code), ["one_model"]);
  assert.deepEqual(events.filter(({ type }) => type === "warning"), [
    { type: "warning", runId, component: "NCriticsCritic", ...warnings[0]! },
  ]);
});

test("critics with a model each wait for their models at the same time", () => {
  let active = 0;
  let most = 0;
  const model = defineModel("judge", function* () {
    most = Math.max(most, ++active);
    yield* sleep(100);
    active--;
    return '{"needs_improvement": false, "issues": [], "suggestions": []}';
  });
  const critics = ["a", "b", "c"].map((name) => new SelfRefineCritic({ model, name }));
  const { outcome, elapsedMs } = simulated(
    new Chain({ model: drafting(), prompt: "Write.", critics, alwaysApplyCritics: true }),
  );
  assert.ok(outcome.ok);
  assert.deepEqual([most, elapsedMs], [3, 100]);
  assert.equal(outcome.value.usage.modelCalls, 4);
});

test("two critics of one name are told apart", () => {
  const { thought } = resultOf(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      critics: [saying("critic", ASKS), saying("critic", { needsImprovement: false })],
      alwaysApplyCritics: true,
      maxImprovementIterations: 0,
    }),
  );
  assert.deepEqual(thought.criticFeedback.map(({ critic }) => critic), ["critic", "critic#2"]);
});

test("onCriticError skip keeps the fault as feedback, warns, and counts it as no verdict", () => {
  const { outcome, events } = observed({
    model: drafting(),
    validators: [never],
    critics: [saying("broken", new Error("no dictionary")), saying("fine", ASKS)],
    maxImprovementIterations: 1,
  });
  assert.ok(outcome.ok);
  const [first] = outcome.value.iterations;
  const [broken, fine] = first!.criticFeedback;
  assert.deepEqual(broken!.error, { code: "exception", message: "no dictionary" });
  assert.deepEqual([broken!.needsImprovement, fine!.needsImprovement], [undefined, true]);
  assert.deepEqual(outcome.value.warnings, [
    { code: "critic_failed", message: "broken could not examine the text: no dictionary" },
  ]);
  assert.equal(events.filter((event) => event.type === "warning").length, 1);
});

test("onCriticError throw ends the run, and the other critics with it", () => {
  let closed = false;
  const slow = defineCritic("slow", function* () {
    try {
      yield* sleep(1_000);
      return ASKS;
    } finally {
      closed = true;
    }
  });
  const chain = new Chain({
    model: drafting(),
    prompt: "Write.",
    validators: [never],
    critics: [slow, saying("broken", new Error("no dictionary"))],
    onCriticError: "throw",
  });
  const { outcome, elapsedMs } = simulated(chain);
  assert.ok(!outcome.ok && outcome.error instanceof CriticError);
  assert.deepEqual([outcome.error.component, outcome.error.operation], ["broken", "critique"]);
  assert.match(outcome.error.message, /broken could not examine the text: no dictionary/);
  assert.deepEqual([closed, elapsedMs], [true, 0]);
});

test("timeouts.critiqueMs ends a critic that hangs, and the run goes on", () => {
  const hanging = defineCritic("hanging", function* () {
    yield* sleep(1e9);
    return ASKS;
  });
  const { outcome, elapsedMs } = simulated(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      critics: [hanging, saying("content", { needsImprovement: false })],
      alwaysApplyCritics: true,
      timeouts: { critiqueMs: 300 },
    }),
  );
  assert.ok(outcome.ok);
  assert.equal(elapsedMs, 300);
  assert.equal(outcome.value.stopReason, "satisfied");
  assert.equal(outcome.value.thought.criticFeedback[0]!.error?.code, "timeout");
});

test("critics get what the critic retrievers found, and the model does not", () => {
  const seen: (string | undefined)[] = [];
  const critic = defineCritic("looking", (_, { documents }) => {
    seen.push(...documents!.map(({ text }) => text));
    return ASKS;
  });
  const model = drafting();
  const retriever = new MockRetriever({ documents: ["a fact for critics"] });
  const { iterations } = resultOf(
    new Chain({
      model,
      prompt: "Write.",
      critics: [critic],
      criticRetrievers: [retriever],
      alwaysApplyCritics: true,
      maxImprovementIterations: 1,
    }),
  );
  assert.deepEqual(seen, ["a fact for critics", "a fact for critics"]);
  assert.deepEqual(retriever.queries, ["Write.\n\ndraft 0", "Write.\n\ndraft 1"]);
  assert.ok(model.calls.every(({ prompt }) => !prompt.includes("a fact for critics")));
  assert.deepEqual(iterations.map(({ preGenerationContext }) => preGenerationContext.length), [0, 0]);
});

/** Remembers the rounds it has seen. */
function remembering(name: string, waitMs = 0): Critic {
  return defineCritic(name, function* ({ text }, { memory, criticName }: CriticContext) {
    yield* sleep(waitMs);
    const known = (memory!.value ?? []) as JsonValue[];
    memory!.value = [...known, `${criticName}: ${text}`];
    return { needsImprovement: true, summary: `${known.length} before` };
  });
}

test("what critics remember is kept in the thought, each under its own name", () => {
  const { iterations } = resultOf(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      critics: [remembering("a", 50), remembering("a", 10), saying("forgetful", ASKS)],
      alwaysApplyCritics: true,
      maxImprovementIterations: 2,
    }),
  );
  assert.deepEqual(iterations[2]!.metadata.critics, {
    a: ["a: draft 0", "a: draft 1", "a: draft 2"],
    "a#2": ["a#2: draft 0", "a#2: draft 1", "a#2: draft 2"],
  });
  assert.deepEqual(Object.keys(iterations[0]!.metadata.critics as object), ["a", "a#2"]);
  assert.deepEqual(iterations.map(({ criticFeedback }) => criticFeedback[1]!.summary), [
    "0 before",
    "1 before",
    "2 before",
  ]);
});

test("a critic of any name remembers its own and nothing else", () => {
  const names = ["__proto__", "constructor", "toString"];
  const { iterations } = resultOf(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      critics: names.map((name) => remembering(name)),
      alwaysApplyCritics: true,
      maxImprovementIterations: 1,
    }),
  );
  const { critics } = iterations[1]!.metadata as { critics: Record<string, JsonValue> };
  assert.deepEqual(Object.keys(critics), names);
  assert.deepEqual(critics["constructor"], ["constructor: draft 0", "constructor: draft 1"]);
});

test("runs do not share what critics remember", () => {
  const chain = new Chain({
    model: drafting(),
    prompt: "Write.",
    critics: [remembering("a")],
    alwaysApplyCritics: true,
    maxImprovementIterations: 0,
  });
  assert.deepEqual(resultOf(chain).thought.metadata.critics, { a: ["a: draft 0"] });
  assert.deepEqual(resultOf(chain).thought.metadata.critics, { a: ["a: draft 1"] });
});

test("a reflection reaches the next prompt and the memory", () => {
  const model = drafting();
  const reflection = {
    diagnosis: "No island.",
    rootCause: "Haste.",
    plan: ["Name the island next time."],
    avoid: [],
  };
  const judge = new MockModel({ response: JSON.stringify(reflection) });
  const { iterations } = resultOf(
    new Chain({
      model,
      prompt: "Describe lemurs.",
      validators: [never],
      critics: [new ReflexionCritic({ model: judge })],
      maxImprovementIterations: 1,
    }),
  );
  const { forGenerator } = iterations[0]!.criticFeedback[0]!;
  assert.ok(forGenerator !== undefined && model.calls[1]!.prompt.includes("Name the island next time."));
  assert.deepEqual(Object.keys(iterations[1]!.metadata.critics as object), ["ReflexionCritic"]);
});

test("usage counts the calls of critics that fail or time out", () => {
  const broken = new MockModel({
    response: "not JSON at all, and no verdict",
    usage: { promptTokens: 5, completionTokens: 5 },
  });
  const hanging = new MockModel({ latencyMs: 1e9 });
  const result = resultOf(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      critics: [
        new SelfRefineCritic({ model: broken, name: "unreadable" }),
        new SelfRefineCritic({ model: hanging, name: "hanging" }),
      ],
      alwaysApplyCritics: true,
      maxImprovementIterations: 0,
      timeouts: { critiqueMs: 1_000 },
    }),
  );
  assert.equal(result.usage.modelCalls, 1 + broken.calls.length + hanging.calls.length);
  assert.equal(result.usage.promptTokens, 5 * broken.calls.length);
});

test("a critic of the user's own that only says how many calls it made is counted", () => {
  const critic = saying("counting", { needsImprovement: false, modelCalls: 2 });
  const result = resultOf(
    new Chain({ model: drafting(), prompt: "Write.", critics: [critic], alwaysApplyCritics: true }),
  );
  assert.deepEqual(result.usage, { modelCalls: 3, callsWithoutUsage: 3 });
});

test("a critic's own retriever failing does not end the run", () => {
  const retriever = defineRetriever("broken", () => {
    throw new Error("no index");
  });
  const result = resultOf(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      critics: [saying("content", { needsImprovement: false })],
      criticRetrievers: [retriever],
      alwaysApplyCritics: true,
    }),
  );
  assert.equal(result.stopReason, "satisfied");
  assert.deepEqual(result.warnings.map(({ code }) => code), ["retriever_failed"]);
});

test("a critic that gives no feedback at all is broken", () => {
  const critics = [{ name: "silent", critique: () => undefined }] as unknown as Critic[];
  const chain = () => new Chain({ model: drafting(), prompt: "Write.", critics, alwaysApplyCritics: true });
  assert.equal(resultOf(chain()).stopReason, "critics-failed");
  const error = errorOf(chain().withOptions({ onCriticError: "throw" }));
  assert.equal(error.code, "bad_feedback");
});
