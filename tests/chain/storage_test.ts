/** What a chain keeps, and what becomes of a storage that fails. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain } from "../../src/chain/chain.ts";
import { StorageError } from "../../src/errors.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import type { Storage, StorageOperations } from "../../src/storage/storage.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import type { Thought } from "../../src/thought/thought.ts";
import { ASKS, drafting, errorOf, never, observed, resultOf, saying } from "./helpers.ts";

const json = (thought: Thought | undefined): unknown => JSON.parse(JSON.stringify(thought));

const STORAGES: [name: string, make: () => Storage][] = [
  ["MemoryStorage", () => new MemoryStorage()],
  ["SqliteStorage", () => new SqliteStorage(":memory:")],
];

for (const [name, make] of STORAGES) {
  test(`every iteration is kept complete, the first draft included (${name})`, async () => {
    for (const run of ["runDetailed", "_runDetailedAsync"] as const) {
      const storage = make();
      const result = await new Chain({
        model: drafting(),
        prompt: "Write.",
        chainId: "notes",
        storage,
        validators: [never],
        critics: [saying("critic", ASKS)],
        maxImprovementIterations: 2,
      })[run]();
      const store = new ThoughtStore(storage);
      const kept = store.list("notes");
      assert.deepEqual(kept.map(json), result.iterations.map(json));
      for (const [index, thought] of kept.entries()) {
        assert.equal(thought.text, `draft ${index}`);
        assert.equal(thought.validationResults["never"]!.passed, false);
        assert.equal(thought.criticFeedback.length, index < 2 ? 1 : 0);
        assert.equal(thought.history.length, index);
        assert.deepEqual(json(store.byIteration("notes", index)), json(thought));
      }
      assert.deepEqual(json(store.latest("notes")), json(result.thought));
      for (const { id } of result.thought.history) assert.ok(store.get(id), "every reference resolves");
      storage.close();
    }
  });
}

test("a thought is kept before its critics are asked", () => {
  const storage = new MemoryStorage();
  const store = new ThoughtStore(storage);
  const kept: (string | undefined)[] = [];
  const critic = {
    name: "looking",
    critique: ({ id }: Thought) => {
      kept.push(store.get(id)?.text);
      return { critic: "looking", needsImprovement: false };
    },
  };
  resultOf(
    new Chain({ model: drafting(), prompt: "Write.", storage, critics: [critic], alwaysApplyCritics: true }),
  );
  assert.deepEqual(kept, ["draft 0"]);
});

test("runs of one chain do not overwrite each other, and other chains do not mix", () => {
  const storage = new MemoryStorage();
  const chain = new Chain({
    model: drafting(),
    prompt: "Write.",
    storage,
    chainId: "a",
    validators: [never],
    maxImprovementIterations: 1,
  });
  chain.run();
  chain.run();
  new Chain({ model: drafting(), prompt: "Write.", storage, chainId: "b" }).run();
  const store = new ThoughtStore(storage);
  assert.deepEqual(store.list("a").map(({ text, iteration }) => [iteration, text]).sort(), [
    [0, "draft 0"],
    [0, "draft 2"],
    [1, "draft 1"],
    [1, "draft 3"],
  ]);
  assert.equal(store.list("b").length, 1);
  assert.equal(new Set(store.list("a").map(({ id }) => id)).size, 4);
});

test("a chain without a chainId draws one for each run", () => {
  const storage = new MemoryStorage();
  const chain = new Chain({ model: drafting(), prompt: "Write.", storage });
  const [one, two] = [chain.run(), chain.run()];
  assert.ok(one.chainId !== undefined && one.chainId !== two.chainId);
  assert.equal(new ThoughtStore(storage).chains().length, 2);
});

/** Fails at the writes whose numbers are given, from 0, or at all. */
function failing(error: unknown, failures: (write: number) => boolean = () => true): MemoryStorage {
  const storage = new MemoryStorage();
  const operations: StorageOperations = storage._operations;
  const { set } = operations;
  let writes = 0;
  operations.set = function* (...args) {
    if (failures(writes++)) throw error;
    yield* set.apply(operations, args);
  };
  return storage;
}

test("onStorageError warn tells of each failed write and goes on", () => {
  const { outcome, events } = observed({
    model: drafting(),
    storage: failing(new Error("the disk is full")),
    validators: [never],
    critics: [saying("critic", ASKS)],
    maxImprovementIterations: 1,
  });
  assert.ok(outcome.ok);
  const { warnings, thought } = outcome.value;
  assert.equal(thought.text, "draft 1");
  assert.deepEqual(warnings.map(({ code }) => code), Array(3).fill("storage_failed"));
  assert.equal(warnings[0]!.message, "The text of iteration 0 was not stored: the disk is full");
  assert.equal(events.filter((event) => event.type === "warning").length, 3);
  assert.equal(events.filter((event) => event.type === "stored").length, 0);
});

test("onStorageError throw ends the run with a StorageError", () => {
  const own = new StorageError("The store is closed", { code: "closed" });
  for (const error of [new Error("the disk is full"), own]) {
    const thrown = errorOf(
      new Chain({ model: drafting(), prompt: "Write.", storage: failing(error), onStorageError: "throw" }),
    );
    assert.ok(thrown instanceof StorageError);
    if (error === own) assert.equal(thrown, own);
    else assert.deepEqual([thrown.code, thrown.cause], ["storage_failed", error]);
  }
});

test("what a failed write left out is kept with the next one", () => {
  const storage = failing(new Error("for a moment"), (write) => write === 0);
  const result = resultOf(
    new Chain({
      model: drafting(),
      prompt: "Write.",
      chainId: "notes",
      storage,
      validators: [never],
      maxImprovementIterations: 1,
    }),
  );
  assert.deepEqual(new ThoughtStore(storage).list("notes").map(json), result.iterations.map(json));
});
