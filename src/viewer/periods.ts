/**
 * Days put together so that a chart has room for them.
 *
 * @module
 */

import type { OutcomeCount } from "./statistics.ts";

/** The outcomes of a stretch of time. */
export interface Period extends OutcomeCount {
  /** Its day, the first day of its week (a Monday), or its month. */
  readonly name: string;
}

/** Outcomes over time. */
export interface Periods {
  /** How long each is. */
  readonly unit: "day" | "week" | "month";
  /** The stretches in which there were runs, and those between, oldest first. */
  readonly periods: readonly Period[];
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 31;
const MOST_WEEKS = 31;
const NOTHING: OutcomeCount = { valid: 0, invalid: 0, unfinished: 0 };

/** The newest stretches that are shown. */
const MOST_PERIODS = 60;

/**
 * Puts days together: as days, weeks or months, whatever is the shortest that a chart has room for.
 *
 * @param days The outcomes of each day, oldest first.
 * @returns The stretches.
 */
export function periodsOf(days: readonly (OutcomeCount & { readonly day: string })[]): Periods {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return { unit: "day", periods: [] };
  const length = (Date.parse(last.day) - Date.parse(first.day)) / DAY_MS + 1;
  const unit = length <= MOST_DAYS ? "day" : length <= 7 * MOST_WEEKS ? "week" : "month";
  const sums = new Map<string, OutcomeCount>();
  for (const { day, valid, invalid, unfinished } of days) {
    const sum = sums.get(nameOf(day, unit)) ?? NOTHING;
    sums.set(nameOf(day, unit), {
      valid: sum.valid + valid,
      invalid: sum.invalid + invalid,
      unfinished: sum.unfinished + unfinished,
    });
  }
  const names = namesUntil(nameOf(last.day, unit), nameOf(first.day, unit), unit);
  return { unit, periods: names.map((name) => ({ name, ...sums.get(name) ?? NOTHING })) };
}

function nameOf(day: string, unit: Periods["unit"]): string {
  if (unit === "day") return day;
  if (unit === "month") return day.slice(0, "2026-01".length);
  const timeMs = Date.parse(day);
  const sinceMonday = (new Date(timeMs).getUTCDay() + 6) % 7;
  return dayOf(timeMs - sinceMonday * DAY_MS);
}

/** The names up to the last one, those of stretches without runs included. */
function namesUntil(last: string, first: string, unit: Periods["unit"]): string[] {
  const names: string[] = [];
  for (let name = last; name >= first && names.length < MOST_PERIODS; name = before(name, unit)) {
    names.unshift(name);
  }
  return names;
}

function before(name: string, unit: Periods["unit"]): string {
  if (unit !== "month") return dayOf(Date.parse(name) - (unit === "day" ? 1 : 7) * DAY_MS);
  return nameOf(dayOf(Date.parse(`${name}-01`) - DAY_MS), "month");
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
