import { test } from "node:test";
import assert from "node:assert/strict";
import { sumUsage } from "../../src/thought/usage.ts";

test("sumUsage adds up calls, tokens and prices that are known", () => {
  const one = { modelCalls: 1, promptTokens: 100, completionTokens: 20, costUsd: 0.5 };
  const two = { modelCalls: 2, promptTokens: 50, completionTokens: 5, costUsd: 0.25 };
  assert.deepEqual(sumUsage([one, two]), {
    modelCalls: 3,
    promptTokens: 150,
    completionTokens: 25,
    costUsd: 0.75,
  });
});

test("sumUsage leaves out what is not known of any call", () => {
  assert.deepEqual(sumUsage([]), { modelCalls: 0 });
  assert.deepEqual(sumUsage([undefined, { modelCalls: 2 }]), { modelCalls: 2, callsWithoutUsage: 2 });
});

test("sumUsage says how many calls are missing from the tokens", () => {
  const known = { modelCalls: 1, promptTokens: 100, completionTokens: 20 };
  const retried = { modelCalls: 3, promptTokens: 10, callsWithoutUsage: 2 };
  assert.deepEqual(sumUsage([known, retried, { modelCalls: 4 }]), {
    modelCalls: 8,
    promptTokens: 110,
    completionTokens: 20,
    callsWithoutUsage: 6,
  });
});

test("sumUsage gives no price as soon as one is not known", () => {
  assert.equal(sumUsage([{ modelCalls: 1, costUsd: 1 }, { modelCalls: 1 }]).costUsd, undefined);
  assert.equal(sumUsage([{ modelCalls: 1, costUsd: 1 }, { modelCalls: 0 }]).costUsd, 1);
  assert.equal(sumUsage([{ modelCalls: 1, costUsd: 0 }]).costUsd, 0);
});

test("sumUsage of sums is the sum of all", () => {
  const usages = [{ modelCalls: 1, promptTokens: 1 }, { modelCalls: 2 }, {
    modelCalls: 1,
    completionTokens: 3,
  }];
  assert.deepEqual(sumUsage([sumUsage(usages.slice(0, 2)), sumUsage(usages.slice(2))]), sumUsage(usages));
});
