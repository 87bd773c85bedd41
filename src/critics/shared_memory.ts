/**
 * A memory that a critic shares across runs, where the user asks for that; without it, a critic remembers within its run alone.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import type { Operation } from "../operation/operation.ts";
import type { OptionSchema } from "../options.ts";
import { operationsOf } from "../storage/operations_of.ts";
import type { Storage } from "../storage/storage.ts";

/** Where a critic keeps what it remembers across runs. */
export interface CriticMemoryStore {
  /** The storage. */
  readonly storage: Storage;
  /** Critics of one name with one key share a memory. The last run to end a critique decides what it holds. */
  readonly key: string;
}

/** A shared memory in the options. */
export const MEMORY_STORE_SCHEMA: OptionSchema = Object.freeze<OptionSchema>({
  codeOnly: true,
  accepts: (value) => {
    const { storage, key } = Object(value) as Partial<CriticMemoryStore>;
    const keeps = Object(storage) as { _operations?: unknown; get?: unknown };
    return typeof key === "string" && key.trim() !== "" &&
      (typeof keeps.get === "function" || typeof keeps._operations === "object");
  },
  accepted: "an object with a storage and a key that is not blank",
});

/** Reads what critics of this name remember under the key. */
export function recall(store: CriticMemoryStore, critic: string): Operation<JsonValue | undefined> {
  return operationsOf(store.storage).get(keyOf(store, critic));
}

/** Keeps what they are to remember. */
export function keep(store: CriticMemoryStore, critic: string, value: JsonValue): Operation<void> {
  return operationsOf(store.storage).set(keyOf(store, critic), value);
}

/** Each part is encoded, so that no two pairs of names make one key. */
function keyOf({ key }: CriticMemoryStore, critic: string): string {
  return `critic-memory/${encodeURIComponent(key)}/${encodeURIComponent(critic)}`;
}
