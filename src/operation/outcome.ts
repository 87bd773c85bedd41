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
  /** Whose class that is; absent for the language's own and for those of others, which only share their name. */
  readonly family?: "sifaka" | "web";
  /** Its message. */
  readonly message?: string;
  /** Its stack. */
  readonly stack?: string;
  /** Its own fields, as far as they can be cloned. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** What caused it. */
  readonly cause?: EncodedError;
  /** The errors it is made of, for an `AggregateError`. */
  readonly errors?: readonly EncodedError[];
  /** The thrown value, when it was no error. */
  readonly value?: unknown;
}

const MAX_CAUSES = 8;
const MAX_FIELD_DEPTH = 8;
/** How much an error may carry besides its message: characters, and values of its fields. */
const MAX_SIZE = 1_000_000;
const NATIVE_CLASSES: Readonly<Record<string, new (message?: string) => Error>> = {
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
};

/** What is left of {@linkcode MAX_SIZE}. */
interface Budget {
  left: number;
}

/**
 * Turns what was thrown into a plain record. It always can: fields that cannot be read or copied are left out, and an error
 * with no end to it (a circle of causes, a whole response) is cut.
 *
 * @param thrown What was thrown.
 * @returns A record that can be structured-cloned and made into JSON.
 */
export function encodeError(thrown: unknown): EncodedError {
  return encode(thrown, { left: MAX_SIZE }, 0);
}

function encode(thrown: unknown, budget: Budget, depth: number): EncodedError {
  if (!(thrown instanceof Error)) return { value: plainValue(thrown, budget) };
  const stack = read(thrown, "stack");
  const encoded = {
    ...classOf(thrown),
    message: textOf(read(thrown, "message")),
    ...(typeof stack === "string" && pays(budget, stack.length) ? { stack } : {}),
    fields: plainFields(thrown, budget, 0),
  };
  const cause = read(thrown, "cause");
  const errors = thrown instanceof AggregateError ? read(thrown, "errors") : undefined;
  if (depth >= MAX_CAUSES || budget.left <= 0) return encoded;
  return {
    ...encoded,
    ...(cause === undefined ? {} : { cause: encode(cause, budget, depth + 1) }),
    ...(Array.isArray(errors)
      ? { errors: errors.filter(() => budget.left > 0).map((error) => encode(error, budget, depth + 1)) }
      : {}),
  };
}

/**
 * Rebuilds what {@linkcode encodeError} recorded: the same class for Sifaka's own errors, the language's and the web's
 * `DOMException`, else an `Error` of the same name, with the same message, fields and cause.
 *
 * @param encoded The record.
 * @returns What to throw.
 */
export function decodeError(encoded: EncodedError): unknown {
  if (encoded.type === undefined) return encoded.value;
  const error = rebuild(encoded.type, encoded);
  const hidden = { ...encoded.cause && { cause: decodeError(encoded.cause) }, stack: encoded.stack };
  for (const [key, value] of Object.entries(hidden)) {
    if (value === undefined) continue;
    Object.defineProperty(error, key, { value, configurable: true, writable: true });
  }
  return error;
}

function rebuild(type: string, { family, message = "", fields = {}, errors = [] }: EncodedError): Error {
  if (family === "web") return withFields(new DOMException(message, type), fields);
  if (family === "sifaka" && Object.hasOwn(ERROR_CLASSES, type)) {
    const { name: _, ...given } = fields;
    return withFields(new ERROR_CLASSES[type]!(message, given), fields);
  }
  const native = Object.hasOwn(NATIVE_CLASSES, type) ? NATIVE_CLASSES[type] : undefined;
  const error = type === "AggregateError"
    ? new AggregateError(errors.map(decodeError), message)
    : new (native ?? Error)(message);
  if (error.name !== type) {
    Object.defineProperty(error, "name", { value: type, configurable: true, writable: true });
  }
  return withFields(error, fields);
}

function withFields(error: Error, fields: Readonly<Record<string, unknown>>): Error {
  for (const [key, value] of Object.entries(fields)) {
    // What a constructor has frozen for its readers stays as it made it.
    if (Object.hasOwn(error, key) && key !== "name") continue;
    Object.defineProperty(error, key, { value, configurable: true, enumerable: true, writable: true });
  }
  return error;
}

/** The nearest class that can be rebuilt. Found by identity: a bundler may have changed the names. */
function classOf(error: Error): Pick<EncodedError, "type" | "family"> {
  if (typeof DOMException === "function" && error instanceof DOMException) {
    return { type: error.name, family: "web" };
  }
  if (error instanceof SifakaError) {
    for (let proto = Object.getPrototypeOf(error); proto; proto = Object.getPrototypeOf(proto)) {
      const own = Object.entries(ERROR_CLASSES).find(([, known]) => known.prototype === proto);
      if (own) return { type: own[0], family: "sifaka" };
    }
  }
  return { type: textOf(read(error, "name")) };
}

/** Reads a field whose getter may throw. */
function read(target: object, key: string): unknown {
  try {
    return (target as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return "a value that has no text";
  }
}

function pays(budget: Budget, size: number): boolean {
  if (size > budget.left) return false;
  budget.left -= size;
  return true;
}

function plainValue(value: unknown, budget: Budget): unknown {
  if (value === undefined || typeof value === "string") return value;
  const copy = plainCopy(value, budget, 0);
  return copy === undefined ? textOf(value) : copy;
}

/**
 * Copies what survives JSON unharmed, so that a journal and a thread keep the same; `undefined` for what does not, and for
 * what is too deep or too much.
 */
function plainCopy(value: unknown, budget: Budget, depth: number): unknown {
  if (!pays(budget, typeof value === "string" ? value.length + 1 : 1)) return undefined;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "object" || depth >= MAX_FIELD_DEPTH) return undefined;
  if (Array.isArray(value)) return plainItems(value, budget, depth + 1);
  const proto = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null ? plainFields(value, budget, depth + 1) : undefined;
}

function plainItems(items: readonly unknown[], budget: Budget, depth: number): unknown[] {
  const copies: unknown[] = [];
  for (const item of items) {
    if (budget.left <= 0) break;
    copies.push(plainCopy(item, budget, depth) ?? null);
  }
  return copies;
}

function plainFields(value: object, budget: Budget, depth: number): Record<string, unknown> {
  const copies: [key: string, copy: unknown][] = [];
  for (const key of Object.keys(value)) {
    if (budget.left <= 0) break;
    const copy = plainCopy(read(value, key), budget, depth);
    if (copy !== undefined) copies.push([key, copy]);
  }
  return Object.fromEntries(copies);
}
