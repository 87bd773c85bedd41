import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../src/drivers/simulation.ts";
import { ConfigurationError, StorageError } from "../../src/errors.ts";
import { type Operation, sleep } from "../../src/operation/operation.ts";
import { type Eviction, MemoryStorage } from "../../src/storage/memory_storage.ts";
import { operationsOf } from "../../src/storage/operations_of.ts";
import { testStorage } from "./conformance.ts";

testStorage("MemoryStorage", () => new MemoryStorage());

test("MemoryStorage lets go of what was not used for the longest time when it has too many values", () => {
  const evictions: Eviction[] = [];
  const storage = new MemoryStorage({ maxEntries: 3, onEvict: (eviction) => evictions.push(eviction) });
  for (const key of ["a", "b", "c"]) storage.set(key, key);
  storage.get("a");
  storage.has("b");
  storage.set("d", "d");
  storage.set("c", "again");
  storage.set("e", "e");
  assert.deepEqual(storage.keys(), ["c", "d", "e"]);
  assert.deepEqual(evictions, [{ key: "b", reason: "maxEntries" }, { key: "a", reason: "maxEntries" }]);
  assert.deepEqual(storage.search("b"), []);
});

test("MemoryStorage keeps to its bytes, and refuses what alone has more", () => {
  const evictions: Eviction[] = [];
  const storage = new MemoryStorage({ maxBytes: 20, onEvict: (eviction) => evictions.push(eviction) });
  storage.set("a", "1234567"); // 1 + 9 bytes
  storage.set("b", "1234567");
  assert.equal(storage.size(), 2);
  storage.set("c", "é"); // 1 + 4 bytes
  assert.deepEqual(evictions, [{ key: "a", reason: "maxBytes" }]);
  assert.throws(
    () => storage.set("b", "x".repeat(18)),
    (error) =>
      error instanceof StorageError && error.code === "too_large" &&
      error.message ===
        'Cannot store "b" in MemoryStorage as it must fit into maxBytes: it has 21 bytes and maxBytes is 20',
  );
  assert.equal(storage.get("b"), "1234567");
  storage.delete("b");
  storage.set("d", "x".repeat(12));
  assert.deepEqual(storage.keys(), ["c", "d"]);
});

test("MemoryStorage sweeps what has expired, under the clock of the simulation", () => {
  const evictions: Eviction[] = [];
  const storage = new MemoryStorage({ ttlMs: 3_600_000, onEvict: (eviction) => evictions.push(eviction) });
  const { set, size } = operationsOf(storage);
  function* day(): Operation<number[]> {
    yield* set("hour", 1);
    yield* set("minute", 1, { ttlMs: 60_000 });
    yield* set("day", 1, { ttlMs: 86_400_000 });
    yield* set("day", 2, { ttlMs: 86_400_000 });
    const sizes = [yield* size()];
    for (const waitMs of [60_000, 3_540_000, 82_800_000]) {
      yield* sleep(waitMs);
      sizes.push(yield* size());
    }
    return sizes;
  }
  const { outcome, elapsedMs } = simulate(day(), { startMs: 1_000 });
  assert.deepEqual(outcome, { ok: true, value: [3, 2, 1, 0] });
  assert.equal(elapsedMs, 86_400_000);
  assert.deepEqual(evictions.map(({ key, reason }) => `${key} ${reason}`), [
    "minute expired",
    "hour expired",
    "day expired",
  ]);
});

test("MemoryStorage is not disturbed by an observer that throws", () => {
  const storage = new MemoryStorage({
    maxEntries: 1,
    onEvict: () => {
      throw new Error("observer");
    },
  });
  storage.set("a", 1);
  storage.set("b", 2);
  assert.deepEqual(storage.keys(), ["b"]);
});

test("MemoryStorage refuses wrong options", () => {
  const cases: readonly [options: object, message: RegExp][] = [
    [{ maxEntry: 1 }, /there is no option maxEntry; did you mean maxEntries\?/],
    [{ maxEntries: 0 }, /maxEntries must be an integer of at least 1: maxEntries is 0/],
    [{ maxBytes: 1.5 }, /maxBytes must be an integer/],
    [{ ttlMs: -1 }, /ttlMs must be a number above 0/],
    [{ onEvict: "x" }, /onEvict must be a function/],
  ];
  for (const [options, message] of cases) {
    assert.throws(() => new MemoryStorage(options), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, message);
      return true;
    });
  }
});
