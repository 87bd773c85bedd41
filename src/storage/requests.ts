/**
 * Checks what callers ask of a storage, in one way for all of them.
 *
 * @module
 */

import { ConfigurationError, StorageError } from "../errors.ts";
import { findProblems, type OptionSchemas, show } from "../options.ts";
import { endOfPrefix, hasLoneSurrogate } from "../text/code_points.ts";
import type { ClearOptions, KeysOptions, SearchOptions, SetOptions } from "./storage.ts";

/** How many hits a search gives when nothing is said. */
const DEFAULT_SEARCH_LIMIT = 10;

const SIGNAL = {
  signal: {
    description: "Cancels the call.",
    codeOnly: true,
    accepts: (value: unknown) => typeof (value as AbortSignal | null)?.aborted === "boolean",
    accepted: "an AbortSignal",
  },
} satisfies OptionSchemas;

const PREFIX = {
  prefix: { description: "Only keys that begin with it.", type: "string" },
} satisfies OptionSchemas;

const SCHEMAS = {
  set: {
    ...SIGNAL,
    ttlMs: {
      description: "How long the value is kept, in milliseconds.",
      type: "number",
      exclusiveMinimum: 0,
    },
  },
  keys: {
    ...SIGNAL,
    ...PREFIX,
    limit: { description: "At most so many.", type: "integer", minimum: 0 },
    cursor: { description: "Only keys after this one.", type: "string" },
  },
  search: {
    ...SIGNAL,
    ...PREFIX,
    limit: { description: "At most so many hits.", type: "integer", minimum: 0 },
    minScore: { description: "Only hits of at least this score.", type: "number" },
    filter: {
      description: "Only values for which it returns true.",
      codeOnly: true,
      accepts: (value: unknown) => typeof value === "function",
      accepted: "a function",
    },
    mode: { description: "How to search.", enum: ["text", "vector"] },
    match: { description: "Whether all of the query must be there, or any of it.", enum: ["all", "any"] },
  },
  clear: { ...SIGNAL, ...PREFIX },
} satisfies Record<string, OptionSchemas>;

interface RequestOptions {
  set: SetOptions;
  keys: KeysOptions;
  search: SearchOptions;
  clear: ClearOptions;
}

/**
 * Checks the options of a call.
 *
 * @param storage The storage's name, for the error.
 * @param operation Which call.
 * @param options What was given.
 * @returns The options.
 * @throws {ConfigurationError} When one is unknown or wrong.
 */
export function checkRequest<K extends keyof RequestOptions>(
  storage: string,
  operation: K,
  options: RequestOptions[K] = {},
): RequestOptions[K] {
  const problems = findProblems(options, { type: "object", properties: SCHEMAS[operation] });
  if (problems.length === 0) return options;
  throw new ConfigurationError(
    `Cannot ${operation} in ${storage} as ${problems.map((problem) => problem.message).join("; ")}`,
    { code: "invalid_option", component: storage, operation, metadata: { problems } },
  );
}

/** A search whose options have been checked. */
export type CheckedSearch = SearchOptions & { readonly limit: number; readonly minScore: number };

/**
 * Checks the options of a search and the query itself, for a storage without vectors.
 *
 * @param storage The storage's name, for the error.
 * @param query What was typed.
 * @param options What was given.
 * @returns The options with their defaults.
 * @throws {ConfigurationError} When one is unknown or wrong, or asks for a search by vectors.
 */
export function checkSearch(
  storage: string,
  query: unknown,
  options: SearchOptions | undefined,
): CheckedSearch {
  const checked = checkVectorSearch(storage, query, options);
  if (checked.mode !== "vector") return checked;
  throw new ConfigurationError(`Cannot search in ${storage} by vectors as it has no embed function`, {
    code: "no_vectors",
    component: storage,
    operation: "search",
    suggestions: ['Leave out mode, or set it to "text".'],
  });
}

/**
 * Checks the options of a search and the query itself, for a storage with vectors.
 *
 * @param storage The storage's name, for the error.
 * @param query What was typed.
 * @param options What was given.
 * @returns The options with their defaults.
 * @throws {ConfigurationError} When one is unknown or wrong.
 */
export function checkVectorSearch(
  storage: string,
  query: unknown,
  options: SearchOptions | undefined,
): CheckedSearch {
  const { limit = DEFAULT_SEARCH_LIMIT, minScore = -Infinity, ...rest } = checkRequest(
    storage,
    "search",
    options,
  );
  if (typeof query === "string") return { ...rest, limit, minScore };
  throw new ConfigurationError(
    `Cannot search in ${storage} as query must be a string: query is ${show(query)}`,
    { code: "invalid_option", component: storage, operation: "search" },
  );
}

/** A stretch of the order of keys. */
export interface KeyRange {
  /** The first key of it, when it exists. */
  readonly from: string;
  /** Only keys after this one. Every key comes after the empty string. */
  readonly after: string;
  /** The first key after the stretch; `undefined` when it goes on to the end. */
  readonly until: string | undefined;
}

/**
 * Finds the stretch of the order of keys that a call asks for.
 *
 * @param where A prefix and a cursor.
 * @returns The stretch, or `undefined` when no key can begin so.
 */
export function rangeOf(where: { prefix?: string; cursor?: string }): KeyRange | undefined {
  const { prefix = "", cursor = "" } = where;
  if (hasLoneSurrogate(prefix)) return undefined;
  // No key holds half a character, and a database could not compare with one.
  return { from: prefix, after: cursor.replace(/\p{Surrogate}/gu, "\ufffd"), until: endOfPrefix(prefix) };
}

/**
 * Finds when a value expires.
 *
 * @param nowMs The time, in milliseconds since the epoch.
 * @param ttlMs How long it is kept, in milliseconds; `undefined` for ever.
 * @returns A whole number of milliseconds since the epoch, or Infinity.
 */
export function expiryOf(nowMs: number, ttlMs: number | undefined): number {
  const atMs = ttlMs === undefined ? Infinity : Math.ceil(nowMs + ttlMs);
  return Number.isSafeInteger(atMs) ? atMs : Infinity;
}

/**
 * Makes the error of a storage that is used after it was closed.
 *
 * @param storage The storage's name.
 * @param operation What was called.
 * @returns The error to throw.
 */
export function closedError(storage: string, operation: string): StorageError {
  return new StorageError(`Cannot ${operation} in ${storage} as it has been closed`, {
    code: "closed",
    component: storage,
    operation,
  });
}
