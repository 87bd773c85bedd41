/** Aborting a run, in each of its steps. */
import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import { defineCritic } from "../../src/critics/define_critic.ts";
import { defineModel } from "../../src/models/define_model.ts";
import { host, type Operation, sleep } from "../../src/operation/operation.ts";
import { defineRetriever } from "../../src/retrievers/define_retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import { ASKS, drafting, never, saying, simulated } from "./helpers.ts";

/** Long enough that a run which does not notice its abort would fail the test by its time. */
const LONG_MS = 60_000;

interface Situation {
  options: ChainOptions;
  controller: AbortController;
  reason: Error;
  closed: string[];
  calls: string[];
}

type Step =
  | "retrieval"
  | "generation"
  | "retry"
  | "validation"
  | "criticism"
  | "critic retrieval"
  | "storage";
const STEPS: Step[] = [
  "retrieval",
  "generation",
  "retry",
  "validation",
  "criticism",
  "critic retrieval",
  "storage",
];

/** A chain that aborts itself in a step and would then wait for very long in it. */
function abortingIn(step: Step): Situation {
  const controller = new AbortController();
  const reason = new Error(`aborted in ${step}`);
  const closed: string[] = [];
  const calls: string[] = [];
  function* act<T>(here: Step, value: T): Operation<T> {
    calls.push(here);
    if (here !== step) return value;
    try {
      yield* host(() => controller.abort(reason));
      yield* sleep(LONG_MS);
      return value;
    } finally {
      closed.push(here);
    }
  }
  const storage = new MemoryStorage();
  const { set } = storage._operations;
  let writes = 0;
  storage._operations.set = function* (...args) {
    // The record of the first thought is written, its reference is not.
    if (writes++ === 1) yield* act("storage", undefined);
    yield* set.apply(storage._operations, args);
  };
  const options: ChainOptions = {
    model: defineModel("model", function* () {
      if (step === "retry") {
        calls.push("retry");
        controller.abort(reason);
        throw Object.assign(new Error("busy"), { retryable: true, retryAfterMs: LONG_MS });
      }
      return yield* act("generation", "A text.");
    }),
    prompt: "Write.",
    chainId: "notes",
    modelRetrievers: [defineRetriever("retriever", () => act("retrieval", ["a fact"]))],
    validators: [defineValidator("validator", () => act("validation", false)), never],
    critics: [defineCritic("critic", () => act("criticism", ASKS)), saying("other", ASKS)],
    criticRetrievers: [defineRetriever("critic retriever", () => act("critic retrieval", ["a fact"]))],
    storage,
    signal: controller.signal,
    onValidatorError: "pass",
    onModelError: "return-best",
    fallbackModels: [drafting()],
  };
  return { options, controller, reason, closed, calls };
}

for (const step of STEPS) {
  test(`abort during ${step} ends run() with the signal's reason`, () => {
    const { options, reason, closed, calls } = abortingIn(step);
    const startedMs = performance.now();
    assert.throws(() => new Chain(options).run(), (error) => error === reason);
    assert.ok(performance.now() - startedMs < LONG_MS / 10);
    assert.equal(calls.at(-1), step, "nothing follows the abort");
    assert.deepEqual(closed, step === "retry" ? [] : [step]);
    checkStore(options);
  });

  test(`abort during ${step} rejects _runAsync() with the signal's reason`, async () => {
    const { options, reason, closed, calls } = abortingIn(step);
    await assert.rejects(new Chain(options)._runAsync(), (error) => error === reason);
    assert.equal(calls.at(-1), step);
    assert.deepEqual(closed, step === "retry" ? [] : [step]);
    checkStore(options);
  });

  test(`cancelling a simulated run during ${step} closes what was open`, () => {
    const { options, closed } = abortingIn(step);
    const quiet = new Chain({ ...options, retry: { attempts: 3, jitter: false } });
    const { outcome, elapsedMs } = simulated(quiet, { cancelAfterMs: 500 });
    assert.ok(!outcome.ok);
    assert.equal((outcome.error as Error).name, "AbortError");
    assert.ok(elapsedMs <= 501);
    assert.deepEqual(closed, step === "retry" ? [] : [step]);
    checkStore(options);
  });
}

/** Whatever is in the store can be read, and every reference in it resolves. */
function checkStore({ storage }: ChainOptions): void {
  const store = new ThoughtStore(storage!);
  for (const thought of store.list("notes")) {
    assert.ok(thought.text !== undefined);
    assert.equal(Object.keys(thought.validationResults).length, 2);
  }
}

test("a signal that is aborted before the run lets nothing begin", async () => {
  const reason = new Error("too late");
  const model = drafting();
  const chain = new Chain({ model, prompt: "Write.", signal: AbortSignal.abort(reason) });
  assert.throws(() => chain.run(), (error) => error === reason);
  await assert.rejects(chain._runAsync(), (error) => error === reason);
  assert.equal(model.calls.length, 0);
});

test("the signal of a run and that of the chain both end it", async () => {
  for (const own of [true, false]) {
    const [first, second] = [new AbortController(), new AbortController()];
    const reason = new Error("enough");
    const validators = [{
      name: "aborting",
      validate: () => {
        (own ? first : second).abort(reason);
        return { passed: false };
      },
    }];
    const chain = new Chain({ model: drafting(), prompt: "Write.", validators, signal: first.signal });
    if (!own) assert.throws(() => chain.run({ signal: second.signal }), (error) => error === reason);
    else await assert.rejects(chain._runAsync({ signal: second.signal }), (error) => error === reason);
  }
});

test("a run that never waits notices that its own code aborted it", async () => {
  for (const run of ["run", "_runAsync"] as const) {
    const controller = new AbortController();
    const reason = new Error("enough");
    const model = drafting();
    const validators = [defineValidator("aborting", () => {
      controller.abort(reason);
      return ["not yet"];
    })];
    const chain = new Chain({ model, prompt: "Write.", validators, signal: controller.signal });
    await assert.rejects(async () => await chain[run](), (error) => error === reason);
    assert.equal(model.calls.length, 1);
  }
});

test("an abort from a listener or from outside ends an asynchronous run", async () => {
  const controller = new AbortController();
  const reason = new DOMException("The user has left", "AbortError");
  const chain = new Chain({
    model: drafting({ latencyMs: LONG_MS }),
    prompt: "Write.",
    signal: controller.signal,
    onEvent: ({ type }) => type === "generation-started" && setTimeout(() => controller.abort(reason), 2),
  });
  await assert.rejects(chain._runAsync(), (error) => error === reason);
});

test("a twin gets a signal that is aborted, and what it throws then is heard by nobody", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  let seen: AbortSignal | undefined;
  const model = {
    name: "own",
    _generateAsync: (_: unknown, options: { signal?: AbortSignal } = {}) => {
      seen = options.signal;
      setTimeout(() => controller.abort(reason), 1);
      return new Promise<string>((_, reject) => {
        options.signal!.addEventListener("abort", () => reject(new Error("the call was cancelled")));
      });
    },
  };
  const rejections: unknown[] = [];
  const onRejection = (event: unknown): unknown => rejections.push(event);
  process.on("unhandledRejection", onRejection);
  await assert.rejects(
    new Chain({ model, prompt: "Write.", signal: controller.signal })._runAsync(),
    (error) => error === reason,
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off("unhandledRejection", onRejection);
  assert.equal(seen?.aborted, true);
  assert.deepEqual(rejections, []);
});

test("several twins that fail at once leave no unhandled rejection", async () => {
  const rejections: unknown[] = [];
  const onRejection = (event: unknown): unknown => rejections.push(event);
  process.on("unhandledRejection", onRejection);
  const failing = (name: string) => ({
    name,
    _validateAsync: async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      throw new Error(`${name} is out of order`);
    },
  });
  const validators = ["a", "b", "c"].map(failing);
  const chain = new Chain({ model: drafting(), prompt: "Write.", validators, onValidatorError: "throw" });
  await assert.rejects(chain._runAsync(), /is out of order/);
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off("unhandledRejection", onRejection);
  assert.deepEqual(rejections, []);
});
