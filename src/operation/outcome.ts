/**
 * What became of an operation, and how it crosses a thread or a journal without losing its class or fields.
 *
 * @module
 */

import { ERROR_CLASSES, SifakaError } from "../errors.ts";

/** A value, or what was thrown (which may be anything, falsy values included). */
export type Outcome<T> = { readonly ok: true; readonly value: T } | {
  readonly ok: false;
  readonly error: unknown;
};

/** An error as a plain record. A thrown value that is no error stands in `value`. */
export interface EncodedError {
  /** The name of the class it is rebuilt with; absent for a thrown value that is no error. */
  readonly type?: string;
  /** Its message. */
  readonly message?: string;
  /** Its stack. */
  readonly stack?: string;
  /** Its own fields that can be cloned. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** What caused it. */
  readonly cause?: EncodedError;
  /** The thrown value, when it was no error. */
  readonly value?: unknown;
}

const MAX_CAUSES = 8;
const NATIVE_CLASSES: Readonly<Record<string, new (message?: string) => Error>> = {
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
};

/**
 * Turns what was thrown into a plain record.
 *
 * @param thrown What was thrown.
 * @returns A record that can be structured-cloned and made into JSON.
 */
export function encodeError(thrown: unknown, depth = 0): EncodedError {
  if (!(thrown instanceof Error)) return { value: plain(thrown) };
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(thrown)) {
    const value = (thrown as unknown as Record<string, unknown>)[key];
    if (value !== undefined && isPlain(value)) fields[key] = value;
  }
  return {
    type: classNameOf(thrown),
    message: thrown.message,
    ...(thrown.stack === undefined ? {} : { stack: thrown.stack }),
    fields,
    ...(thrown.cause === undefined || depth >= MAX_CAUSES
      ? {}
      : { cause: encodeError(thrown.cause, depth + 1) }),
  };
}

/**
 * Rebuilds what {@linkcode encodeError} recorded: the same class for Sifaka's own errors and the language's, else an `Error`
 * of the same name, with the same message, fields and cause.
 *
 * @param encoded The record.
 * @returns What to throw.
 */
export function decodeError(encoded: EncodedError): unknown {
  if (encoded.type === undefined) return encoded.value;
  const cause = encoded.cause === undefined ? undefined : decodeError(encoded.cause);
  const own = Object.hasOwn(ERROR_CLASSES, encoded.type) ? ERROR_CLASSES[encoded.type] : undefined;
  const error = own
    ? new own(encoded.message ?? "", { ...encoded.fields, cause })
    : rebuildForeign(encoded, cause);
  if (encoded.stack !== undefined) {
    Object.defineProperty(error, "stack", { value: encoded.stack, configurable: true, writable: true });
  }
  return error;
}

function rebuildForeign(encoded: EncodedError, cause: unknown): Error {
  const type = encoded.type ?? "Error";
  const native = Object.hasOwn(NATIVE_CLASSES, type) ? NATIVE_CLASSES[type] : undefined;
  const error = new (native ?? Error)(encoded.message);
  if (!native) Object.defineProperty(error, "name", { value: type, configurable: true, writable: true });
  if (cause !== undefined) {
    Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  }
  for (const [key, value] of Object.entries(encoded.fields ?? {})) {
    Object.defineProperty(error, key, { value, configurable: true, enumerable: true, writable: true });
  }
  return error;
}

function classNameOf(error: Error): string {
  if (error instanceof SifakaError) {
    for (let proto = Object.getPrototypeOf(error); proto; proto = Object.getPrototypeOf(proto)) {
      const name: string = proto.constructor.name;
      if (ERROR_CLASSES[name] === proto.constructor) return name;
    }
  }
  return error.name;
}

/** Only what survives JSON unharmed counts, so that a journal and a thread keep the same fields. */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlain);
  if (typeof value !== "object") return false;
  const proto = Object.getPrototypeOf(value);
  return (proto === Object.prototype || proto === null) && Object.values(value).every(isPlain);
}

function plain(value: unknown): unknown {
  return value === undefined || isPlain(value) ? value : String(value);
}
