/**
 * For how long a storage keeps values and can be used, and that its methods agree.
 *
 * @module
 */

import { ConfigurationError, StorageError } from "../errors.ts";
import { sleep } from "../operation/operation.ts";
import type { Storage } from "../storage/storage.ts";
import { expectEqual, expectError } from "./conformance.ts";
import type { StorageCases } from "./storage_cases.ts";

/**
 * Adds the cases of expiry.
 *
 * @param cases Where.
 */
export function expires(cases: StorageCases): void {
  const ttlMs = 5;
  cases.gives(
    "keeps a value for its time and no longer",
    [1, true, undefined, false, false, ["b"], 1, 0],
    function* (storage) {
      const { get, has, set } = storage;
      yield* set("a", 1, { ttlMs: 60_000 });
      const before = [yield* get("a"), yield* has("a")];
      yield* set("a", "lemur", { ttlMs });
      yield* set("b", 2);
      yield* sleep(2 * ttlMs);
      const gone = [yield* get("a"), yield* has("a"), yield* storage.delete("a")];
      return [
        ...before,
        ...gone,
        yield* storage.keys(),
        yield* storage.size(),
        (yield* storage.search("lemur")).length,
      ];
    },
  );
  cases.gives("does not count what has expired when it clears", 1, function* ({ clear, set }) {
    yield* set("a", 1, { ttlMs });
    yield* set("b", 1);
    yield* sleep(2 * ttlMs);
    return yield* clear();
  });
  cases.gives("keeps for ever what is set again without a time", 2, function* ({ get, set }) {
    yield* set("a", 1, { ttlMs });
    yield* set("a", 2);
    yield* sleep(2 * ttlMs);
    return yield* get("a");
  });
  cases.gives("takes any time above 0", [1, 1], function* ({ get, set }) {
    yield* set("a", 1, { ttlMs: 1e300 });
    yield* set("b", 1, { ttlMs: 12_345.678 });
    return [yield* get("a"), yield* get("b")];
  });
  for (const wrong of [0, -1, NaN, "1" as unknown as number]) {
    const message = /ttlMs must be a number above 0/;
    cases.refuses(
      `set refuses a time of ${wrong}`,
      { Class: ConfigurationError, message },
      (storage) => storage.set("a", 1, { ttlMs: wrong }),
    );
  }
}

const USES: readonly [method: string, use: (storage: Storage) => unknown][] = [
  ["get", (storage) => storage.get("a")],
  ["set", (storage) => storage.set("a", 1)],
  ["delete", (storage) => storage.delete("a")],
  ["has", (storage) => storage.has("a")],
  ["keys", (storage) => storage.keys()],
  ["search", (storage) => storage.search("a")],
  ["search for nothing", (storage) => storage.search("")],
  ["clear", (storage) => storage.clear()],
  ["size", (storage) => storage.size()],
];

/**
 * Adds the cases of closing.
 *
 * @param cases Where.
 */
export function closes(cases: StorageCases): void {
  const isClosed = (error: unknown): boolean => error instanceof StorageError && error.code === "closed";
  for (const [method, use] of USES) {
    cases.test(`refuses ${method} when it has been closed`, async () => {
      const storage = cases.make();
      storage.close();
      await expectError(() => use(storage), isClosed, method);
    });
  }
  cases.test("may be closed twice, and by a using block", async () => {
    const storage = cases.make();
    storage[Symbol.dispose]?.();
    storage.close();
    await storage._closeAsync();
    await expectError(() => storage.size(), isClosed, "size");
  });
}

/**
 * Adds the cases of methods and their twins.
 *
 * @param cases Where.
 */
export function hasTwins(cases: StorageCases): void {
  cases.test("does the same by its methods and their twins", async () => {
    const [plain, twin] = [cases.make(), cases.make()];
    plain.set("a", "lemur", { ttlMs: 60_000 });
    await twin._setAsync("a", "lemur", { ttlMs: 60_000 });
    expectEqual(plain.get("a"), await twin._getAsync("a"), "get");
    expectEqual(plain.has("a"), await twin._hasAsync("a"), "has");
    expectEqual(plain.keys({ prefix: "a" }), await twin._keysAsync({ prefix: "a" }), "keys");
    expectEqual(plain.search("lemur"), await twin._searchAsync("lemur"), "search");
    expectEqual(plain.size(), await twin._sizeAsync(), "size");
    expectEqual(plain.delete("b"), await twin._deleteAsync("b"), "delete");
    expectEqual(plain.clear(), await twin._clearAsync(), "clear");
    expectEqual(plain.size(), await twin._sizeAsync(), "size");
    plain.close();
    await twin._closeAsync();
  });
  cases.test("throws the reason of a signal, and nothing has changed", async () => {
    const storage = cases.make();
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    const isReason = (error: unknown): boolean => error === reason;
    await expectError(() => storage.set("a", 1, { signal }), isReason, "set");
    await expectError(() => storage._setAsync("a", 1, { signal }), isReason, "_setAsync");
    expectEqual(storage.size(), 0, "size");
    storage.close();
  });
}
