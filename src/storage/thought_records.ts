/**
 * How a thought is written and read again.
 *
 * A record holds the thought without its history, and the ids of the thoughts in it. The history is put together again when
 * the thought is read. So a run of many iterations takes room for each text once, and a search finds each text once.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { show } from "../options.ts";
import { Thought } from "../thought/thought.ts";

/** What stands under a record's key. */
export interface ThoughtRecord {
  /** The thought, without its history. */
  readonly thought: { readonly [field: string]: JsonValue };
  /** The ids of its history, oldest first. */
  readonly history: readonly string[];
}

/**
 * Makes the records of a thought and of all thoughts in its history.
 *
 * @param thought The thought.
 * @returns Each thought with its record, oldest first; the thought itself is the last.
 */
export function recordsOf(thought: Thought): { readonly thought: Thought; readonly record: ThoughtRecord }[] {
  const ids = thought.history.map((earlier) => earlier.id);
  return [...thought.history, thought].map((each, index) => ({
    thought: each,
    record: { thought: { ...each.toJSON(), history: [] }, history: ids.slice(0, index) },
  }));
}

/**
 * Checks what was found under a record's key.
 *
 * @param thoughtId The thought's id.
 * @param value What was found.
 * @returns The record.
 * @throws {StorageError} When it is none.
 */
export function readRecord(thoughtId: string, value: JsonValue): ThoughtRecord {
  const record = value as Partial<ThoughtRecord> | null;
  if (typeof record?.thought === "object" && Array.isArray(record.history)) return record as ThoughtRecord;
  throw new StorageError(`Cannot read thought ${show(thoughtId)} as its record is damaged`, {
    code: "damaged",
    component: "ThoughtStore",
    metadata: { thoughtId },
  });
}

/**
 * Makes a thought of its record.
 *
 * @param record The record.
 * @param history The thoughts of its history, oldest first.
 * @returns The thought.
 * @throws {StorageError} When the record is no thought, or of a newer version.
 */
export function thoughtOf(record: ThoughtRecord, history: readonly Thought[]): Thought {
  return Thought.fromJSON({ ...record.thought, history });
}

/**
 * Makes the error of a thought whose history cannot be put together.
 *
 * @param thoughtId The thought that is not there.
 * @returns The error to throw.
 */
export function missingAncestor(thoughtId: string): StorageError {
  return new StorageError(`Cannot read a history as its thought ${show(thoughtId)} is not in the storage`, {
    code: "missing_history",
    component: "ThoughtStore",
    metadata: { thoughtId },
  });
}
