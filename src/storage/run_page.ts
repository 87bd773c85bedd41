/**
 * A page of a list of runs.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { findProblems, type OptionSchemas } from "../options.ts";
import type { RunSummary } from "./runs.ts";

/** How a run came out, for a list of runs: `unfinished` is every run that has given no result. */
export type RunVerdict = "valid" | "invalid" | "unfinished";

/** Which runs a page holds. */
export interface RunPageOptions {
  /** At most so many. */
  limit: number;
  /** Only runs that stand after this place, the `next` of another page. @default from the newest */
  after?: number;
  /** Only runs that came out so. @default any */
  verdict?: RunVerdict;
  /** Only runs whose model has this in its name, in any case. @default any */
  model?: string;
  /** Only runs that began then or later, in milliseconds since the epoch. @default any */
  fromMs?: number;
  /** Only runs that began before then, in milliseconds since the epoch. @default any */
  untilMs?: number;
}

/** A page of a list of runs. */
export interface RunPage {
  /** The runs, the one that began last first. */
  readonly runs: readonly RunSummary[];
  /** Where the next page begins; `undefined` where no run is left. */
  readonly next?: number;
}

/** The most runs of one page. */
export const MOST_RUNS_OF_A_PAGE = 1_000;

const PAGE_OPTIONS: OptionSchemas = {
  limit: { description: "At most so many.", type: "integer", minimum: 1, maximum: MOST_RUNS_OF_A_PAGE },
  after: { description: "Only runs that stand after this place.", type: "integer", minimum: 0 },
  verdict: { description: "Only runs that came out so.", enum: ["valid", "invalid", "unfinished"] },
  model: { description: "Only runs whose model has this in its name.", type: "string" },
  fromMs: { description: "Only runs that began then or later.", type: "number" },
  untilMs: { description: "Only runs that began before then.", type: "number" },
};

/**
 * Checks which runs are asked for.
 *
 * @param options What the caller asked.
 * @returns The options.
 * @throws {ConfigurationError} When one is unknown or wrong.
 */
export function checkRunPage(options: RunPageOptions): RunPageOptions {
  const problems = findProblems(options, { type: "object", properties: PAGE_OPTIONS, required: ["limit"] });
  if (problems.length === 0) return options;
  const reasons = problems.map(({ message }) => message).join("; ");
  throw new ConfigurationError(`Cannot list runs as ${reasons}`, { code: "invalid_option" });
}

/**
 * Tells whether a run is one of those that are asked for.
 *
 * @param run The run.
 * @param options What the caller asked.
 * @returns Whether it is; its place in the list is not looked at.
 */
export function isWanted(run: RunSummary, options: Omit<RunPageOptions, "limit" | "after">): boolean {
  const { verdict, model = "", fromMs = -Infinity, untilMs = Infinity } = options;
  const startedMs = Date.parse(run.startedAt);
  return (verdict === undefined || verdict === verdictOf(run)) &&
    (run.facts.model ?? "").toLowerCase().includes(model.toLowerCase()) &&
    startedMs >= fromMs && startedMs < untilMs;
}

/**
 * Tells how a run came out.
 *
 * @param run The run.
 * @returns How.
 */
export function verdictOf({ status, facts }: RunSummary): RunVerdict {
  if (status !== "finished") return "unfinished";
  return facts.valid === true ? "valid" : "invalid";
}
