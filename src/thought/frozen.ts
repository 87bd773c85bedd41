/**
 * Frozen copies of JSON, so that no two thoughts can share something that changes.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import type { Place } from "./place.ts";

/** A JSON object that nobody can change. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** The one empty list. */
export const EMPTY_LIST: readonly never[] = Object.freeze([]);

/** The one empty object. */
export const EMPTY_OBJECT: Readonly<Record<string, never>> = Object.freeze({});

/** Under this key of `metadata` stand the fields of a record that this version does not know. */
const EXTRA_KEY = "$extra";

/** Deeper values are refused, so that no later walk over them can exhaust the stack. */
const MAX_DEPTH = 100;

/**
 * Sets a field, whatever its name: assigning to `__proto__` would change the object's prototype instead.
 *
 * @param target The object.
 * @param key The field.
 * @param value What it holds.
 */
export function setField(target: object, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else (target as Record<string, unknown>)[key] = value;
}

/**
 * Copies and freezes the metadata of something.
 *
 * @param place Where it stands.
 * @param value What was given; `undefined` stands for none.
 * @returns The copy, with the fields that reading did not know.
 * @throws {ConfigurationError} When it holds what JSON cannot (NaN, undefined, bigint, Map, Date, functions, cycles).
 * @throws {StorageError} The same, when reading.
 */
export function checkMetadata(place: Place, value: unknown): JsonObject {
  let given = value;
  if (place.unknown !== undefined && Object.keys(place.unknown).length > 0) given = withUnknown(place, value);
  if (given === undefined) return EMPTY_OBJECT;
  if (!isPlainObject(given)) return place.fail("metadata", "be a plain object", value);
  return freezeObject(place.at("metadata"), given, []);
}

function withUnknown(place: Place, value: unknown): unknown {
  if (value !== undefined && !isPlainObject(value)) return value;
  const extra = value !== undefined && Object.hasOwn(value, EXTRA_KEY) ? value[EXTRA_KEY] : undefined;
  const metadata: Record<string, unknown> = {};
  for (const key of Object.keys(value ?? {})) {
    setField(metadata, key, (value as Record<string, unknown>)[key]);
  }
  const extras: Record<string, unknown> = {};
  if (isPlainObject(extra)) { for (const key of Object.keys(extra)) setField(extras, key, extra[key]); }
  for (const key of Object.keys(place.unknown!)) setField(extras, key, place.unknown![key]);
  metadata[EXTRA_KEY] = extras;
  return metadata;
}

/** Whether a value is an object literal, of this realm or another, or has no prototype. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function freezeValue(place: Place, key: string | number, value: unknown, parents: object[]): JsonValue {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number" && Number.isFinite(value)) return value + 0;
  if (typeof value !== "object") return place.fail(key, "be a JSON value", value);
  if (parents.includes(value)) {
    throw place.at(key).error(`${place.at(key).path} must be a JSON value: it contains itself`);
  }
  if (parents.length >= MAX_DEPTH) {
    throw place.at(key).error(
      `${place.path.slice(0, 80)}… must not be nested deeper than ${MAX_DEPTH} levels`,
    );
  }
  if (Array.isArray(value)) return freezeList(place.at(key), value, parents);
  if (isPlainObject(value)) return freezeObject(place.at(key), value, parents);
  throw place.at(key).error(`${place.at(key).path} must be a JSON value: it is ${className(value)}`);
}

function freezeObject(place: Place, value: Record<string, unknown>, parents: object[]): JsonObject {
  if (Object.getOwnPropertySymbols(value).length > 0) place.fail("", "have no symbols as keys", value);
  const copy: Record<string, JsonValue> = {};
  parents.push(value);
  for (const key of Object.keys(value)) setField(copy, key, freezeValue(place, key, value[key], parents));
  parents.pop();
  return Object.freeze(copy);
}

function freezeList(place: Place, value: readonly unknown[], parents: object[]): readonly JsonValue[] {
  const copy: JsonValue[] = [];
  parents.push(value);
  // By index, as `map` would skip the holes of a sparse array and keep them.
  for (let index = 0; index < value.length; index++) {
    copy.push(freezeValue(place, index, value[index], parents));
  }
  parents.pop();
  return Object.freeze(copy);
}

/**
 * The fields of an object that are not `undefined`, as JSON. What they hold is handed out as it is, since it is
 * frozen.
 *
 * @param source The object; its fields hold JSON or `undefined`.
 * @returns A fresh object.
 */
export function jsonFields(source: object): Record<string, JsonValue> {
  const json: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(source)) {
    if (value !== undefined) setField(json, key, value);
  }
  return json;
}

function className(value: object): string {
  const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === "string" && name !== "" ? `a ${name}` : "an object of a class";
}

/**
 * Trims strings, and drops those that are blank or stand there already.
 *
 * @param place Where the list stands.
 * @param field Its field.
 * @param value What was given; `undefined` stands for none.
 * @returns A frozen list, in order.
 */
export function checkTexts(place: Place, field: string, value: unknown): readonly string[] {
  if (value === undefined) return EMPTY_LIST;
  if (!Array.isArray(value)) return place.fail(field, "be an array of strings", value);
  if (value.length === 0) return EMPTY_LIST;
  const texts = new Set<string>();
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index];
    if (typeof item !== "string") return place.at(field).fail(index, "be a string", item);
    const text = item.trim();
    if (text !== "") texts.add(text);
  }
  return texts.size === 0 ? EMPTY_LIST : Object.freeze([...texts]);
}
