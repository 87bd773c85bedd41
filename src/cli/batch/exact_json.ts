/**
 * JSON whose numbers stay as they are written: an identity of 19 digits, a version 1.10.
 *
 * @module
 */

import type { JsonValue } from "../../json.ts";

/** What the runtimes know and TypeScript does not yet. */
interface ExactJson {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(source: string): unknown;
}

const exact = JSON as unknown as ExactJson;

/**
 * Reads JSON. A number that would be written in another way than it was is kept as a value that `JSON.stringify` writes as it was.
 *
 * @param text The text.
 * @returns Its value.
 * @throws {SyntaxError} When it is no JSON.
 */
export function parseExactJson(text: string): JsonValue {
  const value = JSON.parse(text) as JsonValue;
  // Quicker, and so for what this program has written itself.
  if (JSON.stringify(value) === text) return value;
  return exact.parse(
    text,
    (_key, part, { source }) =>
      typeof part === "number" && source !== undefined && String(part) !== source
        ? exact.rawJSON(source)
        : part,
  ) as JsonValue;
}
