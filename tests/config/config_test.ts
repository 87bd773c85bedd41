import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { _loadConfigAsync, Config, configSchema, loadConfig, parseConfig } from "../../src/config/mod.ts";
import { CRITICS, RETRIEVERS, VALIDATORS } from "../../src/config/registry.ts";
import { STARTER_CONFIG } from "../../src/cli/starter_config.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const MODEL =
  "model: { provider: mock, responses: [one two three four, one two] }\nprompt: Count to {{n}}.\nvariables: { n: 2 }\n";

function failure(text: string, use: (config: Config) => unknown = () => {}): ConfigurationError {
  try {
    use(parseConfig(text, { file: "a.yaml" }));
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error;
  }
  assert.fail("it did not fail");
}

test("a configuration becomes a chain that runs", () => {
  const config = parseConfig(`${MODEL}validators:\n  - length: { maxWords: 3 }\n`);
  const thought = config.createChain().run();
  assert.deepEqual([thought.text, thought.valid, thought.prompt], ["one two", true, "Count to 2."]);
});

test("a configuration's chain is the same on an event loop", async () => {
  const config = parseConfig(`${MODEL}validators:\n  - length: { maxWords: 3 }\n`);
  const thought = await (await config._createChainAsync())._runAsync();
  assert.deepEqual([thought.text, thought.valid], ["one two", true]);
});

test("every component can be named with options, without, and with nothing after its colon", () => {
  // A style must be said, so its critic has no form without options.
  parseConfig(`${MODEL}critics: [{ style: { styleDescription: plain } }]`).createChain();
  for (const name of Object.keys(CRITICS).filter((one) => one !== "style")) {
    for (
      const item of [name, `{ ${name}: {} }`, `{ ${name}: }`, `{ ${name}: { temperature: 1, model: mock } }`]
    ) {
      parseConfig(`${MODEL}critics: [${item}]`).createChain();
    }
  }
  parseConfig(`${MODEL}retrievers: { model: [{ in_memory: { documents: [a, b] } }], critic: [] }`)
    .createChain();
  assert.deepEqual(Object.keys(VALIDATORS), [
    "length",
    "regex",
    "content",
    "format",
    "numeric_range",
    "readability",
    "prose",
    "guardrails",
    "sentiment",
    "language",
    "profanity",
    "spam",
    "toxicity",
    "bias",
    "classifier",
    "all_of",
    "any_of",
    "not",
  ]);
  const retrievers = ["redis", "mock", "{ files: { paths: [docs] } }"].join(", ");
  parseConfig(`${MODEL}retrievers: { model: [${retrievers}] }`).createChain();
  assert.deepEqual(Object.keys(RETRIEVERS), [
    "in_memory",
    "files",
    "redis",
    "storage",
    "cached",
    "hybrid",
    "mock",
  ]);
});

test("critics from YAML take their parts, their models and the chain's critic retrievers", () => {
  const chain = parseConfig([
    "prompt: Where do lemurs live?",
    "model: { provider: mock, response: They live in Africa. }",
    "retrievers: { critic: [{ in_memory: { documents: [Lemurs live in Madagascar.] } }] }",
    "critics:",
    "  - n_critics:",
    "      critics:",
    "        - { name: facts, role: whether it is true, model: mock, blocking: true }",
    "        - { name: tone, role: how it sounds, weight: 2 }",
    "  - self_rag: { decideRetrieval: always, batched: true, weights: { utility: 1 } }",
    "  - agent4debate: { sides: [keep it, { name: change, stance: change it }], judgeModel: mock, compact: true }",
    "options: { alwaysApplyCritics: true, maxImprovementIterations: 0, critiqueFinal: true }",
  ].join("\n")).createChain();
  const { thought } = chain.runDetailed();
  assert.deepEqual(thought.criticFeedback.map(({ critic }) => critic), [
    "NCriticsCritic",
    "SelfRAGCritic",
    "Agent4DebateCritic",
  ]);
});

test("a classifier's validator takes the chain's model, and is made of what the file says", () => {
  const answers =
    `prompt: x\nmodel: { provider: mock, responses: ['{"label": "rude", "confidence": 0.9}'] }\n`;
  const rude = "classifier: { labels: [rude, kind], invalidLabels: [rude] }";
  const text =
    `${answers}validators: [{ ${rude} }, { language: { languages: [de] } }, { sentiment: { forbidden: [negative] } }, { profanity: { severity: strong } }]`;
  const thought = parseConfig(text).createChain({ maxImprovementIterations: 0 }).run();
  assert.deepEqual(Object.keys(thought.validationResults), [
    "LlmValidator",
    "LanguageValidator",
    "SentimentValidator",
    "ProfanityValidator",
  ]);
  assert.equal(thought.validationResults.LlmValidator!.metadata.label, "rude");
});

test("toxicity, spam and bias are checked with the options that the file gives", () => {
  const text = (validators: string): string =>
    `prompt: x\nmodel: { provider: mock, responses: ["You are an idiot. Old people are useless."] }\nvalidators: ${validators}\n`;
  const passed = (validators: string): Record<string, boolean> => {
    const chain = parseConfig(text(validators)).createChain({ maxImprovementIterations: 0 });
    const results = Object.entries(chain.run().validationResults);
    return Object.fromEntries(results.map(([name, result]) => [name, result.passed]));
  };
  assert.deepEqual(passed("[toxicity, spam, bias]"), {
    ToxicityValidator: false,
    SpamValidator: true,
    BiasValidator: false,
  });
  const lenient = "[{ toxicity: { allowMild: true } }, { bias: { categories: [gender] } }]";
  assert.deepEqual(passed(lenient), { ToxicityValidator: true, BiasValidator: true });
});

test("a JSON Schema can stand in a configuration, and a fault in it is given its line", () => {
  const format = (schema: string): string =>
    `prompt: x\nmodel: { provider: mock, responses: ['{"n": 1}'] }\nvalidators:\n  - format: { format: json, schema: ${schema} }\n`;
  const chain = parseConfig(format("{ properties: { n: { minimum: 2 } } }")).createChain({
    maxImprovementIterations: 0,
  });
  assert.match(chain.run().validationResults.FormatValidator!.issues[0]!, /^\/n: must be >= 2: found 1$/);
  assert.match(
    failure(format("{ minmum: 2 }"), (config) => config.createChain()).message,
    /a\.yaml:4:.*did you mean minimum/s,
  );
});

test("a critic takes the chain's model, and its own where it names one", () => {
  const own = `${MODEL}critics: [{ self_refine: { model: opnai:x } }]`;
  assert.match(failure(own, (config) => config.createChain()).message, /^a\.yaml:4:\d+: .*"opnai"/);
  const none = "prompt: x\ncritics:\n  - self_refine\n";
  assert.match(failure(none, (config) => config.createChain()).message, /^a\.yaml:3:5: it has no model/);
  parseConfig(none).createChain({ model: new MockModel() });
});

test("what is given to createChain goes before what the configuration says", () => {
  const chain = parseConfig(MODEL).createChain({
    prompt: "Other.",
    model: new MockModel({ response: "mine" }),
    variables: { n: 3 },
  });
  const thought = chain.run();
  assert.deepEqual([thought.text, thought.prompt], ["mine", "Other."]);
  const counted = parseConfig(MODEL).createChain({ variables: { n: 3 } }).run();
  assert.equal(counted.prompt, "Count to 3.");
});

test("cross-field problems that a component finds are given their line", () => {
  const error = failure(
    `${MODEL}validators:\n  - content: { prohibited: [a] }\n  - length:\n      minWords: 9\n      maxWords: 1\n`,
    (config) => config.createChain(),
  );
  const [problem] = error.metadata.problems as { line: number; message: string; excerpt: string }[];
  assert.match(problem!.message, /minWords is 9, maxWords is 1/);
  assert.ok(problem!.line >= 6 && problem!.line <= 8, error.message);
  assert.match(problem!.excerpt, /\^/);
});

test("a component that needs options and has none is given its line", () => {
  assert.match(
    failure(`${MODEL}validators:\n  - length\n`, (config) => config.createChain()).message,
    /^a\.yaml:5:5: /,
  );
});

test("chain options are checked by the schema", () => {
  const error = failure(
    `${MODEL}options: { maxImprovementIteration: 1, select: "worst", budget: { maxModelCalls: 0 } }\n`,
  );
  assert.match(
    error.message,
    /there is no option maxImprovementIteration; did you mean maxImprovementIterations\?/,
  );
  assert.match(error.message, /select must be one of "best", "last"/);
  assert.match(error.message, /maxModelCalls must be a whole number of at least 1/);
  assert.equal((error.metadata.problems as unknown[]).length, 3);
});

test("what only code can give is refused with its line", () => {
  assert.match(
    failure(`${MODEL}options: { onEvent: x }\n`).message,
    /^a\.yaml:4:12: there is no option onEvent/,
  );
});

test("paths start from the configuration's folder, in both ways of loading", () =>
  inTemporaryDirectory(async (directory) => {
    mkdirSync(join(directory, "sub"));
    writeFileSync(join(directory, "sub", "draft.md"), "the draft");
    writeFileSync(
      join(directory, "sub", "check.mjs"),
      "export default { name: 'C', validate: () => ({ validator: 'C', passed: true, message: 'ok' }) };",
    );
    const path = join(directory, "sub", "a.yaml");
    writeFileSync(
      path,
      "model: mock\nprompt: x\ninput: draft.md\nvalidators: [{ module: ./check.mjs }]\nstorage: sqlite:runs.db\n",
    );
    assert.deepEqual(loadConfig(path).storeLocation, {
      kind: "sqlite",
      path: join(directory, "sub", "runs.db"),
    });
    const thought = loadConfig(path).createChain({ ignoreStorage: true }).run();
    assert.deepEqual([thought.text, thought.valid], ["the draft", true]);
    const config = await _loadConfigAsync(path);
    const twin = await (await config._createChainAsync({ ignoreStorage: true }))._runAsync();
    assert.deepEqual([twin.text, twin.valid], ["the draft", true]);
  }));

test("a module that awaits at its top level loads on an event loop, and says so without one", () =>
  inTemporaryDirectory(async (directory) => {
    const code =
      "await 0; export default { name: 'Late', validate: () => ({ validator: 'Late', passed: true, message: 'ok' }) };";
    const load = (file: string): Config => {
      writeFileSync(join(directory, file), code);
      return parseConfig(`model: mock\nprompt: x\nvalidators: [{ module: ${file} }]\n`, {
        folder: directory,
      });
    };
    assert.equal((await (await load("a.mjs")._createChainAsync())._runAsync()).valid, true);
    assert.throws(() => load("b.mjs").createChain(), ConfigurationError);
  }));

test("a configuration tells of every file before it reads it, and code is imported as its user says", () =>
  inTemporaryDirectory(async (directory) => {
    const at = (name: string): string => join(directory, name);
    writeFileSync(
      at("a.yaml"),
      "model: mock\nprompt: x\ninput: in.md\nvalidators: [{ module: ./none.mjs }]\n",
    );
    const told: string[] = [];
    const config = await _loadConfigAsync(at("a.yaml"), {
      // The first time that each is told of, it is not there yet.
      onFile: (path) => {
        told.push(path);
        if (!existsSync(path)) writeFileSync(path, "the text");
      },
      importModule: (path) =>
        Promise.resolve({
          default: { name: path, validate: () => ({ validator: path, passed: true, message: "ok" }) },
        }),
    });
    const thought = await (await config._createChainAsync())._runAsync();
    assert.deepEqual(told, ["a.yaml", "in.md", "none.mjs"].map(at));
    assert.deepEqual([thought.text, Object.keys(thought.validationResults)], ["the text", [at("none.mjs")]]);
  }));

test("storage is sqlite with a path, or memory", () => {
  const locate = (spec: string) => parseConfig(`storage: "${spec}"`, { folder: "/data" }).storeLocation;
  assert.deepEqual(locate("memory"), { kind: "memory" });
  assert.deepEqual(locate("sqlite::memory:"), { kind: "memory" });
  assert.equal(parseConfig("prompt: x").storeLocation, undefined);
  for (const wrong of ["sqlite", "sqlite:", "sqlit:x.db", "memory:x"]) {
    assert.match(
      failure(`storage: "${wrong}"`, (config) => config.storeLocation).message,
      /^a\.yaml:1:10: storage must be/,
    );
  }
});

test("the schema describes every component and leaves out what only code can give", () => {
  const schema = JSON.stringify(configSchema());
  for (
    const name of [...Object.keys(VALIDATORS), ...Object.keys(CRITICS), ...Object.keys(RETRIEVERS), "module"]
  ) {
    assert.ok(schema.includes(`"${name}":{`), name);
  }
  assert.ok(!schema.includes('"codeOnly"') && !schema.includes('"accepted"'));
  const { options } = configSchema().properties as Record<string, { properties: object }>;
  assert.ok("fallbackModels" in options!.properties);
});

test("the configuration that init writes fits the schema and makes a chain", () => {
  const config = parseConfig(STARTER_CONFIG);
  config.createChain({ model: new MockModel() });
  const all = STARTER_CONFIG.replace(/^( *)# (?=- |model:|storage:|retrievers:| {2})/gm, "$1");
  assert.ok(all.includes("\nstorage: sqlite"), "examples are taken in");
});

test("an empty configuration is one", () => {
  assert.deepEqual(parseConfig("").settings, {});
  assert.match(failure("- a\n").message, /the configuration must be a map/);
});

test("an error of a component does not show what an environment variable holds", () => {
  process.env.SIFAKA_TEST_SECRET = "s3cret-value";
  try {
    const error = failure("validators:\n  - module: ${SIFAKA_TEST_SECRET}\n", (config) => {
      config.createChain({ model: "mock", input: "A text." });
    });
    assert.match(error.message, /^a\.yaml:2:\d+: Cannot load the validator from \$\{SIFAKA_TEST_SECRET\}/);
    assert.ok(!JSON.stringify([error.message, error.suggestions, error.metadata]).includes("s3cret-value"));
    assert.equal(error.cause, undefined);
  } finally {
    delete process.env.SIFAKA_TEST_SECRET;
  }
});

test("limits, times and a bound on money can be set in a file, and are checked", () => {
  const options = "options: { budget: { maxCostUsd: 0.5 } }\nprompt: Write.\n";
  const limits = "limits: { maxConcurrency: 4, requestsPerMinute: 50 }, timeouts: { firstTokenMs: 2000 }";
  const chain = parseConfig(`model: { provider: ollama, name: m, ${limits} }\nprompt: Write.\n`)
    .createChain();
  assert.ok(chain);
  assert.match(
    failure(`model: "ollama:m"\n${options}`, (config) => config.createChain()).message,
    /budget\.maxCostUsd needs the price of every model, and that of ollama:m is not known/,
  );
  assert.match(
    failure("model: { provider: ollama, name: m, limits: { maxConcurrency: 0 } }\n").message,
    /^a\.yaml:1:\d+: .*maxConcurrency must be/,
  );
});
