/** How a chain finds documents. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import type { RunResult } from "../../src/chain/run.ts";
import { ModelApiError, RetrieverError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { sleep } from "../../src/operation/operation.ts";
import { defineRetriever } from "../../src/retrievers/define_retriever.ts";
import { MockRetriever } from "../../src/retrievers/mock_retriever.ts";
import type { Retriever } from "../../src/retrievers/retriever.ts";
import { drafting, errorOf, never, observed, resultOf, simulated } from "./helpers.ts";

const texts = (documents: readonly { readonly text: string }[]) => documents.map(({ text }) => text);
const run = (options: ChainOptions): RunResult =>
  resultOf(new Chain({ model: drafting(), prompt: "Lemurs", ...options }));

test("the model's retrievers are asked with the task before, and with the task and the draft after", () => {
  const retriever = new MockRetriever({ documents: ["a", "b"] });
  const { thought } = run({ modelRetrievers: [retriever] });
  assert.deepEqual(retriever.queries, ["Lemurs", "Lemurs\n\ndraft 0"]);
  assert.deepEqual(texts(thought.preGenerationContext), ["a", "b"]);
  assert.deepEqual(texts(thought.postGenerationContext), ["a", "b"]);
});

test("documents do not pile up, and no question is asked twice", () => {
  const retriever = new MockRetriever({ documents: ["a", "b", "c"] });
  const { iterations } = run({
    modelRetrievers: [retriever],
    validators: [never],
    maxImprovementIterations: 4,
  });
  assert.deepEqual(
    iterations.map((each) => [each.preGenerationContext.length, each.postGenerationContext.length]),
    Array(5).fill([3, 3]),
  );
  assert.deepEqual(retriever.queries, [
    "Lemurs",
    ...[0, 1, 2, 3, 4].map((index) => `Lemurs\n\ndraft ${index}`),
  ]);
});

test("each run asks its own questions", () => {
  const retriever = new MockRetriever();
  const chain = new Chain({ model: drafting(), prompt: "Lemurs", modelRetrievers: [retriever] });
  resultOf(chain);
  resultOf(chain);
  assert.equal(retriever.queries.length, 4);
});

test("a draft goes into a query up to 2,000 graphemes", () => {
  const draft = "👩‍👩‍👧‍👦".repeat(3_000);
  const retriever = new MockRetriever();
  run({ model: new MockModel({ response: draft }), modelRetrievers: [retriever] });
  const graphemes = [...new Intl.Segmenter("en").segment(retriever.queries[1]!)].length;
  assert.ok(graphemes > 1_990 && graphemes < 2_020, String(graphemes));
});

test("retrievers are asked side by side, and their documents merged in configuration order, then by score", () => {
  const slow = (name: string, durationMs: number, scores: number[]): Retriever =>
    defineRetriever(name, function* () {
      yield* sleep(durationMs);
      return scores.map((score) => ({ text: `${name} ${score}`, score }));
    });
  const { outcome, elapsedMs } = simulated(
    new Chain({
      model: drafting(),
      prompt: "Lemurs",
      modelRetrievers: [slow("first", 90, [0.1, 0.9]), slow("second", 10, [0.5]), slow("third", 50, [])],
    }),
  );
  assert.ok(outcome.ok);
  assert.equal(elapsedMs, 180);
  assert.deepEqual(texts(outcome.value.thought.preGenerationContext), [
    "first 0.9",
    "first 0.1",
    "second 0.5",
  ]);
});

test("documents of the same words are kept once, the first of them", () => {
  const { thought } = run({
    modelRetrievers: [
      defineRetriever("a", () => ["Lemurs  leap.", "caf\u00e9"]),
      defineRetriever("b", () => [" Lemurs leap.\n", "cafe\u0301", "Lemurs sleep."]),
    ],
  });
  assert.deepEqual(texts(thought.preGenerationContext), ["Lemurs  leap.", "caf\u00e9", "Lemurs sleep."]);
  assert.deepEqual(thought.preGenerationContext.map(({ source }) => source), ["a", "a", "b"]);
});

const broken = (options: { required?: boolean } = {}): Retriever =>
  defineRetriever("broken", () => {
    throw new Error("no index");
  }, options);

test("onRetrieverError skip warns and goes on with what the others found", () => {
  const { outcome, events } = observed({
    model: drafting(),
    modelRetrievers: [broken(), new MockRetriever({ documents: ["a"] })],
  });
  assert.ok(outcome.ok);
  assert.deepEqual(texts(outcome.value.thought.preGenerationContext), ["a"]);
  const warning = { code: "retriever_failed", message: "broken could not retrieve: no index" };
  assert.deepEqual(outcome.value.warnings, [warning, warning]);
  assert.equal(events.filter((event) => event.type === "warning").length, 2);
});

for (
  const [name, options] of [
    ["onRetrieverError is throw", { modelRetrievers: [broken()], onRetrieverError: "throw" }],
    ["it is required", { modelRetrievers: [broken({ required: true })] }],
    ["it is a required one of the critics'", {
      criticRetrievers: [broken({ required: true })],
      critics: [{ name: "critic", critique: () => ({ critic: "critic" }) }],
      alwaysApplyCritics: true,
    }],
  ] satisfies [string, ChainOptions][]
) {
  test(`a retriever that breaks ends the run when ${name}`, () => {
    const error = errorOf(new Chain({ model: drafting(), prompt: "Lemurs", ...options }));
    assert.ok(error instanceof RetrieverError);
    assert.deepEqual([error.component, error.operation, (error.cause as Error).message], [
      "broken",
      "retrieve",
      "no index",
    ]);
  });
}

test("a retriever that fails for a moment is asked again", () => {
  let asked = 0;
  const flaky = defineRetriever("flaky", () => {
    if (asked++ < 2) throw new ModelApiError("busy", { retryable: true, retryAfterMs: 50 });
    return ["found"];
  });
  const { outcome, elapsedMs } = simulated(
    new Chain({
      model: drafting(),
      prompt: "Lemurs",
      criticRetrievers: [],
      modelRetrievers: [flaky],
      retry: { baseMs: 0 },
    }),
  );
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.value.warnings, []);
  assert.equal(elapsedMs, 100);
  assert.deepEqual(texts(outcome.value.thought.preGenerationContext), ["found"]);
});

test("timeouts.retrieveMs bounds a retriever, its retries included", () => {
  const hanging = defineRetriever("hanging", function* () {
    yield* sleep(60);
    throw new ModelApiError("busy", { retryable: true });
  });
  const { outcome, elapsedMs } = simulated(
    new Chain({
      model: drafting(),
      prompt: "Lemurs",
      modelRetrievers: [hanging],
      retry: { baseMs: 0 },
      timeouts: { retrieveMs: 100 },
    }),
  );
  assert.ok(outcome.ok);
  assert.equal(elapsedMs, 200);
  assert.match(outcome.value.warnings[0]!.message, /hanging took longer than 100 ms/);
});

test("documents keep the scores that they come with, and get none where they come without", () => {
  const scores = Array.from({ length: 15 }, (_, index) => (15 - index) / 20);
  const { thought } = run({
    modelRetrievers: [
      defineRetriever("scored", () => scores.map((score) => ({ text: `scored ${score}`, score }))),
      defineRetriever("plain", () => scores.map((score) => `plain ${score}`)),
    ],
  });
  assert.deepEqual(
    thought.preGenerationContext.map(({ score }) => score),
    [...scores, ...scores.map(() => undefined)],
  );
});

test("retry.attempts counts the tries of a retriever, of which there is at least one", () => {
  for (const attempts of [1, 3]) {
    let tries = 0;
    const failing = defineRetriever("failing", () => {
      tries++;
      throw new ModelApiError("busy", { retryable: true });
    });
    const retry = { attempts, baseMs: 0 };
    run({ modelRetrievers: [failing], retry, onRetrieverError: "skip", maxImprovementIterations: 0 });
    assert.equal(tries, 2 * attempts, "once before the text and once after it");
  }
});

test("a retriever that finds nothing adds nothing", () => {
  const { thought, warnings } = run({ modelRetrievers: [new MockRetriever({ documents: [] })] });
  assert.deepEqual([thought.preGenerationContext.length, warnings.length], [0, 0]);
  assert.equal(thought.modelPrompt, "Lemurs");
});
