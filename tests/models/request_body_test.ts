import assert from "node:assert/strict";
import { test } from "node:test";
import { PROVIDERS } from "../../src/models/mod.ts";
import type { GenerateOptions } from "../../src/models/mod.ts";
import { refusedNames, requestBody } from "../../src/models/request_body.ts";

function body(provider: string, model: string, options: GenerateOptions): Record<string, unknown> {
  const messages = [{ role: "user", content: "Greet me" }] as const;
  const { messages: _, model: __, ...rest } = requestBody({
    info: PROVIDERS[provider]!,
    model,
    api: "chat",
    messages,
    options,
  });
  return rest;
}

test("reasoning models take max_completion_tokens, others max_tokens", () => {
  for (const model of ["o1", "o3-mini", "o4-mini", "gpt-5", "gpt-5-mini"]) {
    assert.deepEqual(body("openai", model, { maxTokens: 5 }), { max_completion_tokens: 5 });
    assert.deepEqual(body("azure", model, { maxTokens: 5 }), { max_completion_tokens: 5 });
  }
  for (const model of ["gpt-4o", "gpt-5-chat-latest"]) {
    assert.deepEqual(body("openai", model, { maxTokens: 5 }), { max_tokens: 5 });
  }
});

test("each provider gets its own names and defaults", () => {
  assert.deepEqual(body("mistral", "m", { seed: 3 }), { random_seed: 3 });
  assert.deepEqual(body("huggingface", "m", {}), { max_tokens: 1024 });
  assert.deepEqual(body("openrouter", "m", { topK: 4 }), { top_k: 4 });
});

test("extra overrides any field", () => {
  assert.deepEqual(body("openai", "o3", { extra: { temperature: 1, max_completion_tokens: 7 } }), {
    temperature: 1,
    max_completion_tokens: 7,
  });
});

test("a schema is strict when it keeps to what strict mode takes", () => {
  const closed = {
    type: "object",
    properties: { text: { type: "string" } },
    required: ["text"],
    additionalProperties: false,
  };
  const format = (schema: Record<string, unknown>) =>
    body("openai", "gpt-4o", { responseFormat: { type: "json", schema } });
  assert.deepEqual(format(closed), {
    response_format: { type: "json_schema", json_schema: { name: "answer", schema: closed, strict: true } },
  });
  const open = { type: "object", properties: { text: { type: "string" } } };
  assert.deepEqual(format(open), {
    response_format: { type: "json_schema", json_schema: { name: "answer", schema: open } },
  });
});

test("every generation of OpenAI's reasoning models refuses sampling, its chat models do not", () => {
  const refuses = (model: string) => refusedNames(PROVIDERS.openai!, model).includes("temperature");
  for (const model of ["o3", "gpt-5-mini", "gpt-5.4-mini", "gpt-6.1-terra", "gpt-6-luna"]) {
    assert.ok(refuses(model));
  }
  for (const model of ["gpt-4o", "gpt-4.1", "gpt-5-chat-latest", "gpt-6-chat"]) {
    assert.ok(!refuses(model), model);
  }
});

test("Groq's models take a schema where Groq promises to follow it", () => {
  assert.ok(!refusedNames(PROVIDERS.groq!, "openai/gpt-oss-120b").includes("responseFormat"));
  assert.ok(refusedNames(PROVIDERS.groq!, "llama-3.1-8b-instant").includes("responseFormat"));
});
