/** Holds a storage to what every storage must do, case by case. */
import { test } from "node:test";
import type { Storage } from "../../src/storage/storage.ts";
import { storageConformance, type StorageConformanceOptions } from "../../src/testing/storage_conformance.ts";

/** Adds the tests of every storage for one of them. */
export function testStorage(name: string, create: () => Storage, options?: StorageConformanceOptions): void {
  const cases = storageConformance(create, { component: name, ...options });
  for (const { name: title, run } of cases) test(`${name} ${title}`, run);
}
