/**
 * The options of {@linkcode RegexValidator}, and the rules they make.
 *
 * @module
 */

import {
  checkOptions,
  optionError,
  type OptionProblem,
  type OptionSchema,
  type OptionSchemas,
  show,
} from "../options.ts";
import {
  PATTERN_SAFETY_OPTIONS,
  PatternProblem,
  type PatternSafetyOptions,
  SearchPattern,
} from "./search_pattern.ts";

/** A pattern with what belongs to it. */
export interface PatternRule {
  /** What messages call it. @default its source */
  readonly name?: string;
  /** The pattern. */
  readonly pattern: string | RegExp;
  /** Its flags, instead of those that the validator's options give; `u` is added, `g` and `y` are left out. */
  readonly flags?: string;
  /** The fewest matches; only for required patterns. @default 1 */
  readonly min?: number;
  /** The most matches; only for required patterns. @default no bound */
  readonly max?: number;
  /** What to do when the rule is broken, for the writer. */
  readonly message?: string;
}

/** How a pattern can be given. An expression keeps its own flags but for `g` and `y`. */
export type PatternInit = string | RegExp | PatternRule;

/** Options of {@linkcode RegexValidator}. At least one pattern must be given. */
export interface RegexOptions extends PatternSafetyOptions {
  /** What results are filed under. @default "RegexValidator" */
  readonly name?: string;
  /** Patterns that must match. @default [] */
  readonly required?: readonly PatternInit[];
  /** Patterns that must not match. @default [] */
  readonly forbidden?: readonly PatternInit[];
  /** One required pattern, for short. */
  readonly pattern?: PatternInit;
  /** Another name of `required`. */
  readonly requiredPatterns?: readonly PatternInit[];
  /** Another name of `forbidden`. */
  readonly forbiddenPatterns?: readonly PatternInit[];
  /** Another name of `forbidden`. */
  readonly prohibitedPatterns?: readonly PatternInit[];
  /** Whether all required patterns must match, or any one of them. @default "all" */
  readonly requireMode?: "all" | "any";
  /** Whether case counts. @default true */
  readonly caseSensitive?: boolean;
  /** Whether `^` and `$` in patterns given as strings stand for the ends of each line, not of the text. @default true */
  readonly multiline?: boolean;
}

const RULE_FIELDS: Readonly<Record<string, OptionSchema>> = {
  name: { description: "What messages call it.", type: "string", minLength: 1 },
  pattern: {
    description: "The pattern.",
    anyOf: [{ type: "string" }, { codeOnly: true, accepts: isRegExp, accepted: "a regular expression" }],
  },
  flags: { description: "Its flags, instead of those that the options give.", type: "string" },
  min: { description: "The fewest matches.", type: "integer", minimum: 0, default: 1 },
  max: { description: "The most matches.", type: "integer", minimum: 0 },
  message: { description: "What to do when the rule is broken.", type: "string", minLength: 1 },
};

const PATTERN: OptionSchema = {
  anyOf: [
    { type: "string" },
    { codeOnly: true, accepts: isRegExp, accepted: "a regular expression" },
    { type: "object", properties: RULE_FIELDS, required: ["pattern"] },
  ],
};

/**
 * The options of {@linkcode RegexValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { REGEX_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log(Object.keys(REGEX_OPTIONS).length > 0); // true
 * ```
 */
export const REGEX_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "RegexValidator",
  },
  required: { description: "Patterns that must match.", type: "array", items: PATTERN, default: [] },
  forbidden: { description: "Patterns that must not match.", type: "array", items: PATTERN, default: [] },
  pattern: { ...PATTERN, description: "One required pattern, for short." },
  requiredPatterns: { description: "Another name of required.", type: "array", items: PATTERN },
  forbiddenPatterns: { description: "Another name of forbidden.", type: "array", items: PATTERN },
  prohibitedPatterns: { description: "Another name of forbidden.", type: "array", items: PATTERN },
  requireMode: {
    description: "Whether all required patterns must match, or any one of them.",
    enum: ["all", "any"],
    default: "all",
  },
  caseSensitive: { description: "Whether case counts.", type: "boolean", default: true },
  multiline: {
    description: "Whether ^ and $ stand for the ends of each line, not of the text.",
    type: "boolean",
    default: true,
  },
  ...PATTERN_SAFETY_OPTIONS,
};

/** A pattern that must match often enough, or must not match. */
export interface RegexRule {
  /** What is looked for. */
  readonly pattern: SearchPattern;
  /** The fewest matches; 0 for a forbidden pattern. */
  readonly min: number;
  /** The most matches; 0 for a forbidden pattern. */
  readonly max: number;
  /** What to do when it is broken. */
  readonly message: string | undefined;
}

/** The rules that the options make. */
export interface RegexRules {
  /** Patterns that must match. */
  readonly required: readonly RegexRule[];
  /** Patterns that must not. */
  readonly forbidden: readonly RegexRule[];
}

/**
 * Checks the options and compiles their patterns.
 *
 * @param component The component, as errors name it.
 * @param given The options.
 * @returns The rules, and the options without their patterns.
 * @throws {ConfigurationError} When an option is wrong, a pattern does not compile, or none is given.
 */
export function compileRules(
  component: string,
  given: RegexOptions,
): RegexRules & { readonly options: RegexOptions } {
  const options = checkOptions(component, given, REGEX_OPTIONS);
  const problems: OptionProblem[] = [];
  const required = pick(options, ["required", "requiredPatterns", "pattern"], problems);
  const forbidden = pick(options, ["forbidden", "forbiddenPatterns", "prohibitedPatterns"], problems);
  const compiled = {
    required: required.flatMap((init) => compileRule(init, true, options, problems)),
    forbidden: forbidden.flatMap((init) => compileRule(init, false, options, problems)),
  };
  if (problems.length === 0) problems.push(...nameProblems([...compiled.required, ...compiled.forbidden]));
  if (problems.length > 0) throw optionError(component, problems);
  return { ...compiled, options };
}

type PatternOption =
  | "required"
  | "requiredPatterns"
  | "pattern"
  | "forbidden"
  | "forbiddenPatterns"
  | "prohibitedPatterns";

interface PlacedInit {
  readonly init: PatternInit;
  readonly path: readonly (string | number)[];
}

/** The patterns of an option that has several names. */
function pick(
  options: RegexOptions,
  names: readonly PatternOption[],
  problems: OptionProblem[],
): PlacedInit[] {
  const [name, other] = names.filter((candidate) => options[candidate] !== undefined);
  if (name === undefined) return [];
  if (other !== undefined) {
    problems.push({
      path: [other],
      message: `${name} and ${other} must not both be given: they are two names of one thing`,
    });
  }
  if (name === "pattern") return [{ init: options.pattern!, path: ["pattern"] }];
  return (options[name] as readonly PatternInit[]).map((init, index) => ({ init, path: [name, index] }));
}

function compileRule(
  { init, path }: PlacedInit,
  isRequired: boolean,
  options: RegexOptions,
  problems: OptionProblem[],
): RegexRule[] {
  const rule: PatternRule = typeof init === "string" || isRegExp(init) ? { pattern: init } : init;
  const label = path.map((part) => typeof part === "number" ? `[${part}]` : part).join("");
  const add = (message: string): RegexRule[] => {
    problems.push({ path, message: `${label} ${message}` });
    return [];
  };
  const { min = isRequired ? 1 : 0, max = isRequired ? Infinity : 0 } = rule;
  if (!isRequired && (rule.min !== undefined || rule.max !== undefined)) {
    return add("must not have min or max, as a forbidden pattern must not match at all");
  }
  if (min > max) return add(`must have min not above max: min is ${min}, max is ${max}`);
  const expression = isRegExp(rule.pattern) ? rule.pattern : undefined;
  // What an empty expression is called depends on where it is read.
  const source = expression === undefined
    ? rule.pattern as string
    : expression.source === "(?:)"
    ? ""
    : expression.source;
  const name = rule.name ?? source;
  try {
    const flags = flagsFor(rule, expression, options);
    return [{
      pattern: new SearchPattern(name, { source: source.normalize("NFC"), flags }, options),
      min,
      max,
      message: rule.message,
    }];
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    return add(`${error.message}: ${label} is ${show(source)}`);
  }
}

function flagsFor(rule: PatternRule, expression: RegExp | undefined, options: RegexOptions): string {
  const { caseSensitive, multiline = true } = options;
  const own = rule.flags ?? expression?.flags;
  const flags = new Set(own ?? (multiline ? "um" : "u"));
  flags.delete("g");
  flags.delete("y");
  if (caseSensitive === false && rule.flags === undefined) flags.add("i");
  // Under `u` cases and classes are those of Unicode. An expression was written for the flags it has.
  if (expression === undefined && !flags.has("v")) flags.add("u");
  return [...flags].join("");
}

function nameProblems(rules: readonly RegexRule[]): OptionProblem[] {
  if (rules.length === 0) {
    return [{
      path: [],
      message: "at least one pattern is required: neither required nor forbidden has any",
    }];
  }
  const seen = new Set<string>();
  return rules.flatMap(({ pattern: { name } }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{
      path: ["name"],
      message: `names of patterns must differ: ${show(name)} stands for two of them`,
    }];
  });
}

function isRegExp(value: unknown): value is RegExp {
  return Object.prototype.toString.call(value) === "[object RegExp]";
}
