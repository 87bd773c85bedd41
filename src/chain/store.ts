/**
 * The storage step: keeps a thought as soon as it is complete.
 *
 * @module
 */

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
  try {
    yield* saveThought(settings.storage!, thought);
  } catch (error) {
    if (settings.onStorageError === "throw") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    yield* warn(
      run,
      "storage_failed",
      `The text of iteration ${thought.iteration} was not stored: ${reason}`,
    );
    return;
  } finally {
    ledger.addStep("storage", (yield* now()) - startedMs);
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
