/** Where the time of a run went. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { defineCritic } from "../../src/critics/define_critic.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { sleep } from "../../src/operation/operation.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import type { Validator } from "../../src/validators/validator.ts";
import { ASKS, drafting, never, resultOf, saying } from "./helpers.ts";

const waiting = (name: string, durationMs: number): Validator =>
  defineValidator(name, function* () {
    yield* sleep(durationMs);
    return name !== "strict";
  });

const chain = (): Chain =>
  new Chain({
    model: new MockModel({
      response: ({ index }) => `draft ${index}`,
      latencyMs: 200,
      usage: { promptTokens: 10, completionTokens: 5 },
    }),
    prompt: "Write.",
    validators: [waiting("strict", 100), waiting("lenient", 40), never],
    critics: [
      defineCritic("critic", function* () {
        yield* sleep(30);
        return { ...ASKS, usage: { modelCalls: 2, promptTokens: 100, completionTokens: 50 } };
      }),
      saying("broken", new Error("out of order")),
    ],
    modelRetrievers: [new MockRetriever({ latencyMs: 5 })],
    storage: new MemoryStorage(),
    maxImprovementIterations: 1,
  });

test("the summary gives wall time by step and summed time by component", () => {
  const { performance } = resultOf(chain());
  assert.deepEqual(performance.byStep, {
    retrieval: 15,
    generation: 400,
    validation: 200,
    criticism: 30,
    storage: 0,
  });
  assert.equal(performance.totalMs, 645);
  assert.deepEqual(performance.byComponent, {
    mock: { calls: 2, totalMs: 400, maxMs: 200, errors: 0 },
    strict: { calls: 2, totalMs: 200, maxMs: 100, errors: 0 },
    lenient: { calls: 2, totalMs: 80, maxMs: 40, errors: 0 },
    never: { calls: 2, totalMs: 0, maxMs: 0, errors: 0 },
    critic: { calls: 1, totalMs: 30, maxMs: 30, errors: 0 },
    broken: { calls: 1, totalMs: 0, maxMs: 0, errors: 1 },
    MockRetriever: { calls: 3, totalMs: 15, maxMs: 5, errors: 0 },
  });
  assert.deepEqual(performance.bottlenecks, [
    { name: "mock", totalMs: 400 },
    { name: "strict", totalMs: 200 },
    { name: "lenient", totalMs: 80 },
    { name: "critic", totalMs: 30 },
    { name: "MockRetriever", totalMs: 15 },
  ]);
});

test("the summary counts calls, tokens and iterations", () => {
  const { performance, usage, iterations } = resultOf(chain());
  assert.equal(performance.modelCalls, 4);
  assert.deepEqual(performance.usage, { modelCalls: 4, promptTokens: 120, completionTokens: 60 });
  assert.deepEqual(usage, performance.usage);
  assert.equal(performance.iterations, iterations.length);
});

test("a result is JSON, its summary included", () => {
  const result = resultOf(chain());
  const json = JSON.parse(JSON.stringify(result));
  assert.deepEqual(Object.keys(json), [
    "thought",
    "valid",
    "iterations",
    "stopReason",
    "warnings",
    "performance",
    "usage",
    "runId",
  ]);
  assert.deepEqual(json.performance, JSON.parse(JSON.stringify(result.performance)));
  assert.deepEqual(json.performance, { ...result.performance });
  assert.equal(json.iterations.length, 2);
  assert.deepEqual(json.warnings, [{
    code: "critic_failed",
    message: "broken could not examine the text: out of order",
  }]);
});

test("the summary of one run knows nothing of another", () => {
  const shared = new Chain({
    model: drafting(),
    prompt: "Write.",
    validators: [never],
    maxImprovementIterations: 1,
  });
  const [one, two] = [resultOf(shared), resultOf(shared)];
  assert.equal(one.performance.byComponent["never"]!.calls, 2);
  assert.equal(two.performance.byComponent["never"]!.calls, 2);
});
