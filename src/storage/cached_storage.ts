/**
 * A storage in tiers.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { CACHED_STORAGE, CachedOperations } from "./cached_operations.ts";
import { CachedTier, type TierStats } from "./cached_tier.ts";
import type { RunStore } from "./runs.ts";
import { OperationStorage, type Storage, type StorageOperations } from "./storage.ts";

/** Options of {@linkcode CachedStorage}. */
export interface CachedStorageOptions {
  /** The storages, fastest first, at least one. The last one has the truth; the others hold copies. */
  tiers: readonly Storage[];
  /**
   * How long a copy is used, in milliseconds: what another process writes to the last tier, and what expires there, is seen
   * after it at the latest. @default 60000
   */
  ttlMs?: number;
  /**
   * What a tier that fails means to a call that the others can serve: `"continue"` tells the observers by an event
   * `storageTierFailed`. A write that the last tier refuses always throws. @default "continue"
   */
  onTierError?: "continue" | "throw";
}

/**
 * What a {@linkcode CachedStorage} can be told.
 *
 * @example
 * ```ts
 * import { CACHED_STORAGE_OPTIONS } from "@sifaka/sifaka/storage";
 *
 * console.log(Object.keys(CACHED_STORAGE_OPTIONS)); // ["tiers", "ttlMs", "onTierError"]
 * ```
 */
export const CACHED_STORAGE_OPTIONS: OptionSchemas = {
  tiers: {
    description: "The storages, fastest first.",
    codeOnly: true,
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(isStorage),
    accepted: "a list of at least one storage",
  },
  ttlMs: {
    description: "How long a copy is used, in milliseconds.",
    type: "number",
    exclusiveMinimum: 0,
    default: 60_000,
  },
  onTierError: {
    description: "What a tier that fails means to a call that the others can serve.",
    enum: ["continue", "throw"],
    default: "continue",
  },
};

function isStorage(value: unknown): boolean {
  const { get, _getAsync, _operations } = (value ?? {}) as Partial<Storage>;
  return typeof get === "function" || typeof _getAsync === "function" || typeof _operations === "object";
}

/**
 * Puts faster storages before a slower one that lasts.
 *
 * A write goes to the last tier first, so no copy is made of what was not kept. A value that is found in a slower tier is copied
 * into the faster ones; concurrent lookups of one key share one. `keys`, `has`, `size` and `search` ask the last tier. Closing it
 * closes its tiers.
 *
 * @example
 * ```ts
 * import { CachedStorage, MemoryStorage, SqliteStorage } from "@sifaka/sifaka/storage";
 *
 * using storage = new CachedStorage({ tiers: [new MemoryStorage({ maxEntries: 100 }), new SqliteStorage(":memory:")] });
 * storage.set("a", 1);
 * console.log(storage.get("a"), storage.stats()[0]?.hits); // 1 1
 * ```
 */
export class CachedStorage extends OperationStorage {
  /** What it is called in errors and events. */
  override readonly name: string = CACHED_STORAGE;
  /** The one body behind each method and its twin. */
  override readonly _operations: StorageOperations;
  /** Where the journals of runs are kept: where the last tier keeps them. */
  readonly runs?: RunStore;
  readonly #tiers: readonly CachedTier[];

  /**
   * Puts storages in tiers.
   *
   * @param options The tiers, and what a failure of one means.
   * @throws {ConfigurationError} When an option is unknown or wrong, or one storage stands in two tiers.
   */
  constructor(options: CachedStorageOptions) {
    super();
    const checked = checkOptions(CACHED_STORAGE, options, CACHED_STORAGE_OPTIONS);
    const { tiers, ttlMs = 60_000, onTierError = "continue" } = checked;
    if (tiers === undefined || new Set(tiers).size !== tiers.length) {
      const reason = tiers === undefined ? "tiers must be given" : "no storage may stand in tiers twice";
      throw new ConfigurationError(`Cannot create ${CACHED_STORAGE} as ${reason}`, {
        code: "invalid_option",
        component: CACHED_STORAGE,
      });
    }
    this.#tiers = tiers.map((tier, index) =>
      new CachedTier(tier, index < tiers.length - 1 ? ttlMs : undefined)
    );
    this.runs = tiers.at(-1)!.runs;
    this._operations = new CachedOperations(this.#tiers, onTierError);
  }

  /** What each tier has done so far, fastest first. */
  stats(): TierStats[] {
    return this.#tiers.map((tier) => tier.stats);
  }
}
