/** Every provider against aimock, each at its own path, in both drivers. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runSync } from "../../src/drivers/sync.ts";
import { ModelApiError } from "../../src/errors.ts";
import { createModel, type CreateModelOptions, generateOperation, PROVIDERS } from "../../src/models/mod.ts";
import { Chain } from "../../src/chain/chain.ts";
import { startAimock } from "../helpers/mock_provider.ts";

const aimock = await startAimock([
  { match: { userMessage: "Name a lemur" }, response: { content: "The indri." } },
  { match: { userMessage: "Score", responseFormat: "json_schema" }, response: { content: '{"score":7}' } },
  {
    match: { userMessage: "slow" },
    response: { error: { message: "slow down", type: "rate_limit_error" }, status: 429, retryAfter: 3 },
  },
  {
    match: { userMessage: "down", model: "claude-down" },
    response: { error: { message: "Overloaded", type: "overloaded_error" }, status: 529 },
  },
  { match: { userMessage: "down" }, response: { content: "The fallback answers." } },
]);
after(() => aimock.stop());

const origin = new URL(aimock.url).origin;
const KEY = "key-0123456789";

/** Where each provider's own address stands below its host; for the two without an address, a usual one. */
function baseUrlOf(id: string): string {
  const own = PROVIDERS[id]!.baseUrl;
  const path = own === undefined ? (id === "azure" ? "" : "/v1") : new URL(own).pathname;
  return origin + (path === "/" ? "" : path);
}

function make(id: string, options: CreateModelOptions = {}) {
  const name = id === "groq" ? "openai/gpt-oss-120b" : "some-model";
  return createModel(`${id}:${name}`, { apiKey: KEY, baseUrl: baseUrlOf(id), ...options });
}

const PATHS: Readonly<Record<string, string>> = {
  anthropic: "/v1/messages",
  gemini: "/v1beta/openai/chat/completions",
  groq: "/openai/v1/chat/completions",
  openrouter: "/api/v1/chat/completions",
  azure: "/openai/v1/chat/completions",
};

for (const id of Object.keys(PROVIDERS)) {
  test(`${id} answers, streams and refuses, in both drivers`, async () => {
    const model = make(id);
    assert.equal(model.generate("Name a lemur"), "The indri.");
    assert.equal(await model._generateAsync("Name a lemur"), "The indri.");
    assert.equal([...model.stream("Name a lemur")].join(""), "The indri.");
    let text = "";
    for await (const piece of model._streamAsync("Name a lemur")) text += piece;
    assert.equal(text, "The indri.");

    const { finishReason, usage } = runSync(generateOperation(model, "Name a lemur"));
    assert.equal(finishReason, "stop");
    assert.ok(usage?.promptTokens !== undefined && usage.completionTokens !== undefined);

    const isRateLimit = (error: unknown): boolean => {
      assert.ok(error instanceof ModelApiError, String(error));
      assert.equal(`${error.code} ${error.provider} ${error.status}`, `rate_limit ${id} 429`);
      assert.equal(error.retryAfterMs, 3000);
      return true;
    };
    // A model that was refused waits before it asks again, so each driver has one of its own.
    assert.throws(() => make(id).generate("slow"), isRateLimit);
    await assert.rejects(make(id)._generateAsync("slow"), isRateLimit);
  });

  test(`${id} is called at its own path with its key where it belongs`, async () => {
    make(id).generate("Name a lemur");
    const { path, headers } = (await aimock.requests()).at(-1)!;
    assert.equal(path, PATHS[id] ?? "/v1/chat/completions");
    // aimock shows that a key came, and keeps it to itself.
    const names = { bearer: "authorization", "api-key": "api-key" };
    const sent = Object.values(names).filter((name) => headers[name] !== undefined);
    assert.deepEqual(sent, [names[PROVIDERS[id]!.auth]]);
  });

  if (make(id).capabilities.structuredOutput) {
    test(`${id} answers in JSON by a schema`, () => {
      const schema = { type: "object", properties: { score: { type: "number" } }, required: ["score"] };
      const options = { responseFormat: { type: "json" as const, schema } };
      // aimock knows the field of OpenAI's protocol only; what Anthropic is sent is seen in its own tests.
      if (id === "anthropic") assert.equal(make(id).generate("Name a lemur", options), "The indri.");
      else assert.equal(make(id).generate("Score it", options), '{"score":7}');
    });
  }
}

test("an older Azure endpoint is called at its deployment's address", async () => {
  const model = make("azure", { apiVersion: "2024-10-21" });
  assert.equal(model.generate("Name a lemur"), "The indri.");
  assert.equal(await model._generateAsync("Name a lemur"), "The indri.");
  const { path } = (await aimock.requests()).at(-1)!;
  assert.match(path, /^\/openai\/deployments\/some-model\/chat\/completions/);
});

test("a chain turns to its fallback model when Anthropic stays overloaded, in both drivers", async () => {
  const chain = () =>
    new Chain({
      model: createModel("anthropic:claude-down", { apiKey: KEY, baseUrl: origin }),
      fallbackModels: [make("groq"), make("openai")],
      prompt: "down",
      retry: { attempts: 2, baseMs: 1, maxMs: 2 },
    });
  for (const result of [chain().run(), await chain()._runAsync()]) {
    assert.equal(result.text, "The fallback answers.");
    assert.equal(result.usage.modelCalls, 3);
  }
});
