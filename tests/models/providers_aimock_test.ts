/** Every provider against aimock, each at its own path, in both drivers. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ModelApiError } from "../../src/errors.ts";
import { createModel, type CreateModelOptions, generateOperation, PROVIDERS } from "../../src/models/mod.ts";
import { Chain } from "../../src/chain/chain.ts";
import { startAimock } from "../helpers/mock_provider.ts";

/** What each status means, whoever the provider is. */
const REFUSALS: readonly (readonly [status: number, code: string, retryable: boolean])[] = [
  [400, "bad_request", false],
  [401, "auth", false],
  [403, "auth", false],
  [404, "model_not_found", false],
  [408, "timeout", true],
  [409, "conflict", true],
  [422, "bad_request", false],
  [500, "server_error", true],
  [503, "server_error", true],
];

const LONG = "Sifakas leap from tree to tree. ".repeat(20);

const aimock = await startAimock([
  ...REFUSALS.map(([status]) => ({
    match: { userMessage: `refuse with ${status}` },
    response: { error: { message: `it is ${status}`, type: "some_error" }, status },
  })),
  { match: { userMessage: "at length" }, response: { content: LONG }, chunkSize: 8, latency: 20 },
  {
    match: { userMessage: "break off" },
    response: { content: LONG },
    chunkSize: 8,
    latency: 2,
    truncateAfterChunks: 6,
  },
  {
    match: { userMessage: "Name a lemur" },
    response: { content: "The indri.", usage: { prompt_tokens: 7, completion_tokens: 3 } },
  },
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

    const asked = () => generateOperation(model, "Name a lemur");
    const streamed = () => model._streamOperation("Name a lemur");
    const known = { promptTokens: 7, completionTokens: 3 };
    for (const { finishReason, usage } of [runSync(asked()), await runAsync(asked())]) {
      assert.deepEqual([finishReason, usage], ["stop", known]);
    }
    for (const { finishReason, usage } of [runSync(streamed()), await runAsync(streamed())]) {
      // Mistral tells it unasked, which aimock does not.
      assert.deepEqual([finishReason, usage], ["stop", id === "mistral" ? undefined : known]);
    }

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

  test(`${id} is left in the middle of its answer, or leaves, in both drivers`, async () => {
    const reason = new Error("enough");
    const isReason = (error: unknown): boolean => error === reason;
    const leaving = (): { signal: AbortSignal; hear: () => void } => {
      const controller = new AbortController();
      return { signal: controller.signal, hear: () => controller.abort(reason) };
    };
    const blocking = leaving();
    assert.throws(() => {
      for (const _ of make(id).stream("at length", { signal: blocking.signal })) blocking.hear();
    }, isReason);
    const waiting = leaving();
    await assert.rejects(async () => {
      for await (const _ of make(id)._streamAsync("at length", { signal: waiting.signal })) waiting.hear();
    }, isReason);

    const isBrokenOff = (error: unknown): boolean => {
      assert.ok(error instanceof ModelApiError, String(error));
      return error.code === "broken_off" && error.retryable;
    };
    assert.throws(() => [...make(id).stream("break off")], isBrokenOff);
    await assert.rejects(runAsync(make(id)._streamOperation("break off")), isBrokenOff);
  });

  test(`${id} refuses in its own dialect, and each refusal is an error of its kind, in both drivers`, async () => {
    for (const [status, code, retryable] of REFUSALS) {
      const isIt = (error: unknown): boolean => {
        assert.ok(error instanceof ModelApiError, String(error));
        assert.deepEqual([error.status, error.code, error.retryable], [status, code, retryable]);
        assert.match(error.message, new RegExp(`it is ${status}`));
        assert.ok(!JSON.stringify(error).includes(KEY));
        return true;
      };
      assert.throws(() => make(id).generate(`refuse with ${status}`), isIt);
      await assert.rejects(make(id)._generateAsync(`refuse with ${status}`), isIt);
    }
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
    test(`${id} answers in JSON by a schema, in both drivers`, async () => {
      const schema = { type: "object", properties: { score: { type: "number" } }, required: ["score"] };
      const options = { responseFormat: { type: "json" as const, schema } };
      // aimock knows the field of OpenAI's protocol only; what Anthropic is sent is seen in its own tests.
      const [task, answer] = id === "anthropic"
        ? ["Name a lemur", "The indri."]
        : ["Score it", '{"score":7}'];
      assert.equal(make(id).generate(task, options), answer);
      assert.equal(await make(id)._generateAsync(task, options), answer);
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
