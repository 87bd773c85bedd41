/**
 * How a text came to be.
 *
 * @module
 */

import { checkChoice, checkFields, checkName, checkNumber, fieldNames, type Place } from "./place.ts";
import { checkUsage, type Usage } from "./usage.ts";

/** Why a model ended its text. */
export type FinishReason = "stop" | "length" | "filter" | "other";

/** How the text of a thought came to be. */
export interface GenerationInfo {
  /** The model that answered. */
  readonly model: string;
  /** Why it ended. */
  readonly finishReason: FinishReason;
  /** What the calls consumed, retries included. */
  readonly usage?: Usage;
  /** How long it took, in milliseconds. */
  readonly durationMs?: number;
}

const FIELDS = fieldNames("model", "finishReason", "usage", "durationMs");
const REASONS: readonly FinishReason[] = ["stop", "length", "filter", "other"];

/** Copies and freezes; `undefined` stays so. */
export function checkGeneration(place: Place, value: unknown): GenerationInfo | undefined {
  if (value === undefined) return undefined;
  const at = place.at("generation");
  const given = checkFields(at, value, FIELDS);
  const model = checkName(at, "model", given.model);
  const finishReason = checkChoice(at, "finishReason", given.finishReason, REASONS) ??
    at.fail("finishReason", "be a string", undefined);
  const usage = checkUsage(at, "usage", given.usage);
  const durationMs = checkNumber(at, "durationMs", given.durationMs, 0);
  const info: { -readonly [K in keyof GenerationInfo]: GenerationInfo[K] } = { model, finishReason };
  if (usage !== undefined) info.usage = usage;
  if (durationMs !== undefined) info.durationMs = durationMs;
  return Object.freeze(info);
}
