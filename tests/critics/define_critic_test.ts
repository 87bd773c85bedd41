import assert from "node:assert/strict";
import { test } from "node:test";
import { defineCritic, type PartialFeedback } from "../../src/critics/define_critic.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { all } from "../../src/operation/combinators.ts";
import { sleep } from "../../src/operation/operation.ts";
import { draft, everyDriver } from "./helpers.ts";

test("defineCritic makes a critic with both methods and the operation", async () => {
  const critic = defineCritic("tone", (thought) => ({ issues: [`about ${thought.text}`] }));
  const expected = critic.critique(draft());
  assert.equal(expected.critic, "tone");
  assert.equal(expected.needsImprovement, true);
  assert.deepEqual(await critic._critiqueAsync(draft()), expected);
  for (const feedback of await everyDriver(() => critic._critiqueOperation(draft()))) {
    assert.deepEqual(feedback, expected);
  }
  assert.deepEqual(critic.estimateCalls!(draft()), { min: 0, expected: 0, max: 0 });
});

test("defineCritic fills in what the function leaves out", () => {
  const verdict = (given: PartialFeedback): boolean | undefined =>
    defineCritic("c", () => given).critique(draft()).needsImprovement;
  assert.equal(verdict({ issues: ["a"] }), true);
  assert.equal(verdict({ issues: [] }), false);
  assert.equal(verdict({ issues: ["a"], needsImprovement: false }), false);
  assert.equal(verdict({ summary: "Hm." }), undefined);
  assert.equal(verdict({}), undefined);
});

test("defineCritic gives the function what the chain knows", () => {
  const memory = { value: 1 as number | undefined };
  defineCritic("c", (_thought, context) => {
    context.memory!.value = 2;
    return {};
  }).critique(draft(), { memory });
  assert.equal(memory.value, 2);
});

test("critics of generator functions wait side by side", () => {
  const slow = defineCritic("slow", function* () {
    yield* sleep(100);
    return { needsImprovement: false };
  });
  const { elapsedMs, outcome } = simulate(all([1, 2, 3, 4, 5].map(() => slow._critiqueOperation(draft()))));
  assert.equal(elapsedMs, 100);
  assert.ok(outcome.ok);
  assert.equal(outcome.value[0]!.durationMs, 100);
});

test("a critic of an asynchronous function says how to wait instead", () => {
  const critic = defineCritic("hasty", (() => Promise.resolve({})) as never);
  assert.throws(() => critic.critique(draft()), /hasty must give feedback.*it gave a promise/);
});

test("defineCritic refuses a blank name and what is no function", () => {
  assert.throws(() => defineCritic(" ", () => ({})), /its name must not be blank/);
  assert.throws(() => defineCritic("c", {} as never), /Cannot define critic c as it must be a function/);
});
