import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ModelApiError } from "../../src/errors.ts";
import {
  cached,
  createModel,
  defineModel,
  EditorModel,
  fromAiSdk,
  generateOperation,
  type Generation,
  MockModel,
} from "../../src/models/mod.ts";
import type { JsonValue } from "../../src/json.ts";
import { Thought } from "../../src/thought/thought.ts";
import { MemoryStorage, type Storage } from "../../src/storage/mod.ts";
import { startProvider } from "../helpers/mock_provider.ts";

test("the same call is made once, in both drivers and in streams", async () => {
  const inner = new MockModel({ responses: ["one", "two"] });
  const model = cached(inner, new MemoryStorage());
  assert.equal(`${model.provider}:${model.name}`, `${inner.provider}:${inner.name}`);
  assert.equal(model.generate("Greet me"), "one");
  assert.equal(await model._generateAsync("Greet me"), "one");
  assert.deepEqual([...model.stream("Greet me")], ["one"]);
  for await (const text of model._streamAsync("Greet me")) assert.equal(text, "one");
  assert.equal(inner.calls.length, 1);
  assert.deepEqual([...model.stream("Greet him")], ["two"]);
  assert.equal(model.generate("Greet him"), "two");
  assert.equal(inner.calls.length, 2);
});

test("a call that differs in anything the answer depends on is another call", () => {
  const inner = new MockModel({ response: "Hello." });
  const storage = new MemoryStorage();
  const model = cached(inner, storage);
  const schema = { type: "json", schema: { type: "object" } } as const;
  for (
    const options of [{}, { temperature: 1 }, { seed: 2 }, { systemPrompt: "Be kind." }, { stop: ["."] }, {
      responseFormat: schema,
    }]
  ) model.generate("Greet me", options);
  model.generate([{ role: "user", content: "Greet me" }], { timeoutMs: 500, temperature: 1 });
  assert.equal(inner.calls.length, 6);
  cached(new MockModel({ name: "other", response: "Hi." }), storage).generate("Greet me");
  assert.equal(cached(inner, storage, { namespace: "mine" }).generate("Greet me"), "Hello.");
  assert.equal(inner.calls.length, 7);
});

test("models of one name with other defaults or another address do not share answers", () => {
  const stored = new Map<string, JsonValue>();
  const others = [{}, { temperature: 1 }, { baseUrl: "http://127.0.0.1:8/v1" }, {
    api: "completions" as const,
  }];
  for (const options of others) {
    const model = createModel("ollama:llama3", { baseUrl: "http://127.0.0.1:9/v1", ...options });
    stored.set(JSON.stringify(model), true);
  }
  assert.equal(stored.size, 4);
});

test("models of the AI SDK with other settings or another method do not share answers, whatever their key", async () => {
  const server = await startProvider();
  const storage = new MemoryStorage();
  const module = import.meta.resolve("@ai-sdk/openai");
  const answer = (baseURL: string, options: object, apiKey = "sk-hunter2-hunter2"): string => {
    const source = {
      module,
      factory: "createOpenAI",
      settings: { baseURL, apiKey },
      model: "gpt-4o",
      ...options,
    };
    return cached(fromAiSdk(source), storage).generate("Greet me");
  };
  try {
    const [one, other] = [server.url({ text: "one" }), server.url({ text: "other" })];
    assert.equal(answer(one, { method: "chat" }), "one");
    assert.equal(answer(other, { method: "chat" }), "other");
    // The server does not speak what this method asks for, but it is asked.
    assert.throws(() => answer(other, { method: "completion" }), ModelApiError);
    assert.equal(answer(one, { method: "chat" }, "sk-another-key-00"), "one");
    assert.equal((await server.requests()).length, 3);
    const kept = JSON.stringify(storage.keys().map((key) => storage.get(key)));
    assert.ok(!/hunter2|another-key/.test(kept), kept);
  } finally {
    server.stop();
  }
});

test("an answer that failed, is blank, cut off or filtered is never kept", () => {
  const answers: (Partial<Generation> & { text: string } | Error)[] = [
    new ModelApiError("overloaded", { code: "server_error", retryable: true }),
    { text: " " },
    { text: "Cut o", finishReason: "length" },
    { text: "No.", finishReason: "filter" },
    { text: "Hm.", finishReason: "other" },
    { text: "Hello.", finishReason: "stop" },
  ];
  let calls = 0;
  const storage = new MemoryStorage();
  const inner = defineModel("moody", () => {
    const answer = answers[calls++]!;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const model = cached(inner, storage);
  assert.throws(() => model.generate("Greet me"), /overloaded/);
  assert.throws(() => model.generate("Greet me"), { code: "empty_completion" });
  assert.equal(storage.size(), 0);
  for (const text of ["Cut o", "No.", "Hm.", "Hello.", "Hello.", "Hello."]) {
    assert.equal(model.generate("Greet me"), text);
  }
  assert.equal(calls, 6);
});

test("a failed answer that stands in the storage is not served", () => {
  const storage = new MemoryStorage();
  const inner = new MockModel({ response: "Hello." });
  const model = cached(inner, storage);
  model.generate("Greet me");
  const [key] = storage.keys();
  const entry = storage.get(key!) as { call: JsonValue; generation: Record<string, JsonValue> };
  const spoilt: JsonValue[] = [
    { ...entry, generation: { ...entry.generation, text: "" } },
    { ...entry, generation: { ...entry.generation, finishReason: "length" } },
    { ...entry, call: { ...entry.call as object, name: "another call of this key" } },
    "text",
    {},
  ];
  for (const [index, value] of spoilt.entries()) {
    storage.set(key!, value);
    assert.equal(model.generate("Greet me"), "Hello.");
    assert.equal(inner.calls.length, index + 2);
  }
});

test("a chain that tries again goes past the cache, and the answer replaces the one that was kept", () => {
  const storage = new MemoryStorage();
  let calls = 0;
  const inner = defineModel("flaky", (_, { fresh }) => {
    calls++;
    if (fresh !== true) throw new ModelApiError("busy", { code: "server_error", retryable: true });
    return `Hello ${calls}.`;
  });
  const model = cached(inner, storage);
  const run = () =>
    new Chain({ model, prompt: "Greet me.", retry: { attempts: 2, baseMs: 1, maxMs: 1 } }).run();
  assert.equal(run().text, "Hello 2.");
  assert.equal(run().text, "Hello 2.");
  assert.equal(calls, 2);
  const kept = new MockModel({ responses: ["old", "new"] });
  const other = cached(kept, storage);
  assert.equal(other.generate("Hi"), "old");
  assert.equal(other.generate("Hi", { fresh: true }), "new");
  assert.equal(other.generate("Hi"), "new");
});

test("an answer from the storage consumed nothing, and a run says so", () => {
  const inner = new MockModel({
    response: "Hello.",
    usage: { promptTokens: 5, completionTokens: 2, costUsd: 1 },
  });
  const model = cached(inner, new MemoryStorage());
  assert.equal(runSync(generateOperation(model, "Greet me")).usage?.costUsd, 1);
  const usage = { promptTokens: 0, completionTokens: 0, costUsd: 0 };
  assert.deepEqual(runSync(generateOperation(model, "Greet me")).usage, usage);
});

test("an answer is kept as long as is asked", async () => {
  const inner = new MockModel({ response: "Hello." });
  const model = cached(inner, new MemoryStorage(), { ttlMs: 5 });
  model.generate("Greet me");
  await new Promise((resolve) => setTimeout(resolve, 15));
  model.generate("Greet me");
  assert.equal(inner.calls.length, 2);
});

test("a storage that fails costs no answer, and the observer hears of it", () => {
  const storage = new MemoryStorage();
  const model = cached(new MockModel({ response: "Hello." }), storage);
  storage.close();
  const events: unknown[] = [];
  const { text } = runSync(generateOperation(model, "Greet me"), {
    onEvent: ({ type, action }) => events.push(`${type} ${action}`),
  });
  assert.equal(text, "Hello.");
  assert.deepEqual(events, ["cache-failed read", "cache-failed write"]);
});

test("a model that edits the thought itself is asked each time", () => {
  const storage = new MemoryStorage();
  const model = cached(new EditorModel(), storage);
  const thought = new Thought({ prompt: "Edit the notice.", text: "Enter by the the side door." });
  for (let round = 0; round < 2; round++) {
    assert.equal(model.generateWithThought(thought)[0], "Enter by the side door.");
  }
  assert.equal(storage.size(), 0);
});

test("cached refuses what is no model, no storage or no option of it", () => {
  const storage = new MemoryStorage();
  assert.throws(() => cached("mock" as never, storage), /first argument must be one: it is "mock"/);
  assert.throws(() => cached(new MockModel(), {} as Storage), /second argument must be a storage/);
  assert.throws(() => cached(new MockModel(), storage, { ttl: 1 } as never), /ttlMs/);
});
