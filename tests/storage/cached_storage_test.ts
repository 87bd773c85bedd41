/** The storage in tiers, beyond what every storage does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../src/drivers/simulation.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { all } from "../../src/operation/combinators.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { CachedStorage } from "../../src/storage/cached_storage.ts";
import { MemoryStorage } from "../../src/storage/memory_storage.ts";
import { OperationStorage, type StorageOperations } from "../../src/storage/storage.ts";
import { testStorage } from "./conformance.ts";

testStorage("CachedStorage", () => new CachedStorage({ tiers: [new MemoryStorage(), new MemoryStorage()] }));

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
});
