/**
 * What a Reflexion critic remembers: its last reflections, oldest first, whole or not at all.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { keepLatest, readExemplars } from "./exemplars.ts";

/**
 * Reads remembered reflections.
 *
 * @param memory What was kept.
 * @returns The reflections, oldest first; none where the memory is of another kind.
 */
export function readReflections(memory: JsonValue | undefined): readonly string[] {
  return readExemplars(memory, "reflections");
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
  return keepLatest([...reflections, latest], limit);
}
