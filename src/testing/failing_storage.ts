/**
 * A storage that fails as a test says.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { operationsOf } from "../storage/operations_of.ts";
import { OperationStorage, type Storage, type StorageOperations } from "../storage/storage.ts";

/** What can be done with a storage. */
export type StorageOperationName = keyof StorageOperations;

/** Options of {@linkcode FailingStorage}. */
export interface FailingStorageOptions {
  /** Which operation fails, by its number. @default 1, the first */
  failAt?: number;
  /** Whether all after it fail, too, as on a disk that is gone. @default false */
  lasting?: boolean;
  /** Which operations count, and fail. @default all but `close` */
  operations?: readonly StorageOperationName[];
  /** What it fails with. @default a StorageError of code `failing_storage` */
  error?: Error;
}

const NAMES: readonly StorageOperationName[] = [
  "get",
  "set",
  "delete",
  "has",
  "keys",
  "search",
  "clear",
  "size",
];

const OPTIONS: OptionSchemas = {
  failAt: { type: "integer", minimum: 1, default: 1 },
  lasting: { type: "boolean", default: false },
  operations: { type: "array", minItems: 1, items: { enum: [...NAMES, "close"] } },
  error: { codeOnly: true, accepts: (value) => value instanceof Error, accepted: "an Error" },
};

/**
 * Stands before another storage and lets one operation fail before it reaches that.
 *
 * @example
 * ```ts
 * import { Chain } from "@sifaka/sifaka";
 * import { MockModel } from "@sifaka/sifaka/models";
 * import { MemoryStorage } from "@sifaka/sifaka/storage";
 * import { FailingStorage } from "@sifaka/sifaka/testing";
 *
 * const storage = new FailingStorage(new MemoryStorage(), { operations: ["set"] });
 * const chain = new Chain({ model: new MockModel({ response: "Hello." }), prompt: "Greet.", storage });
 * console.log(chain.run().text, storage.failures); // "Hello." 1
 * ```
 */
export class FailingStorage extends OperationStorage {
  /** What the storage behind it is called. */
  readonly name: string;
  /** How many operations have failed. */
  failures = 0;
  /** The one body behind each method and its twin. */
  readonly _operations: StorageOperations;
  readonly #options: FailingStorageOptions;
  #count = 0;

  /**
   * Stands before a storage.
   *
   * @param storage The storage.
   * @param options What fails.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(storage: Storage, options: FailingStorageOptions = {}) {
    super();
    this.#options = checkOptions("FailingStorage", options, OPTIONS);
    this.name = storage.name;
    const base = operationsOf(storage);
    this._operations = {
      get: (key) => this.#try("get", base.get(key)),
      set: (key, value, options) => this.#try("set", base.set(key, value, options)),
      delete: (key) => this.#try("delete", base.delete(key)),
      has: (key) => this.#try("has", base.has(key)),
      keys: (options) => this.#try("keys", base.keys(options)),
      search: (query, options) => this.#try("search", base.search(query, options)),
      clear: (options) => this.#try("clear", base.clear(options)),
      size: () => this.#try("size", base.size()),
      close: () => this.#try("close", base.close()),
    };
  }

  *#try<T>(operation: StorageOperationName, call: Operation<T>): Operation<T> {
    const { failAt = 1, lasting = false, operations = NAMES, error } = this.#options;
    if (!operations.includes(operation)) return yield* call;
    const number = ++this.#count;
    if (number !== failAt && !(lasting && number > failAt)) return yield* call;
    this.failures++;
    throw error ??
      new StorageError(`Cannot ${operation} in ${this.name} as a test lets operation ${number} fail`, {
        code: "failing_storage",
        component: this.name,
        operation,
      });
  }
}
