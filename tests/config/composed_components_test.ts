/** Components of a configuration that are made of components, and those that keep something. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Config, loadConfig, parseConfig } from "../../src/config/mod.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import { StorageRetriever } from "../../src/retrievers/storage_retriever.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import { startProvider } from "../helpers/mock_provider.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const MODEL = "model: { provider: mock, response: one two three }\nprompt: Count.\n";
const ONCE = { maxImprovementIterations: 0 } as const;

function failure(text: string): string {
  try {
    parseConfig(text, { file: "a.yaml" }).createChain();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.message;
  }
  assert.fail("it did not fail");
}

function verdicts(config: Config, text: string): Record<string, boolean> {
  const thought = config.createChain({ ...ONCE, model: new MockModel({ response: text }) }).run();
  return Object.fromEntries(
    Object.entries(thought.validationResults).map(([name, { passed }]) => [name, passed]),
  );
}

const COMPOSED = `${MODEL}validators:
  - all_of:
      name: greeting
      validators:
        - length: { maxWords: 4 }
        - any_of:
            validators:
              - content: { required: [hello] }
              - not: { validator: { regex: { required: ["\\\\d"] } }, message: Leave numbers out. }
  - not:
      name: no shouting
      validator:
        all_of: { validators: [{ regex: { required: ["!"] } }], evaluation: shortCircuit }
`;

test("validators are made of validators, to any depth", () => {
  const config = parseConfig(COMPOSED);
  const of = (text: string): boolean[] => Object.values(verdicts(config, text));
  assert.deepEqual(verdicts(config, "hello 5 of you"), { greeting: true, "no shouting": true });
  assert.deepEqual(of("just some words"), [true, true]);
  assert.deepEqual(of("there are 5"), [false, true]);
  assert.deepEqual(of("hello to all of you!"), [false, false]);
});

test("a validator from code and one that asks the model can be parts", () =>
  inTemporaryDirectory((directory) => {
    writeFileSync(
      join(directory, "check.mjs"),
      "export default { name: 'C', validate: () => ({ validator: 'C', passed: true, message: 'ok' }) };",
    );
    writeFileSync(
      join(directory, "a.yaml"),
      `prompt: x
model: { provider: mock, responses: ["hi", '{"label": "rude", "confidence": 0.9}'] }
validators:
  - any_of:
      validators:
        - classifier: { labels: [rude, kind], invalidLabels: [rude] }
        - module: check.mjs
`,
    );
    const thought = loadConfig(join(directory, "a.yaml")).createChain(ONCE).run();
    const [result] = Object.values(thought.validationResults);
    const parts = result!.metadata.parts as { validator: string; passed: boolean }[];
    assert.deepEqual(parts.map(({ validator, passed }) => [validator, passed]), [
      ["LlmValidator", false],
      ["C", true],
    ]);
  }));

const FAULTS: readonly (readonly [what: string, yaml: string, message: RegExp])[] = [
  [
    "a wrong option",
    "validators:\n  - all_of:\n      validators:\n        - not:\n            validator:\n              length: { maxWords: many }\n",
    /^a\.yaml:8:35: maxWords must be a whole number.*: maxWords is "many"$/,
  ],
  [
    "an unknown option",
    "validators:\n  - any_of:\n      validators:\n        - length: { maxWord: 1 }\n",
    /^a\.yaml:6:21: there is no option maxWord; did you mean maxWords\?$/,
  ],
  [
    "an unknown name in a list",
    "validators:\n  - all_of:\n      validators:\n        - lenght\n        - length: { maxWords: 2 }\n",
    /^a\.yaml:6:11: there is no validator lenght; did you mean length\?$/,
  ],
  [
    "an unknown name of a map",
    "validators:\n  - not:\n      validator: { lenght: { maxWords: 2 } }\n",
    /^a\.yaml:5:20: there is no validator lenght; did you mean length\?$/,
  ],
  [
    "what is no component",
    "validators:\n  - all_of:\n      validators:\n        - 7\n",
    /^a\.yaml:6:11: item 1 of validators must be the name of a validator or a map with one key: the name of a validator with its options below it: item 1 of validators is 7$/,
  ],
  ["no parts", "validators:\n  - all_of: { name: x }\n", /^a\.yaml:4:5: validators is required$/],
  [
    "an empty list",
    "validators:\n  - any_of: { validators: [] }\n",
    /^a\.yaml:4:27: validators must be a list with at least 1 item: validators is \[\]$/,
  ],
  [
    "a bare name",
    "validators:\n  - not\n",
    /^a\.yaml:4:5: not needs the option validator: one, written as in any list$/,
  ],
  [
    "a fault that a part finds itself",
    "validators:\n  - all_of:\n      validators:\n        - content: { prohibited: [a] }\n        - length: { minWords: 9, maxWords: 1 }\n",
    /^a\.yaml:7:\d+: .*minWords is 9, maxWords is 1$/,
  ],
  [
    "a fault in a retriever that is cached",
    "retrievers:\n  model:\n    - cached:\n        retriever:\n          in_memory: { documents: 7 }\n",
    /^a\.yaml:7:35: documents must be a list or a map: documents is 7$/,
  ],
  [
    "two faults in two parts",
    "validators:\n  - all_of:\n      validators:\n        - length: { maxWords: -1 }\n        - lenght\n",
    /^a\.yaml:6:31: maxWords must be .*\na\.yaml:7:11: there is no validator lenght/,
  ],
  [
    "a retriever that needs a function",
    "retrievers:\n  critic:\n    - vector: { documents: [a] }\n",
    /^a\.yaml:5:7: vector needs a function `embed`, which only code can give; make it in a file and name that: module: \.\/my_vector\.ts$/,
  ],
  [
    "such a retriever as a part, by its bare name",
    "retrievers:\n  critic:\n    - hybrid: { retrievers: [milvus, mock] }\n",
    /^a\.yaml:5:30: milvus needs a function `embed`/,
  ],
  [
    "a storage of a part",
    "retrievers:\n  model:\n    - storage: { storage: sqlit:x }\n",
    /^a\.yaml:5:27: storage must be .*did you mean sqlite\?/,
  ],
  [
    "a storage that is left out",
    "retrievers:\n  model:\n    - storage\n",
    /^a\.yaml:5:7: Cannot create StorageRetriever as storage must be given$/,
  ],
];

for (const [what, yaml, message] of FAULTS) {
  test(`${what}: the error points at the line of the part`, () => {
    assert.match(failure(MODEL + yaml), message);
  });
}

test("retrievers are joined, cached and read from a storage, from the configuration's folder", () =>
  inTemporaryDirectory((directory) => {
    mkdirSync(join(directory, "docs"));
    writeFileSync(join(directory, "docs", "lemurs.md"), "Lemurs live in Madagascar.\n");
    const storage = new SqliteStorage(join(directory, "atlas.db"));
    new StorageRetriever({ storage }).addDocuments({ home: "Lemurs live on an island." });
    storage.close();
    const path = join(directory, "a.yaml");
    writeFileSync(
      path,
      `model: mock
prompt: Where do lemurs live?
retrievers:
  model:
    - cached:
        storage: sqlite:found.db
        ttlMs: 60000
        retriever:
          hybrid:
            retrievers:
              - files: { paths: [docs] }
              - storage: { storage: "sqlite:atlas.db", name: atlas }
`,
    );
    const sources = (): unknown[] =>
      loadConfig(path).createChain(ONCE).run().preGenerationContext
        .map(({ source, metadata }) => [source, metadata.cached === true]);
    assert.deepEqual(sources(), [["docs/lemurs.md:1", false], ["atlas", false]]);
    assert.ok(existsSync(join(directory, "found.db")));
    assert.deepEqual(sources(), [["docs/lemurs.md:1", true], ["atlas", true]]);
  }));

test("a model's answers are kept in the storage that its map names", async () => {
  const server = await startProvider();
  try {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, "a.yaml");
      const run = (cache: string): void => {
        const model = `{ provider: openai-compatible, name: m, baseUrl: "${
          server.url({})
        }", cache: ${cache} }`;
        writeFileSync(path, `prompt: Say.\nmodel: ${model}\n`);
        assert.equal(loadConfig(path).createChain(ONCE).run().text, "Hello from the server.");
      };
      await server.clear();
      for (const _ of [1, 2]) run("sqlite:answers.db");
      assert.equal((await server.requests()).length, 1);
      for (const _ of [1, 2]) run("{ storage: sqlite:answers.db, namespace: others, ttlMs: 600000 }");
      assert.equal((await server.requests()).length, 2);
      assert.ok(existsSync(join(directory, "answers.db")));
    });
  } finally {
    server.stop();
  }
});

test("a fault in a model's cache is given its line", () => {
  const model = (cache: string): string =>
    failure(`prompt: x\nmodel:\n  provider: mock\n  cache: ${cache}\n`);
  assert.match(model("sqlit:x"), /^a\.yaml:4:10: storage must be .*did you mean sqlite\?/);
  assert.match(model("{ storage: sqlit:x }"), /^a\.yaml:4:21: storage must be /);
  assert.match(model("{ ttlMs: 1 }"), /^a\.yaml:4:\d+: storage is required$/);
  assert.match(model("{ storage: memory, ttlM: 1 }"), /there is no option ttlM; did you mean ttlMs\?/);
});
