/**
 * Makes operations of any storage, so that the rest of Sifaka knows one form only.
 *
 * @module
 */

import { host, type Operation } from "../operation/operation.ts";
import type { Storage, StorageOperations } from "./storage.ts";

/**
 * Gives the operations of a storage: its own, or ones that call its methods in the caller's thread, the plain method under a
 * driver that blocks and the twin (where there is one) on an event loop.
 *
 * @param storage The storage.
 * @returns One operation for each method.
 *
 * @example
 * ```ts
 * import { type Operation, runSync } from "@sifaka/sifaka";
 * import { MemoryStorage, operationsOf, type Storage } from "@sifaka/sifaka/storage";
 *
 * function* countVisit(storage: Storage): Operation<number> {
 *   const { get, set } = operationsOf(storage);
 *   const visits = Number((yield* get("visits")) ?? 0) + 1;
 *   yield* set("visits", visits);
 *   return visits;
 * }
 * console.log(runSync(countVisit(new MemoryStorage()))); // 1
 * ```
 */
export function operationsOf(storage: Storage): StorageOperations {
  return storage._operations === undefined
    ? callingOperations(storage)
    : boundOperations(storage._operations);
}

/** Functions of their own, so that a caller may take them apart. */
function boundOperations(operations: StorageOperations): StorageOperations {
  return {
    get: (key) => operations.get(key),
    set: (key, value, options) => operations.set(key, value, options),
    delete: (key) => operations.delete(key),
    has: (key) => operations.has(key),
    keys: (options) => operations.keys(options),
    search: (query, options) => operations.search(query, options),
    clear: (options) => operations.clear(options),
    size: () => operations.size(),
    close: () => operations.close(),
  };
}

function callingOperations(storage: Storage): StorageOperations {
  return {
    get: (key) => call(storage, "get", "_getAsync", (signal) => [key, { signal }]),
    set: (key, value, options) =>
      call(storage, "set", "_setAsync", (signal) => [key, value, { ...options, signal }]),
    delete: (key) => call(storage, "delete", "_deleteAsync", (signal) => [key, { signal }]),
    has: (key) => call(storage, "has", "_hasAsync", (signal) => [key, { signal }]),
    keys: (options) => call(storage, "keys", "_keysAsync", (signal) => [{ ...options, signal }]),
    search: (query, options) =>
      call(storage, "search", "_searchAsync", (signal) => [query, { ...options, signal }]),
    clear: (options) => call(storage, "clear", "_clearAsync", (signal) => [{ ...options, signal }]),
    size: () => call(storage, "size", "_sizeAsync", (signal) => [{ signal }]),
    close: () => call(storage, "close", "_closeAsync", () => []),
  };
}

type Method = (...args: unknown[]) => unknown;

/** Methods are looked up when they are called: a storage of one's own may be any object. */
function* call<T>(
  storage: Storage,
  plain: keyof Storage,
  twin: keyof Storage,
  args: (signal?: AbortSignal) => readonly unknown[],
): Operation<T> {
  const sync = storage[plain] as Method | undefined;
  const async = storage[twin] as Method | undefined;
  return yield* host<T>(
    sync && (() => sync.apply(storage, [...args()]) as T),
    async && ((signal) => async.apply(storage, [...args(signal)]) as T | Promise<T>),
  );
}
