import assert from "node:assert/strict";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { all, named } from "../../src/operation/combinators.ts";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ModelApiError } from "../../src/errors.ts";
import {
  createModel,
  generateOperation,
  OpenAiCompatibleModel,
  type OpenAiCompatibleOptions,
  PROVIDERS,
} from "../../src/models/mod.ts";
import { type MockProvider, type Scenario, startProvider } from "../helpers/mock_provider.ts";
import { until } from "../helpers/until.ts";

const server: MockProvider = await startProvider();
after(() => server.stop());

const KEY = "sk-test-0123456789abcdef";

function model(scenario: Scenario, options: Partial<OpenAiCompatibleOptions> = {}): OpenAiCompatibleModel {
  return new OpenAiCompatibleModel({
    provider: "openai",
    model: "gpt-test",
    apiKey: KEY,
    baseUrl: server.url(scenario),
    ...options,
  });
}

/** What the call throws in both drivers, which must be the same. */
async function failure(made: OpenAiCompatibleModel): Promise<ModelApiError> {
  const thrown: unknown[] = [];
  try {
    made.generate("Greet me");
  } catch (error) {
    thrown.push(error);
  }
  await made._generateAsync("Greet me").catch((error) => thrown.push(error));
  assert.equal(thrown.length, 2);
  const [sync, async] = thrown as ModelApiError[];
  assert.ok(sync instanceof ModelApiError && async instanceof ModelApiError, String(sync));
  const { stack: _, cause: __, ...facts } = { ...sync };
  const { stack: ___, cause: ____, ...others } = { ...async };
  assert.equal(sync.message, async.message);
  assert.deepEqual(facts, others);
  for (const error of [sync, async]) assert.ok(!inspect(error, { depth: 9 }).includes(KEY));
  return sync;
}

test("a model sends exactly what it is asked and reads the answer, in both drivers", async () => {
  await server.clear();
  const options = { systemPrompt: "Be brief.", temperature: 0.2, maxTokens: 9, stop: ["END"], seed: 4 };
  const made = model({}, { headers: { "x-team": "docs" }, organization: "org-1", project: "proj-1" });
  assert.equal(made.generate("Greet me", options), "Hello from the server.");
  assert.equal(await made._generateAsync("Greet me", options), "Hello from the server.");
  const requests = await server.requests();
  assert.equal(requests.length, 2);
  for (const request of requests) {
    assert.equal(request.method, "POST");
    assert.equal(request.path, "/v1/chat/completions");
    assert.equal(request.headers.authorization, `Bearer ${KEY}`);
    assert.equal(request.headers["x-team"], "docs");
    assert.equal(request.headers["openai-organization"], "org-1");
    assert.equal(request.headers["openai-project"], "proj-1");
    assert.deepEqual(request.body, {
      model: "gpt-test",
      messages: [{ role: "system", content: "Be brief." }, { role: "user", content: "Greet me" }],
      temperature: 0.2,
      max_tokens: 9,
      stop: ["END"],
      seed: 4,
    });
  }
});

test("a model reports what the provider says of the answer", () => {
  const generation = runSync(generateOperation(model({ finishReason: "length" }), "Greet me"));
  assert.equal(generation.finishReason, "length");
  assert.equal(generation.model, "gpt-test-served");
  assert.deepEqual(generation.usage, { promptTokens: 11, completionTokens: 7 });
});

test("every word for the end of an answer is understood, and one of no meaning is another", () => {
  const reason = (finishReason: string) =>
    runSync(generateOperation(model({ finishReason }), "Greet me")).finishReason;
  assert.deepEqual(
    ["stop", "model_length", "content_filter", "tool_calls", "constructor"].map(reason),
    ["stop", "length", "filter", "other", "other"],
  );
});

test("an answer that its provider could not end is broken off, and not a text", async () => {
  for (const finishReason of ["error", "insufficient_system_resource"]) {
    const error = await failure(model({ finishReason }));
    assert.deepEqual([error.code, error.retryable], ["broken_off", true]);
    assert.match(error.message, new RegExp(`it ended with ${finishReason}`));
  }
});

test("an answer that tells of an error is that error, by the status that it tells", async () => {
  const told = (code: unknown, message: string) => failure(model({ json: { error: { code, message } } }));
  const errors = [
    await told(402, "no"),
    await told(429, "no"),
    await told(502, "no"),
    await told(null, "no"),
  ];
  assert.deepEqual(errors.map(({ code, retryable }) => `${code} ${retryable}`), [
    "quota false",
    "rate_limit true",
    "server_error true",
    "server_error true",
  ]);
  assert.match(errors[0]!.message, /refused the call in its answer: no/);
});

test("a model joins the parts of an answer that comes in parts", () => {
  const json = {
    choices: [{ finish_reason: "stop", message: { content: [{ text: "one " }, { text: "two" }] } }],
  };
  assert.equal(model({ json }).generate("Greet me"), "one two");
});

test("a model uses the legacy endpoint only when it is told to", async () => {
  await server.clear();
  const json = { choices: [{ text: "Old style.", finish_reason: "stop" }] };
  assert.equal(model({ json }, { api: "completions" }).generate("Greet me"), "Old style.");
  const [request] = await server.requests();
  assert.equal(request!.path, "/v1/completions");
  assert.deepEqual(request!.body, { model: "gpt-test", prompt: "Greet me" });
});

test("a model takes its own defaults, which a call overrides, and passes extra fields untouched", async () => {
  await server.clear();
  const made = model({}, { temperature: 1, topP: 0.5, extra: { user: "u1" } });
  made.generate("Greet me", { temperature: 0 });
  const [request] = await server.requests();
  assert.deepEqual(request!.body, {
    model: "gpt-test",
    messages: [{ role: "user", content: "Greet me" }],
    temperature: 0,
    top_p: 0.5,
    user: "u1",
  });
});

test("an Azure model sends its key in a header of its own and the api-version in the query", async () => {
  await server.clear();
  model({}, { provider: "azure", apiVersion: "2024-10-21" }).generate("Greet me");
  const [request] = await server.requests();
  assert.equal(request!.headers["api-key"], KEY);
  assert.equal(request!.headers.authorization, undefined);
  assert.equal(request!.path, "/v1/chat/completions?api-version=2024-10-21");
});

test("an Ollama model needs and sends no key", async () => {
  await server.clear();
  const made = new OpenAiCompatibleModel({ provider: "ollama", model: "llama3", baseUrl: server.url() });
  made.generate("Greet me");
  const [request] = await server.requests();
  assert.equal(request!.headers.authorization, undefined);
});

test("a model calls nobody when it is made", async () => {
  await server.clear();
  for (const provider of Object.keys(PROVIDERS)) {
    createModel(`${provider}:any`, { apiKey: KEY, baseUrl: server.url() });
  }
  model({ text: "Hello." }).generate("Greet me");
  assert.equal((await server.requests()).length, 1);
});

test("a refused key is an auth error that names the variable and is not retryable", async () => {
  const error = await failure(model({
    status: 401,
    body: JSON.stringify({
      error: { message: `Incorrect API key provided: ${KEY}`, code: "invalid_api_key" },
    }),
  }));
  assert.equal(error.code, "auth");
  assert.equal(error.status, 401);
  assert.equal(error.retryable, false);
  assert.equal(error.provider, "openai");
  assert.equal(error.requestId, "req-42");
  assert.equal(
    error.message,
    "openai:gpt-test refused the call with status 401: Incorrect API key provided: ***",
  );
  assert.match(error.suggestions.join(), /OPENAI_API_KEY/);
});

test("an unknown model is model_not_found with its name", async () => {
  const error = await failure(
    model({ status: 404, body: JSON.stringify({ error: { message: "no such model" } }) }),
  );
  assert.equal(error.code, "model_not_found");
  assert.equal(error.retryable, false);
  assert.match(error.suggestions.join(), /gpt-test/);
});

test("a rate limit is retryable and carries Retry-After in seconds", async () => {
  const error = await failure(model({ status: 429, headers: { "retry-after": "7" }, body: "{}" }));
  assert.equal(error.code, "rate_limit");
  assert.equal(error.retryable, true);
  assert.equal(error.retryAfterMs, 7000);
});

test("a spent quota is not retryable", async () => {
  const body = JSON.stringify({
    error: { message: "You exceeded your current quota", code: "insufficient_quota" },
  });
  const error = await failure(model({ status: 429, body }));
  assert.equal(error.code, "quota");
  assert.equal(error.retryable, false);
});

test("a server error is retryable and quotes at most 500 characters of a body that is not JSON", async () => {
  const error = await failure(
    model({ status: 500, headers: { "content-type": "text/html" }, body: "<p>", repeat: 4000 }),
  );
  assert.equal(error.code, "server_error");
  assert.equal(error.retryable, true);
  assert.ok(error.message.length < 600, String(error.message.length));
  assert.match(error.message, /: (<p>){100}/);
});

test("a prompt that is too long is context_length with sizes", async () => {
  const body = JSON.stringify({
    error: { message: "maximum context length is 8 tokens", code: "context_length_exceeded" },
  });
  const error = await failure(model({ status: 400, body }));
  assert.equal(error.code, "context_length");
  assert.equal(error.retryable, false);
  assert.ok(Number(error.metadata.estimatedPromptTokens) > 0);
});

test("an answer of broken JSON is bad_response and quotes its beginning", async () => {
  const error = await failure(model({ body: '{"choices": [{"mess' }));
  assert.equal(error.code, "bad_response");
  assert.equal(error.retryable, true);
  assert.equal(error.status, 200);
  assert.match(error.message, /broken JSON: \{"choices": \[\{"mess/);
});

test("an answer that is no completion is bad_response", async () => {
  const html = await failure(model({ headers: { "content-type": "text/html" }, body: "<h1>Sign in</h1>" }));
  assert.equal(html.code, "bad_response");
  assert.match(html.message, /<h1>Sign in<\/h1>/);
  assert.equal((await failure(model({ body: "[]" }))).code, "bad_response");
  assert.equal((await failure(model({ body: "null" }))).code, "bad_response");
  assert.equal((await failure(model({ body: "" }))).code, "bad_response");
});

test("an empty answer is empty_completion and retryable", async () => {
  for (const text of ["", " \n"]) {
    const error = await failure(model({ text }));
    assert.equal(error.code, "empty_completion");
    assert.equal(error.retryable, true);
  }
});

test("a refusal by the content filter is content_filter", async () => {
  assert.equal((await failure(model({ text: "", finishReason: "content_filter" }))).code, "content_filter");
  const json = { choices: [{ message: { content: null, refusal: "I can't help with that." } }] };
  assert.match((await failure(model({ json }))).message, /I can't help/);
});

test("an answer of 100 MB is cut off at the limit", async () => {
  await server.clear();
  const error = await failure(model({ hugeBytes: 100 * 1024 * 1024 }, { maxResponseBytes: 1024 * 1024 }));
  assert.equal(error.code, "response_too_large");
  assert.equal(error.retryable, false);
  assert.equal(error.message, "openai:gpt-test answered with more than 1048576 bytes");
});

test("a connection lost in the middle of an answer is retryable", async () => {
  const error = await failure(model({ body: '{"choices": [', cutBody: true }));
  assert.equal(error.code, "broken_off");
  assert.equal(error.retryable, true);
  assert.match(error.message, /broke off in the middle of its answer/);
});

test("a server that never answers is a retryable timeout, and sees the call go away", async () => {
  await server.clear();
  const error = await failure(model({ hang: true }, { timeoutMs: 300 }));
  assert.equal(error.code, "timeout");
  assert.equal(error.retryable, true);
  assert.equal(error.metadata.timeoutMs, 300);
  await server.untilAborted();
});

test("a server that is down is a retryable network error", async () => {
  const error = await failure(model({}, { baseUrl: "http://127.0.0.1:9/v1" }));
  assert.equal(error.code, "network");
  assert.equal(error.retryable, true);
  assert.match(error.message, /could not be reached at 127\.0\.0\.1:9/);
});

test("an aborted call rejects with the signal's reason and reaches the server", async () => {
  await server.clear();
  const controller = new AbortController();
  const reason = new Error("the user left");
  const call = model({ hang: true })._generateAsync("Greet me", { signal: controller.signal });
  await until("the call", async () => (await server.requests()).length === 1);
  controller.abort(reason);
  await assert.rejects(call, (error) => error === reason);
  await server.untilAborted();
});

test("five calls side by side overlap, in both drivers", async () => {
  const made = model({ together: 5 });
  const five = () => all(Array.from({ length: 5 }, () => named("call", generateOperation(made, "Greet me"))));
  await server.clear();
  assert.equal(runSync(five()).length, 5);
  assert.equal(Math.max(...(await server.requests()).map((request) => request.sideBySide)), 5);
  await server.clear();
  assert.equal((await runAsync(five())).length, 5);
  assert.equal(Math.max(...(await server.requests()).map((request) => request.sideBySide)), 5);
});

test("a model repeats a call by its own policy when it has one", async () => {
  await server.clear();
  const error = await failure(model({ status: 503, body: "busy" }, { retry: { attempts: 3, baseMs: 1 } }));
  assert.equal(error.code, "server_error");
  assert.equal((await server.requests()).length, 6);
});

test("a model lists what its server offers, and says whether it is up", async () => {
  const json = { data: [{ id: "llama3:latest" }, { id: "qwen3" }] };
  const up = model({ json }, { provider: "ollama" });
  assert.deepEqual(up.listModels(), ["llama3:latest", "qwen3"]);
  assert.deepEqual(await up._checkHealthAsync(), { ok: true, models: ["llama3:latest", "qwen3"] });
  const down = model({}, { provider: "ollama", baseUrl: "http://127.0.0.1:9/v1" }).checkHealth();
  assert.equal(down.ok, false);
  assert.equal(down.error?.code, "network");
  assert.match(down.error.suggestions.join("\n"), /ollama serve/);
});
