/**
 * What the rows of runs say. A row that says nothing is told as damaged.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import { show } from "../options.ts";
import type { SqliteRow } from "../runtime/sqlite.ts";
import type { RunFacts, RunStatus, RunSummary } from "./runs.ts";
import { SQLITE_STORAGE } from "./sqlite_errors.ts";

/**
 * Reads what a list tells of a run. One damaged row must not hide the others, so of that it says no more than that it is damaged.
 *
 * @param row The row, with its number of `effects`.
 * @param isOwned Says whether its owner lives.
 * @returns The summary.
 */
export function summaryOf(row: SqliteRow, isOwned: (owner: unknown) => boolean): RunSummary {
  const { run_id: runId, status, started_at, updated_at, effects, owner } = row;
  const facts = factsOf(row.facts);
  const standsAs = status === "running" && !isOwned(owner) ? "interrupted" : status;
  return {
    runId: runId as string,
    status: facts === undefined ? "damaged" : standsAs as RunStatus,
    startedAt: isoTime(started_at),
    updatedAt: isoTime(updated_at),
    effects: effects as number,
    facts: facts ?? {},
  };
}

function factsOf(text: unknown): RunFacts | undefined {
  try {
    const facts: unknown = JSON.parse(text as string);
    return typeof facts === "object" && facts !== null && !Array.isArray(facts) ? facts : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a JSON column.
 *
 * @param runId Whose it is, for the error.
 * @param text What stands there.
 * @returns Its value.
 * @throws {StorageError} When it is damaged.
 */
export function jsonOf<T>(runId: string, text: unknown): T {
  try {
    return JSON.parse(text as string) as T;
  } catch (cause) {
    throw damagedRun(runId, cause);
  }
}

/** A time of a row, in ISO 8601. */
export function isoTime(timeMs: unknown): string {
  return new Date(timeMs as number).toISOString();
}

/**
 * Makes the error of a run whose record cannot be read.
 *
 * @param runId The run.
 * @param cause The error underneath, if there is one.
 * @returns The error to throw.
 */
export function damagedRun(runId: string, cause?: unknown): StorageError {
  return new StorageError(`Cannot read the journal of run ${show(runId)} as it is damaged`, {
    code: "damaged",
    component: SQLITE_STORAGE,
    metadata: { runId },
    suggestions: ["Delete the run, and begin it again."],
    cause,
  });
}
