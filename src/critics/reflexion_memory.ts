/**
 * What a Reflexion critic remembers: its last reflections, oldest first, whole or not at all.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { estimateTokens } from "../text/token_estimate.ts";

/** All reflections remembered together may have so many tokens. */
const MOST_TOKENS = 2_000;

/**
 * Reads remembered reflections.
 *
 * @param memory What was kept.
 * @returns The reflections, oldest first; none where the memory is of another kind.
 */
export function readReflections(memory: JsonValue | undefined): readonly string[] {
  if (typeof memory !== "object" || memory === null || Array.isArray(memory)) return [];
  const { reflections } = memory as { readonly reflections?: JsonValue };
  return Array.isArray(reflections) ? reflections.filter((entry) => typeof entry === "string") : [];
}

/**
 * Adds a reflection and drops the oldest that have no place any more.
 *
 * @param reflections The earlier ones, oldest first.
 * @param latest The new one.
 * @param limit The most to keep.
 * @returns What to remember.
 */
export function addReflection(reflections: readonly string[], latest: string, limit: number): string[] {
  const all = [...reflections, latest];
  const kept: string[] = [];
  let tokens = 0;
  for (let index = all.length - 1; index >= 0 && kept.length < limit; index--) {
    tokens += estimateTokens(all[index]!);
    if (tokens > MOST_TOKENS) break;
    kept.unshift(all[index]!);
  }
  return kept;
}
