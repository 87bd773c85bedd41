/**
 * Values as JSON text and back, with what plain JSON would lose: everything that may cross to the I/O worker may stand in a
 * journal, so dates, maps, byte arrays and odd numbers come back as they were.
 *
 * @module
 */

/** Marks an object that stands for something JSON has no word for. */
const TAG = "$sifaka";

/** The deepest value that is encoded; deeper ones are taken to have no end. */
const MAX_DEPTH = 200;

type Plain = null | boolean | number | string | Plain[] | { [field: string]: Plain };

/** What cannot be encoded: functions, symbols, objects of a class of somebody's own, circles. */
class NotEncodable extends Error {}

/**
 * Encodes a value.
 *
 * @param value Anything.
 * @returns JSON text; `undefined` where the value cannot come back as it is.
 */
export function encodeValue(value: unknown): string | undefined {
  try {
    return JSON.stringify(encode(value, 0));
  } catch (error) {
    if (error instanceof NotEncodable) return undefined;
    throw error;
  }
}

/**
 * Decodes what {@linkcode encodeValue} gave.
 *
 * @param text The JSON text.
 * @returns A fresh copy of the value.
 */
export function decodeValue(text: string): unknown {
  const value = JSON.parse(text) as Plain;
  return text.includes(TAG) ? decode(value) : value;
}

function encode(value: unknown, depth: number): Plain {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : tagged("number", String(odd(value)));
  }
  if (value === undefined) return tagged("undefined", null);
  if (typeof value === "bigint") return tagged("bigint", String(value));
  if (typeof value !== "object" || depth >= MAX_DEPTH) throw new NotEncodable();
  if (Array.isArray(value)) return value.map((item) => encode(item, depth + 1));
  const proto = Object.getPrototypeOf(value);
  if (proto === Object.prototype || proto === null) return encodeFields(value, depth + 1);
  return encodeSpecial(value, depth + 1);
}

function encodeFields(value: object, depth: number): Plain {
  const fields: { [field: string]: Plain } = {};
  for (const [name, item] of Object.entries(value)) {
    // As structured cloning and JSON have it in common: `{ a: undefined }` is read like `{}` everywhere.
    if (item !== undefined) define(fields, name, encode(item, depth));
  }
  return Object.hasOwn(fields, TAG) ? tagged("object", fields) : fields;
}

/** A field called `__proto__` is a field. */
function define(fields: object, name: string, value: unknown): void {
  Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
}

function odd(value: number): number | string {
  return Object.is(value, -0) ? "-0" : value;
}

function tagged(type: string, value: Plain): Plain {
  return { [TAG]: type, value };
}

function encodeSpecial(value: object, depth: number): Plain {
  if (value instanceof Date) return tagged("date", encode(value.getTime(), depth));
  if (value instanceof Map) return tagged("map", [...value].map((entry) => encode(entry, depth)));
  if (value instanceof Set) return tagged("set", [...value].map((item) => encode(item, depth)));
  if (value instanceof ArrayBuffer) return tagged("ArrayBuffer", toBase64(new Uint8Array(value)));
  if (ArrayBuffer.isView(value)) {
    const name = value.constructor.name;
    if (Object.hasOwn(VIEWS, name)) {
      return tagged(name, toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)));
    }
  }
  throw new NotEncodable();
}

const VIEWS: Readonly<Record<string, new (buffer: ArrayBuffer) => unknown>> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
};

function decode(value: Plain): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decode);
  if (Object.hasOwn(value, TAG)) return untag(value[TAG] as string, value.value!);
  return decodeFields(value);
}

function decodeFields(value: { [field: string]: Plain }): object {
  const fields = {};
  for (const [name, item] of Object.entries(value)) define(fields, name, decode(item));
  return fields;
}

function untag(type: string, value: Plain): unknown {
  switch (type) {
    case "number":
      return Number(value);
    case "undefined":
      return undefined;
    case "bigint":
      return BigInt(value as string);
    case "object":
      return decodeFields(value as { [field: string]: Plain });
    case "date":
      return new Date(decode(value) as number);
    case "map":
      return new Map((value as Plain[]).map((entry) => decode(entry) as [unknown, unknown]));
    case "set":
      return new Set((value as Plain[]).map(decode));
    default: {
      const { buffer } = fromBase64(value as string);
      return type === "ArrayBuffer" ? buffer : new VIEWS[type]!(buffer);
    }
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
