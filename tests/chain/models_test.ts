/** What becomes of models that fail, and what calls cost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import { ConfigurationError, ModelApiError, ModelError } from "../../src/errors.ts";
import { defineModel } from "../../src/models/define_model.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { sleep } from "../../src/operation/operation.ts";
import {
  always,
  answering,
  drafting,
  errorOf,
  never,
  observed,
  resultOf,
  simulated,
  tooManyRequests,
} from "./helpers.ts";

const refused = (): ModelApiError =>
  new ModelApiError("mock refused the key", {
    code: "auth",
    status: 401,
    provider: "mock",
    suggestions: ["Check the key."],
  });

test("a model that is asked too often is asked again when the server says so", () => {
  const model = answering(tooManyRequests(60_000), tooManyRequests(5_000), "A text.");
  const { outcome, elapsedMs } = simulated(new Chain({ model, prompt: "Write." }));
  assert.ok(outcome.ok);
  assert.equal(elapsedMs, 65_000);
  assert.equal(outcome.value.thought.text, "A text.");
  assert.deepEqual(model.calls.map(({ startedAtMs }) => startedAtMs), [0, 60_000, 65_000]);
});

test("without a word of the server the waits double up to maxMs", () => {
  const model = answering(...Array(5).fill(tooManyRequests()), "A text.");
  const retry = { attempts: 6, baseMs: 100, maxMs: 500, jitter: false };
  simulated(new Chain({ model, prompt: "Write.", retry }));
  assert.deepEqual(model.calls.map(({ startedAtMs }) => startedAtMs), [0, 100, 300, 700, 1_200, 1_700]);
});

test("jitter draws each wait between 0 and its bound", () => {
  const waits = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const model = answering(tooManyRequests(), "A text.");
    const { elapsedMs } = simulated(new Chain({ model, prompt: "Write.", retry: { baseMs: 1_000 } }), {
      seed,
    });
    assert.ok(elapsedMs >= 0 && elapsedMs <= 1_000);
    waits.add(elapsedMs);
  }
  assert.ok(waits.size > 10);
});

test("a model that keeps failing fails the run after its attempts, with its own error", () => {
  const model = answering(tooManyRequests(10));
  const error = errorOf(new Chain({ model, prompt: "Write.", retry: { attempts: 2 } }));
  assert.equal(model.calls.length, 2);
  assert.ok(error instanceof ModelApiError);
  assert.equal(error.message, "mock is asked too often");
  assert.deepEqual([error.status, error.code, error.retryable, error.step], [
    429,
    "rate_limit",
    true,
    "generate",
  ]);
  assert.equal(error.thought, undefined);
});

test("an error that speaks of validation or critics is an error like any other, and nothing is left out for it", () => {
  for (
    const message of ["validation failed", "The critic timed out", "out of memory", "event loop is closed"]
  ) {
    const error = errorOf(
      new Chain({
        model: drafting({ failAt: 0, error: new Error(message) }),
        prompt: "Write.",
        validators: [never],
      }),
    );
    assert.match(error.message, new RegExp(message));
    const result = resultOf(
      new Chain({
        model: drafting({ failAt: 1, error: new Error(message) }),
        prompt: "Write.",
        validators: [never],
        onModelError: "return-best",
      }),
    );
    assert.deepEqual([result.valid, Object.keys(result.thought.validationResults)], [false, ["never"]]);
  }
});

test("what will not pass is not tried again", () => {
  const model = answering(refused());
  const error = errorOf(new Chain({ model, prompt: "Write." }));
  assert.equal(model.calls.length, 1);
  assert.deepEqual([error.status, error.suggestions], [401, ["Check the key."]]);
});

test("a failure after the first text carries the last complete thought", () => {
  const model = drafting({ failAt: 2, error: refused() });
  const error = errorOf(new Chain({ model, prompt: "Write.", validators: [never] }));
  const thought = error.thought as { text: string; iteration: number; validationResults: object };
  assert.deepEqual([thought.text, thought.iteration], ["draft 1", 1]);
  assert.equal(Object.keys(thought.validationResults).length, 1);
});

test("onModelError return-best returns the best text so far, and warns", () => {
  const { outcome, events } = observed({
    model: drafting({ failAt: 2, error: refused() }),
    validators: [never],
    onModelError: "return-best",
  });
  assert.ok(outcome.ok);
  const { thought, stopReason, warnings, iterations } = outcome.value;
  assert.deepEqual([thought.text, stopReason, iterations.length], ["draft 1", "model-failed", 2]);
  assert.deepEqual(warnings.map(({ code }) => code), ["model_failed"]);
  assert.match(warnings[0]!.message, /mock refused the key/);
  assert.equal(events.at(-1)!.type, "run-finished");
});

test("onModelError return-best has nothing to return before the first text", () => {
  const error = errorOf(
    new Chain({ model: answering(refused()), prompt: "Write.", onModelError: "return-best" }),
  );
  assert.equal(error.status, 401);
});

test("an empty answer is an error that is worth another try", () => {
  const model = answering("", " \n\t", "A text.");
  const { thought, usage } = resultOf(new Chain({ model, prompt: "Write.", retry: { baseMs: 0 } }));
  assert.equal(thought.text, "A text.");
  assert.equal(usage.modelCalls, 3);
  const error = errorOf(new Chain({ model: answering(""), prompt: "Write.", retry: { attempts: 1 } }));
  assert.equal(error.code, "empty_completion");
});

test("an error of the user's own model is told in its own words", () => {
  const fault = new TypeError("Cannot read properties of undefined");
  const model = {
    name: "own",
    provider: "mine",
    generate: () => {
      throw fault;
    },
  };
  const error = errorOf(new Chain({ model, prompt: "Write." }));
  assert.ok(error instanceof ModelError);
  assert.equal(error.message, "mine:own could not answer: Cannot read properties of undefined");
  assert.deepEqual([error.code, error.cause], ["model_failed", fault]);
});

test("a script that has run out keeps its code and is not said twice", () => {
  const model = new MockModel({ responses: ["One."], mode: "strict" });
  const error = errorOf(new Chain({ model, prompt: "Write.", validators: [never] }));
  assert.equal(error.code, "script_exhausted");
  assert.equal(error.message, "mock has no answer left: 1 were scripted");
});

test("fallback models are tried in order when a model has failed after its retries", () => {
  const first = new MockModel({ name: "first", response: tooManyRequests(10) });
  const second = new MockModel({ name: "second", response: refused() });
  const third = new MockModel({ name: "third", response: "From the third." });
  const { outcome, events } = observed({
    model: first,
    fallbackModels: [second, third],
    retry: { attempts: 2 },
  });
  assert.ok(outcome.ok);
  const { thought, usage, performance } = outcome.value;
  assert.deepEqual([first, second, third].map(({ calls }) => calls.length), [2, 1, 1]);
  assert.equal(thought.text, "From the third.");
  assert.equal(thought.generation?.model, "third");
  assert.deepEqual(usage, { modelCalls: 4, callsWithoutUsage: 3 });
  const generated = events.find((event) => event.type === "generated");
  assert.equal(generated?.model, "mock:third");
  assert.deepEqual(
    ["mock:first", "mock:second", "mock:third"].map((name) => performance.byComponent[name]!.errors),
    [1, 1, 0],
  );
});

test("each iteration begins with the first model again", () => {
  const first = drafting({ failAt: 0, error: refused() });
  const spare = new MockModel({ name: "spare", response: "From the spare." });
  const { iterations } = resultOf(
    new Chain({
      model: first,
      prompt: "Write.",
      fallbackModels: [spare],
      validators: [never],
      maxImprovementIterations: 1,
    }),
  );
  assert.deepEqual(iterations.map(({ text }) => text), ["From the spare.", "draft 1"]);
});

test("the last model's error ends the run when no fallback answers", () => {
  const spare = new MockModel({ name: "spare", response: new Error("down as well") });
  const error = errorOf(
    new Chain({ model: answering(refused()), prompt: "Write.", fallbackModels: [spare] }),
  );
  assert.equal(error.message, "mock:spare could not answer: down as well");
});

test("a wrong configuration is not hidden behind a fallback model", () => {
  const model = defineModel("wrong", () => {
    throw new ConfigurationError("No API key was found", { code: "missing_key" });
  });
  const spare = answering("From the spare.");
  const error = errorOf(new Chain({ model, prompt: "Write.", fallbackModels: [spare] }));
  assert.ok(error instanceof ConfigurationError);
  assert.equal(spare.calls.length, 0);
});

test("timeouts.generateMs bounds a generation with its retries, and a fallback gets its own time", () => {
  const busy = new MockModel({ name: "busy", response: tooManyRequests(300) });
  const hanging = new MockModel({ name: "hanging", latencyMs: 1e9 });
  const spare = new MockModel({ name: "spare", response: "From the spare.", latencyMs: 100 });
  const options: ChainOptions = { prompt: "Write.", timeouts: { generateMs: 500 }, retry: { attempts: 9 } };
  const { outcome, elapsedMs } = simulated(
    new Chain({ ...options, model: busy, fallbackModels: [hanging, spare] }),
  );
  assert.ok(outcome.ok);
  assert.equal(elapsedMs, 1_100);
  assert.equal(outcome.value.usage.modelCalls, 4);
  const error = errorOf(new Chain({ ...options, model: hanging }));
  assert.ok(error instanceof ModelError);
  assert.equal(error.code, "timeout");
  assert.match(error.message, /mock:hanging.*took longer than 500 ms/);
});

test("usage sums what every call consumed, and says how many did not tell", () => {
  const usage = { promptTokens: 10, completionTokens: 4, costUsd: 0.5 };
  const one = new MockModel({ response: "A text.", usage });
  assert.deepEqual(resultOf(new Chain({ model: one, prompt: "Write." })).usage, { modelCalls: 1, ...usage });
  const flaky = new MockModel({ responses: [tooManyRequests(1), "One.", "Two."], usage });
  const result = resultOf(
    new Chain({ model: flaky, prompt: "Write.", validators: [never], maxImprovementIterations: 1 }),
  );
  // The price of the failed attempt is not known, so no price is.
  assert.deepEqual(result.usage, {
    modelCalls: 3,
    promptTokens: 20,
    completionTokens: 8,
    callsWithoutUsage: 1,
  });
  assert.deepEqual(result.thought.usage, result.usage);
});

test("a model may be exchanged between runs, and given as a spec", () => {
  const chain = new Chain({ model: answering("One."), prompt: "Write." });
  assert.equal(chain.run().text, "One.");
  assert.equal(chain.withModel(answering("Two.")).run().text, "Two.");
  assert.match(chain.withModel("mock").run().text!, /^Mock response/);
  assert.throws(() => chain.withModel("no such model").run(), ConfigurationError);
});

test("a model that waits is asked once an iteration", () => {
  const model = defineModel("waiting", function* (messages) {
    yield* sleep(250);
    return `${messages.length} message`;
  });
  const { outcome, elapsedMs } = simulated(new Chain({ model, prompt: "Write.", validators: [always] }));
  assert.ok(outcome.ok);
  assert.deepEqual([elapsedMs, outcome.value.thought.generation?.durationMs], [250, 250]);
});
