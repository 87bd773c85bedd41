/**
 * Checks that a JSON Schema is one whose every word is understood, before any text is checked against it.
 *
 * What is accepted is a part of draft 2020-12. A keyword beyond it is refused: a schema that was silently half obeyed would let
 * texts pass that its writer meant to stop. Patterns must be such as can be matched in linear time.
 *
 * @module
 */

import { type OptionProblem, show } from "../options.ts";
import { nearest } from "../text/nearest.ts";
import { LinearRegex } from "../text/linear_regex.ts";

/** A JSON Schema: `true`, `false`, or an object of keywords. */
export type JsonSchemaObject = { readonly [keyword: string]: unknown };

type Kind =
  | "annotation"
  | "schema"
  | "schemas"
  | "schemaMap"
  | "types"
  | "list"
  | "any"
  | "names"
  | "count"
  | "number"
  | "above0"
  | "flag"
  | "pattern"
  | "ref";

const KEYWORDS: Readonly<Record<string, Kind>> = {
  $schema: "annotation",
  $comment: "annotation",
  title: "annotation",
  description: "annotation",
  default: "annotation",
  examples: "annotation",
  deprecated: "annotation",
  $defs: "schemaMap",
  definitions: "schemaMap",
  $ref: "ref",
  type: "types",
  enum: "list",
  const: "any",
  properties: "schemaMap",
  required: "names",
  additionalProperties: "schema",
  propertyNames: "schema",
  minProperties: "count",
  maxProperties: "count",
  items: "schema",
  prefixItems: "schemas",
  contains: "schema",
  minContains: "count",
  maxContains: "count",
  minItems: "count",
  maxItems: "count",
  uniqueItems: "flag",
  minimum: "number",
  maximum: "number",
  exclusiveMinimum: "number",
  exclusiveMaximum: "number",
  multipleOf: "above0",
  minLength: "count",
  maxLength: "count",
  pattern: "pattern",
  anyOf: "schemas",
  oneOf: "schemas",
  allOf: "schemas",
  not: "schema",
  if: "schema",
  then: "schema",
  else: "schema",
};
const TYPES: readonly unknown[] = ["string", "number", "integer", "boolean", "object", "array", "null"];
const DEEPEST = 200;

/**
 * Finds what is wrong with a JSON Schema.
 *
 * @param schema The schema.
 * @param path Where it stands among the options.
 * @returns One entry a problem; none when the schema can be used.
 */
export function jsonSchemaProblems(schema: unknown, path: readonly (string | number)[]): OptionProblem[] {
  return new Reading(schema).problems(schema, path);
}

class Reading {
  readonly #root: unknown;

  constructor(root: unknown) {
    this.#root = root;
  }

  problems(schema: unknown, path: readonly (string | number)[]): OptionProblem[] {
    if (typeof schema === "boolean") return [];
    if (path.length > DEEPEST) return [problem(path, "must not be nested so deeply")];
    if (!isObject(schema)) return [problem(path, `must be a JSON Schema: it is ${show(schema)}`)];
    return Object.entries(schema).flatMap(([keyword, value]) => {
      const kind = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword]! : undefined;
      if (kind !== undefined) return this.#keyword(kind, value, [...path, keyword]);
      const near = nearest(keyword, Object.keys(KEYWORDS));
      const hint = near === undefined ? "" : `; did you mean ${near}?`;
      return [problem(path, `has the keyword ${show(keyword)}, which is not supported${hint}`)];
    });
  }

  #keyword(kind: Kind, value: unknown, path: readonly (string | number)[]): OptionProblem[] {
    const wants = (fits: boolean, what: string): OptionProblem[] =>
      fits ? [] : [problem(path, `must be ${what}: it is ${show(value)}`)];
    switch (kind) {
      case "annotation":
      case "any":
        return wants(value !== undefined, "a value");
      case "schema":
        return this.problems(value, path);
      case "schemas":
        return Array.isArray(value) && value.length > 0
          ? value.flatMap((item, index) => this.problems(item, [...path, index]))
          : wants(false, "a list of schemas");
      case "schemaMap":
        return isObject(value)
          ? Object.entries(value).flatMap(([name, item]) => this.problems(item, [...path, name]))
          : wants(false, "a map of schemas");
      case "types": {
        const types = [value].flat();
        return wants(
          types.length > 0 && types.every((type) => TYPES.includes(type)) &&
            new Set(types).size === types.length,
          `one of ${TYPES.join(", ")}, or a list of them`,
        );
      }
      case "list":
        return wants(Array.isArray(value) && value.length > 0, "a list of values");
      case "names":
        return wants(
          Array.isArray(value) && value.every((name) => typeof name === "string") &&
            new Set(value).size === value.length,
          "a list of different names",
        );
      case "count":
        return wants(Number.isSafeInteger(value) && (value as number) >= 0, "an integer of at least 0");
      case "number":
        return wants(Number.isFinite(value), "a number");
      case "above0":
        return wants(Number.isFinite(value) && (value as number) > 0, "a number above 0");
      case "flag":
        return wants(typeof value === "boolean", "true or false");
      case "pattern":
        return wants(isPattern(value), "a regular expression that can be matched in linear time");
      case "ref":
        return wants(this.#resolves(value), "a place in this schema, such as #/$defs/name");
    }
  }

  #resolves(reference: unknown): boolean {
    if (typeof reference !== "string" || !/^#(?:\/|$)/.test(reference)) return false;
    let place: unknown = this.#root;
    for (const part of reference.split("/").slice(1)) {
      const key = decode(part).replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof place !== "object" || place === null || !Object.hasOwn(place, key)) return false;
      place = (place as Record<string, unknown>)[key];
    }
    return typeof place === "boolean" || isObject(place);
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function problem(path: readonly (string | number)[], rule: string): OptionProblem {
  return { path, message: `${path.join(".")} ${rule}` };
}

function isObject(value: unknown): value is JsonSchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPattern(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    new RegExp(value, "u");
    return LinearRegex.compile(value, "u") !== undefined;
  } catch {
    return false;
  }
}
