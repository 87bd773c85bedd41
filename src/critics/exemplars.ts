/**
 * Good examples of earlier rounds that a critic remembers, oldest first, whole or not at all.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { estimateTokens } from "../text/token_estimate.ts";

/** All examples together may have so many tokens. */
const MOST_TOKENS = 2_000;

/**
 * Reads remembered examples.
 *
 * @param memory What was kept.
 * @param name Under which name.
 * @returns The examples, oldest first; none where the memory is of another kind.
 */
export function readExemplars(memory: JsonValue | undefined, name: string): readonly string[] {
  if (typeof memory !== "object" || memory === null || Array.isArray(memory)) return [];
  const kept = (memory as Readonly<Record<string, JsonValue>>)[name];
  return Array.isArray(kept) ? kept.filter((entry) => typeof entry === "string") : [];
}

/**
 * Keeps the latest of some texts.
 *
 * @param texts The texts, oldest first.
 * @param limit The most to keep.
 * @returns Those that have a place, oldest first.
 */
export function keepLatest(texts: readonly string[], limit: number): string[] {
  const kept: string[] = [];
  let tokens = 0;
  for (let index = texts.length - 1; index >= 0 && kept.length < limit; index--) {
    tokens += estimateTokens(texts[index]!);
    if (tokens > MOST_TOKENS) break;
    kept.unshift(texts[index]!);
  }
  return kept;
}
