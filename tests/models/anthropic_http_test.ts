import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, ModelApiError } from "../../src/errors.ts";
import {
  AnthropicModel,
  type AnthropicOptions,
  createModel,
  generateOperation,
} from "../../src/models/mod.ts";
import { all } from "../../src/operation/combinators.ts";
import { type MockProvider, type Scenario, startProvider } from "../helpers/mock_provider.ts";
import { until } from "../helpers/until.ts";

const server: MockProvider = await startProvider();
after(() => server.stop());

const KEY = "sk-ant-0123456789abcdef";
const USAGE = { input_tokens: 11, output_tokens: 7, cache_read_input_tokens: null };

function message(fields: object = {}): Scenario {
  const content = [{ type: "thinking", thinking: "hm" }, { type: "text", text: "Good " }, {
    type: "text",
    text: "day.",
  }];
  return {
    json: {
      type: "message",
      model: "claude-served",
      content,
      stop_reason: "end_turn",
      usage: USAGE,
      ...fields,
    },
  };
}

function streamOf(...events: readonly { readonly type: string }[]): Scenario {
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  return { headers: { "content-type": "text/event-stream" }, body };
}

const START = { type: "message_start", message: { model: "claude-served", content: [], usage: USAGE } };
const piece = (text: string) => ({
  type: "content_block_delta",
  index: 0,
  delta: { type: "text_delta", text },
});
const END = {
  type: "message_delta",
  delta: { stop_reason: "end_turn" },
  usage: { output_tokens: 9, input_tokens: null },
};
const STOP = { type: "message_stop" };

function model(scenario: Scenario, options: Partial<AnthropicOptions> = {}): AnthropicModel {
  const baseUrl = server.url(scenario);
  return new AnthropicModel({ model: "claude-test", apiKey: KEY, baseUrl, ...options });
}

/** What the call throws in both drivers, which must be the same. */
async function failure(made: AnthropicModel, streamed = false): Promise<ModelApiError> {
  const thrown: unknown[] = [];
  try {
    if (streamed) Array.from(made.stream("Greet me"));
    else made.generate("Greet me");
  } catch (error) {
    thrown.push(error);
  }
  try {
    if (streamed) { for await (const _ of made._streamAsync("Greet me")); }
    else await made._generateAsync("Greet me");
  } catch (error) {
    thrown.push(error);
  }
  const [sync, async] = thrown as ModelApiError[];
  assert.ok(sync instanceof ModelApiError && async instanceof ModelApiError, String(sync));
  assert.equal(sync.message, async.message);
  assert.equal(sync.code, async.code);
  for (const error of [sync, async]) assert.ok(!inspect(error, { depth: 9 }).includes(KEY));
  return sync;
}

test("an Anthropic model sends exactly what it is asked and reads every text block, in both drivers", async () => {
  await server.clear();
  const made = model(message(), { headers: { "x-team": "docs" } });
  const options = {
    systemPrompt: "Be brief.",
    temperature: 0.2,
    maxTokens: 9,
    stop: ["END"],
    topK: 4,
    topP: 0.9,
  };
  const prompt = [
    { role: "system", content: "You are kind." },
    { role: "user", content: "Hello" },
    { role: "assistant", content: " " },
    { role: "user", content: "Greet me" },
  ] as const;
  assert.equal(made.generate(prompt, options), "Good day.");
  assert.equal(await made._generateAsync(prompt, options), "Good day.");
  const requests = await server.requests();
  assert.equal(requests.length, 2);
  for (const { method, path, headers, body } of requests) {
    assert.equal(`${method} ${path}`, "POST /v1/v1/messages");
    assert.equal(headers.authorization, `Bearer ${KEY}`);
    assert.match(headers["anthropic-version"]!, /^\d{4}-\d{2}-\d{2}$/);
    assert.equal(headers["anthropic-dangerous-direct-browser-access"], undefined);
    assert.equal(headers["x-team"], "docs");
    assert.deepEqual(body, {
      model: "claude-test",
      max_tokens: 9,
      system: "Be brief.\n\nYou are kind.",
      messages: [{ role: "user", content: "Hello" }, { role: "user", content: "Greet me" }],
      temperature: 0.2,
      top_p: 0.9,
      top_k: 4,
      stop_sequences: ["END"],
    });
  }
});

test("an Anthropic answer may have 4096 tokens unless something else is said", async () => {
  await server.clear();
  model(message()).generate("Greet me");
  const [request] = await server.requests();
  assert.deepEqual(request!.body, {
    model: "claude-test",
    max_tokens: 4096,
    messages: [{ role: "user", content: "Greet me" }],
  });
});

test("an Anthropic model asks for JSON by the provider's own means, without what it refuses in a schema", async () => {
  await server.clear();
  const schema = {
    type: "object",
    properties: {
      score: { type: "number", minimum: 0, maximum: 10 },
      minimum: { type: "array", items: { type: "object", properties: {} }, minItems: 2 },
    },
    required: ["score"],
  };
  model(message()).generate("Score it", { responseFormat: { type: "json", schema } });
  const { output_config } = (await server.requests())[0]!.body as { output_config?: unknown };
  assert.deepEqual(output_config, {
    format: {
      type: "json_schema",
      schema: {
        type: "object",
        properties: {
          score: { type: "number" },
          minimum: {
            type: "array",
            items: { type: "object", properties: {}, additionalProperties: false },
          },
        },
        required: ["score"],
        additionalProperties: false,
      },
    },
  });
});

test("an Anthropic answer tells why it ended and what it consumed, the cache included", () => {
  const usage = { ...USAGE, cache_read_input_tokens: 100, cache_creation_input_tokens: 20 };
  const price = {
    inputUsdPerMillionTokens: 2,
    outputUsdPerMillionTokens: 10,
    cachedInputUsdPerMillionTokens: 0.2,
    cacheWriteUsdPerMillionTokens: 2.5,
    asOf: "2026-09-23",
  };
  const made = model(message({ stop_reason: "max_tokens", usage }), { price });
  const { finishReason, model: served, usage: told } = runSync(generateOperation(made, "Greet me"));
  assert.equal(finishReason, "length");
  assert.equal(served, "claude-served");
  assert.deepEqual(told, {
    promptTokens: 131,
    completionTokens: 7,
    cacheReadTokens: 100,
    cacheWriteTokens: 20,
    costUsd: (11 * 2 + 7 * 10 + 100 * 0.2 + 20 * 2.5) / 1e6,
  });
  for (
    const [reason, expected] of [["stop_sequence", "stop"], ["refusal", "filter"], ["pause_turn", "other"]]
  ) {
    const generation = runSync(generateOperation(model(message({ stop_reason: reason })), "Greet me"));
    assert.equal(generation.finishReason, expected);
  }
});

test("an Anthropic stream hands on its pieces and what it consumed, in both drivers", async () => {
  const made = model(streamOf(START, { type: "ping" }, piece("Good "), piece("day."), END, STOP));
  assert.deepEqual([...made.stream("Greet me")], ["Good ", "day."]);
  const pieces: string[] = [];
  for await (const text of made._streamAsync("Greet me")) pieces.push(text);
  assert.deepEqual(pieces, ["Good ", "day."]);
  assert.deepEqual(runSync(made._streamOperation("Greet me")), {
    text: "Good day.",
    finishReason: "stop",
    usage: { promptTokens: 11, completionTokens: 9 },
    model: "claude-served",
  });
});

test("an Anthropic stream that breaks off, is none, or tells of an error is an error", async () => {
  const cut = await failure(model(streamOf(START, piece("Good "))), true);
  assert.equal(`${cut.code} ${cut.retryable}`, "broken_off true");
  const none = await failure(model(message()), true);
  assert.equal(none.code, "bad_response");
  const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
  const late = await failure(model(streamOf(START, piece("Good "), overloaded)), true);
  assert.equal(`${late.code} ${late.retryable}`, "server_error true");
  assert.match(late.message, /refused the call in its answer: Overloaded/);
  const broken = {
    headers: { "content-type": "text/event-stream" },
    body: "event: message_start\ndata: {bro\n\n",
  };
  assert.equal((await failure(model(broken), true)).code, "bad_response");
});

test("each refusal of Anthropic is an error of its kind with the request's id", async () => {
  const kinds: readonly (readonly [number, string, string, string, boolean])[] = [
    [401, "authentication_error", "invalid x-api-key", "auth", false],
    [403, "permission_error", "no access", "auth", false],
    [404, "not_found_error", "model: claude-test", "model_not_found", false],
    [400, "invalid_request_error", "temperature is deprecated for this model", "bad_request", false],
    [400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000", "context_length", false],
    [400, "invalid_request_error", "Your credit balance is too low", "quota", false],
    [413, "request_too_large", "too large", "context_length", false],
    [429, "rate_limit_error", "slow down", "rate_limit", true],
    [500, "api_error", "Internal server error", "server_error", true],
    [529, "overloaded_error", "Overloaded", "server_error", true],
  ];
  for (const [status, type, text, code, retryable] of kinds) {
    const body = JSON.stringify({ type: "error", error: { type, message: text }, request_id: "req-42" });
    const error = await failure(
      model({ status, body, headers: { "retry-after": "2", "request-id": "req_7" } }),
    );
    assert.equal(`${error.code} ${error.retryable} ${error.status}`, `${code} ${retryable} ${status}`);
    assert.ok(error.message.includes(text), error.message);
    assert.equal(error.requestId, "req_7");
    assert.equal(error.retryAfterMs, retryable ? 2000 : undefined);
    assert.equal(error.metadata.providerCode, type);
  }
});

test("an Anthropic answer that cannot be read, is blank, too large or lost is an error of its kind", async () => {
  const code = async (scenario: Scenario, options: Partial<AnthropicOptions> = {}) =>
    (await failure(model(scenario, options))).code;
  assert.equal(await code({ body: "<html>" }), "bad_response");
  assert.equal(await code({ json: { content: "text" } }), "bad_response");
  assert.equal(await code(message({ content: [] })), "empty_completion");
  assert.equal(await code(message({ content: [], stop_reason: "refusal" })), "content_filter");
  assert.equal(await code({ hugeBytes: 100_000 }, { maxResponseBytes: 10_000 }), "response_too_large");
  assert.equal(await code({ body: '{"content":', cutBody: true }), "broken_off");
  assert.equal(await code({ hang: true }, { timeoutMs: 60 }), "timeout");
  assert.equal(await code({}, { baseUrl: "http://127.0.0.1:9" }), "network");
});

test("an aborted Anthropic call rejects with the signal's reason and reaches the server", async () => {
  await server.clear();
  const controller = new AbortController();
  const call = model({ hang: true })._generateAsync("Greet me", { signal: controller.signal });
  await until("the call", async () => (await server.requests()).length === 1);
  controller.abort(new Error("enough"));
  await assert.rejects(call, /enough/);
  await server.untilAborted();
});

test("five Anthropic calls side by side overlap, in both drivers", async () => {
  const made = model({ ...message(), together: 5 });
  const five = () => all(Array.from({ length: 5 }, () => generateOperation(made, "Greet me")));
  for (const run of [() => Promise.resolve(runSync(five())), () => runAsync(five())]) {
    await server.clear();
    await run();
    const most = Math.max(...(await server.requests()).map(({ sideBySide }) => sideBySide));
    assert.equal(most, 5);
  }
});

test("an Anthropic model counts the tokens of a prompt exactly, in both drivers", async () => {
  await server.clear();
  const made = model({ json: { input_tokens: 14 } });
  assert.equal(made.countTokensExact("Hello", { systemPrompt: "Be kind." }), 14);
  assert.equal(await made._countTokensExactAsync("Hello", { systemPrompt: "Be kind." }), 14);
  for (const { path, body } of await server.requests()) {
    assert.equal(path, "/v1/v1/messages/count_tokens");
    assert.deepEqual(body, {
      model: "claude-test",
      system: "Be kind.",
      messages: [{ role: "user", content: "Hello" }],
    });
  }
  assert.throws(() => model({ json: {} }).countTokensExact("Hello"), { code: "bad_response" });
});

test("an Anthropic model lists what the endpoint offers", () => {
  const page = { data: [{ id: "claude-a" }, { id: "claude-b" }], has_more: false, last_id: "claude-b" };
  assert.deepEqual(model({ json: page }).listModels(), ["claude-a", "claude-b"]);
  assert.equal(model({ status: 401, json: {} }).checkHealth().error?.code, "auth");
});

test("an Anthropic model refuses by name what its model or the API does not take", () => {
  const refused = (name: string, options: object): string => {
    try {
      createModel(`anthropic:${name}`, { apiKey: KEY, ...options });
    } catch (error) {
      assert.ok(error instanceof ConfigurationError);
      return error.message;
    }
    return "";
  };
  for (const name of ["claude-opus-4-7", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-fable-5-2"]) {
    assert.match(refused(name, { temperature: 0.5 }), /does not support temperature/);
  }
  for (const name of ["claude-haiku-4-5", "claude-opus-4-6", "claude-sonnet-4-20250514"]) {
    assert.equal(refused(name, { temperature: 0.5 }), "");
    assert.match(refused(name, { temperature: 1.5 }), /a temperature above 1/);
  }
  assert.match(refused("claude-haiku-4-5", { presencePenalty: 1 }), /presencePenalty/);
  assert.throws(() => model(message()).generate("Hi", { seed: 1 }), /does not support seed/);
  const structured = (name: string) =>
    createModel(`anthropic:${name}`, { apiKey: KEY }).capabilities.structuredOutput;
  assert.ok(structured("claude-sonnet-5-5") && structured("claude-haiku-4-5"));
  assert.ok(
    !structured("claude-3-5-haiku-latest") && !structured("claude-opus-4-1") &&
      !structured("claude-sonnet-4-20250514"),
  );
});
