/** What holds for every run, whatever the order in which things finish. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { defineCritic } from "../../src/critics/define_critic.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import type { JsonValue } from "../../src/json.ts";
import { defineModel } from "../../src/models/define_model.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { all } from "../../src/operation/combinators.ts";
import { type Operation, random, remote, sleep } from "../../src/operation/operation.ts";
import { defineRetriever } from "../../src/retrievers/define_retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import { always, drafting, never, resultOf, simulated, summaryOf, wants } from "./helpers.ts";

const SEEDS = Array.from({ length: 50 }, (_, seed) => seed);
const ECHO = { module: "https://sifaka.invalid/calls.ts", name: "echo" };

/** Every component takes a time drawn from the seed, twice, once by a call out and once by a sleep. */
function* shuffled(): Operation<void> {
  yield* remote(ECHO);
  yield* sleep(Math.round(100 * (yield* random())));
}

function chain(storage?: MemoryStorage): Chain {
  return new Chain({
    model: defineModel("model", function* (messages) {
      yield* shuffled();
      return `text of ${messages.at(-1)!.content.length}`;
    }),
    prompt: "Write.",
    chainId: "notes",
    storage,
    validators: ["a", "b", "c", "a"].map((name, index) =>
      defineValidator(name, function* ({ iteration }) {
        yield* shuffled();
        if (index === 2) throw new Error("out of order");
        return iteration > index ? [] : [`too early for ${name}`];
      })
    ).concat(defineValidator("instant", () => true)),
    critics: ["x", "y", "x"].map((name, index) =>
      defineCritic(name, function* ({ text, iteration }, { memory }) {
        yield* shuffled();
        if (index === 1 && iteration === 1) throw new Error("out of order");
        memory!.value = [...(memory!.value ?? []) as JsonValue[], text!.length];
        return {
          needsImprovement: true,
          issues: [`${name} wants more than ${text}`],
          forGenerator: `note of ${name}`,
        };
      })
    ),
    modelRetrievers: ["p", "q"].map((name) =>
      defineRetriever(name, function* (query) {
        yield* shuffled();
        return [`${name} knows ${query.length}`, "what both know"];
      })
    ),
    criticRetrievers: [defineRetriever("r", function* () {
      yield* shuffled();
      throw new Error("no index");
    })],
    maxConcurrency: 3,
  });
}

const shuffle = (seed: number, storage?: MemoryStorage) => {
  const { outcome, elapsedMs } = simulated(chain(storage), { seed, latencyMs: [1, 100], remote: () => null });
  if (!outcome.ok) throw outcome.error;
  return { result: outcome.value, elapsedMs };
};

test("a run gives the same whatever finishes first, over 50 seeds", () => {
  const expected = summaryOf(shuffle(0).result);
  assert.equal(expected.iterations.length, 4);
  assert.deepEqual(expected.iterations[0]!.order, ["a", "b", "c", "a#2", "instant"]);
  const times = new Set<number>();
  for (const seed of SEEDS) {
    const { result, elapsedMs } = shuffle(seed);
    assert.deepEqual(summaryOf(result), expected, `seed ${seed}`);
    times.add(elapsedMs);
  }
  assert.ok(times.size > 40, "the seeds did not shuffle anything");
});

test("the invariants of a run hold over 50 seeds", () => {
  for (const seed of SEEDS) {
    const storage = new MemoryStorage();
    const { result: { iterations, thought, usage } } = shuffle(seed, storage);
    const kept = new ThoughtStore(storage).list("notes");
    assert.deepEqual(kept.map(({ id }) => id), iterations.map(({ id }) => id));
    for (const [index, each] of iterations.entries()) {
      assert.equal(each.iteration, index);
      assert.equal(Object.keys(each.validationResults).length, 5);
      assert.equal(each.criticFeedback.length, index < 3 ? 3 : 0);
      assert.equal(each.preGenerationContext.length, 3);
      assert.equal(each.postGenerationContext.length, 3);
      assert.equal(each.history.length, index);
      assert.equal(each.parentId, iterations[index - 1]?.id);
      assert.deepEqual(JSON.parse(JSON.stringify(kept[index])), JSON.parse(JSON.stringify(each)));
    }
    assert.ok(iterations.includes(thought));
    assert.equal(usage.modelCalls, iterations.length);
  }
});

test("the same seed gives the same run, ids and times included", () => {
  const once = () => JSON.stringify(shuffle(7).result);
  assert.equal(once(), once());
});

test("runs of one chain at the same time do not mix", () => {
  const model = new MockModel({
    latencyMs: 10,
    response: ({ prompt }) =>
      prompt.startsWith("Write about ") ? `about ${prompt.slice(12)}: dull` : `${prompt.length}`,
  });
  const shared = new Chain({
    model,
    validators: [
      defineValidator("slow", function* ({ prompt }) {
        yield* sleep(prompt.length);
        return ["always dull"];
      }),
    ],
    critics: [
      defineCritic("critic", function* ({ prompt }, { memory }) {
        yield* sleep(prompt.length);
        memory!.value = [...(memory!.value ?? []) as JsonValue[], prompt];
        return { needsImprovement: true };
      }),
    ],
    maxImprovementIterations: 2,
    stopOnNoProgress: false,
  });
  const prompts = ["lemurs", "a long-tailed bird of the south", "sea", "stones"].map((topic) =>
    `Write about ${topic}`
  );
  const { outcome } = simulate(all(prompts.map((prompt) => shared._runOperation({ prompt }))));
  assert.ok(outcome.ok);
  for (const [index, result] of outcome.value.entries()) {
    const alone = resultOf(shared.clone().withPrompt(prompts[index]!));
    assert.deepEqual(summaryOf(result), summaryOf(alone));
    assert.deepEqual(result.thought.metadata.critics, { critic: [prompts[index], prompts[index]] });
  }
  assert.equal(new Set(outcome.value.map(({ runId }) => runId)).size, 4);
});

test("runs of one chain at the same time do not mix in _runAsync()", async () => {
  const shared = new Chain({
    model: new MockModel({ latencyMs: 2, response: ({ prompt }) => `to: ${prompt}` }),
    validators: [always],
  });
  const prompts = Array.from({ length: 20 }, (_, index) => `task ${index}`);
  const thoughts = await Promise.all(prompts.map((prompt) => shared._runAsync({ prompt })));
  assert.deepEqual(thoughts.map(({ text }) => text), prompts.map((prompt) => `to: ${prompt}`));
  assert.equal(new Set(thoughts.map(({ id }) => id)).size, 20);
});

test("1,000 runs in a row work and are quick", () => {
  const chain = new Chain({ model: drafting(), prompt: "Write.", validators: [always, wants("draft")] });
  const startedMs = performance.now();
  for (let count = 0; count < 1_000; count++) assert.equal(chain.run().valid, true);
  assert.ok(performance.now() - startedMs < 5_000);
});

test("1,000 runs in a row that fail leave nothing behind", () => {
  const chain = new Chain({
    model: drafting(),
    prompt: "Write.",
    validators: [never],
    maxImprovementIterations: 1,
    onExhausted: "throw",
    timeouts: { totalMs: 10_000 },
  });
  for (let count = 0; count < 1_000; count++) {
    assert.throws(() => chain.run(), { name: "ChainExhaustedError" });
  }
});

test("50 iterations make a history of 50, oldest first", () => {
  const { thought } = resultOf(
    new Chain({ model: drafting(), prompt: "Write.", validators: [never], maxImprovementIterations: 50 }),
  );
  assert.deepEqual(
    thought.history.map(({ text }) => text),
    Array.from({ length: 50 }, (_, index) => `draft ${index}`),
  );
});
