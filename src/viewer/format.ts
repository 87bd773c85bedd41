/**
 * Figures as a person reads them.
 *
 * @module
 */

import { money, seconds } from "../text/wording.ts";
import type { Usage } from "../thought/usage.ts";

const WHOLE = new Intl.NumberFormat("en");

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A count, with a comma at each thousand. */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** A price; `unknown` for one that nobody told, which is not the same as nothing. */
export function price(costUsd: number | undefined): string {
  return costUsd === undefined ? "unknown" : money(costUsd);
}

/** A time in words. */
export function duration(durationMs: number): string {
  if (durationMs < MINUTE_MS) return seconds(durationMs);
  if (durationMs < HOUR_MS) {
    return `${Math.floor(durationMs / MINUTE_MS)} min ${Math.round((durationMs % MINUTE_MS) / 1_000)} s`;
  }
  return `${Math.floor(durationMs / HOUR_MS)} h ${Math.round((durationMs % HOUR_MS) / MINUTE_MS)} min`;
}

/** An instant to the minute, in UTC. */
export function instant(timestamp: string): string {
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)}`;
}

/** A share of a whole. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "0 %" : `${Math.round((100 * part) / whole)} %`;
}

/** The tokens of calls; with a `+` where some calls did not tell theirs. */
export function tokens(usage: Usage | undefined): string {
  const { promptTokens, completionTokens, callsWithoutUsage } = usage ?? {};
  if (promptTokens === undefined && completionTokens === undefined) return "unknown";
  return `${count((promptTokens ?? 0) + (completionTokens ?? 0))}${callsWithoutUsage ? "+" : ""}`;
}

/** The beginning of a text in one line. */
export function oneLine(text: string, most: number): string {
  const characters = Array.from(text.slice(0, 4 * most).replace(/\s+/g, " ").trim());
  const isCut = characters.length > most || text.length > 4 * most;
  return isCut ? `${characters.slice(0, most).join("").trimEnd()}…` : characters.join("");
}

/** A name where there is little room. */
export function shortName(name: string, most: number): string {
  const characters = Array.from(name);
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : name;
}
