/**
 * Checks JSON values against a JSON Schema, or a schema of the user's own library.
 *
 * @module
 */

import { ValidatorError } from "../errors.ts";
import { host, type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { show } from "../options.ts";
import type { FormatFault } from "./format_outcome.ts";
import type { JsonSchemaObject } from "./json_schema.ts";

/** One thing that a schema finds wrong. */
export interface SchemaIssue {
  /** What is wrong. */
  readonly message: string;
  /** The way to the value: keys and indices, or objects that hold them in `key`. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}

/** What checking a value gives; `issues` are absent where the value will do. */
export interface StandardResult {
  /** What is wrong. */
  readonly issues?: readonly SchemaIssue[];
}

/** A schema of any library that follows the Standard Schema specification, version 1: zod, valibot, arktype and others. */
export interface StandardSchema {
  /** The part that the specification describes. */
  readonly "~standard": {
    /** The version of the specification. */
    readonly version: 1;
    /** The library. */
    readonly vendor: string;
    /** Checks a value. */
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
  };
}

/** A function that gives what is wrong with a value: nothing, `true` or an empty list where it will do. */
export type SchemaFunction = (value: unknown) => SchemaVerdict | Promise<SchemaVerdict>;

/** What a {@linkcode SchemaFunction} may give. */
export type SchemaVerdict = readonly (string | SchemaIssue)[] | boolean | undefined;

/**
 * What JSON can be checked against: a schema of a library, a function, or a JSON Schema. An asynchronous schema can only be used
 * through `_runAsync` and `_validateAsync`.
 */
export type FormatSchema = StandardSchema | SchemaFunction | JsonSchemaObject | boolean;

/**
 * Whether a value is a schema of a library, or a function; a JSON Schema is neither, but data.
 *
 * @param value The value.
 * @returns Whether it can say by itself what is wrong with a value.
 */
export function isLiveSchema(value: unknown): value is StandardSchema | SchemaFunction {
  return typeof value === "function" ||
    typeof (value as Partial<StandardSchema> | null)?.["~standard"]?.validate === "function";
}

/**
 * Checks JSON.
 *
 * @param schema The schema; a JSON Schema must have been checked itself.
 * @param texts JSON texts, each one valid value.
 * @returns An operation of what is wrong with each, with the place as a JSON pointer.
 * @throws {ValidatorError} When the schema gives something else.
 */
export function* checkSchema(schema: FormatSchema, texts: readonly string[]): Operation<FormatFault[][]> {
  if (!isLiveSchema(schema)) {
    if (texts.length === 0) return [];
    const ref = { module: packageModule("validators/schema_calls"), name: "check" };
    return (yield* remote<SchemaIssue[][]>(ref, { schema, texts })).map((issues) => issues.map(toFault));
  }
  const faults: FormatFault[][] = [];
  for (const text of texts) faults.push(yield* checkLive(schema, JSON.parse(text)));
  return faults;
}

function* checkLive(schema: StandardSchema | SchemaFunction, value: unknown): Operation<FormatFault[]> {
  // Of a schema that is a function and standard, too (as some libraries have it), the standard part is meant.
  const standard = (schema as Partial<StandardSchema>)["~standard"];
  const given = standard ? standard.validate(value) : (schema as SchemaFunction)(value);
  const verdict: unknown = isPromise(given) ? yield* host(() => given) : given;
  const issues: unknown = standard ? (verdict as StandardResult | null | undefined)?.issues : verdict;
  if (issues === undefined || issues === null || issues === true) return [];
  if (issues === false) return [toFault("the value does not fit the schema")];
  if (Array.isArray(issues)) return issues.map(toFault);
  throw new ValidatorError(`A schema must give a list of issues, or none: it gave ${show(issues)}`, {
    code: "internal",
  });
}

function toFault(issue: unknown): FormatFault {
  const { message, path = [] }: SchemaIssue = typeof issue === "string"
    ? { message: issue }
    : issue as SchemaIssue;
  if (typeof message !== "string") {
    throw new ValidatorError(
      `An issue of a schema must be a string or have a message: it is ${show(issue)}`,
      { code: "internal" },
    );
  }
  const pointer = path.map((part) => `/${escapePointer(String(typeof part === "object" ? part.key : part))}`)
    .join("");
  const place = pointer === "" ? "the whole value" : pointer;
  return { issue: `${place}: ${message}`, suggestion: `Correct ${place}: ${message}` };
}

function escapePointer(part: string): string {
  return part.replaceAll("~", "~0").replaceAll("/", "~1");
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
