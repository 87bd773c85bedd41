/** The storage in tiers, beyond what every storage does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { all, allSettled } from "../../src/operation/combinators.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { CachedStorage } from "../../src/storage/cached_storage.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { operationsOf } from "../../src/storage/operations_of.ts";
import { OperationStorage, type SearchHit, type StorageOperations } from "../../src/storage/storage.ts";
import { testStorage } from "./conformance.ts";

testStorage("CachedStorage", () => new CachedStorage({ tiers: [new MemoryStorage(), new MemoryStorage()] }));

const back = { writePolicy: "back" } as const;
testStorage(
  "CachedStorage",
  () => new CachedStorage({ tiers: [new MemoryStorage(), new MemoryStorage()], ...back }),
);

/** A storage that waits before each call, can be made to fail, and counts. */
class Shaky extends OperationStorage {
  readonly name = "Shaky";
  readonly inner = new MemoryStorage();
  readonly calls: string[] = [];
  failing: readonly string[] = [];
  readonly #latencyMs: number;

  constructor(latencyMs = 0) {
    super();
    this.#latencyMs = latencyMs;
  }

  readonly _operations: StorageOperations = {
    get: (key) => this.#call("get", this.inner._operations.get(key)),
    set: (key, value, options) => this.#call("set", this.inner._operations.set(key, value, options)),
    delete: (key) => this.#call("delete", this.inner._operations.delete(key)),
    has: (key) => this.#call("has", this.inner._operations.has(key)),
    keys: (options) => this.#call("keys", this.inner._operations.keys(options)),
    search: (query, options) => this.#call("search", this.inner._operations.search(query, options)),
    clear: (options) => this.#call("clear", this.inner._operations.clear(options)),
    size: () => this.#call("size", this.inner._operations.size()),
    close: () => this.#call("close", this.inner._operations.close()),
  };

  *#call<T>(name: string, operation: Operation<T>): Operation<T> {
    this.calls.push(name);
    if (this.failing.includes(name)) throw new StorageError(`${name} failed`);
    const result = yield* operation;
    if (this.#latencyMs > 0) yield* sleep(this.#latencyMs);
    return result;
  }
}

function valueOf<T>(operation: Operation<T>): T {
  const { outcome } = simulate(operation);
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

test("CachedStorage copies what it finds in a slower tier into all faster ones", () => {
  const tiers = [new MemoryStorage(), new MemoryStorage(), new MemoryStorage()] as const;
  const storage = new CachedStorage({ tiers });
  tiers[2].set("a", { text: "lemur" });
  assert.deepEqual(storage.get("a"), { text: "lemur" });
  assert.deepEqual(tiers.map((tier) => tier.get("a")), Array(3).fill({ text: "lemur" }));
  storage.get("a");
  assert.deepEqual(storage.stats().map(({ hits }) => hits), [1, 0, 1]);
  assert.deepEqual([storage.size(), storage.has("a"), storage.search("lemur").length], [1, true, 1]);
  assert.equal(storage.delete("a"), true);
  assert.deepEqual(tiers.map((tier) => tier.size()), [0, 0, 0]);
});

test("CachedStorage makes no copy of what the last tier refuses", () => {
  const cache = new MemoryStorage();
  const durable = new Shaky();
  const storage = new CachedStorage({ tiers: [cache, durable] });
  storage.set("a", 1);
  durable.failing = ["set"];
  assert.throws(() => storage.set("a", 2), /set failed/);
  assert.deepEqual([storage.get("a"), cache.get("a")], [1, 1]);
});

test("CachedStorage goes on without a faster tier, tells of it, and never serves what that tier kept", () => {
  const cache = new Shaky();
  const storage = new CachedStorage({ tiers: [cache, new MemoryStorage()] });
  storage.set("a", 1);
  cache.failing = ["set", "delete"];
  storage.set("a", 2);
  assert.equal(cache.inner.get("a"), 1);
  assert.equal(storage.get("a"), 2);
  storage.delete("a");
  cache.failing = [];
  assert.deepEqual([storage.get("a"), storage.stats()[0]!.errors > 0], [undefined, true]);
  cache.failing = ["get"];
  storage.set("b", 1);
  const told: unknown[] = [];
  assert.equal(runSync(storage._operations.get("b"), { onEvent: (event) => told.push(event) }), 1);
  assert.deepEqual(told[0], {
    type: "storageTierFailed",
    tier: "Shaky",
    operation: "get",
    message: "get failed",
  });
});

test("CachedStorage answers from its copies when the last tier is down, unless it is to throw", () => {
  const durable = new Shaky();
  const cache = new MemoryStorage();
  cache.set("a", "lemur");
  durable.failing = ["get", "has", "keys", "size", "search"];
  const storage = new CachedStorage({ tiers: [cache, durable] });
  assert.deepEqual([storage.get("a"), storage.keys(), storage.search("lemur").length], ["lemur", ["a"], 1]);
  assert.throws(() => storage.get("b"), /get failed/);
  const strict = new CachedStorage({ tiers: [cache, durable], onTierError: "throw" });
  assert.throws(() => strict.keys(), /keys failed/);
});

test("CachedStorage looks one key up once for all who ask at the same time", () => {
  const durable = new Shaky(100);
  durable.inner.set("a", 1);
  const storage = new CachedStorage({ tiers: [new MemoryStorage(), durable] });
  const { get } = storage._operations;
  const asked = all(Array.from({ length: 10 }, () => get.call(storage._operations, "a")));
  assert.deepEqual(valueOf(asked), Array(10).fill(1));
  assert.deepEqual(durable.calls, ["get"]);
});

test("CachedStorage brings nothing back that is deleted or cleared while it is copied", () => {
  for (const forget of ["delete", "clear"] as const) {
    const durable = new Shaky(100);
    durable.inner.set("a", 1);
    const cache = new Shaky(30);
    const { _operations: operations } = new CachedStorage({ tiers: [cache, durable] });
    const later = function* (): Operation<unknown> {
      // The last tier has answered, and the copy is being made.
      yield* sleep(140);
      return forget === "delete" ? yield* operations.delete("a") : yield* operations.clear();
    };
    valueOf(all([operations.get("a"), later()] as Operation<unknown>[]));
    assert.deepEqual([cache.inner.size(), durable.inner.size()], [0, 0]);
  }
});

test("CachedStorage keeps the writes to one key in their order in every tier", () => {
  const durable = new Shaky(50);
  const cache = new Shaky(20);
  const storage = new CachedStorage({ tiers: [cache, durable] });
  function* body(): Operation<unknown[]> {
    yield* all([1, 2, 3].map((value) => storage._operations.set("a", value)));
    return [yield* durable.inner._operations.get("a"), yield* cache.inner._operations.get("a")];
  }
  assert.deepEqual(valueOf(body()), [3, 3]);
});

test("CachedStorage uses a copy no longer than it may", () => {
  const durable = new MemoryStorage();
  const storage = new CachedStorage({ tiers: [new MemoryStorage(), durable], ttlMs: 1_000 });
  function* body(): Operation<unknown[]> {
    const { get, set } = { get: (key: string) => storage._operations.get(key), set: storage._operations.set };
    yield* set.call(storage._operations, "a", 1);
    yield* durable._operations.set("a", 2);
    const early = yield* get("a");
    yield* sleep(1_000);
    const late = yield* get("a");
    yield* set.call(storage._operations, "b", 1, { ttlMs: 10 });
    yield* sleep(11);
    return [early, late, yield* get("b")];
  }
  assert.deepEqual(valueOf(body()), [1, 2, undefined]);
});

test("CachedStorage keeps the journals of runs where its last tier does", () => {
  const last = new MemoryStorage();
  assert.equal(new CachedStorage({ tiers: [new MemoryStorage(), last] }).runs, last.runs);
  assert.equal(new CachedStorage({ tiers: [last, new Shaky()] }).runs, undefined);
});

test("CachedStorage refuses no tiers and one storage twice", () => {
  const tier = new MemoryStorage();
  assert.throws(() => new CachedStorage({ tiers: [] }), /tiers must be a list of at least one storage/);
  assert.throws(() => new CachedStorage({} as never), ConfigurationError);
  assert.throws(() => new CachedStorage({ tiers: [tier, tier] }), /no storage may stand in tiers twice/);
  assert.throws(() => new CachedStorage({ tiers: [7 as never] }), ConfigurationError);
  const other = new MemoryStorage();
  for (const options of [{}, { cache: tier }, { tiers: [tier], cache: other, persistence: other }]) {
    assert.throws(() => new CachedStorage(options), /either tiers must be given, or cache and persistence/);
  }
  assert.throws(
    () => new CachedStorage({ tiers: [tier, other], ttlMs: [1, 2] }),
    /ttlMs must have a number for each tier that holds copies: it has 2, and there are 1/,
  );
  assert.throws(
    () => new CachedStorage({ tiers: [tier, other], ttlMs: [0] }),
    /a number above 0, or a list of them/,
  );
});

test("CachedStorage takes a cache and what lasts for two tiers, and a time for each that holds copies", () => {
  const [cache, persistence] = [new MemoryStorage(), new MemoryStorage()];
  new CachedStorage({ cache, persistence }).set("a", 1);
  assert.deepEqual([cache.get("a"), persistence.get("a")], [1, 1]);
  const tiers = [new MemoryStorage(), new MemoryStorage(), new MemoryStorage()];
  const storage = new CachedStorage({ tiers, ttlMs: [10, 20] });
  function* body(): Operation<unknown> {
    yield* storage._operations.set("a", 1);
    yield* sleep(15);
    return yield* all(tiers.map((tier) => tier._operations.has("a")));
  }
  assert.deepEqual(valueOf(body()), [false, true, true]);
});

test("CachedStorage uses no copy of a tier that could not be cleared, until it could", () => {
  const [cache, last] = [new Shaky(), new MemoryStorage()];
  const storage = new CachedStorage({ tiers: [cache, last] });
  storage.set("a", 1);
  storage.set("b", 2);
  cache.failing = ["clear"];
  const told: string[] = [];
  runSync(storage._operations.clear({ prefix: "a" }), { onEvent: ({ type }) => told.push(type) });
  assert.deepEqual([told, storage.get("a"), storage.get("b")], [["storageTierFailed"], undefined, 2]);
  assert.equal(cache.inner.has("a"), true);
  cache.failing = [];
  storage.set("c", 3);
  assert.deepEqual([cache.inner.keys(), storage.get("b"), cache.inner.keys()], [["c"], 2, ["b", "c"]]);
});

test("CachedStorage asks the first tier that knows vectors, and refuses when none does", () => {
  class Vectors extends OperationStorage {
    readonly name = "Vectors";
    readonly _operations: StorageOperations = {
      ...operationsOf(new MemoryStorage()),
      *search(query, options): Operation<SearchHit[]> {
        return [{ key: `${options?.mode} ${query}`, value: 1, score: 1, snippet: "" }];
      },
    };
  }
  const search = (...tiers: OperationStorage[]) =>
    new CachedStorage({ tiers, onTierError: "throw" }).search("q", { mode: "vector" }).map(({ key }) => key);
  assert.deepEqual(search(new MemoryStorage(), new Vectors()), ["vector q"]);
  assert.deepEqual(search(new Vectors(), new MemoryStorage()), ["vector q"]);
  assert.throws(() => search(new MemoryStorage(), new MemoryStorage()), {
    code: "no_vectors",
    component: "CachedStorage",
  });
});

test("CachedStorage that writes back writes at intervals, when it is asked for its keys, told to, and closed", () => {
  const uses: [string, (storage: CachedStorage) => Operation<unknown>][] = [
    ["keys", (storage) => storage._operations.keys()],
    ["size", (storage) => storage._operations.size()],
    ["search", (storage) => storage._operations.search("lemur")],
    ["flush", (storage) => storage._flushOperation()],
    ["close", (storage) => storage._operations.close()],
    ["set", function* (storage) {
      yield* sleep(100);
      yield* storage._operations.set("b", 2);
    }],
  ];
  for (const [name, use] of uses) {
    const last = new Shaky();
    const storage = new CachedStorage({ tiers: [new MemoryStorage(), last], ...back, flushIntervalMs: 100 });
    const { get, set, has } = operationsOf(storage);
    const body = function* (): Operation<void> {
      yield* set("a", "fox");
      yield* set("a", "lemur");
      yield* sleep(50);
      yield* set("c", 3, { ttlMs: 10 });
      assert.deepEqual([yield* get("a"), yield* has("a"), last.calls], ["lemur", true, []]);
      yield* sleep(10);
      assert.deepEqual([yield* get("c"), yield* has("c")], [undefined, false]);
      yield* use(storage);
    };
    valueOf(body());
    assert.deepEqual(
      last.calls.filter((call) => call === "set" || call === "delete"),
      ["set", "delete"],
      name,
    );
    if (name !== "close") assert.equal(last.inner.get("a"), "lemur");
  }
});

test("CachedStorage that writes back keeps what the last tier refuses, and stays open until it is written", () => {
  const [cache, last] = [new MemoryStorage(), new Shaky()];
  const storage = new CachedStorage({ tiers: [cache, last], ...back });
  storage.set("a", 1);
  last.failing = ["set"];
  for (const use of [() => storage.flush(), () => storage.close()]) assert.throws(use, /set failed/);
  assert.equal(storage.get("a"), 1);
  last.failing = [];
  storage.flush();
  assert.equal(last.inner.get("a"), 1);
  storage.close();
  assert.throws(() => storage.get("a"), { code: "closed", component: "CachedStorage" });
});

test("CachedStorage that writes back refuses what is set while it closes, unless it stays open", () => {
  for (const failing of [[], ["close"]]) {
    const last = new Shaky(10);
    const storage = new CachedStorage({ tiers: [new MemoryStorage(), last], ...back });
    const operations = operationsOf(storage);
    const later = function* (): Operation<void> {
      yield* sleep(5);
      yield* operations.set("b", 2);
    };
    storage.set("a", 1);
    last.failing = failing;
    const [closed, refused] = valueOf(allSettled([operations.close(), later()]));
    assert.deepEqual([closed!.ok, refused!.ok], [failing.length === 0, false]);
    assert.equal(refused!.ok ? undefined : (refused!.error as StorageError).code, "closed");
    if (failing.length === 0) continue;
    last.failing = [];
    valueOf(operations.set("b", 2));
    assert.deepEqual(valueOf(operations.keys()), ["a", "b"]);
  }
});

test("CachedStorage that writes back brings nothing back that is deleted or set while it is written", () => {
  const last = new Shaky(100);
  const storage = new CachedStorage({ tiers: [new MemoryStorage(), last], ...back });
  const { set, delete: remove } = operationsOf(storage);
  const later = function* (operation: Operation<unknown>): Operation<unknown> {
    yield* sleep(50);
    return yield* operation;
  };
  function* body(): Operation<unknown> {
    yield* set("a", 1);
    yield* set("b", 1);
    const [, was] = yield* all([storage._flushOperation(), later(remove("a")), later(set("b", 2))]);
    const between = [was, last.inner.get("a"), yield* storage._operations.get("b")];
    yield* storage._flushOperation();
    return [...between, last.inner.get("b")];
  }
  assert.deepEqual(valueOf(body()), [true, undefined, 2, 2]);
});
