/**
 * What every storage must do.
 *
 * @module
 */

import type { Storage } from "../storage/storage.ts";
import type { ConformanceCase } from "./conformance.ts";
import { StorageCases } from "./storage_cases.ts";
import { checksKeys, listsKeys } from "./storage_key_cases.ts";
import { closes, expires, hasTwins } from "./storage_life_cases.ts";
import { refusesVectors, searches } from "./storage_search_cases.ts";
import { forgets, keepsValues } from "./storage_value_cases.ts";

/** How the cases of one storage differ. */
export interface StorageConformanceOptions {
  /** Whether they run in a simulation, too: not where a real server must answer. @default true */
  simulated?: boolean;
  /** Whether it finds values by vectors. @default false */
  vectors?: boolean;
  /** The component that its errors name. @default any: one that stands before another may leave errors to that */
  component?: string;
}

/**
 * Lists what every storage must do, for any test runner: values, keys, expiry, search, closing, twins. Each case runs through
 * `runSync`, `runAsync` and the simulation, on a fresh storage each time. Sifaka's own storages are held to the same cases.
 *
 * @param make Makes an empty storage that shares nothing with those made before.
 * @param options How the cases of this storage differ.
 * @returns The cases.
 *
 * @example
 * ```ts
 * import { MemoryStorage } from "@sifaka/sifaka/storage";
 * import { storageConformance } from "@sifaka/sifaka/testing";
 *
 * for (const { name, run } of storageConformance(() => new MemoryStorage())) {
 *   await run(); // or: test(`MyStorage ${name}`, run);
 * }
 * ```
 */
export function storageConformance(
  make: () => Storage,
  options: StorageConformanceOptions = {},
): readonly ConformanceCase[] {
  const { simulated = true, vectors = false, component } = options;
  const cases = new StorageCases(make, { simulated, component });
  keepsValues(cases);
  checksKeys(cases);
  listsKeys(cases);
  forgets(cases);
  expires(cases);
  searches(cases);
  if (!vectors) refusesVectors(cases);
  closes(cases);
  hasTwins(cases);
  return cases.list;
}
