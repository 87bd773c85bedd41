import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../src/drivers/simulation.ts";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import type { Operation } from "../../src/operation/operation.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { SqliteStorage } from "../../src/storage/sqlite_storage.ts";
import type { OperationStorage, Storage } from "../../src/storage/storage.ts";
import { entryKey, parseEntryKey } from "../../src/storage/thought_keys.ts";
import { ThoughtStore } from "../../src/storage/thought_store.ts";
import { Thought } from "../../src/thought/thought.ts";
import { outcomeOf, testEveryDriver } from "../helpers/drivers.ts";

const DAY_MS = 86_400_000;

/** A run of a chain: every iteration, oldest first, all of them complete. */
function run(chainId: string | undefined, length: number, startMs = 0, name = chainId): Thought[] {
  const at = (index: number) => new Date(startMs + index).toISOString();
  const thoughts = [
    new Thought({
      chainId,
      id: `${name}-0`,
      timestamp: at(0),
      prompt: "Describe lemurs.",
      text: `draft 0 of ${name}`,
    }),
  ];
  for (let index = 1; index < length; index++) {
    const validated = thoughts[index - 1]!.addValidationResult("length", {
      validator: "length",
      passed: false,
      message: "too short",
      issues: ["Too short."],
    });
    thoughts[index - 1] = validated;
    thoughts.push(
      validated.nextIteration({ id: `${name}-${index}`, timestamp: at(index) }).withText(
        `draft ${index} of ${name}`,
      ),
    );
  }
  return thoughts;
}

function storeOf(storage: Storage, ...thoughts: Thought[]): ThoughtStore {
  const store = new ThoughtStore(storage);
  for (const thought of thoughts) store.save(thought);
  return store;
}

const STORAGES: readonly [name: string, create: () => OperationStorage][] = [
  ["MemoryStorage", () => new MemoryStorage()],
  ["SqliteStorage", () => new SqliteStorage(":memory:")],
];

for (const [name, create] of STORAGES) {
  test(`ThoughtStore in ${name} gives thoughts back as they were, history included`, () => {
    const thoughts = run("c", 4);
    const store = storeOf(create(), ...thoughts);
    for (const [index, thought] of thoughts.entries()) {
      assert.deepEqual(store.get(thought.id)!.toJSON(), thought.toJSON());
      assert.deepEqual(store.byIteration("c", index)!.toJSON(), thought.toJSON());
    }
    assert.deepEqual(store.latest("c")!.toJSON(), thoughts[3]!.toJSON());
    assert.deepEqual(
      store.list("c").map((thought) => thought.toJSON()),
      thoughts.map((thought) => thought.toJSON()),
    );
    assert.deepEqual(store.references("c").map(({ thoughtId }) => thoughtId), ["c-0", "c-1", "c-2", "c-3"]);
    assert.match(store.references("c")[0]!.summary, /graphemes; 0 of 1 validators passed/);
  });

  test(`ThoughtStore in ${name} keeps a history that was never saved by itself, or only in part`, () => {
    const [first, second, third] = run("c", 3) as [Thought, Thought, Thought];
    const early = first.withText("an earlier state");
    const store = storeOf(create(), early, third);
    assert.deepEqual(store.latest("c")!.toJSON(), third.toJSON());
    assert.deepEqual(store.get(second.id)!.toJSON(), second.toJSON());
    assert.equal(store.get(first.id)!.text, first.text);
    assert.equal(store.list("c").length, 3);
  });

  test(`ThoughtStore in ${name} finds nothing where there is nothing`, () => {
    const store = storeOf(create());
    assert.deepEqual(
      [
        store.get("x"),
        store.byIteration("x", 0),
        store.latest("x"),
        store.list("x"),
        store.chains(),
        store.deleteChain("x"),
      ],
      [undefined, undefined, undefined, [], [], 0],
    );
  });

  test(`ThoughtStore in ${name} tells apart ids that hold separators`, () => {
    const ids = ["a", "a/b", "a%2Fb", "a:b", "a_b", "a b", "🐒", "a\nb", "b/..", "%"];
    const store = storeOf(create(), ...ids.flatMap((id) => run(id, 2, 0, `${id}/t`)));
    for (const id of ids) {
      assert.deepEqual(store.list(id).map((thought) => thought.id), [`${id}/t-0`, `${id}/t-1`]);
      assert.equal(store.get(`${id}/t-1`)!.text, `draft 1 of ${id}/t`);
    }
    assert.deepEqual(store.chains().map(({ chainId }) => chainId).sort(), [...ids].sort());
    assert.equal(store.deleteChain("a"), 2);
    assert.equal(store.list("a/b").length, 2);
  });

  test(`ThoughtStore in ${name} lists a chain of 200 iterations in order`, () => {
    const thoughts = run("long", 200);
    const store = storeOf(create(), thoughts[199]!);
    assert.deepEqual(
      store.list("long").map((thought) => thought.iteration),
      thoughts.map((_, index) => index),
    );
    assert.equal(store.latest("long")!.history.length, 199);
    assert.equal(store.byIteration("long", 150)!.history.at(-1)!.iteration, 149);
    assert.deepEqual(store.chains(), [{
      chainId: "long",
      thoughts: 200,
      timestamp: thoughts[199]!.timestamp,
      latestId: "long-199",
    }]);
  });

  test(`ThoughtStore in ${name} lists a chain of more thoughts than one page of keys holds`, () => {
    const runs = Array.from({ length: 1_100 }, (_, index) => run("many", 1, index, `many ${index}`)[0]!);
    const store = storeOf(create(), ...runs);
    assert.deepEqual(new Set(store.list("many").map(({ id }) => id)), new Set(runs.map(({ id }) => id)));
    assert.equal(store.chains()[0]!.thoughts, 1_100);
  });

  test(`ThoughtStore in ${name} finds each text once, by its words`, () => {
    const store = storeOf(create(), ...run("c", 3), ...run(undefined, 1, 0, "alone"));
    const [hit, ...others] = store.search('"draft 0 of alone"');
    assert.deepEqual(others, []);
    const { score, ...rest } = hit!;
    assert.ok(score > 0);
    assert.deepEqual(rest, {
      thoughtId: "alone-0",
      chainId: undefined,
      iteration: 0,
      timestamp: "1970-01-01T00:00:00.000Z",
      snippet: "«draft 0 of alone»",
    });
    assert.equal(store.search("draft", { limit: 2 }).length, 2);
  });

  test(`ThoughtStore in ${name} deletes a chain whole, and nothing else`, () => {
    const storage = create();
    storage.set("notes", "not a thought");
    const store = storeOf(storage, ...run("a", 3), ...run("b", 2));
    assert.equal(store.deleteChain("a"), 3);
    assert.deepEqual(storage.keys().filter((key) => key.includes("a-") || key.includes("/a/")), []);
    assert.equal(store.get("a-1"), undefined);
    assert.deepEqual(store.chains().map(({ chainId }) => chainId), ["b"]);
    assert.equal(storage.get("notes"), "not a thought");
  });
}

test("ThoughtStore takes a run of a chain that was run before for the newer one", () => {
  const store = storeOf(new MemoryStorage(), ...run("c", 4, 0, "old"), ...run("c", 2, 1_000, "new"));
  assert.equal(store.byIteration("c", 0)!.id, "new-0");
  assert.equal(store.byIteration("c", 3)!.id, "old-3");
  assert.equal(store.latest("c")!.id, "new-1");
  assert.deepEqual(store.list("c").map(({ id }) => id), [
    "old-0",
    "new-0",
    "old-1",
    "new-1",
    "old-2",
    "old-3",
  ]);
});

test("ThoughtStore files thoughts without a chain under the first of them", () => {
  const store = storeOf(new MemoryStorage(), ...run(undefined, 2, 0, "t"));
  assert.deepEqual(store.list("t-0").map(({ id }) => id), ["t-0", "t-1"]);
});

test("ThoughtStore lists chains, the one that grew last first", () => {
  const store = storeOf(new MemoryStorage(), ...run("b", 2, 50), ...run("a", 1, 100), ...run("c", 1, 0));
  assert.deepEqual(store.chains().map(({ chainId, thoughts }) => `${chainId} ${thoughts}`), [
    "a 1",
    "b 2",
    "c 1",
  ]);
});

test("ThoughtStore prunes old chains under the clock of the simulation, and keeps the newest", () => {
  const storage = new MemoryStorage();
  const store = storeOf(
    storage,
    ...run("old", 2, 0),
    ...run("older", 1, -DAY_MS),
    ...run("new", 1, 9 * DAY_MS),
  );
  const prune = (options: object) => {
    const { outcome } = simulate(store._operations.prune(options), { startMs: 10 * DAY_MS });
    if (!outcome.ok) throw outcome.error;
    return [outcome.value, store.chains().map(({ chainId }) => chainId)];
  };
  assert.deepEqual(prune({ olderThanMs: 30 * DAY_MS }), [0, ["new", "old", "older"]]);
  assert.deepEqual(prune({ olderThanMs: 5 * DAY_MS, keepLast: 2 }), [1, ["new", "old"]]);
  assert.deepEqual(prune({ keepLast: 3 }), [0, ["new", "old"]]);
  assert.deepEqual(prune({ olderThanMs: 5 * DAY_MS }), [1, ["new"]]);
  assert.deepEqual(prune({ keepLast: 0 }), [1, []]);
  assert.deepEqual(storage.keys(), []);
});

test("ThoughtStore refuses wrong arguments", () => {
  const store = storeOf(new MemoryStorage());
  const cases: readonly [use: () => unknown, message: RegExp][] = [
    [() => store.get(""), /thoughtId must be a string that is not empty/],
    [() => store.list(7 as unknown as string), /chainId must be a string that is not empty: chainId is 7/],
    [() => store.byIteration("c", -1), /iteration must be an integer of at least 0: iteration is -1/],
    [() => store.prune({}), /prune needs olderThanMs or keepLast/],
    [() => store.prune({ keepLast: -1 }), /keepLast must be an integer of at least 0/],
    [() => store.prune({ olderThan: 1 } as object), /did you mean olderThanMs\?/],
  ];
  for (const [use, message] of cases) {
    const outcome = outcomeOf(use);
    assert.ok(!outcome.ok && outcome.error instanceof ConfigurationError);
    assert.match(outcome.error.message, message);
  }
});

test("ThoughtStore says what is damaged", () => {
  const storage = new MemoryStorage();
  const store = storeOf(storage, ...run("c", 3));
  const failure = (use: () => unknown): StorageError => {
    const outcome = outcomeOf(use);
    assert.ok(!outcome.ok && outcome.error instanceof StorageError);
    return outcome.error;
  };
  storage.set("thoughts/record/c-0", "scribble");
  assert.match(failure(() => store.get("c-0")).message, /Cannot read thought "c-0" as its record is damaged/);
  storage.set("thoughts/record/c-0", { thought: { schemaVersion: 99, prompt: "x" }, history: [] });
  assert.equal(failure(() => store.get("c-0")).code, "newer_version");
  storage.delete("thoughts/record/c-0");
  assert.match(failure(() => store.get("c-1")).message, /its thought "c-0" is not in the storage/);
});

test("ThoughtStore passes failures of the storage on", () => {
  const storage = new MemoryStorage();
  const store = storeOf(storage);
  storage.close();
  assert.throws(
    () => store.save(run("c", 1)[0]!),
    (error) => error instanceof StorageError && error.code === "closed",
  );
});

testEveryDriver("ThoughtStore saves and finds by a storage of one's own that has only the methods", {
  operation: function* (): Operation<unknown> {
    const { _operations, ...rest } = methodsOf(new MemoryStorage());
    const { save, latest } = boundOperations(new ThoughtStore(rest as unknown as Storage));
    for (const thought of run("c", 2)) yield* save(thought);
    return (yield* latest("c"))!.toJSON();
  },
  check: (outcome) => assert.deepEqual(outcome, { ok: true, value: run("c", 2)[1]!.toJSON() }),
});

/** The methods of a storage as a plain object. */
function methodsOf(storage: MemoryStorage): Record<string, unknown> {
  const names = ["get", "set", "delete", "has", "keys", "search", "clear", "size", "close"] as const;
  return Object.fromEntries(names.flatMap((name) => {
    const twin = `_${name}Async` as const;
    return [[name, storage[name].bind(storage)], [twin, (storage[twin] as () => unknown).bind(storage)]];
  }));
}

function boundOperations(store: ThoughtStore): Pick<ThoughtStore["_operations"], "save" | "latest"> {
  const operations = store._operations;
  return { save: operations.save.bind(operations), latest: operations.latest.bind(operations) };
}

test("ThoughtStore does the same by its methods and their twins", async () => {
  const store = storeOf(new MemoryStorage());
  const thoughts = run("c", 2);
  for (const thought of thoughts) await store._saveAsync(thought);
  assert.deepEqual((await store._getAsync("c-1"))!.toJSON(), store.get("c-1")!.toJSON());
  assert.equal((await store._byIterationAsync("c", 0))!.id, store.byIteration("c", 0)!.id);
  assert.equal((await store._latestAsync("c"))!.id, store.latest("c")!.id);
  assert.equal((await store._listAsync("c")).length, store.list("c").length);
  assert.deepEqual(await store._referencesAsync("c"), store.references("c"));
  assert.deepEqual(await store._chainsAsync(), store.chains());
  assert.deepEqual(await store._searchAsync("draft"), store.search("draft"));
  assert.equal(await store._pruneAsync({ olderThanMs: 10 * 365 * DAY_MS * 100 }), 0);
  assert.equal(await store._deleteChainAsync("c"), 2);
});

test("the key of a reference can be read again, whatever its parts", () => {
  const entry = { chainId: "a/b%", iteration: 12, timestamp: "1970-01-01T00:00:00.000Z", thoughtId: "🐒/\n" };
  assert.deepEqual(parseEntryKey(entryKey(entry)), entry);
});
