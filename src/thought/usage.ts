/**
 * What calls to models consumed.
 *
 * @module
 */

import { checkCount, checkFields, checkNumber, fieldNames, type Place } from "./place.ts";

/**
 * What one or more calls consumed. A figure that is not known is left out, never 0.
 *
 * Partial knowledge: `promptTokens` and `completionTokens` are the sums of the calls whose figures are known, and
 * `callsWithoutUsage` says how many calls are missing from them. `costUsd` is left out as soon as the price of one
 * call is not known, since a part of a price would be read as the whole.
 */
export interface Usage {
  /** Calls made, failed attempts included. */
  readonly modelCalls: number;
  /** Tokens sent, by the calls whose figures are known. */
  readonly promptTokens?: number;
  /** Tokens received, by the calls whose figures are known. */
  readonly completionTokens?: number;
  /** Of the tokens sent, those that the provider found in its cache; left out where it found none or did not say. */
  readonly cacheReadTokens?: number;
  /** Of the tokens sent, those that the provider put into its cache; left out where it put none or did not say. */
  readonly cacheWriteTokens?: number;
  /** Price in US dollars. */
  readonly costUsd?: number;
  /** Calls whose tokens are not known; left out when there are none. */
  readonly callsWithoutUsage?: number;
}

/**
 * Adds up what calls consumed.
 *
 * A usage that names no tokens at all counts all its calls as `callsWithoutUsage`.
 *
 * @param usages What single calls, or groups of them, consumed; `undefined` entries are skipped.
 * @returns The sums: tokens of the known calls, the price only if every price is known.
 *
 * @example
 * ```ts
 * import { sumUsage } from "@sifaka/sifaka";
 *
 * const known = { modelCalls: 1, promptTokens: 120, completionTokens: 40 };
 * console.log(sumUsage([known, { modelCalls: 2 }]));
 * // { modelCalls: 3, promptTokens: 120, completionTokens: 40, callsWithoutUsage: 2 }
 * ```
 */
export function sumUsage(usages: Iterable<Usage | undefined>): Usage {
  let modelCalls = 0;
  let callsWithoutUsage = 0;
  let promptTokens: number | undefined;
  let completionTokens: number | undefined;
  let cacheReadTokens: number | undefined;
  let cacheWriteTokens: number | undefined;
  let costUsd: number | undefined;
  let costKnown = true;
  for (const usage of usages) {
    if (usage === undefined) continue;
    modelCalls += usage.modelCalls;
    const silent = usage.promptTokens === undefined && usage.completionTokens === undefined;
    callsWithoutUsage += usage.callsWithoutUsage ?? (silent ? usage.modelCalls : 0);
    if (usage.promptTokens !== undefined) promptTokens = (promptTokens ?? 0) + usage.promptTokens;
    if (usage.completionTokens !== undefined) {
      completionTokens = (completionTokens ?? 0) + usage.completionTokens;
    }
    if (usage.cacheReadTokens !== undefined) cacheReadTokens = (cacheReadTokens ?? 0) + usage.cacheReadTokens;
    if (usage.cacheWriteTokens !== undefined) {
      cacheWriteTokens = (cacheWriteTokens ?? 0) + usage.cacheWriteTokens;
    }
    if (usage.costUsd !== undefined) costUsd = (costUsd ?? 0) + usage.costUsd;
    else if (usage.modelCalls > 0) costKnown = false;
  }
  return Object.freeze({
    modelCalls,
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(completionTokens === undefined ? {} : { completionTokens }),
    ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
    ...(costUsd === undefined || !costKnown ? {} : { costUsd }),
    ...(callsWithoutUsage === 0 ? {} : { callsWithoutUsage }),
  });
}

const COUNTS = [
  "promptTokens",
  "completionTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "callsWithoutUsage",
] as const;
const FIELDS = fieldNames("modelCalls", "costUsd", ...COUNTS);

/** Copies and freezes a usage; `undefined` stays so. */
export function checkUsage(place: Place, field: string, value: unknown): Usage | undefined {
  if (value === undefined) return undefined;
  const at = place.at(field);
  const given = checkFields(at, value, FIELDS);
  const usage: { -readonly [K in keyof Usage]: Usage[K] } = {
    modelCalls: checkCount(at, "modelCalls", given.modelCalls),
  };
  for (const count of COUNTS) {
    if (given[count] !== undefined) usage[count] = checkCount(at, count, given[count]);
  }
  const costUsd = checkNumber(at, "costUsd", given.costUsd, 0);
  if (costUsd !== undefined) usage.costUsd = costUsd;
  return Object.freeze(usage);
}
