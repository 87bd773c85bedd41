/**
 * What a file of a FileStorage holds.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";

/** An entry that was read. */
export interface FileEntry {
  /** Its key. */
  readonly key: string;
  /** When it expires, in milliseconds since the epoch; Infinity for never. */
  readonly expiresAtMs: number;
  /** Its value. */
  readonly value: JsonValue;
}

/**
 * Writes an entry.
 *
 * @param key Its key.
 * @param expiresAtMs When it expires, in milliseconds since the epoch; Infinity for never.
 * @param json Its value, as JSON.
 * @returns The text of its file.
 */
export function encodeEntry(key: string, expiresAtMs: number, json: string): string {
  return `{"key":${JSON.stringify(key)},"expiresAtMs":${
    Number.isFinite(expiresAtMs) ? expiresAtMs : null
  },"value":${json}}\n`;
}

/**
 * Reads an entry.
 *
 * @param text The text of its file.
 * @returns The entry, or `undefined` when the text is none.
 */
export function decodeEntry(text: string): FileEntry | undefined {
  try {
    const { key, expiresAtMs, value } = JSON.parse(text) as Partial<Record<keyof FileEntry, JsonValue>>;
    if (typeof key !== "string" || value === undefined) return undefined;
    if (expiresAtMs !== null && typeof expiresAtMs !== "number") return undefined;
    return { key, expiresAtMs: expiresAtMs ?? Infinity, value };
  } catch {
    return undefined;
  }
}
