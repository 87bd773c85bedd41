/**
 * Names of runs as a person types them: any unique beginning of an id, or `last`.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { show } from "../options.ts";
import type { RunSummary } from "../storage/runs.ts";
import type { ChainSummary, ThoughtStore } from "../storage/thought_store.ts";
import { shortLine, typed } from "./wording.ts";

/** How many characters of an id that was drawn are shown. */
const SHORT_ID = 8;
/** How many of one that a person gave; two of them may begin alike. */
const LONGEST_SHOWN = 64;

/**
 * Shortens an id for a person: one that was drawn to its beginning, one that was given only where it is very long.
 *
 * @param id The id.
 */
export function shortId(id: string): string {
  return isDrawn(id) ? id.slice(0, SHORT_ID) : shortLine(id, LONGEST_SHOWN);
}

/**
 * Writes an id as it must be typed in a shell.
 *
 * @param id The id.
 */
export function typedId(id: string): string {
  return isDrawn(id) ? id.slice(0, SHORT_ID) : typed(id);
}

function isDrawn(id: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(id);
}

const MOST_LISTED = 5;

/**
 * Finds the run that a person means.
 *
 * @param store Where runs are kept.
 * @param given A beginning of its id, or `last`.
 * @param label What the store is called in messages.
 * @returns The run.
 * @throws {ConfigurationError} When there is none, or more than one.
 */
export async function findRun(store: ThoughtStore, given: string, label: string): Promise<ChainSummary> {
  const chains = await store._chainsAsync();
  return choose(chains, ({ chainId }) => chainId, given, label);
}

/**
 * Finds the recorded run that a person means.
 *
 * @param runs The recorded runs, the newest first.
 * @param given A beginning of its id, or `last`.
 * @param label What the store is called in messages.
 * @returns The run.
 * @throws {ConfigurationError} When there is none, or more than one.
 */
export function findRecorded(runs: readonly RunSummary[], given: string, label: string): RunSummary {
  return choose(runs, ({ runId }) => runId, given, label);
}

function choose<T>(newestFirst: readonly T[], idOf: (item: T) => string, given: string, label: string): T {
  const [newest] = newestFirst;
  if (newest === undefined) {
    throw new ConfigurationError(`There are no runs in ${label}`, { code: "no_runs" });
  }
  if (given === "last") return newest;
  const exact = newestFirst.find((item) => idOf(item) === given);
  if (exact) return exact;
  const found = given.trim() === "" ? [] : newestFirst.filter((item) => idOf(item).startsWith(given));
  if (found.length === 1) return found[0]!;
  if (found.length === 0) {
    throw new ConfigurationError(`There is no run ${show(given)} in ${label}`, {
      code: "unknown_run",
      suggestions: ["`sifaka list` lists the runs; `last` is the newest."],
    });
  }
  const listed = found.slice(0, MOST_LISTED).map(idOf).join(", ");
  throw new ConfigurationError(`${show(given)} begins the ids of ${found.length} runs: ${listed}`, {
    code: "ambiguous_run",
    suggestions: ["Give more of the id."],
  });
}
