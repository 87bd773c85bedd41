/** The time of a whole run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { defineCritic } from "../../src/critics/define_critic.ts";
import { SelfRefineCritic } from "../../src/critics/self_refine_critic.ts";
import { TimeoutError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { sleep } from "../../src/operation/operation.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import type { Validator } from "../../src/validators/validator.ts";
import { ASKS, drafting, errorOf, never, observed, resultOf, simulated } from "./helpers.ts";

const slow: Validator = defineValidator("slow", function* () {
  yield* sleep(100);
  return false;
});

test("the deadline ends a run with the best text so far", () => {
  const { outcome, events, elapsedMs } = observed({
    model: drafting({ latencyMs: 1_000 }),
    validators: [slow],
    timeouts: { totalMs: 2_500 },
  });
  assert.ok(outcome.ok);
  const { stopReason, iterations, thought, usage } = outcome.value;
  assert.deepEqual([stopReason, iterations.length, thought.text, elapsedMs], [
    "deadline",
    2,
    "draft 1",
    2_500,
  ]);
  assert.equal(usage.modelCalls, 3, "the call that was under way was paid for too");
  const finished = events.at(-1)!;
  assert.ok(finished.type === "run-finished" && finished.stopReason === "deadline");
});

test("a text that was not validated in time is not returned", () => {
  const { outcome } = simulated(
    new Chain({
      model: drafting({ latencyMs: 1_000 }),
      prompt: "Write.",
      validators: [slow],
      timeouts: { totalMs: 2_150 },
    }),
  );
  assert.ok(outcome.ok);
  assert.equal(outcome.value.thought.text, "draft 0");
});

test("the deadline before the first complete text is a TimeoutError", () => {
  for (const totalMs of [500, 1_050]) {
    const error = errorOf(
      new Chain({
        model: drafting({ latencyMs: 1_000 }),
        prompt: "Write.",
        validators: [slow],
        timeouts: { totalMs },
      }),
    );
    assert.ok(error instanceof TimeoutError);
    assert.equal(error.code, "deadline");
    assert.equal(error.message, `The run took longer than ${totalMs} ms, and no text was complete by then`);
  }
});

test("the deadline during criticism keeps the text, counts the critics' calls and closes them", () => {
  let closed = 0;
  const hanging = defineCritic("hanging", function* () {
    try {
      yield* sleep(1e9);
      return ASKS;
    } finally {
      closed++;
    }
  });
  const judge = new MockModel({ latencyMs: 1e9 });
  const { outcome, elapsedMs } = simulated(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      critics: [hanging, new SelfRefineCritic({ model: judge })],
      alwaysApplyCritics: true,
      timeouts: { totalMs: 700 },
    }),
  );
  assert.ok(outcome.ok);
  const { stopReason, thought, usage } = outcome.value;
  assert.deepEqual([stopReason, thought.text, thought.criticFeedback.length], ["deadline", "draft 0", 0]);
  assert.deepEqual([usage.modelCalls, closed, elapsedMs], [2, 1, 700]);
});

test("the deadline during retrieval or a retry's wait ends the run then", () => {
  const retriever = new MockRetriever({ latencyMs: 400 });
  const first = simulated(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      modelRetrievers: [retriever],
      validators: [never],
      timeouts: { totalMs: 1_000 },
    }),
  );
  assert.ok(first.outcome.ok);
  assert.deepEqual([first.elapsedMs, first.outcome.value.iterations.length], [1_000, 1]);
  const busy = new MockModel({
    response: Object.assign(new Error("busy"), { retryable: true, retryAfterMs: 1e6 }),
  });
  const second = simulated(new Chain({ model: busy, prompt: "Write.", timeouts: { totalMs: 1_000 } }));
  assert.deepEqual([second.outcome.ok, second.elapsedMs], [false, 1_000]);
});

test("components that block the thread do not carry a run far past its deadline", () => {
  const blocking: Validator = {
    name: "blocking",
    validate() {
      const endMs = performance.now() + 30;
      while (performance.now() < endMs) { /* as code that computes does */ }
      return { passed: false };
    },
  };
  const result = new Chain({
    model: drafting(),
    prompt: "Write.",
    validators: [blocking],
    maxImprovementIterations: 100,
    timeouts: { totalMs: 50 },
  }).runDetailed();
  assert.equal(result.stopReason, "deadline");
  assert.ok(result.iterations.length <= 4);
});

test("a run within its deadline leaves no timer behind", () => {
  const { outcome, elapsedMs } = simulated(
    new Chain({ model: drafting(), prompt: "Write.", timeouts: { totalMs: 1e9 } }),
  );
  assert.deepEqual([outcome.ok, elapsedMs], [true, 0]);
});

test("a deadline works with real time, in run() and in _runAsync()", async () => {
  const chain = new Chain({
    model: drafting({ latencyMs: 10 }),
    prompt: "Write.",
    validators: [never],
    maxImprovementIterations: 100,
    timeouts: { totalMs: 250 },
  });
  for (const result of [chain.runDetailed(), await chain._runDetailedAsync()]) {
    assert.equal(result.stopReason, "deadline");
    assert.ok(result.iterations.length >= 1);
  }
});

test("durations are measured in virtual time", () => {
  const result = resultOf(
    new Chain({
      model: drafting({ latencyMs: 70 }),
      prompt: "Write.",
      validators: [slow],
      maxImprovementIterations: 1,
    }),
  );
  assert.equal(result.performance.totalMs, 340);
  assert.deepEqual(result.performance.byStep, {
    retrieval: 0,
    generation: 140,
    validation: 200,
    criticism: 0,
    storage: 0,
  });
});
