import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { runSync } from "../../src/drivers/sync.ts";
import {
  costOf,
  createModel,
  defineModel,
  generateOperation,
  listPrice,
  type Model,
  type ModelPrice,
  PRICES,
  PROVIDERS,
} from "../../src/models/mod.ts";
import { sumUsage } from "../../src/thought/usage.ts";

const PRICE: ModelPrice = {
  inputUsdPerMillionTokens: 2,
  outputUsdPerMillionTokens: 10,
  cachedInputUsdPerMillionTokens: 0.5,
  maxPromptTokens: 1_000,
  asOf: "2026-09-23",
};

function priced(
  usage: { promptTokens?: number; completionTokens?: number; costUsd?: number } | undefined,
): Model {
  const model = defineModel("priced", () => ({ text: "Hello.", usage }));
  return { name: "priced", price: PRICE, _generateOperation: (...call) => model._generateOperation(...call) };
}

test("a call costs its tokens, those of the cache at their own price", () => {
  assert.equal(costOf(PRICE, { promptTokens: 100, completionTokens: 10 }), 0.0003);
  assert.equal(costOf(PRICE, { promptTokens: 100, completionTokens: 10, cacheReadTokens: 100 }), 0.00015);
  assert.equal(costOf(PRICE, { promptTokens: 0, completionTokens: 0 }), 0);
});

test("a cost is unknown when tokens, their kind's price or the price of so long a prompt are", () => {
  assert.equal(costOf(PRICE, { promptTokens: 100 }), undefined);
  assert.equal(costOf(PRICE, { completionTokens: 100 }), undefined);
  assert.equal(costOf(PRICE, { promptTokens: 100, completionTokens: 1, cacheWriteTokens: 5 }), undefined);
  assert.equal(costOf(PRICE, { promptTokens: 1_001, completionTokens: 1 }), undefined);
  assert.equal(costOf(PRICE, { promptTokens: 5, completionTokens: 1, cacheReadTokens: 6 }), undefined);
});

test("every price of the list is of a known provider, has a day and a page, and stands there once", () => {
  const seen = new Set<string>();
  for (const { provider, model, asOf, source, ...price } of PRICES) {
    assert.ok(Object.hasOwn(PROVIDERS, provider), provider);
    assert.match(asOf, /^2026-\d{2}-\d{2}$/);
    assert.ok(new URL(source).protocol === "https:");
    assert.ok(!seen.has(`${provider}:${model}`), model);
    seen.add(`${provider}:${model}`);
    const { inputUsdPerMillionTokens, outputUsdPerMillionTokens, cachedInputUsdPerMillionTokens = 0 } = price;
    assert.ok(inputUsdPerMillionTokens > cachedInputUsdPerMillionTokens, model);
    assert.ok(outputUsdPerMillionTokens > inputUsdPerMillionTokens, model);
  }
});

test("a list price is that of the model, dated or not, and of no other", () => {
  assert.equal(listPrice("openai", "gpt-5-mini")?.inputUsdPerMillionTokens, 0.25);
  assert.equal(listPrice("openai", "gpt-5-mini-2025-08-07")?.inputUsdPerMillionTokens, 0.25);
  assert.equal(listPrice("anthropic", "claude-haiku-4-5-20251001")?.outputUsdPerMillionTokens, 5);
  assert.equal(listPrice("openai", "gpt-4o-2024-08-06")?.inputUsdPerMillionTokens, 2.5);
  assert.equal(listPrice("openai", "gpt-4o-2024-05-13")?.inputUsdPerMillionTokens, 5);
  assert.equal(listPrice("openai", "gpt-5-mini-fast"), undefined);
  assert.equal(listPrice("azure", "gpt-5-mini"), undefined);
});

test("a model has its list price at its provider's own address only, and the price it is given anywhere", () => {
  const apiKey = "key-0123456789";
  assert.equal(createModel("openai:gpt-5-mini", { apiKey }).price?.outputUsdPerMillionTokens, 2);
  const baseUrl = "http://127.0.0.1:9/v1";
  assert.equal(createModel("openai:gpt-5-mini", { apiKey, baseUrl }).price, undefined);
  assert.deepEqual(createModel("openai:gpt-5-mini", { apiKey, baseUrl, price: PRICE }).price, PRICE);
  assert.equal(createModel("ollama:llama3").price, undefined);
  const incomplete = { price: { inputUsdPerMillionTokens: 1 } as ModelPrice };
  assert.throws(() => createModel("ollama:llama3", incomplete), /outputUsdPerMillionTokens/);
});

test("an answer carries its cost where the model has a price and the tokens are known", () => {
  const cost = (model: Model) => runSync(generateOperation(model, "Greet me")).usage?.costUsd;
  assert.equal(cost(priced({ promptTokens: 100, completionTokens: 10 })), 0.0003);
  assert.equal(cost(priced({ promptTokens: 100, completionTokens: 10, costUsd: 7 })), 7);
  assert.equal(cost(priced({ promptTokens: 100 })), undefined);
  assert.equal(cost(priced(undefined)), undefined);
});

test("a run tells its cost when every call's is known, and none when one is not", () => {
  const usage = { promptTokens: 100, completionTokens: 10 };
  assert.equal(new Chain({ model: priced(usage), prompt: "Greet me." }).run().usage.costUsd, 0.0003);
  assert.equal(new Chain({ model: priced(undefined), prompt: "Greet me." }).run().usage.costUsd, undefined);
  const known = { modelCalls: 1, promptTokens: 1, cacheReadTokens: 1, costUsd: 1 };
  assert.deepEqual(sumUsage([known, known, { modelCalls: 1, cacheWriteTokens: 4, completionTokens: 1 }]), {
    modelCalls: 3,
    promptTokens: 2,
    completionTokens: 1,
    cacheReadTokens: 2,
    cacheWriteTokens: 4,
  });
});
