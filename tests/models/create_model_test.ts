import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { inspect } from "node:util";
import { ConfigurationError } from "../../src/errors.ts";
import {
  AnthropicModel,
  createModel,
  MockModel,
  type Model,
  ModelRegistry,
  OpenAiCompatibleModel,
  type OpenAiCompatibleOptions,
  PROVIDERS,
} from "../../src/models/mod.ts";

const KEY = "sk-secret-0123456789";

function thrown(make: () => unknown): ConfigurationError {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error;
  }
  return assert.fail("nothing was thrown");
}

function withEnvironment<T>(values: Record<string, string | undefined>, run: () => T): T {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  const apply = (all: Record<string, string | undefined>): void => {
    for (const [name, value] of Object.entries(all)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  apply(values);
  try {
    return run();
  } finally {
    apply(before);
  }
}

const GRAMMAR: readonly (readonly [spec: string, provider: string, name: string])[] = [
  ["openai:gpt-6.1-terra", "openai", "gpt-6.1-terra"],
  ["  OpenAI : gpt-6.1-terra ", "openai", "gpt-6.1-terra"],
  ["gpt:gpt-6.1-terra", "openai", "gpt-6.1-terra"],
  ["ollama:llama3:8b", "ollama", "llama3:8b"],
  ["huggingface:org/name", "huggingface", "org/name"],
  ["hf:org/name:together", "huggingface", "org/name:together"],
  ["gemini:gemini-3-flash", "gemini", "gemini-3-flash"],
  ["openrouter:openai/o3", "openrouter", "openai/o3"],
  ["gpt-4o", "openai", "gpt-4o"],
  ["chatgpt-4o-latest", "openai", "chatgpt-4o-latest"],
  ["o3", "openai", "o3"],
  ["mock", "mock", "mock"],
  ["mock:scripted", "mock", "scripted"],
  ["editor", "editor", "editor"],
];

for (const [spec, provider, name] of GRAMMAR) {
  test(`createModel reads ${JSON.stringify(spec)}`, () => {
    const model = createModel(spec, provider === "mock" || provider === "editor" ? {} : { apiKey: KEY });
    assert.equal(model.provider, provider);
    assert.equal(model.name, name);
  });
}

test("createModel gives a model back as it is, and refuses options with it", () => {
  const model: Model = new MockModel();
  assert.equal(createModel(model), model);
  assert.match(
    thrown(() => createModel(model as never, { temperature: 0 })).message,
    /it is a model already/,
  );
});

test("createModel names the nearest provider for one that it does not know", () => {
  const error = thrown(() => createModel("opnai:gpt-4"));
  assert.equal(error.message, 'Cannot create the model "opnai:gpt-4" as there is no provider "opnai"');
  assert.equal(error.suggestions[0], "Did you mean openai:gpt-4?");
  assert.match(error.suggestions[1]!, /Known providers: openai, .*mock, editor/);
});

test("createModel never makes a mock of a name that it does not know", () => {
  assert.equal(thrown(() => createModel("gtp-4")).suggestions[0], "Did you mean openai:gpt-4?");
  assert.match(thrown(() => createModel("llama3")).message, /it has no provider/);
  assert.match(thrown(() => createModel("")).message, /its spec must be text/);
  assert.match(thrown(() => createModel(42 as never)).message, /it is 42/);
  assert.match(thrown(() => createModel("openai")).message, /names a provider but no model/);
  assert.match(thrown(() => createModel("openai: ")).message, /no name after the colon/);
  assert.match(thrown(() => createModel("editor:large")).message, /no models to choose from/);
});

test("createModel makes Anthropic's models under each of their names", () => {
  for (const spec of ["anthropic:claude-x", "claude-x", "Claude:claude-x"]) {
    const { suggestions } = thrown(() =>
      withEnvironment({ ANTHROPIC_API_KEY: " " }, () => createModel(spec))
    );
    assert.match(suggestions.join(), /ANTHROPIC_API_KEY.*apiKey/);
    const model = createModel(spec, { apiKey: KEY });
    assert.ok(model instanceof AnthropicModel);
    assert.equal(`${model.provider}:${model.name}`, "anthropic:claude-x");
    assert.ok(!inspect(model, { depth: 9 }).includes(KEY) && !JSON.stringify(model).includes(KEY));
  }
});

test("a registry makes models of one's own provider, and keeps to itself", () => {
  const registry = new ModelRegistry();
  registry.registerProvider("acme", (name) => new MockModel({ name }));
  assert.equal(registry.create("acme:large").name, "large");
  assert.match(
    thrown(() => registry.registerProvider("ACME", () => new MockModel())).message,
    /there is one of that name/,
  );
  registry.registerProvider("acme", () => new MockModel({ name: "other" }), { override: true });
  assert.equal(registry.create("acme:large").name, "other");
  assert.match(thrown(() => registry.registerProvider("a:b", () => new MockModel())).message, /hold a colon/);
  assert.match(thrown(() => createModel("acme:large")).message, /no provider "acme"/);
});

for (const { id, keyVariables, keyRequired } of Object.values(PROVIDERS)) {
  const baseUrl = id === "azure" || id === "openai-compatible" ? "http://127.0.0.1:9/v1" : undefined;
  const unset = Object.fromEntries(keyVariables.map((name) => [name, undefined]));

  test(`${id} takes its key from its environment variable`, () => {
    withEnvironment({ ...unset, [keyVariables[0]!]: KEY }, () => {
      assert.equal(createModel(`${id}:some-model`, { baseUrl }).provider, id);
    });
  });

  test(`${id} without a key ${keyRequired ? "says which variable to set" : "works"}`, () => {
    withEnvironment(unset, () => {
      if (!keyRequired) return void createModel(`${id}:some-model`, { baseUrl });
      const error = thrown(() => createModel(`${id}:some-model`, { baseUrl }));
      assert.equal(error.code, "missing_api_key");
      const expected = keyVariables.map((name) => `${name} is not set`).join(", ");
      assert.equal(
        error.message,
        `Cannot create the ${id} model some-model as no API key was found: ${expected}`,
      );
      assert.deepEqual(error.suggestions, [
        `Set the environment variable ${keyVariables[0]}.`,
        "Or pass the key as the option `apiKey`.",
      ]);
    });
  });
}

test("a key that cannot be sent is refused without being shown", () => {
  for (const apiKey of ["sk-one\nsk-two", "sk-ключ"]) {
    const error = thrown(() => createModel("openai:m", { apiKey }));
    assert.equal(error.code, "invalid_api_key");
    assert.ok(!inspect(error).includes("sk-"));
  }
});

test("an openai-compatible model takes its key from the variable it is told", () => {
  const baseUrl = "http://127.0.0.1:9/v1";
  withEnvironment({ MY_KEY: undefined }, () => {
    const error = thrown(() => createModel("openai-compatible:m", { baseUrl, apiKeyEnv: "MY_KEY" }));
    assert.match(error.message, /MY_KEY is not set/);
  });
  assert.match(thrown(() => createModel("openai-compatible:m")).message, /it has no baseUrl/);
});

test("the key is in nothing that can be printed", () => {
  const model = createModel("openai:gpt-6.1-terra", { apiKey: KEY, headers: { "x-proxy-token": KEY } });
  const { Deno } = globalThis as { Deno?: { inspect(value: unknown, options: unknown): string } };
  const printed = [
    JSON.stringify(model),
    inspect(model, { depth: 9, showHidden: true }),
    Deno?.inspect(model, { depth: 9, showHidden: true }) ?? "",
    JSON.stringify(Object.entries(model)),
  ];
  for (const text of printed) assert.ok(!text.includes(KEY), text);
});

const ADDRESSES:
  readonly (readonly [string, Partial<OpenAiCompatibleOptions>, Record<string, string>, string])[] = [
    ["openai", {}, {}, "https://api.openai.com/v1"],
    ["openai", {}, { OPENAI_BASE_URL: "http://127.0.0.1:1234/v1/" }, "http://127.0.0.1:1234/v1"],
    [
      "openai",
      { baseUrl: "http://127.0.0.1:2/v1" },
      { OPENAI_BASE_URL: "http://127.0.0.1:1/v1" },
      "http://127.0.0.1:2/v1",
    ],
    ["ollama", {}, {}, "http://localhost:11434/v1"],
    ["ollama", {}, { OLLAMA_HOST: "0.0.0.0" }, "http://127.0.0.1:11434/v1"],
    ["ollama", {}, { OLLAMA_HOST: "box:8080" }, "http://box:8080/v1"],
    ["ollama", {}, { OLLAMA_HOST: "https://box/ollama/v1" }, "https://box/ollama/v1"],
    [
      "azure",
      {},
      { AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com/" },
      "https://x.openai.azure.com/openai/v1",
    ],
  ];

test("a model is reached where its option, its environment or its provider says", () => {
  for (const [provider, options, environment, expected] of ADDRESSES) {
    withEnvironment({ OPENAI_BASE_URL: undefined, OLLAMA_HOST: undefined, ...environment }, () => {
      const model = createModel(`${provider}:m`, { apiKey: KEY, ...options }) as OpenAiCompatibleModel;
      assert.equal(model.baseUrl, expected);
    });
  }
});

test("a base URL that cannot be used is refused without being shown", () => {
  for (
    const baseUrl of [
      "not a url",
      "ftp://host/v1",
      "http://user:hunter2@host/v1",
      "http://host/v1?key=hunter2",
    ]
  ) {
    const error = thrown(() => createModel("openai:m", { apiKey: KEY, baseUrl }));
    assert.equal(error.code, "invalid_base_url");
    assert.ok(!inspect(error).includes("hunter2"));
  }
});

test("options of a model are checked when it is made", () => {
  const make = (options: Record<string, unknown>) =>
    thrown(() => createModel("openai:m", { apiKey: KEY, ...options }));
  assert.match(make({ temprature: 1 }).message, /there is no option temprature; did you mean temperature\?/);
  assert.match(
    make({ temperature: 3 }).message,
    /temperature must be a number from 0 to 2: temperature is 3/,
  );
  assert.match(make({ apiVersion: "v" }).message, /apiVersion is only for the provider azure/);
  assert.match(make({ device: "cuda" }).message, /Sifaka does not run models itself: device/);
  assert.match(
    thrown(() => new OpenAiCompatibleModel({ provider: "openai" } as never)).message,
    /model is required/,
  );
  assert.match(
    thrown(() => new OpenAiCompatibleModel({ provider: "openai", model: " " })).message,
    /not blank/,
  );
});

test("options that a model does not support are refused by name", () => {
  const refusal = (spec: string, options: Record<string, unknown>): string =>
    thrown(() => createModel(spec, { apiKey: KEY }).generate("Greet me", options)).message;
  assert.equal(
    refusal("openai:gpt-4o", { topK: 4 }),
    "Cannot call openai:gpt-4o as it does not support topK",
  );
  assert.match(refusal("openai:gpt-6.1-terra", { temperature: 0 }), /does not support temperature/);
  assert.match(refusal("openai:o3", { stop: ["x"], topP: 0.5 }), /does not support topP, stop/);
  assert.match(refusal("openai:gpt-4o", { stop: ["1", "2", "3", "4", "5"] }), /more than 4 stop texts/);
  assert.match(refusal("mistral:m", { temperature: 1.8 }), /a temperature above 1\.5/);
  assert.match(refusal("deepseek:deepseek-chat", { seed: 1 }), /does not support seed/);
  assert.match(
    thrown(() => createModel("openai:o3", { apiKey: KEY, temperature: 1 })).message,
    /support temperature/,
  );
  assert.deepEqual(createModel("openai:gpt-4o", { apiKey: KEY }).unsupportedOptions, ["topK"]);
});

test("options of a call are checked", () => {
  const model = new MockModel();
  const refusal = (options: unknown): string =>
    thrown(() => model.generate("Greet me", options as never)).message;
  assert.match(refusal({ temprature: 1 }), /there is no option temprature; did you mean temperature\?/);
  assert.match(refusal({ maxTokens: 0 }), /maxTokens must be an integer of at least 1: maxTokens is 0/);
  assert.match(refusal({ topP: 0 }), /topP must be a number/);
  for (const prompt of ["", " \n", []]) {
    assert.match(thrown(() => model.generate(prompt)).message, /the prompt is blank/);
  }
});

test("what is no prompt is refused before anything is sent", () => {
  const model = new MockModel();
  const prompts: readonly [prompt: unknown, message: RegExp][] = [
    [5, /must be a text or a list of messages: it is 5/],
    [undefined, /must be a text or a list of messages/],
    [[{ role: "user", content: "Hi" }, null], /prompt\[1\] is null/],
    [[{ role: "tool", content: "Hi" }], /has a role \(system, user, assistant\).*prompt\[0\]/],
    [[{ role: "user", content: ["Hi"] }], /a content, which is a text/],
  ];
  for (const [prompt, message] of prompts) {
    const error = thrown(() => model.generate(prompt as string));
    assert.ok(error instanceof ConfigurationError, String(error));
    assert.equal(error.code, "invalid_prompt");
    assert.match(error.message, message);
  }
  assert.equal(model.calls.length, 0);
});

test("headers that cannot be sent are refused when the model is made, without their values", () => {
  const wrong: readonly [name: string, value: string][] = [
    ["x-note", "hunter2\r\nx-evil: 1"],
    ["x-note", "hunter2 →"],
    ["x note", "hunter2"],
  ];
  for (const [name, value] of wrong) {
    for (const spec of ["openai:gpt-4o", "anthropic:claude-haiku-4-5"]) {
      const error = thrown(() => createModel(spec, { apiKey: KEY, headers: { [name]: value } }));
      assert.equal(error.code, "invalid_headers");
      assert.match(error.message, /"x.note" in headers has a (name|value)/);
      assert.ok(!inspect(error).includes("hunter2"));
    }
  }
  createModel("openai:gpt-4o", { apiKey: KEY, headers: { "X-Title": "Café\t1" } });
});
