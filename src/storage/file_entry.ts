/**
 * What the files of a FileStorage hold.
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
 * @param entry Its key, its value as JSON, and when it expires, in milliseconds since the epoch; Infinity for never.
 * @param pretty Whether its value stands on several lines.
 * @returns Its text.
 */
export function encodeEntry(
  { key, json, expiresAtMs }: { readonly key: string; readonly json: string; readonly expiresAtMs: number },
  pretty: boolean,
): string {
  return `{"key":${JSON.stringify(key)},"expiresAtMs":${
    Number.isFinite(expiresAtMs) ? expiresAtMs : null
  },"value":${pretty ? JSON.stringify(JSON.parse(json), undefined, 2) : json}}`;
}

/**
 * Reads an entry.
 *
 * @param text Its text.
 * @returns The entry, or `undefined` when the text is none.
 */
export function decodeEntry(text: string): FileEntry | undefined {
  return entryOf(parse(text));
}

/**
 * Reads a list of entries.
 *
 * @param text Its text.
 * @returns The entries, or `undefined` when the text is no such list.
 */
export function decodeEntries(text: string): FileEntry[] | undefined {
  const list = parse(text);
  if (!Array.isArray(list)) return undefined;
  const entries = list.map(entryOf).filter((entry) => entry !== undefined);
  return entries.length === list.length ? entries : undefined;
}

function entryOf(json: JsonValue | undefined): FileEntry | undefined {
  const { key, expiresAtMs, value } = (json ?? {}) as Partial<Record<keyof FileEntry, JsonValue>>;
  if (typeof key !== "string" || value === undefined) return undefined;
  if (expiresAtMs !== null && typeof expiresAtMs !== "number") return undefined;
  return { key, expiresAtMs: expiresAtMs ?? Infinity, value };
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
