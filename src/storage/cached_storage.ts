/**
 * A storage in tiers.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { ConfigurationError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { CACHED_STORAGE, CachedOperations } from "./cached_operations.ts";
import { CachedTier, type TierStats } from "./cached_tier.ts";
import { HeldBackWrites } from "./held_back_writes.ts";
import { operationsOf } from "./operations_of.ts";
import type { RunStore } from "./runs.ts";
import { OperationStorage, type Storage, type StorageOperations } from "./storage.ts";

/** Options of {@linkcode CachedStorage}. */
export interface CachedStorageOptions {
  /** The storages, fastest first, at least one. The last one has the truth; the others hold copies. */
  tiers?: readonly Storage[];
  /** In the place of `tiers`, the faster one of two. */
  cache?: Storage;
  /** In the place of `tiers`, the one of two that has the truth. */
  persistence?: Storage;
  /**
   * How long a copy is used, in milliseconds, in every tier or in each of those that hold copies: what another process writes to
   * the last tier, and what expires there, is seen after it at the latest. @default 60000
   */
  ttlMs?: number | readonly number[];
  /**
   * When a write reaches the last tier: `"through"` before `set` returns, `"back"` later, and together with others. What is held back
   * is lost when the process ends without `close` or `flush`. @default "through"
   */
  writePolicy?: "through" | "back";
  /** How long a write is held back before the next one takes it along, in milliseconds. @default 1000 */
  flushIntervalMs?: number;
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
 * console.log(Object.keys(CACHED_STORAGE_OPTIONS).includes("tiers")); // true
 * ```
 */
export const CACHED_STORAGE_OPTIONS: OptionSchemas = {
  tiers: {
    description: "The storages, fastest first.",
    codeOnly: true,
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(isStorage),
    accepted: "a list of at least one storage",
  },
  cache: {
    description: "The faster one of two storages.",
    codeOnly: true,
    accepts: isStorage,
    accepted: "a storage",
  },
  persistence: {
    description: "The one of two storages that has the truth.",
    codeOnly: true,
    accepts: isStorage,
    accepted: "a storage",
  },
  ttlMs: {
    description: "How long a copy is used, in milliseconds, in every tier or in each that holds copies.",
    codeOnly: true,
    accepts: (value) => (Array.isArray(value) ? value : [value]).every(isDuration),
    accepted: "a number above 0, or a list of them",
  },
  writePolicy: {
    description: "When a write reaches the last tier.",
    enum: ["through", "back"],
    default: "through",
  },
  flushIntervalMs: {
    description: "How long a write is held back, in milliseconds.",
    type: "number",
    exclusiveMinimum: 0,
    default: 1_000,
  },
  onTierError: {
    description: "What a tier that fails means to a call that the others can serve.",
    enum: ["continue", "throw"],
    default: "continue",
  },
};

function isDuration(value: unknown): boolean {
  return typeof value === "number" && value > 0;
}

function isStorage(value: unknown): boolean {
  const { get, _getAsync, _operations } = (value ?? {}) as Partial<Storage>;
  return typeof get === "function" || typeof _getAsync === "function" || typeof _operations === "object";
}

/**
 * Puts faster storages before a slower one that lasts.
 *
 * A write goes to the last tier first, so no copy is made of what was not kept. A value that is found in a slower tier is copied
 * into the faster ones; concurrent lookups of one key share one. `keys`, `has`, `size` and `search` ask the last tier. Closing it
 * closes its tiers. With `writePolicy: "back"` the last tier gets what was written at intervals, and before it is asked for its keys.
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
  readonly #heldBack: HeldBackWrites | undefined;

  /**
   * Puts storages in tiers.
   *
   * @param options The tiers, and what a failure of one means.
   * @throws {ConfigurationError} When an option is unknown or wrong, or one storage stands in two tiers.
   */
  constructor(options: CachedStorageOptions) {
    super();
    const checked = checkOptions(CACHED_STORAGE, options, CACHED_STORAGE_OPTIONS);
    const { ttlMs = 60_000, writePolicy = "through", flushIntervalMs = 1_000, onTierError = "continue" } =
      checked;
    const tiers = tiersOf(checked);
    const copyTtlMs = typeof ttlMs === "number" ? Array<number>(tiers.length - 1).fill(ttlMs) : ttlMs;
    if (copyTtlMs.length !== tiers.length - 1) {
      throw wrong(
        `ttlMs must have a number for each tier that holds copies: it has ${copyTtlMs.length}, and there are ${
          tiers.length - 1
        }`,
      );
    }
    const last = tiers.at(-1)!;
    if (writePolicy === "back") this.#heldBack = new HeldBackWrites(operationsOf(last), flushIntervalMs);
    this.#tiers = [
      ...tiers.slice(0, -1).map((tier, index) =>
        new CachedTier(tier.name, operationsOf(tier), copyTtlMs[index])
      ),
      new CachedTier(last.name, this.#heldBack ?? operationsOf(last), undefined),
    ];
    this.runs = last.runs;
    this._operations = new CachedOperations(this.#tiers, onTierError);
  }

  /**
   * Writes to the last tier what is held back; there is nothing where writes go through.
   *
   * @throws {StorageError} When the last tier fails; what it did not take stays held back.
   */
  flush(): void {
    runSync(this._flushOperation());
  }

  /** The twin of `flush` for code on an event loop. */
  _flushAsync(): Promise<void> {
    return runAsync(this._flushOperation());
  }

  /** The operation behind `flush`. */
  *_flushOperation(): Operation<void> {
    if (this.#heldBack !== undefined) yield* this.#heldBack.flush();
  }

  /** What each tier has done so far, fastest first. */
  stats(): TierStats[] {
    return this.#tiers.map((tier) => tier.stats);
  }
}

function tiersOf({ tiers, cache, persistence }: CachedStorageOptions): readonly Storage[] {
  const pair = cache && persistence && [cache, persistence];
  const given = tiers ?? pair;
  if (given === undefined || (tiers !== undefined && (cache ?? persistence) !== undefined)) {
    throw wrong("either tiers must be given, or cache and persistence");
  }
  if (new Set(given).size !== given.length) throw wrong("no storage may stand in tiers twice");
  return given;
}

function wrong(reason: string): ConfigurationError {
  return new ConfigurationError(`Cannot create ${CACHED_STORAGE} as ${reason}`, {
    code: "invalid_option",
    component: CACHED_STORAGE,
  });
}
