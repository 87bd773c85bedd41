/**
 * One description of a component's options, for two uses: checking what a caller gave, and the JSON Schema of the
 * configuration file. The descriptions are fragments of JSON Schema, with a flag for what YAML cannot express.
 *
 * @module
 */

import { ConfigurationError } from "./errors.ts";
import { nearest } from "./text/nearest.ts";
import { namesSecret } from "./text/secret_names.ts";

/** Describes one option (or an item of one) by a subset of JSON Schema. */
export interface OptionSchema {
  /** What the option is for, with its unit. */
  readonly description?: string;
  /** Its JSON type, or several. Left out for values that only code can give. */
  readonly type?: OptionType | readonly OptionType[];
  /** The only values allowed. */
  readonly enum?: readonly (string | number | boolean)[];
  /** The smallest number allowed. */
  readonly minimum?: number;
  /** The largest number allowed. */
  readonly maximum?: number;
  /** Numbers must be larger than it. */
  readonly exclusiveMinimum?: number;
  /** The shortest string allowed, in UTF-16 code units; 1 also refuses blank strings. */
  readonly minLength?: number;
  /** The fewest items allowed. */
  readonly minItems?: number;
  /** The most items allowed. */
  readonly maxItems?: number;
  /** What each item of an array is. */
  readonly items?: OptionSchema;
  /** The fields of an object; others are refused. */
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  /** Fields of an object that must be there. */
  readonly required?: readonly string[];
  /** What fields that are not listed hold; `true` for anything. */
  readonly additionalProperties?: OptionSchema | boolean;
  /** The value may be any of these. */
  readonly anyOf?: readonly OptionSchema[];
  /** What it is when left out, for the reader. */
  readonly default?: unknown;
  /** Whether only code can give it (functions, objects with methods); the configuration file's schema leaves it out. */
  readonly codeOnly?: boolean;
  /** For `codeOnly` options: says whether the value will do. */
  readonly accepts?: (value: unknown) => boolean;
  /** For `codeOnly` options: what will do, in words, for example `"a function"`. */
  readonly accepted?: string;
}

/** The JSON types. */
export type OptionType = "integer" | "number" | "string" | "boolean" | "array" | "object";

/** The options of a component, by name. */
export type OptionSchemas = Readonly<Record<string, OptionSchema>>;

/** One thing that is wrong with an option. */
export interface OptionProblem {
  /** Where, for example `["validators", 0]`. */
  readonly path: readonly (string | number)[];
  /** The rule that is broken and the value found. */
  readonly message: string;
}

/**
 * Checks a component's options before it is made.
 *
 * `undefined` means "use the default"; `null` is refused like any other wrong type.
 *
 * @param component The component, as the error names it.
 * @param options What the caller gave.
 * @param schemas What is allowed.
 * @returns The options, shallowly copied, without those that are `undefined`.
 * @throws {ConfigurationError} When an option is unknown or wrong. `metadata.problems` lists every one with its path.
 */
export function checkOptions<T extends object>(
  component: string,
  options: T | undefined,
  schemas: OptionSchemas,
): T {
  const given: unknown = options ?? {};
  const problems = findProblems(given, { type: "object", properties: schemas });
  if (problems.length > 0) throw optionError(component, problems);
  return Object.fromEntries(Object.entries(given as T).filter(([, value]) => value !== undefined)) as T;
}

/**
 * Makes the error for options that are wrong.
 *
 * @param component The component, as the error names it.
 * @param problems What is wrong; at least one.
 * @returns The error to throw.
 */
export function optionError(component: string, problems: readonly OptionProblem[]): ConfigurationError {
  return new ConfigurationError(
    `Cannot create ${component} as ${problems.map((problem) => problem.message).join("; ")}`,
    { code: "invalid_option", component, metadata: { problems } },
  );
}

/**
 * Finds everything that is wrong with a value.
 *
 * @param value The value.
 * @param schema What it should be.
 * @param path Where it stands.
 * @returns One entry a problem; none when the value will do.
 */
export function findProblems(
  value: unknown,
  schema: OptionSchema,
  path: readonly (string | number)[] = [],
): OptionProblem[] {
  const name = path.length === 0 ? "options" : pathText(path);
  const wrong = (
    rule: string,
  ): OptionProblem[] => [{
    path,
    message: `${name} must be ${rule}: ${name} is ${path.some(namesSecret) ? "hidden" : show(value)}`,
  }];
  if (schema.anyOf) {
    const attempts = schema.anyOf.map((choice) => findProblems(value, choice, path));
    if (attempts.some((problems) => problems.length === 0)) return [];
    // A choice of the right type says what is wrong inside it.
    const inside = attempts.find((_, index) => isRecord(value) && takesObjects(schema.anyOf![index]!)) ??
      attempts.find((problems) => problems.some((problem) => problem.path.length > path.length));
    return inside ?? wrong(schema.anyOf.map(describe).join(" or "));
  }
  if (schema.codeOnly) {
    return schema.accepts === undefined || schema.accepts(value)
      ? []
      : wrong(schema.accepted ?? "of another type");
  }
  if (!fits(value, schema)) return wrong(describe(schema));
  if (Array.isArray(value) && schema.items) {
    return value.flatMap((item, index) => findProblems(item, schema.items!, [...path, index]));
  }
  return isRecord(value) ? fieldProblems(value, schema, path) : [];
}

function takesObjects({ type, properties }: OptionSchema): boolean {
  return properties !== undefined && [type].flat().includes("object");
}

function fieldProblems(
  value: Record<string, unknown>,
  schema: OptionSchema,
  path: readonly (string | number)[],
): OptionProblem[] {
  const { properties, additionalProperties = false, required = [] } = schema;
  if (!properties && !schema.additionalProperties) return [];
  const problems: OptionProblem[] = [];
  for (const [key, item] of Object.entries(value)) {
    const own = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (own) {
      if (item !== undefined) problems.push(...findProblems(item, own, [...path, key]));
    } else if (additionalProperties === false) {
      const names = Object.keys(properties ?? {});
      const near = nearest(key, names);
      const hint = near === undefined ? `known options: ${names.join(", ")}` : `did you mean ${near}?`;
      problems.push({
        path: [...path, key],
        message: `there is no option ${pathText([...path, key])}; ${hint}`,
      });
    } else if (typeof additionalProperties === "object") {
      problems.push(...findProblems(item, additionalProperties, [...path, key]));
    }
  }
  for (const key of required) {
    if (value[key] === undefined) problems.push({ path, message: `${pathText([...path, key])} is required` });
  }
  return problems;
}

function fits(value: unknown, schema: OptionSchema): boolean {
  if (schema.enum) return schema.enum.includes(value as string);
  const types = schema.type === undefined ? [] : [schema.type].flat() as OptionType[];
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return false;
  if (typeof value === "number") {
    return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity) &&
      value > (schema.exclusiveMinimum ?? -Infinity);
  }
  if (typeof value === "string" && schema.minLength) return value.trim().length >= schema.minLength;
  if (Array.isArray(value)) {
    return value.length >= (schema.minItems ?? 0) && value.length <= (schema.maxItems ?? Infinity);
  }
  return true;
}

function isOfType(value: unknown, type: OptionType): boolean {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value);
    case "number":
      return Number.isFinite(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    default: {
      const actual: string = typeof value;
      return actual === type;
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(schema: OptionSchema): string {
  if (schema.accepted) return schema.accepted;
  if (schema.enum) return `one of ${schema.enum.map((item) => JSON.stringify(item)).join(", ")}`;
  const types = schema.type === undefined ? ["a value"] : ([schema.type].flat() as OptionType[]).map(article);
  const bounds: string[] = [];
  if (schema.minimum !== undefined && schema.maximum !== undefined) {
    bounds.push(`from ${schema.minimum} to ${schema.maximum}`);
  } else if (schema.minimum !== undefined) bounds.push(`of at least ${schema.minimum}`);
  else if (schema.maximum !== undefined) bounds.push(`of at most ${schema.maximum}`);
  if (schema.exclusiveMinimum !== undefined) bounds.push(`above ${schema.exclusiveMinimum}`);
  if (schema.minLength) bounds.push("that is not blank");
  if (schema.minItems) {
    bounds.push(`with at least ${schema.minItems} ${schema.minItems === 1 ? "item" : "items"}`);
  }
  if (schema.maxItems !== undefined) bounds.push(`with at most ${schema.maxItems} items`);
  return [types.join(" or "), ...bounds].join(" ");
}

function article(type: OptionType): string {
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((part, index) => typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)
    .join("");
}

const SHOWN_GRAPHEMES = 80;

/**
 * Renders a value for an error message, short.
 *
 * @param value The value.
 * @returns At most 80 characters of it.
 */
export function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) {
    return shorten(typeof value === "string" ? JSON.stringify(value) : String(value));
  }
  try {
    return shorten(beginningOf(value) ?? String(value));
  } catch {
    return "an object that is not JSON";
  }
}

/** JSON with enough of a value for what is shown of it: it may be large, and so deep that to write all of it takes seconds. */
function beginningOf(value: object): string | undefined {
  let left = 4 * SHOWN_GRAPHEMES;
  return JSON.stringify(value, (_, item: unknown) => {
    if (left-- <= 0) return null;
    return typeof item === "string" || Array.isArray(item) ? item.slice(0, 4 * SHOWN_GRAPHEMES) : item;
  });
}

function shorten(text: string): string {
  const characters = Array.from(text.slice(0, 4 * SHOWN_GRAPHEMES));
  return characters.length > SHOWN_GRAPHEMES || text.length > 4 * SHOWN_GRAPHEMES
    ? `${characters.slice(0, SHOWN_GRAPHEMES).join("")}…`
    : text;
}
