/**
 * A storage in memory.
 *
 * @module
 */

import { checkOptions, type OptionSchemas } from "../options.ts";
import { MemoryOperations } from "./memory_operations.ts";
import { MemoryRuns } from "./memory_runs.ts";
import type { RunStore } from "./runs.ts";
import { OperationStorage, type StorageOperations } from "./storage.ts";

/** Why a {@linkcode MemoryStorage} let go of a value. */
export type EvictionReason = "maxEntries" | "maxBytes" | "expired";

/** Told of every value that a {@linkcode MemoryStorage} lets go of by itself. */
export interface Eviction {
  /** The key. */
  readonly key: string;
  /** Why. */
  readonly reason: EvictionReason;
}

/** Options of {@linkcode MemoryStorage}. */
export interface MemoryStorageOptions {
  /** The most values it keeps; past it, the one not read or written for the longest time goes. @default no bound */
  maxEntries?: number;
  /** The most bytes of keys and JSON (in UTF-8) it keeps; past it, the same. @default no bound */
  maxBytes?: number;
  /** How long a value is kept when `set` does not say, in milliseconds. @default for ever */
  ttlMs?: number;
  /** Told of each value that goes by itself. What it throws is dropped. */
  onEvict?: (eviction: Eviction) => void;
}

/**
 * What a {@linkcode MemoryStorage} can be told.
 *
 * @example
 * ```ts
 * import { MEMORY_STORAGE_OPTIONS } from "@sifaka/sifaka/storage";
 *
 * console.log(Object.keys(MEMORY_STORAGE_OPTIONS).length > 0); // true
 * ```
 */
export const MEMORY_STORAGE_OPTIONS: OptionSchemas = {
  maxEntries: { description: "The most values it keeps.", type: "integer", minimum: 1 },
  maxBytes: { description: "The most bytes of keys and JSON it keeps.", type: "integer", minimum: 1 },
  ttlMs: {
    description: "How long a value is kept when set does not say, in milliseconds.",
    type: "number",
    exclusiveMinimum: 0,
  },
  onEvict: {
    description: "Told of each value that goes by itself.",
    codeOnly: true,
    accepts: (value) => typeof value === "function",
    accepted: "a function",
  },
};

/**
 * Keeps values in memory, as JSON: what `get` returns is a fresh copy, equal to what a storage on disk would give.
 *
 * @example
 * ```ts
 * import { MemoryStorage } from "@sifaka/sifaka/storage";
 *
 * const storage = new MemoryStorage({ maxEntries: 1_000 });
 * storage.set("notes/1", { text: "Lemurs live in Madagascar." });
 * console.log(storage.search("lemurs")[0]?.snippet); // "«Lemurs» live in Madagascar."
 * ```
 */
export class MemoryStorage extends OperationStorage {
  /** What it is called in errors and events. */
  override readonly name: string = "MemoryStorage";
  /** The one body behind each method and its twin. */
  override readonly _operations: StorageOperations;
  /** The journals of runs, in memory too. */
  readonly runs: RunStore = new MemoryRuns();

  /**
   * Makes an empty storage.
   *
   * @param options Bounds, and who is told when they take effect.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(options?: MemoryStorageOptions) {
    super();
    this._operations = new MemoryOperations(
      this.name,
      checkOptions(this.name, options, MEMORY_STORAGE_OPTIONS),
    );
  }
}
