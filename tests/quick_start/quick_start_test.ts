import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { parseStorageSpec } from "../../src/config/store_location.ts";
import { createStore } from "../../src/config/store.ts";
import { defineCritic } from "../../src/critics/define_critic.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { MockModel } from "../../src/models/mock_model.ts";
import {
  ComponentRegistry,
  QuickStart,
  type QuickStartOptions,
  type ReadyChain,
} from "../../src/quick_start/mod.ts";
import { FileStorage } from "../../src/storage/file_storage.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { MilvusStorage } from "../../src/storage/milvus_storage.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import { COUNTED, countWords, startFakeMilvus } from "../helpers/fake_milvus.ts";
import { freePort, REDIS_MISSING, startRedis } from "../helpers/redis_server.ts";
import { inTemporaryDirectory } from "../helpers/temporary_directory.ts";

const TEXT = "Sifakas leap from tree to tree, and live in Madagascar.";
const PROMPT = "Where do sifakas live?";
const mock = (...responses: string[]): MockModel =>
  new MockModel({ responses: responses.length > 0 ? responses : [TEXT], mode: "last" });
const CALM = defineValidator("calm", ({ text }) => !text!.includes("!"));

function failure(make: () => unknown): ConfigurationError {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error;
  }
  assert.fail("it did not fail");
}

/** The texts that a storage keeps. */
function kept(storage: Storage): (string | undefined)[] {
  const store = new ThoughtStore(storage);
  return store.chains().map(({ chainId }) => store.latest(chainId)?.text);
}

test("each function gives a chain that runs, in both drivers", () =>
  inTemporaryDirectory(async (directory) => {
    const model = mock();
    const made: ReadyChain[] = [
      QuickStart.basic(PROMPT, { model }),
      QuickStart.withMemory(PROMPT, { model }),
      QuickStart.withFile(PROMPT, { model, path: join(directory, "kept") }),
      QuickStart.withStorage(PROMPT, { model, storage: "memory" }),
      QuickStart.withValidators(PROMPT, { model, validators: [CALM] }),
      QuickStart.withCritics(PROMPT, { model, critics: ["prompt"], maxImprovementIterations: 0 }),
      QuickStart.forDevelopment(PROMPT, { model }),
    ];
    for (const chain of made) {
      assert.ok(chain instanceof Chain);
      assert.deepEqual(chain.warnings, []);
      assert.equal(chain.run().text, TEXT);
      assert.equal((await chain._runAsync()).text, TEXT);
    }
  }));

test("thoughts are kept where the function says", () =>
  inTemporaryDirectory((directory) => {
    const model = mock();
    const path = join(directory, "a+memory");
    QuickStart.withFile(PROMPT, { model, path }).run();
    assert.deepEqual(kept(new FileStorage(path)), [TEXT]);
    QuickStart.withFile(PROMPT, { model, path: "beside", folder: directory }).run();
    assert.deepEqual(kept(new FileStorage(join(directory, "beside"))), [TEXT]);
    const single = join(directory, "all.json");
    QuickStart.withFile(PROMPT, { model, path: single }).run();
    assert.deepEqual(kept(new FileStorage(single, { layout: "single" })), [TEXT]);
    const own = new MemoryStorage();
    QuickStart.withStorage(PROMPT, { model, storage: own }).run();
    assert.deepEqual(kept(own), [TEXT]);
    QuickStart.withStorage(PROMPT, { model, storage: "memory+sqlite:runs.db", folder: directory }).run();
    const lasting = createStore(parseStorageSpec("sqlite:runs.db", directory));
    assert.deepEqual(kept(lasting), [TEXT]);
    lasting.close();
  }));

test("thoughts are kept on a Redis server, also as a tier", { skip: REDIS_MISSING }, async () => {
  const server = await startRedis();
  try {
    const model = mock();
    QuickStart.withRedis(PROMPT, { model, url: server.url, fallback: "memory" }).run();
    QuickStart.withStorage("Again.", { model, storage: `memory+${server.url}` }).run();
    const storage = createStore(parseStorageSpec(server.url));
    assert.deepEqual(kept(storage), [TEXT, TEXT]);
    storage.close();
  } finally {
    await server.stop();
  }
});

test("thoughts are kept on a server that speaks as Milvus does", async () => {
  const milvus = { embed: countWords, dimension: COUNTED, baseUrl: await startFakeMilvus() };
  QuickStart.withMilvus(PROMPT, { model: mock(), milvus, fallback: "memory" }).run();
  assert.deepEqual(kept(new MilvusStorage(milvus)), [TEXT]);
  const without = failure(() => QuickStart.withMilvus(PROMPT, { model: mock() } as never));
  assert.match(without.message, /Cannot create MilvusStorage as embed and dimension must be given/);
  const baseUrl = `http://127.0.0.1:${await freePort()}`;
  const chain = QuickStart.withMilvus(PROMPT, {
    model: mock(),
    milvus: { ...milvus, baseUrl },
    fallback: "memory",
  });
  assert.match(chain.warnings[0]!, /^Thoughts are kept in memory alone/);
});

test("a storage that cannot be used is an error, or by wish memory with a warning", () =>
  inTemporaryDirectory(async (directory) => {
    const model = mock();
    const file = join(directory, "file");
    writeFileSync(file, "no folder");
    assert.throws(() => QuickStart.withFile(PROMPT, { model, path: file }), ConfigurationError);
    const url = `redis://:hidden@127.0.0.1:${await freePort()}`;
    const instead: ReadyChain[] = [
      QuickStart.withFile(PROMPT, { model, path: file, fallback: "memory" }),
      QuickStart.withStorage(PROMPT, { model, storage: "redsi", fallback: "memory" }),
      QuickStart.withRedis(PROMPT, { model, url, fallback: "memory" }),
    ];
    for (const chain of instead) {
      assert.equal(chain.run().text, TEXT);
      assert.match(chain.warnings[0]!, /^Thoughts are kept in memory alone, as the storage cannot be used: /);
      assert.ok(!chain.warnings[0]!.includes("hidden"));
    }
  }));

const STORAGES: readonly (readonly [spec: string, message: RegExp])[] = [
  ["file", /storage must be sqlite:PATH, file:FOLDER, file:NAME\.json, redis:.*: storage is "file"/],
  ["memory+file", /storage is "memory\+file"/],
  ["sqlite:", /storage must be/],
  ["memory+redsi", /did you mean redis\?/],
  ["memory+memory", /must not name one place twice/],
  ["", /storage must be/],
  ["memory+milvus:notes", /storage cannot be milvus here: it needs a function `embed`/],
];

for (const [spec, message] of STORAGES) {
  test(`the storage ${JSON.stringify(spec)} is refused`, () => {
    const error = failure(() => QuickStart.withStorage(PROMPT, { model: mock(), storage: spec }));
    assert.match(error.message, message);
  });
}

test("components are given by name, with options, or made", () => {
  const critic = defineCritic("mine", () => ({ needsImprovement: false }));
  const chain = QuickStart.withValidators(PROMPT, {
    model: mock(),
    validators: ["prose", { length: { minWords: 2, name: "words" } }, CALM, {
      any_of: { name: "either", validators: [{ content: { required: ["leap"] } }, "readability"] },
    }],
    critics: [critic, { prompt: { name: "advice" } }],
    alwaysApplyCritics: true,
    maxImprovementIterations: 0,
    critiqueFinal: true,
  });
  const thought = chain.run();
  assert.deepEqual(Object.keys(thought.validationResults), ["ProseValidator", "words", "calm", "either"]);
  assert.deepEqual(thought.criticFeedback.map((feedback) => feedback.critic), ["mine", "advice"]);
});

const WRONG: readonly (readonly [what: string, options: object, message: RegExp])[] = [
  [
    "an unknown validator",
    { validators: ["lenght"] },
    /there is none of the name "lenght"; did you mean "length"\?/,
  ],
  ["an unknown critic", { critics: ["reflexoin"] }, /Cannot make a critic .*; did you mean "reflexion"\?/],
  ["an unknown part", { validators: [{ all_of: { validators: ["lenght"] } }] }, /did you mean "length"\?/],
  [
    "a wrong option",
    { validators: [{ length: { minWords: 9, maxWords: 1 } }] },
    /minWords is 9, maxWords is 1/,
  ],
  [
    "an unknown option of a component",
    { critics: [{ prompt: { temprature: 1 } }] },
    /did you mean temperature\?/,
  ],
  [
    "parts that are no list",
    { validators: [{ all_of: { validators: 5 } }] },
    /all_of needs the option validators/,
  ],
  ["two names in one map", { validators: [{ length: {}, prose: {} }] }, /a map with one key/],
  ["no component", { validators: [5] }, /a component must be a name, or a map/],
  ["no list", { critics: "prompt" }, /critics must be a list: it is "prompt"/],
  ["code of a configuration", { validators: [{ module: "./a.ts" }] }, /give the component itself/],
  ["an unknown option", { maxImprovementIteration: 1 }, /did you mean maxImprovementIterations\?/],
  ["a blank prompt", { prompt: " " }, /prompt/],
  ["another fallback", { fallback: "disk" }, /fallback must be "memory": it is "disk"/],
  ["no registry", { registry: {} }, /registry must be a ComponentRegistry/],
  ["no model", { model: undefined }, /it has no model: give one, such as model: "openai:/],
  ["an unknown model", { model: "opnai:x" }, /there is no provider "opnai"/],
];

for (const [what, wrong, message] of WRONG) {
  test(`${what} is refused, and nothing is opened`, () =>
    inTemporaryDirectory((directory) => {
      const { prompt = PROMPT, ...options } = wrong as QuickStartOptions & { prompt?: string };
      const storage = "sqlite:runs.db";
      const error = failure(() =>
        QuickStart.basic(prompt, { model: mock(), storage, folder: directory, ...options })
      );
      assert.match(error.message + error.suggestions, message);
      assert.equal(existsSync(join(directory, "runs.db")), false);
    }));
}

test("what a function cannot do without is asked for", () => {
  const model = mock();
  for (const options of [null, 5, "openai:gpt-4o"]) {
    const refused = failure(() => QuickStart.basic(PROMPT, options as never));
    assert.match(refused.message, /its options must be an object: they are /);
  }
  const without = (options: object): never => options as never;
  assert.match(
    failure(() => QuickStart.withFile(PROMPT, without({ model }))).message,
    /path must be a folder/,
  );
  assert.match(
    failure(() => QuickStart.withStorage(PROMPT, without({ model }))).message,
    /storage must be given/,
  );
  assert.match(
    failure(() => QuickStart.withCritics(PROMPT, without({ model }))).message,
    /critics must be given/,
  );
  assert.match(
    failure(() => QuickStart.withValidators(PROMPT, without({ model }))).message,
    /validators must be/,
  );
  assert.match(failure(() => QuickStart.basic(undefined as never, { model })).message, /it has no prompt/);
  const url = "http://user:hidden@host";
  const refused = failure(() => QuickStart.withRedis(PROMPT, { model, url }));
  assert.match(refused.message, /url must be the address of a server, as redis:/);
  assert.ok(!refused.message.includes("hidden"));
});

test("critics share the chain's model, or have one of their own", () => {
  const answer = JSON.stringify({ needs_improvement: false, summary: "fine" });
  const shared = mock(TEXT, answer);
  const options = { critics: ["prompt"], maxImprovementIterations: 0, critiqueFinal: true } as const;
  QuickStart.withCritics(PROMPT, { ...options, model: shared }).run();
  assert.equal(shared.calls.length, 2);
  const [model, criticModel] = [mock(TEXT), mock(answer)];
  QuickStart.withCritics(PROMPT, { ...options, model, criticModel }).run();
  assert.deepEqual([model.calls.length, criticModel.calls.length], [1, 1]);
});

test("a registry makes components of one's own, which may be parts and share nothing with others", () => {
  const registry = new ComponentRegistry();
  registry.registerValidator(
    "at_most",
    ({ storage }) => defineValidator("at most", ({ text }) => text!.length <= Number(storage)),
  );
  const asked: unknown[] = [];
  registry.registerCritic("silent", (options, model) => {
    asked.push(options, model);
    return defineCritic("silent", () => ({ needsImprovement: false }));
  });
  const model = mock();
  const chain = QuickStart.withValidators(PROMPT, {
    model,
    registry,
    validators: [{ not: { validator: { at_most: { storage: 5 } } } }],
    critics: ["silent"],
  });
  assert.equal(chain.run().valid, true);
  assert.deepEqual(asked, [{}, model]);
  assert.ok(registry.validators.includes("at_most") && registry.critics.includes("silent"));
  assert.match(
    failure(() => QuickStart.withCritics(PROMPT, { model, critics: ["silent"] })).message,
    /there is none of the name "silent"/,
  );
});

test("a name is taken once, unless its holder may be replaced", () => {
  const registry = new ComponentRegistry();
  const calm = () => CALM;
  assert.match(
    failure(() => registry.registerValidator("length", calm)).message,
    /pass \{ override: true \}/,
  );
  registry.registerValidator("length", calm, { override: true });
  assert.equal(registry.createValidator("length", mock()), CALM);
  for (const name of [" ", "module"]) {
    assert.match(failure(() => registry.registerValidator(name, calm)).message, /not blank or "module"/);
  }
  assert.match(
    failure(() => registry.registerCritic("x", 5 as never)).message,
    /must be a function: it is 5/,
  );
});
