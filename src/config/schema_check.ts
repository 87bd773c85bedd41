/**
 * Checks a value against a JSON Schema and says what is wrong in the words of the house.
 *
 * @module
 */

import { Ajv, type ErrorObject, type Options } from "ajv";
import type { JsonValue } from "../json.ts";
import { show } from "../options.ts";
import { nearest } from "../text/nearest.ts";
import type { JsonSchema } from "./json_schema.ts";
import { isSecret, type Path } from "./places.ts";
import { type ConfigProblem, shortName } from "./problem.ts";

/** Finds everything that is wrong with a value. `shown` is the same value as messages may show it. */
export type SchemaChecker = (value: JsonValue, shown: JsonValue) => ConfigProblem[];

const AJV_OPTIONS: Options = {
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  // A checker is made for each run of the program and used once or twice: compiling the schema of schemas, checking ours
  // by it, and optimising the checker's code took four times as long as all the rest.
  meta: false,
  validateSchema: false,
  code: { optimize: false },
};

/**
 * Makes a checker of a schema.
 *
 * @param schema The schema.
 * @param codeOnly Components that only code can make, and what each needs.
 * @returns The checker.
 */
export function schemaChecker(
  schema: JsonSchema,
  codeOnly: Readonly<Record<string, string>> = {},
): SchemaChecker {
  const validate = new Ajv(AJV_OPTIONS).compile(schema);
  return (value, shown) => {
    if (validate(value)) return [];
    const errors = relevant(validate.errors ?? []);
    const problems = errors.map((error) => toProblem(error, value, shown, codeOnly));
    const seen = new Set<string>();
    return problems.filter((problem) => {
      const key = JSON.stringify([problem.path, problem.message]);
      return !seen.has(key) && seen.add(key);
    });
  };
}

/**
 * Leaves out of a schema what it says of keys that a value has nowhere. Most configurations name a few of all components, and
 * compiling what is said of the others took most of the time of a check.
 *
 * @param schema The schema.
 * @param value The value.
 * @returns A schema that says the same of the value, and knows the same keys.
 */
export function partFor(schema: JsonSchema, value: JsonValue): JsonSchema {
  const keys = new Set<string>();
  const collect = (part: JsonValue): void => {
    if (typeof part !== "object" || part === null) return;
    for (const [key, inner] of Object.entries(part)) {
      keys.add(key);
      collect(inner);
    }
  };
  const prune = (part: JsonValue, isProperties = false): JsonValue => {
    if (typeof part !== "object" || part === null) return part;
    if (Array.isArray(part)) return part.map((item) => prune(item));
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) =>
        isProperties ? [key, keys.has(key) ? prune(inner) : true] : [key, prune(inner, key === "properties")]
      ),
    );
  };
  collect(value);
  return prune(schema) as JsonSchema;
}

/**
 * Where a value may be any of several things, ajv reports what is wrong with it as each of them, and then the choice. Only what
 * is wrong with it as the one that was meant helps: the one whose type fits. Where none fits, the choice itself is what is wrong.
 */
function relevant(errors: readonly ErrorObject[]): ErrorObject[] {
  const left: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword !== "anyOf") {
      left.push(error);
      continue;
    }
    const { fitting, isClear } = takeBranches(left, error);
    left.push(...(isClear ? fitting : [error]));
  }
  return left;
}

/** Takes what was reported of a choice's branches off the end of the list, and finds the branch whose type fits. */
function takeBranches(
  left: ErrorObject[],
  choice: ErrorObject,
): { readonly fitting: readonly ErrorObject[]; readonly isClear: boolean } {
  const branches = new Map<string, ErrorObject[]>();
  const prefix = `${choice.schemaPath}/`;
  // The path of what a definition says begins at the definition, so what is wrong with a part of a component has the path of the
  // part's choice. Only a map has parts.
  const refersToItself = choice.schemaPath === "#/anyOf";
  const ofMaps = String((choice.schema as Schema[]).findIndex(({ type }) => type === "object"));
  const isPart = ({ instancePath }: ErrorObject): boolean =>
    refersToItself && instancePath !== choice.instancePath;
  for (
    let error = left.at(-1);
    error !== undefined && isBelow(error, choice) && (isPart(error) || error.schemaPath.startsWith(prefix));
    error = left.at(-1)
  ) {
    left.pop();
    const name = isPart(error) ? ofMaps : error.schemaPath.slice(prefix.length).split("/", 1)[0]!;
    const branch = branches.get(name);
    if (branch) branch.push(error);
    else branches.set(name, [error]);
  }
  const fitting = [...branches.values()].filter((branch) =>
    !branch.some(({ keyword, instancePath }) => keyword === "type" && instancePath === choice.instancePath)
  );
  return { fitting: fitting[0]?.reverse() ?? [], isClear: fitting.length === 1 };
}

function isBelow({ instancePath }: ErrorObject, choice: ErrorObject): boolean {
  return instancePath === choice.instancePath || instancePath.startsWith(`${choice.instancePath}/`);
}

function toProblem(
  error: ErrorObject,
  value: JsonValue,
  shown: JsonValue,
  codeOnly: Readonly<Record<string, string>>,
): ConfigProblem {
  const path = toPath(error.instancePath, value);
  const { params, keyword } = error as { params: Record<string, unknown>; keyword: string };
  if (keyword === "additionalProperties") {
    const key = String(params.additionalProperty);
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    return {
      path: [...path, key],
      message: unknownKey(nameOfKeys(error, path), key, known, codeOnly),
      onKey: true,
    };
  }
  if (keyword === "required") {
    return { path, message: `${nameOf([...path, String(params.missingProperty)])} is required`, onKey: true };
  }
  const component = componentKind(error);
  if (keyword === "enum" && component !== undefined) {
    const known = (params.allowedValues as JsonValue[]).map(String);
    return { path, message: unknownKey(component, String(at(shown, path)), known, codeOnly) };
  }
  const name = nameOf(path);
  const found = isSecret(path) ? "hidden" : show(at(shown, path));
  return { path, message: `${name} must be ${ruleOf(error, value, path)}: ${name} is ${found}` };
}

function unknownKey(
  kind: string,
  key: string,
  known: readonly string[],
  codeOnly: Readonly<Record<string, string>>,
): string {
  const needs = kind !== "option" && Object.hasOwn(codeOnly, key) ? codeOnly[key] : undefined;
  if (needs !== undefined) {
    return `${key} needs ${needs}, which only code can give; make it in a file and name that: module: ./my_${key}.ts`;
  }
  const near = nearest(key, known);
  return `there is no ${kind} ${shortName(key)}; ${
    near === undefined ? `known: ${known.join(", ")}` : `did you mean ${near}?`
  }`;
}

/** What the keys of a map are. */
function nameOfKeys(error: ErrorObject, path: Path): string {
  return path.length === 0 ? "key" : componentKind(error) ?? "option";
}

/** Which kind of component a value was to be; `undefined` when it was to be something else. */
function componentKind(error: ErrorObject): string | undefined {
  const { title = "" } = error.parentSchema as Schema;
  return /\bthe name of a (\w+)/.exec(title)?.[1];
}

function ruleOf(error: ErrorObject, value: JsonValue, path: Path): string {
  const { keyword, params } = error as { keyword: string; params: Record<string, unknown> };
  switch (keyword) {
    case "type":
      return describe(error.parentSchema as Schema);
    case "enum":
      return enumRule(params.allowedValues as JsonValue[], at(value, path));
    case "anyOf":
      return (error.schema as Schema[]).map((choice) => choice.title ?? describe(choice)).join(" or ");
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
      return describe(error.parentSchema as Schema);
    case "pattern":
    case "minLength":
      return "a text that is not blank";
    case "minItems":
      return `a list with at least ${params.limit} ${params.limit === 1 ? "item" : "items"}`;
    case "maxItems":
      return `a list with at most ${params.limit} items`;
    case "minProperties":
    case "maxProperties":
      return "a name, or a map with one key: the name with its options below it";
    case "false schema":
      return "left out, as only code can give it";
    default:
      return `valid: ${error.message ?? keyword}`;
  }
}

function enumRule(allowed: readonly JsonValue[], found: JsonValue | undefined): string {
  const near = typeof found === "string" ? nearest(found, allowed.map(String)) : undefined;
  const list = `one of ${allowed.map((item) => show(item)).join(", ")}`;
  return near === undefined ? list : `${list} (did you mean ${near}?)`;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly JsonValue[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly title?: string;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  integer: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "a map",
};

function describe({ type, enum: values, minimum, maximum, exclusiveMinimum }: Schema): string {
  if (values) return `one of ${values.map((item) => show(item)).join(", ")}`;
  const types = [type ?? []].flat().map((name) => TYPE_NAMES[name] ?? name).join(" or ");
  if (minimum !== undefined && maximum !== undefined) return `${types} from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${types} of at least ${minimum}`;
  if (maximum !== undefined) return `${types} of at most ${maximum}`;
  return exclusiveMinimum === undefined ? types : `${types} above ${exclusiveMinimum}`;
}

/** Turns a JSON pointer into a path; whether a part is an index is told by the value. */
function toPath(pointer: string, value: JsonValue): Path {
  const path: (string | number)[] = [];
  let here: JsonValue | undefined = value;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(here) ? Number(key) : key);
    here = at(here, [path.at(-1)!]);
  }
  return path;
}

function at(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (here, part) =>
      typeof here === "object" && here !== null ? (here as { [key: string]: JsonValue })[part] : undefined,
    value,
  );
}

/** What a person calls the value at a path: the last key, with the number of its item. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "the configuration";
  if (typeof last === "string") return shortName(last);
  const list = path.findLast((part) => typeof part === "string");
  return `item ${last + 1} of ${list === undefined ? "the list" : shortName(list)}`;
}
