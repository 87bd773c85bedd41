/**
 * How a value lies in the rows of a Milvus collection.
 *
 * A value is one row or, when its JSON or its text is long, several: the first has the id `0:KEY`, the others `NUMBER:VERSION`
 * with a version that no other write has. The first is written last and names the version, so readers see the old value or the
 * new one.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { piecesOf } from "../text/pieces.ts";
import { type MilvusRow, textField } from "./milvus_collection.ts";
import { milvusLiteral } from "./milvus_target.ts";
import type { KeyRange } from "./requests.ts";
import { textOfValue } from "./vector_text.ts";

/** A field of text has at most 65 535 bytes; a code unit is at most three of UTF-8. */
const MAX_JSON_UNITS = 20_000;
const MAX_FIELD_BYTES = 65_535;
/** What never expires, expires then. */
const NEVER_MS: number = Number.MAX_SAFE_INTEGER;

/** The fields besides the vector. */
export const MILVUS_FIELDS: readonly MilvusRow[] = [
  { ...textField("id", 600), isPrimary: true },
  textField("key", 512),
  textField("version", 64),
  { fieldName: "rows", dataType: "Int64" },
  textField("json", MAX_FIELD_BYTES),
  { fieldName: "has_text", dataType: "Bool" },
  { fieldName: "expires_at", dataType: "Int64" },
];

/** The fields that are read of a first row. */
export const FIRST_ROW_FIELDS: readonly string[] = ["key", "version", "rows", "json", "expires_at"];

/** The first row of a value. */
export interface FirstRow {
  /** The key. */
  readonly key: string;
  /** What its other rows are named by. */
  readonly version: string;
  /** How many rows the value has. */
  readonly rows: number;
  /** How its JSON begins. */
  readonly json: string;
  /** When it is forgotten, in milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** What a value is cut to. */
export interface ValuePieces {
  /** The JSON of each row; empty in those of which the text alone is long. */
  readonly json: readonly string[];
  /** What the vector of each row is made of. */
  readonly texts: readonly string[];
  /** Whether there are strings in the value: what has none is found by no vector. */
  readonly hasText: boolean;
}

/**
 * Cuts a value to rows.
 *
 * @param json Its JSON.
 * @param maxTextLength The longest text that a vector is made of, in UTF-16 code units.
 * @returns One piece of JSON and one text for each row.
 */
export function piecesOfValue(json: string, maxTextLength: number): ValuePieces {
  const own = textOfValue(JSON.parse(json) as JsonValue);
  const hasText = own !== "";
  const parts = piecesOf(json, MAX_JSON_UNITS);
  // Every row has a vector. The JSON stands in where there is no text; such rows are left out of searches.
  const texts = piecesOf(hasText ? own : json, maxTextLength);
  const rows = Math.max(parts.length, texts.length);
  return {
    json: Array.from({ length: rows }, (_, index) => parts[index] ?? ""),
    texts: Array.from({ length: rows }, (_, index) => texts[index] ?? texts.at(-1)!),
    hasText,
  };
}

/**
 * Names the first row of a key.
 *
 * @param key The key.
 * @returns The id.
 */
export function firstId(key: string): string {
  return `0:${key}`;
}

/**
 * Names the other rows of a value.
 *
 * @param value Its first row.
 * @returns Their ids, in order.
 */
export function otherIds({ version, rows }: Pick<FirstRow, "version" | "rows">): string[] {
  return Array.from({ length: rows - 1 }, (_, index) => `${index + 1}:${version}`);
}

/**
 * Reads the fields of a first row. The server writes whole numbers as texts, unless it is told otherwise.
 *
 * @param row What the server gave.
 * @returns The row.
 */
export function readFirstRow(row: MilvusRow): FirstRow {
  return {
    key: String(row.key),
    version: String(row.version),
    rows: Number(row.rows),
    json: String(row.json),
    expiresAtMs: Number(row.expires_at),
  };
}

/** A value that is about to be written. */
export interface RowsToWrite {
  /** The key. */
  readonly key: string;
  /** What its rows are named by. */
  readonly version: string;
  /** What it is cut to. */
  readonly pieces: ValuePieces;
  /** One for each row. */
  readonly vectors: readonly (readonly number[])[];
  /** When it is forgotten, in milliseconds since the epoch, or Infinity. */
  readonly expiresAtMs: number;
}

/**
 * Makes the rows of a value.
 *
 * @param value The value.
 * @returns Its rows, the first one first.
 */
export function rowsOf({ key, version, pieces, vectors, expiresAtMs }: RowsToWrite): MilvusRow[] {
  const { json, hasText } = pieces;
  const others = otherIds({ version, rows: json.length });
  return json.map((part, index) => ({
    id: index === 0 ? firstId(key) : others[index - 1]!,
    key,
    version,
    rows: json.length,
    json: part,
    has_text: hasText,
    expires_at: Math.min(expiresAtMs, NEVER_MS),
    vector: [...vectors[index]!],
  }));
}

/**
 * Asks for the first rows of a stretch of keys.
 *
 * @param range The stretch.
 * @param nowMs The time; what has expired by then is left out.
 * @returns The filter.
 */
export function firstRowsIn(range: KeyRange, nowMs: number): string {
  const bounds = [`id >= ${milvusLiteral(firstId(range.from))}`];
  if (range.after !== "") bounds.push(`id > ${milvusLiteral(firstId(range.after))}`);
  // The character that follows the colon ends all first rows.
  bounds.push(`id < ${milvusLiteral(range.until === undefined ? "0;" : firstId(range.until))}`);
  return [...bounds, isFresh(nowMs)].join(" and ");
}

/**
 * Asks for all rows of a stretch of keys.
 *
 * @param range The stretch; its cursor is not looked at.
 * @returns The filter.
 */
export function allRowsIn({ from, until }: KeyRange): string {
  const bounds = [`key >= ${milvusLiteral(from)}`];
  if (until !== undefined) bounds.push(`key < ${milvusLiteral(until)}`);
  return bounds.join(" and ");
}

/**
 * Asks for what has not expired.
 *
 * @param nowMs The time, in milliseconds since the epoch.
 * @returns The filter.
 */
export function isFresh(nowMs: number): string {
  return `expires_at > ${Math.floor(nowMs)}`;
}
