/**
 * What every storage asks of its keys and values.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { show } from "../options.ts";
import { hasLoneSurrogate } from "../text/code_points.ts";
import { termsOf } from "../text/words.ts";

/** The longest key, in bytes of UTF-8. */
const MAX_KEY_BYTES = 512;

/**
 * Stands between two texts of one value, so that no phrase reaches from one into the other. It is a character for private
 * use, which no word and so no query holds.
 */
const BETWEEN_TEXTS = "\ue000";

/**
 * Checks a key.
 *
 * @param storage The storage's name, for the error.
 * @param key What was given.
 * @returns The key.
 * @throws {StorageError} When it is no string, empty, too long, or has control characters or half a character in it.
 */
export function checkKey(storage: string, key: unknown): string {
  const wrong = (rule: string): StorageError =>
    new StorageError(`Cannot use a key in ${storage} as it must ${rule}: key is ${show(key)}`, {
      code: "invalid_key",
      component: storage,
    });
  if (typeof key !== "string") throw wrong("be a string");
  if (key === "") throw wrong("not be empty");
  if (/\p{Cc}/u.test(key)) throw wrong("have no control characters");
  if (hasLoneSurrogate(key)) throw wrong("be well-formed Unicode");
  if (key.length > MAX_KEY_BYTES || utf8Bytes(key) > MAX_KEY_BYTES) {
    throw wrong(`have at most ${MAX_KEY_BYTES} bytes of UTF-8`);
  }
  return key;
}

/**
 * Counts the bytes of a string in UTF-8.
 *
 * @param text The string.
 * @returns How many bytes.
 */
export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * Writes a value as JSON, and refuses what JSON would change or lose without a word.
 *
 * @param storage The storage's name, for the error.
 * @param key The key, for the error.
 * @param value A JSON value, or something whose `toJSON` gives one. Fields that are `undefined` are left out.
 * @returns The JSON.
 * @throws {StorageError} When the value holds NaN, Infinity, a bigint, a function, a symbol, a Map or another object of a class
 * without `toJSON`, `undefined` in an array, or itself.
 */
export function encodeValue(storage: string, key: string, value: unknown): string {
  const wrong = (reason: string, cause?: unknown): StorageError =>
    new StorageError(`Cannot store ${show(key)} in ${storage} as its value must be JSON: ${reason}`, {
      code: "invalid_value",
      component: storage,
      operation: "set",
      cause,
    });
  let problem: string | undefined;
  let json: string | undefined;
  try {
    json = JSON.stringify(value, function (this: unknown, field: string, item: unknown): unknown {
      problem ??= problemOf(this, field, item);
      return item;
    });
  } catch (error) {
    throw wrong(problem ?? (error instanceof Error ? error.message.split("\n")[0]! : String(error)), error);
  }
  if (problem !== undefined || json === undefined) throw wrong(problem ?? `it is ${show(value)}`);
  return json;
}

function problemOf(holder: unknown, field: string, item: unknown): string | undefined {
  const at = field === "" ? "it" : show(field);
  switch (typeof item) {
    case "number":
      return Number.isFinite(item) ? undefined : `${at} is ${item}`;
    case "undefined":
      return Array.isArray(holder) || field === "" ? `${at} is undefined` : undefined;
    case "bigint":
    case "function":
    case "symbol":
      return `${at} is a ${typeof item}`;
    case "object":
      return item === null || isPlain(item) ? undefined : `${at} is a ${classNameOf(item)}`;
    default:
      return undefined;
  }
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function classNameOf(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? name : "object of a class";
}

/**
 * Collects what can be searched in a value: its strings, however deep; neither the names of fields nor numbers.
 *
 * @param value A JSON value.
 * @returns Its strings, in order.
 */
export function textsOf(value: JsonValue): string[] {
  const texts: string[] = [];
  const pending: JsonValue[] = [value];
  while (pending.length > 0) {
    const next = pending.pop()!;
    if (typeof next === "string") texts.push(next);
    else if (typeof next === "object" && next !== null) {
      const items: readonly JsonValue[] = Array.isArray(next) ? next : Object.values(next);
      for (let index = items.length - 1; index >= 0; index--) pending.push(items[index]!);
    }
  }
  return texts;
}

/**
 * Lists the words of a value for an index.
 *
 * @param value A JSON value.
 * @returns The words of its strings, with a mark between one string and the next that no query can ask for.
 */
export function indexTermsOf(value: JsonValue): string[] {
  const terms: string[] = [];
  for (const text of textsOf(value)) {
    const own = termsOf(text);
    if (own.length === 0) continue;
    if (terms.length > 0) terms.push(BETWEEN_TEXTS);
    for (const term of own) terms.push(term);
  }
  return terms;
}
