/**
 * What a person asks a list of runs for, as it stands in the address of the page.
 *
 * @module
 */

import type { RunPageOptions, RunVerdict } from "../storage/run_page.ts";

/** Which runs are asked for. */
export interface RunQuery {
  /** Words that a text of the run must have; blank for any. */
  readonly words: string;
  /** How it came out; `undefined` for any. */
  readonly verdict: RunVerdict | undefined;
  /** What its model has in its name; blank for any. */
  readonly model: string;
  /** The first day, as `2026-01-31`, in UTC; blank for any. */
  readonly from: string;
  /** The last day, likewise. */
  readonly to: string;
  /** Where the page begins; `undefined` for the newest. */
  readonly after: number | undefined;
}

const VERDICTS: readonly RunVerdict[] = ["valid", "invalid", "unfinished"];
const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/** The longest text of a field that is looked at, in UTF-16 code units. */
const LONGEST_FIELD = 1_000;

/**
 * Reads what is asked for. What makes no sense counts as not said.
 *
 * @param parameters Those of the address.
 * @returns The query.
 */
export function readQuery(parameters: URLSearchParams): RunQuery {
  const field = (name: string): string => (parameters.get(name) ?? "").slice(0, LONGEST_FIELD);
  const day = (name: string): string =>
    DAY.test(field(name)) && !isNaN(dayMs(field(name))) ? field(name) : "";
  const after = Number(field("after") || NaN);
  return {
    words: field("q"),
    verdict: VERDICTS.find((verdict) => verdict === field("verdict")),
    model: field("model").trim(),
    from: day("from"),
    to: day("to"),
    after: Number.isSafeInteger(after) && after >= 0 ? after : undefined,
  };
}

/**
 * Writes a query as the parameters of an address.
 *
 * @param query The query.
 * @returns What stands after the `?`; empty when everything is asked for.
 */
export function writeQuery(query: RunQuery): string {
  const { words, verdict = "", model, from, to, after } = query;
  const fields = { q: words, verdict, model, from, to, after: after === undefined ? "" : String(after) };
  return new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== "")).toString();
}

/**
 * Words a query for a store of runs; its words are for the full-text search, and have no part in it.
 *
 * @param query The query.
 * @returns What to ask for, but for the number of runs and their place.
 */
export function pageOptionsOf(
  { verdict, model, from, to }: RunQuery,
): Omit<RunPageOptions, "limit" | "after"> {
  return {
    ...(verdict !== undefined && { verdict }),
    ...(model !== "" && { model }),
    ...(from !== "" && { fromMs: dayMs(from) }),
    ...(to !== "" && { untilMs: dayMs(to) + DAY_MS }),
  };
}

/**
 * The query for the full-text search: the last word may still be in the middle of being typed. Its first letter alone asks for
 * nothing yet, as every text has some word that begins so.
 *
 * @param words What was typed.
 * @returns The query; one that ends with a space or a sign is left as it is. Blank where it asks for nothing.
 */
export function searchTextOf(words: string): string {
  const begun = words.replace(/(?<!\S)-?[a-z\d]$/i, "");
  return /[\p{L}\p{N}\p{M}]$/u.test(begun) ? `${begun}*` : begun.trim();
}

function dayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
