/** Components of the user's own: plain objects with as little as may be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import type { Critic } from "../../src/critics/critic.ts";
import { ConfigurationError, formatError } from "../../src/errors.ts";
import type { Model } from "../../src/models/model.ts";
import type { Retriever } from "../../src/retrievers/retriever.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import type { Storage } from "../../src/storage/storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import type { Validator } from "../../src/validators/validator.ts";

/** Gives way to the event loop, as real I/O does. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** One set of components, in a form that only `run()`, only `_runAsync()`, or both can call. */
function components(sync: boolean, async: boolean) {
  const asked: string[] = [];
  const model: Model = {
    name: "plain",
    ...(sync && { generate: () => (asked.push("generate"), "draft") }),
    ...(async && {
      _generateAsync: async () => {
        await pause();
        asked.push("_generateAsync");
        return "draft";
      },
    }),
  };
  const validator: Validator = {
    name: "validator",
    ...(sync && {
      validate: () => {
        asked.push("validate");
        return { passed: false };
      },
    }),
    ...(async && {
      _validateAsync: async () => {
        await pause();
        asked.push("_validateAsync");
        return { passed: false };
      },
    }),
  };
  const critic: Critic = {
    name: "critic",
    ...(sync && {
      critique: () => {
        asked.push("critique");
        return { critic: "critic", needsImprovement: true };
      },
    }),
    ...(async && {
      _critiqueAsync: async () => {
        await pause();
        asked.push("_critiqueAsync");
        return { critic: "critic", needsImprovement: true };
      },
    }),
  };
  const retriever = (name: string): Retriever => ({
    name,
    ...(sync && {
      retrieve: () => {
        asked.push("retrieve");
        return ["a fact"];
      },
    }),
    ...(async && {
      _retrieveAsync: async () => {
        await pause();
        asked.push("_retrieveAsync");
        return ["a fact"];
      },
    }),
  });
  const options: ChainOptions = {
    model,
    prompt: "Write.",
    validators: [validator],
    critics: [critic],
    modelRetrievers: [retriever("model retriever")],
    criticRetrievers: [retriever("critic retriever")],
    maxImprovementIterations: 0,
    critiqueFinal: true,
  };
  return { asked, options };
}

const SYNC_CALLS = ["retrieve", "generate", "retrieve", "validate", "retrieve", "critique"];
const ASYNC_CALLS = SYNC_CALLS.map((name) => `_${name}Async`);

test("run() calls the plain methods of plain objects", () => {
  for (const async of [false, true]) {
    const { asked, options } = components(true, async);
    const thought = new Chain(options).run();
    assert.deepEqual(asked, SYNC_CALLS);
    assert.equal(thought.text, "draft");
    assert.equal(thought.criticFeedback[0]!.needsImprovement, true);
    assert.equal(thought.preGenerationContext[0]!.source, "model retriever");
  }
});

test("_runAsync() calls the plain methods where there are no twins", async () => {
  const { asked, options } = components(true, false);
  await new Chain(options)._runAsync();
  assert.deepEqual(asked, SYNC_CALLS);
});

test("_runAsync() calls the twins where there are some", async () => {
  for (const sync of [false, true]) {
    const { asked, options } = components(sync, true);
    await new Chain(options)._runAsync();
    assert.deepEqual(asked, ASYNC_CALLS);
  }
});

const KINDS = ["model", "validators", "critics", "modelRetrievers", "criticRetrievers"] as const;
const METHODS = {
  model: ["plain", "generate"],
  validators: ["validator", "validate"],
  critics: ["critic", "critique"],
  modelRetrievers: ["model retriever", "retrieve"],
  criticRetrievers: ["critic retriever", "retrieve"],
} as const;

for (const kind of KINDS) {
  test(`run() refuses ${kind} that are asynchronous only, before anything is called`, () => {
    const { asked, options } = components(true, false);
    const chain = new Chain({ ...options, [kind]: components(false, true).options[kind] });
    const [name, method] = METHODS[kind];
    assert.throws(() => chain.run(), (error: ConfigurationError) => {
      assert.ok(error instanceof ConfigurationError);
      assert.deepEqual([error.code, error.component], ["async_only", name]);
      const text = formatError(error);
      assert.ok(
        text.startsWith(`Cannot run Chain synchronously as ${name} can ${method} only asynchronously`),
        text,
      );
      for (const way of [`synchronous method \`${method}\``, "define", "_runAsync()"]) {
        assert.ok(text.includes(way), text);
      }
      return true;
    });
    assert.deepEqual(asked, []);
  });

  test(`run() refuses ${kind} whose plain method is an async function, and _runAsync() awaits it`, async () => {
    const { asked, options } = components(true, false);
    const given = options[kind];
    const original = (Array.isArray(given) ? given[0] : given) as Record<string, unknown>;
    const [, method] = METHODS[kind];
    const plain = original[method] as () => unknown;
    const changed = {
      ...original,
      [method]: async () => {
        await pause();
        return plain();
      },
    };
    const chain = new Chain({ ...options, [kind]: Array.isArray(given) ? [changed] : changed });
    assert.throws(() => chain.run(), { code: "async_only" });
    assert.deepEqual(asked, []);
    assert.equal((await chain._runAsync()).text, "draft");
    assert.deepEqual(asked, SYNC_CALLS);
  });
}

test("run() refuses an asynchronous fallback model as well", () => {
  const chain = new Chain({
    ...components(true, false).options,
    fallbackModels: [{ name: "later", _generateAsync: () => Promise.resolve("draft") }],
  });
  assert.throws(() => chain.run(), { code: "async_only", component: "later" });
});

test("methods of plain objects keep their this", async () => {
  class Counter {
    readonly name = "counter";
    #count = 0;
    validate(): { passed: boolean } {
      return { passed: ++this.#count > 1 };
    }
  }
  class Echo {
    readonly name = "echo";
    #calls = 0;
    generate(): string {
      return `draft ${this.#calls++}`;
    }
  }
  for (const run of ["run", "_runAsync"] as const) {
    const chain = new Chain({ model: new Echo(), prompt: "Write.", validators: [new Counter()] });
    assert.equal((await chain[run]()).text, "draft 1");
  }
});

test("a validator that returns a promise from a plain method says what to do instead", () => {
  const sneaky = {
    name: "sneaky",
    validate: () => Promise.resolve({ passed: true }),
  } as unknown as Validator;
  const { options } = components(true, false);
  const chain = new Chain({ ...options, validators: [sneaky] });
  assert.throws(() => chain.run(), (error: ConfigurationError) => {
    assert.equal(error.code, "promise_returned");
    assert.match(formatError(error), /_runAsync/);
    return true;
  });
});

/** A storage with nothing but what the chain needs. */
function plainStorage(async: boolean): Storage & { kept: Map<string, unknown> } {
  const kept = new Map<string, unknown>();
  const get = (key: string) => kept.get(key);
  const set = (key: string, value: unknown) =>
    void kept.set(key, structuredClone(JSON.parse(JSON.stringify(value))));
  const methods = async
    ? {
      _getAsync: async (key: string) => (await pause(), get(key)),
      _setAsync: async (key: string, value: unknown) => (await pause(), set(key, value)),
    }
    : { get, set };
  return { name: "plain storage", kept, ...methods } as unknown as Storage & { kept: Map<string, unknown> };
}

test("a plain object may be the storage", async () => {
  const { options } = components(true, false);
  const sync = plainStorage(false);
  new Chain({ ...options, storage: sync, chainId: "notes" }).run();
  const async = plainStorage(true);
  const chain = new Chain({ ...options, storage: async, chainId: "notes" });
  assert.throws(() => chain.run(), { code: "async_only", component: "plain storage" });
  await chain._runAsync();
  assert.equal(async.kept.size, sync.kept.size);
  const full = new MemoryStorage();
  for (const [key, value] of sync.kept) full.set(key, value);
  assert.equal(new ThoughtStore(full).latest("notes")?.text, "draft");
});
