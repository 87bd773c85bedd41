/** Bounds on what a run may consume. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import { ConstitutionalCritic } from "../../src/critics/constitutional_critic.ts";
import { SelfRefineCritic } from "../../src/critics/self_refine_critic.ts";
import { Budget } from "../../src/chain/shared_budget.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { allSettled } from "../../src/operation/combinators.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { defineModel } from "../../src/models/define_model.ts";
import { EditorModel } from "../../src/models/editor_model.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { answering, ASKS, drafting, errorOf, never, resultOf, saying, tooManyRequests } from "./helpers.ts";

const FEEDBACK =
  '{"needs_improvement": true, "issues": ["dull"], "suggestions": ["liven it up"], "summary": "Dull."}';

test("maxModelCalls ends a run in order", () => {
  for (const maxModelCalls of [1, 2, 3]) {
    const model = drafting();
    const result = resultOf(
      new Chain({ model, prompt: "Write.", validators: [never], budget: { maxModelCalls } }),
    );
    assert.equal(model.calls.length, maxModelCalls);
    assert.equal(result.iterations.length, maxModelCalls);
    assert.equal(result.stopReason, "budget");
  }
});

test("a run that ends at its last allowed call has another reason", () => {
  const options = { model: drafting(), prompt: "Write.", budget: { maxModelCalls: 1 } };
  assert.equal(resultOf(new Chain(options)).stopReason, "passed");
  const bounded = new Chain({ ...options, validators: [never], maxImprovementIterations: 0 });
  assert.equal(resultOf(bounded).stopReason, "max-iterations");
});

test("failed attempts count against maxModelCalls", () => {
  const model = answering(tooManyRequests(1));
  const error = errorOf(
    new Chain({ model, prompt: "Write.", budget: { maxModelCalls: 2 }, retry: { attempts: 9 } }),
  );
  assert.equal(model.calls.length, 2);
  assert.equal(error.code, "rate_limit");
});

test("attempts cut short by the budget end a run in order when there is a text", () => {
  const model = answering("draft", tooManyRequests(1));
  const spare = drafting();
  const result = resultOf(
    new Chain({
      model,
      prompt: "Write.",
      validators: [never],
      budget: { maxModelCalls: 3 },
      fallbackModels: [spare],
      retry: { attempts: 9 },
    }),
  );
  assert.deepEqual([model.calls.length, spare.calls.length], [3, 0]);
  assert.deepEqual([result.stopReason, result.thought.text, result.usage.modelCalls], ["budget", "draft", 3]);
  assert.deepEqual(result.warnings.map(({ code }) => code), ["model_failed"]);
});

test("critics are not asked when the budget cannot pay for them", () => {
  const judge = new MockModel({ response: FEEDBACK });
  const critics = ["a", "b"].map((name) => new SelfRefineCritic({ model: judge, name }));
  const model = drafting();
  const result = resultOf(
    new Chain({ model, prompt: "Write.", validators: [never], critics, budget: { maxModelCalls: 2 } }),
  );
  assert.equal(result.stopReason, "budget");
  assert.deepEqual([model.calls.length, judge.calls.length], [1, 0]);
});

test("critics stop calling their models when the budget is spent", () => {
  const unreadable = new MockModel({ response: "prose without a verdict", latencyMs: 10 });
  const critics = ["a", "b", "c"].map((name) =>
    new SelfRefineCritic({ model: unreadable, name, maxRepairs: 3 })
  );
  for (const onCriticError of ["skip", "throw"] as const) {
    unreadable.reset();
    const result = resultOf(
      new Chain({
        model: drafting(),
        prompt: "Write.",
        validators: [never],
        critics,
        onCriticError,
        budget: { maxModelCalls: 6 },
      }),
    );
    assert.equal(unreadable.calls.length, 5);
    assert.equal(result.usage.modelCalls, 6);
    assert.equal(result.stopReason, "budget");
  }
});

test("maxTokens ends a run in order once it is reached", () => {
  const model = new MockModel({
    response: ({ index }) => `draft ${index}`,
    usage: { promptTokens: 60, completionTokens: 40 },
  });
  const run = (maxTokens: number) =>
    resultOf(new Chain({ model, prompt: "Write.", validators: [never], budget: { maxTokens } }));
  assert.deepEqual([run(100).iterations.length, run(101).iterations.length, run(250).iterations.length], [
    1,
    2,
    3,
  ]);
  assert.equal(run(100).stopReason, "budget");
  assert.equal(run(1_000).stopReason, "max-iterations");
});

test("maxTokens cannot hold where models do not tell, and the usage says so", () => {
  const result = resultOf(
    new Chain({ model: drafting(), prompt: "Write.", validators: [never], budget: { maxTokens: 1 } }),
  );
  assert.deepEqual([result.stopReason, result.usage.callsWithoutUsage], ["max-iterations", 4]);
});

test("critics without a model cost nothing", () => {
  const result = resultOf(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      validators: [never],
      critics: [saying("plain", ASKS)],
      budget: { maxModelCalls: 1 },
    }),
  );
  assert.deepEqual([result.stopReason, result.thought.criticFeedback.length], ["budget", 1]);
});

const judge = new MockModel({ response: FEEDBACK });
const STARTS: [name: string, options: ChainOptions, needed: number | undefined][] = [
  ["its critics always apply", {
    critics: [new SelfRefineCritic({ model: judge })],
    alwaysApplyCritics: true,
  }, 2],
  [
    "its three critics always apply",
    {
      critics: [
        new SelfRefineCritic({ model: judge }),
        new SelfRefineCritic({ model: judge }),
        new ConstitutionalCritic({ model: judge }),
      ],
      alwaysApplyCritics: true,
    },
    4,
  ],
  ["its critics may never be asked", { critics: [new SelfRefineCritic({ model: judge })] }, undefined],
  [
    "its critics always apply, but to no text that is the last",
    {
      critics: [new SelfRefineCritic({ model: judge })],
      alwaysApplyCritics: true,
      critiqueFinal: false,
      maxImprovementIterations: 0,
    },
    undefined,
  ],
  [
    "the first text is given",
    { input: "draft", critics: [new SelfRefineCritic({ model: judge })], alwaysApplyCritics: true },
    undefined,
  ],
];
for (const [name, options, needed] of STARTS) {
  test(`a run ${needed === undefined ? "starts" : "is refused at its start"} with maxModelCalls 1 when ${name}`, () => {
    const model = drafting();
    const chain = new Chain({ model, prompt: "Write.", ...options, budget: { maxModelCalls: 1 } });
    if (needed === undefined) {
      resultOf(chain);
      return;
    }
    const error = errorOf(chain);
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.code, "budget");
    const least = (error.metadata as { needed: number }).needed;
    assert.ok(least >= needed);
    assert.equal(
      error.message,
      `Cannot run Chain as budget.maxModelCalls must be at least ${least} for its model and critics: ` +
        "budget.maxModelCalls is 1",
    );
    assert.equal(model.calls.length, 0);
  });
}

const PRICE = { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 4, asOf: "2026-09-23" };

/** A model whose calls cost so much each; `undefined` where it does not say. */
function costing(costUsd: number | undefined): MockModel {
  const usage = { usage: costUsd === undefined ? {} : { promptTokens: 10, completionTokens: 10, costUsd } };
  return Object.assign(new MockModel({ response: ({ index }) => `draft ${index}`, ...usage }), {
    price: PRICE,
  });
}

test("maxCostUsd is refused at construction when the price of a model is not known", () => {
  const budget = { maxModelCalls: 3, maxCostUsd: 5 };
  const message = (name: string) =>
    `budget.maxCostUsd needs the price of every model, and that of ${name} is not known: budget.maxCostUsd is 5`;
  const unpriced = defineModel("own", () => "draft 0");
  assert.throws(() => new Chain({ budget, model: unpriced }), (error: ConfigurationError) => {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.message, `Cannot create Chain as ${message("custom:own")}`);
    assert.deepEqual(error.metadata.problems, [{
      path: ["budget", "maxCostUsd"],
      message: message("custom:own"),
    }]);
    return true;
  });
  const critic = new SelfRefineCritic({ model: unpriced });
  assert.throws(
    () => new Chain({ budget, model: costing(1), critics: [critic] }),
    /that of custom:own is not known/,
  );
  assert.throws(() => new Chain({ budget }).withModel(unpriced), /price of every model/);
  assert.throws(() => new Chain({ budget: new Budget(budget), model: unpriced }), /price of every model/);
  const spec = new Chain({ budget, model: "ollama:large", prompt: "Write." });
  assert.throws(() => spec.run(), /price of every model, and that of ollama:large is not known/);
  const unset = { maxModelCalls: 3, maxCostUsd: undefined };
  assert.equal(new Chain({ model: unpriced, prompt: "Write.", budget: unset }).run().text, "draft 0");
});

test("maxCostUsd takes a mock, which costs nothing unless it says so", () => {
  const options = {
    prompt: "Write.",
    validators: [never],
    maxImprovementIterations: 2,
    budget: { maxCostUsd: 0.01 },
  };
  const free = resultOf(new Chain({ ...options, model: drafting() }));
  assert.deepEqual([free.stopReason, free.thought.usage.costUsd], ["max-iterations", 0]);
  const dear = new MockModel({ response: ({ index }) => `draft ${index}`, usage: { costUsd: 0.02 } });
  assert.equal(resultOf(new Chain({ ...options, model: dear })).stopReason, "budget");
});

test("maxCostUsd takes the editor, whose calls cost nothing, and never ends its runs", () => {
  const result = new Chain({
    model: new EditorModel(),
    prompt: "Edit.",
    input: "In order to enter, utilize the the side door.",
    validators: [never],
    maxImprovementIterations: 2,
    budget: { maxCostUsd: 0.01 },
  }).runDetailed();
  assert.notEqual(result.stopReason, "budget");
  assert.equal(result.thought.usage.costUsd, 0);
});

test("maxCostUsd ends a run in order before the call after the one that reached it", () => {
  const model = costing(0.4);
  const result = resultOf(
    new Chain({ model, prompt: "Write.", validators: [never], budget: { maxCostUsd: 0.8 } }),
  );
  assert.deepEqual([model.calls.length, result.stopReason, result.iterations.length], [2, "budget", 2]);
});

test("maxCostUsd ends a run after an answer whose cost is not known", () => {
  const model = costing(undefined);
  const result = resultOf(
    new Chain({ model, prompt: "Write.", validators: [never], budget: { maxCostUsd: 100 } }),
  );
  assert.deepEqual([model.calls.length, result.stopReason], [1, "budget"]);
});

test("a Budget is shared by clones and chains, a plain one is each run's own", () => {
  const model = costing(0.25);
  const options = { model, prompt: "Write.", validators: [never], maxImprovementIterations: 1 };
  const plain = new Chain({ ...options, budget: { maxModelCalls: 2 } });
  assert.equal(resultOf(plain).iterations.length, 2);
  assert.equal(resultOf(plain.clone()).iterations.length, 2);
  const budget = new Budget({ maxModelCalls: 3 });
  const chain = new Chain({ ...options, budget });
  assert.equal(resultOf(chain).stopReason, "max-iterations");
  assert.equal(resultOf(chain.clone()).stopReason, "budget");
  assert.deepEqual(budget.used, { modelCalls: 3, tokens: 60, costUsd: 0.75 });
  const error = errorOf(new Chain({ ...options, budget }));
  assert.deepEqual([error.code, error.constructor.name], ["budget", "ModelError"]);
  assert.equal(budget.used.modelCalls, 3);
});

test("runs side by side never begin more calls than their Budget has", () => {
  for (let seed = 0; seed < 20; seed++) {
    const budget = new Budget({ maxModelCalls: 17 });
    const model = drafting({ latencyMs: 10 });
    const critic = new SelfRefineCritic({ model: answeringWith(FEEDBACK, 10) });
    const chain = new Chain({ model, critics: [critic], prompt: "Write.", validators: [never], budget });
    const runs = Array.from({ length: 8 }, () => chain._runOperation());
    const { outcome } = simulate(allSettled(runs), { seed });
    assert.ok(outcome.ok);
    const criticCalls = (critic.model as MockModel).calls.length;
    assert.equal(model.calls.length + criticCalls, 17);
    assert.equal(budget.used.modelCalls, 17);
    for (const run of outcome.value) {
      if (run.ok) assert.equal(run.value.stopReason, "budget");
      else assert.equal((run.error as ConfigurationError).code, "budget");
    }
  }
});

test("a replay finds a shared Budget as the run did, and takes nothing from it", async () => {
  using storage = new MemoryStorage();
  const chainOn = (budget: Budget): Chain =>
    new Chain({
      model: new MockModel({ responses: ["a", tooManyRequests(0), "b", "c"] }),
      critics: [new SelfRefineCritic({ model: new MockModel({ response: FEEDBACK }) })],
      prompt: "Write.",
      validators: [never],
      storage,
      budget,
    });
  for (const spentElsewhere of [0, 1, 2, 3, 4, 5]) {
    const budget = new Budget({ maxModelCalls: 6 });
    budget.begin(spentElsewhere);
    const chain = chainOn(budget);
    const runId = `run ${spentElsewhere}`;
    const { stopReason, thought } = chain.runDetailed({ runId });
    assert.equal(stopReason, "budget");
    const { used } = budget;
    const fresh = new Budget({ maxModelCalls: 6 });
    const replays = [chain.replay(runId), await chain._replayAsync(runId), chainOn(fresh).replay(runId)];
    for (const replayed of replays) assert.deepEqual(replayed.toJSON(), thought.toJSON());
    assert.deepEqual([budget.used, fresh.used.modelCalls], [used, 0]);
  }
});

function answeringWith(response: string, latencyMs: number): MockModel {
  return new MockModel({ response, latencyMs });
}
