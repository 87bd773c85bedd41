/**
 * The storage step: keeps a thought as soon as it is complete.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import { now, type Operation } from "../operation/operation.ts";
import { saveThought } from "../storage/thought_store.ts";
import type { Thought } from "../thought/thought.ts";
import { type Run, tell, warn } from "./run_state.ts";

/**
 * Keeps a thought in the chain's storage.
 *
 * @param run The run.
 * @param thought The thought.
 * @returns An operation of nothing.
 * @throws {StorageError} When the write fails and `onStorageError` is `"throw"`.
 */
export function* store(run: Run, thought: Thought): Operation<void> {
  const { settings, ledger } = run;
  const startedMs = yield* now();
  // Not in a `finally`: one that yields would let a cancelled run go on behind it.
  const failure = yield* failureOf(saveThought(settings.storage!, thought));
  ledger.addStep("storage", (yield* now()) - startedMs);
  if (failure !== undefined) {
    const { error } = failure;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The text of iteration ${thought.iteration} was not stored: ${reason}`;
    if (settings.onStorageError === "throw") throw asStorageError(error, message, settings.storage!.name);
    yield* warn(run, "storage_failed", message);
    return;
  }
  if (settings.observed) {
    yield* tell(run, {
      type: "stored",
      runId: run.runId,
      iteration: thought.iteration,
      thoughtId: thought.id,
    });
  }
}

function* failureOf(operation: Operation<void>): Operation<{ readonly error: unknown } | undefined> {
  try {
    yield* operation;
  } catch (error) {
    return { error };
  }
}

function asStorageError(error: unknown, message: string, component: string): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError(message, { code: "storage_failed", component, operation: "set", cause: error });
}
