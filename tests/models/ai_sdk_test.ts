/** Models of the real packages of the Vercel AI SDK, over HTTP against aimock. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { Chain } from "../../src/chain/chain.ts";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, ModelApiError } from "../../src/errors.ts";
import {
  type AiSdkModel,
  type AiSdkSource,
  fromAiSdk,
  generateOperation,
  type OperationModel,
} from "../../src/models/mod.ts";
import { all } from "../../src/operation/combinators.ts";
import { startAimock, startProvider } from "../helpers/mock_provider.ts";
import { until } from "../helpers/until.ts";

const aimock = await startAimock([
  { match: { userMessage: "Name a lemur" }, response: { content: "The indri." } },
  { match: { userMessage: "Score", responseFormat: "json_schema" }, response: { content: '{"score":7}' } },
  {
    match: { userMessage: "slow" },
    response: { error: { message: "slow down", type: "rate_limit_error" }, status: 429, retryAfter: 3 },
  },
]);
const server = await startProvider();
after(() => {
  aimock.stop();
  server.stop();
});

const KEY = "sk-test-0123456789";
const baseURL = aimock.url;
const openai = createOpenAI({ apiKey: KEY, baseURL });

const OBJECTS: Readonly<Record<string, () => AiSdkModel>> = {
  "OpenAI's chat": () => openai.chat("gpt-4o"),
  "OpenAI's responses": () => openai("gpt-4o"),
  "Anthropic's messages": () => createAnthropic({ apiKey: KEY, baseURL })("claude-haiku-4-5"),
};

const SOURCES: Readonly<Record<string, AiSdkSource>> = {
  "OpenAI's chat": {
    module: import.meta.resolve("@ai-sdk/openai"),
    factory: "createOpenAI",
    settings: { apiKey: KEY, baseURL },
    method: "chat",
    model: "gpt-4o",
  },
  "Anthropic's messages": {
    module: import.meta.resolve("@ai-sdk/anthropic"),
    factory: "createAnthropic",
    settings: { apiKey: KEY, baseURL },
    model: "claude-haiku-4-5",
  },
};

async function streamed(model: OperationModel, prompt: string): Promise<string> {
  let text = "";
  for await (const piece of model._streamAsync(prompt)) text += piece;
  return text;
}

function isRateLimit(error: unknown): boolean {
  assert.ok(error instanceof ModelApiError, String(error));
  assert.equal(`${error.code} ${error.status} ${error.retryable}`, "rate_limit 429 true");
  assert.equal(error.retryAfterMs, 3000);
  assert.ok(!inspect(error, { depth: 9 }).includes(KEY));
  return true;
}

for (const [label, make] of Object.entries(OBJECTS)) {
  test(`an AI SDK model of ${label} answers, streams and refuses on an event loop`, async () => {
    const model = fromAiSdk(make());
    assert.equal(model.name, make().modelId);
    assert.equal(await model._generateAsync("Name a lemur"), "The indri.");
    assert.equal(await streamed(model, "Name a lemur"), "The indri.");
    const { finishReason, usage } = await runAsync(generateOperation(model, "Name a lemur"));
    assert.equal(finishReason, "stop");
    assert.ok(usage?.promptTokens !== undefined && usage.completionTokens !== undefined);
    await assert.rejects(model._generateAsync("slow"), isRateLimit);
    await assert.rejects(streamed(model, "slow"), isRateLimit);
  });
}

for (const [label, source] of Object.entries(SOURCES)) {
  test(`an AI SDK model of ${label}, made from its package, works in both drivers`, async () => {
    const model = fromAiSdk(source);
    assert.equal(model.generate("Name a lemur"), "The indri.");
    assert.equal(await model._generateAsync("Name a lemur"), "The indri.");
    assert.equal([...model.stream("Name a lemur")].join(""), "The indri.");
    assert.equal(await streamed(model, "Name a lemur"), "The indri.");
    assert.throws(() => model.generate("slow"), isRateLimit);
    await assert.rejects(model._generateAsync("slow"), isRateLimit);
    assert.ok(!inspect(model, { depth: 9, showHidden: true }).includes(KEY));
  });
}

test("a chain runs with an AI SDK model, in both drivers", async () => {
  const chain = () => new Chain({ model: fromAiSdk(SOURCES["OpenAI's chat"]!), prompt: "Name a lemur" });
  assert.equal(chain().run().text, "The indri.");
  assert.equal((await chain()._runAsync()).text, "The indri.");
  const wrapped = new Chain({ model: fromAiSdk(openai.chat("gpt-4o")), prompt: "Name a lemur" });
  assert.equal((await wrapped._runAsync()).text, "The indri.");
});

test("an AI SDK model as an object is refused by the plain methods, which say what to do", () => {
  const model = fromAiSdk(openai.chat("gpt-4o"));
  for (const call of [() => model.generate("Name a lemur"), () => Array.from(model.stream("Name a lemur"))]) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof ConfigurationError, String(error));
      assert.match(error.suggestions.join(), /_runAsync.*import\.meta\.resolve/);
      return error.code === "async_only";
    });
  }
});

test("an AI SDK model gets what the call asks for in the SDK's words", async () => {
  const schema = { type: "object", properties: { score: { type: "number" } }, required: ["score"] };
  const model = fromAiSdk(openai.chat("gpt-4o"));
  const options = {
    systemPrompt: "Be strict.",
    temperature: 0.3,
    maxTokens: 9,
    topP: 0.5,
    stop: ["END"],
    seed: 4,
    presencePenalty: 1,
    frequencyPenalty: 0.5,
    responseFormat: { type: "json" as const, schema },
    extra: { openai: { user: "u1" } },
  };
  assert.equal(await model._generateAsync("Score it", options), '{"score":7}');
  const { body } = (await aimock.requests()).at(-1)!;
  const { response_format, messages, ...rest } = body as Record<string, unknown>;
  assert.equal((response_format as { type: string }).type, "json_schema");
  assert.deepEqual((messages as { role: string }[]).map(({ role }) => role), ["system", "user"]);
  const { temperature, max_tokens, top_p, stop, seed, presence_penalty, frequency_penalty, user } = rest;
  assert.deepEqual(
    [temperature, max_tokens, top_p, stop, seed, presence_penalty, frequency_penalty, user],
    [0.3, 9, 0.5, ["END"], 4, 1, 0.5, "u1"],
  );
});

test("an option that the AI SDK drops is refused by name, also in a stream", async () => {
  const model = fromAiSdk(openai("gpt-4o"));
  const refused = (error: unknown): boolean => {
    assert.ok(error instanceof ConfigurationError, String(error));
    assert.match(error.message, /does not support seed/);
    return true;
  };
  await assert.rejects(model._generateAsync("Name a lemur", { seed: 3 }), refused);
  await assert.rejects(async () => {
    for await (const _ of model._streamAsync("Name a lemur", { seed: 3 }));
  }, refused);
  const told = fromAiSdk(openai("gpt-4o"), { unsupportedOptions: ["seed"] });
  await assert.rejects(told._generateAsync("Name a lemur", { seed: 3 }), refused);
});

test("an AI SDK call that is refused, lost, slow or abandoned is an error of its kind", async () => {
  const at = (scenario: object, options = {}) =>
    fromAiSdk(createOpenAI({ apiKey: KEY, baseURL: server.url(scenario) }).chat("gpt-4o"), options);
  const code = async (model: OperationModel): Promise<string> => {
    const error = await model._generateAsync("Hi").then(() => undefined, (thrown) => thrown);
    assert.ok(error instanceof ModelApiError, String(error));
    return error.code;
  };
  assert.equal(await code(at({ status: 401, json: { error: { message: "no" } } })), "auth");
  assert.equal(await code(at({ status: 404, json: { error: { message: "no" } } })), "model_not_found");
  assert.equal(await code(at({ status: 503, body: "busy" })), "server_error");
  assert.equal(await code(at({ text: "" })), "empty_completion");
  assert.equal(await code(at({ hang: true }, { timeoutMs: 60 })), "timeout");
  const down = createOpenAI({ apiKey: KEY, baseURL: "http://127.0.0.1:9/v1" }).chat("gpt-4o");
  assert.equal(await code(fromAiSdk(down)), "network");
  // Whether the SDK has read a piece before the connection is lost depends on the runtime; that it may pass does not.
  for (const cutCleanly of [false, true]) {
    const scenario = { cutAfter: 2, cutCleanly, pieceDelayMs: 5 };
    const error = await streamed(at(scenario), "Hi").then(() => undefined, (thrown) => thrown);
    assert.ok(error instanceof ModelApiError, String(error));
    assert.ok(["broken_off", "bad_response"].includes(error.code) && error.retryable, error.code);
  }
  assert.equal(await code(at({ body: "<html>" })), "bad_response");
});

test("an AI SDK call that is refused for longer than anyone would wait is not repeated", async () => {
  const baseURL = server.url({ status: 429, headers: { "retry-after": "86400" }, body: "{}" });
  const refused = fromAiSdk(createOpenAI({ apiKey: KEY, baseURL }).chat("gpt-4o"));
  for (const call of [() => refused._generateAsync("Hi"), () => streamed(refused, "Hi")]) {
    const error = await call().then(() => undefined, (thrown) => thrown);
    assert.ok(error instanceof ModelApiError, String(error));
    assert.deepEqual([error.code, error.retryable, error.retryAfterMs], ["rate_limit", false, 86_400_000]);
  }
});

test("an aborted AI SDK call rejects with the signal's reason, and leaving a stream ends it at the server", async () => {
  const at = (scenario: object) =>
    fromAiSdk(createOpenAI({ apiKey: KEY, baseURL: server.url(scenario) }).chat("gpt-4o"));
  await server.clear();
  const controller = new AbortController();
  const call = at({ hang: true })._generateAsync("Hi", { signal: controller.signal });
  await until("the call", async () => (await server.requests()).length === 1);
  controller.abort(new Error("enough"));
  await assert.rejects(call, /enough/);
  for await (const _ of at({ endless: true, pieces: ["x"], repeat: 1000 })._streamAsync("Hi")) break;
  await server.untilAborted(2);
});

test("five AI SDK calls side by side overlap", async () => {
  await server.clear();
  const source = {
    ...SOURCES["OpenAI's chat"]!,
    settings: { apiKey: KEY, baseURL: server.url({ together: 5 }) },
  };
  const model = fromAiSdk(source);
  await runAsync(all(Array.from({ length: 5 }, () => generateOperation(model, "Hi"))));
  assert.equal(Math.max(...(await server.requests()).map(({ sideBySide }) => sideBySide)), 5);
});

test("models of the older specification are read too", async () => {
  const parts = [
    { type: "stream-start", warnings: [] },
    { type: "text-delta", id: "1", delta: "Hel" },
    { type: "text-delta", id: "1", delta: "lo." },
    {
      type: "finish",
      finishReason: "length",
      usage: { inputTokens: 3, outputTokens: 2, cachedInputTokens: 1 },
    },
  ];
  const old: AiSdkModel = {
    specificationVersion: "v2",
    provider: "old",
    modelId: "m",
    doGenerate: () =>
      Promise.resolve({
        content: [{ type: "reasoning", text: "hm" }, { type: "text", text: "Hello." }],
        finishReason: "content-filter",
        usage: { inputTokens: 3, outputTokens: 2, cachedInputTokens: 1 },
        warnings: [{ type: "other", message: "note" }],
      }),
    doStream: () => Promise.resolve({ stream: streamOf(parts) }),
  };
  const model = fromAiSdk(old);
  const usage = { promptTokens: 3, completionTokens: 2, cacheReadTokens: 1 };
  assert.deepEqual(await runAsync(generateOperation(model, "Hi")), {
    text: "Hello.",
    finishReason: "filter",
    usage,
    model: "m",
  });
  const { text, finishReason, usage: told } = await runAsync(model._streamOperation("Hi"));
  assert.deepEqual([text, finishReason, told], ["Hello.", "length", usage]);
});

test("fromAiSdk refuses what is no model of the AI SDK, and a package that has none", async () => {
  assert.throws(() => fromAiSdk("openai" as never), /first argument must be one.*it is "openai"/);
  assert.throws(
    () => fromAiSdk({ specificationVersion: "v1", doGenerate() {} } as never),
    /specification|first argument/,
  );
  assert.throws(() => fromAiSdk(openai("gpt-4o"), { timeout: 1 } as never), /timeoutMs/);
  const source = SOURCES["OpenAI's chat"]!;
  await assert.rejects(
    fromAiSdk({ ...source, factory: "createNothing" })._generateAsync("Hi"),
    /no function createNothing/,
  );
  await assert.rejects(fromAiSdk({ ...source, method: "sing" })._generateAsync("Hi"), /no function sing/);
  await assert.rejects(
    fromAiSdk({ ...source, module: "file:///nowhere.js" })._generateAsync("Hi"),
    /could not be loaded/,
  );
});

test("a key that the server repeats in its answer is kept out of it", () => {
  const json = {
    id: "1",
    model: "m",
    note: `called with ${KEY}`,
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hello." } }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  };
  const source = SOURCES["OpenAI's chat"]!;
  const model = fromAiSdk({ ...source, settings: { apiKey: KEY, baseURL: server.url({ json }) } });
  const { text, raw } = runSync(generateOperation(model, "Hi"));
  assert.equal(text, "Hello.");
  assert.ok(raw !== undefined && !JSON.stringify(raw).includes(KEY), JSON.stringify(raw));
});

function streamOf<T>(parts: readonly T[]): ReadableStream<T> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}
