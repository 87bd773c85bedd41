/**
 * The options of {@linkcode NumericRangeValidator}.
 *
 * @module
 */

import {
  checkOptions,
  optionError,
  type OptionProblem,
  type OptionSchema,
  type OptionSchemas,
} from "../options.ts";
import { NOT_QUANTITIES, type NotQuantity } from "../text/not_quantities.ts";
import type { QuantityKind } from "../text/quantities.ts";
import { localeProblems } from "./length_options.ts";
import { PatternProblem, SearchPattern } from "./search_pattern.ts";

/** From where to where, both included: `[low, high]`, or by name, where a bound may be missing or excluded. */
export type NumberRange = readonly [low: number, high: number] | {
  /** The least. @default no bound */
  readonly min?: number;
  /** The most. @default no bound */
  readonly max?: number;
  /** Whether the least is itself outside. @default false */
  readonly exclusiveMin?: boolean;
  /** Whether the most is itself outside. @default false */
  readonly exclusiveMax?: boolean;
};

/** Options of {@linkcode NumericRangeValidator}. At least one rule must be given. */
export interface NumericRangeOptions {
  /** What results are filed under. @default "NumericRangeValidator" */
  readonly name?: string;
  /** The least that a plain number may be. */
  readonly min?: number;
  /** The most that a plain number may be. */
  readonly max?: number;
  /** A plain number must lie in one of them. */
  readonly allowedRanges?: readonly NumberRange[];
  /** A plain number must lie in none of them. */
  readonly forbiddenRanges?: readonly NumberRange[];
  /** Which kinds are checked. @default ["number", "percent", "currency"] */
  readonly kinds?: readonly QuantityKind[];
  /** Where percentages must lie. @default anywhere */
  readonly percentRange?: NumberRange;
  /** Where amounts of money must lie. @default at least 0 */
  readonly currencyRange?: NumberRange;
  /** Whose marks for decimals and groups the text uses, a BCP 47 tag. @default "en" */
  readonly locale?: string;
  /** What digits are not numbers in. @default all of them */
  readonly ignore?: readonly NotQuantity[];
  /** Only amounts in these currencies are checked, by the sign or word that the text uses. @default all */
  readonly currencies?: readonly string[];
  /** Only numbers are checked that have a match of it near them. */
  readonly context?: string | RegExp;
  /** How many characters may stand between a number and its context; 0 for none. @default 24 */
  readonly contextDistance?: number;
  /** The fewest numbers that there must be to check. @default 0 */
  readonly requireAtLeast?: number;
}

const NUMBER: OptionSchema = { type: "number" };
const BOUND: OptionSchema = {
  anyOf: [
    NUMBER,
    { codeOnly: true, accepts: (value) => value === Infinity || value === -Infinity, accepted: "infinite" },
  ],
};
const RANGE: OptionSchema = {
  anyOf: [
    { type: "array", items: BOUND, minItems: 2, maxItems: 2 },
    {
      type: "object",
      properties: {
        min: { ...NUMBER, description: "The least." },
        max: { ...NUMBER, description: "The most." },
        exclusiveMin: {
          type: "boolean",
          description: "Whether the least is itself outside.",
          default: false,
        },
        exclusiveMax: { type: "boolean", description: "Whether the most is itself outside.", default: false },
      },
    },
  ],
};
const KINDS: readonly QuantityKind[] = ["number", "percent", "currency"];

/**
 * The options of {@linkcode NumericRangeValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { NUMERIC_RANGE_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log(Object.keys(NUMERIC_RANGE_OPTIONS).length > 0); // true
 * ```
 */
export const NUMERIC_RANGE_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "NumericRangeValidator",
  },
  min: { ...NUMBER, description: "The least that a plain number may be." },
  max: { ...NUMBER, description: "The most that a plain number may be." },
  allowedRanges: {
    description: "A plain number must lie in one of them.",
    type: "array",
    items: RANGE,
    minItems: 1,
  },
  forbiddenRanges: {
    description: "A plain number must lie in none of them.",
    type: "array",
    items: RANGE,
    minItems: 1,
  },
  kinds: {
    description: "Which kinds of numbers are checked.",
    type: "array",
    items: { enum: KINDS },
    minItems: 1,
    default: KINDS,
  },
  percentRange: { ...RANGE, description: "Where percentages must lie." },
  currencyRange: { ...RANGE, description: "Where amounts of money must lie; at least 0 when left out." },
  locale: {
    description: "Whose marks for decimals and groups the text uses, a BCP 47 tag.",
    type: "string",
    minLength: 1,
    default: "en",
  },
  ignore: {
    description: "What digits are not numbers in.",
    type: "array",
    items: { enum: NOT_QUANTITIES },
    default: NOT_QUANTITIES,
  },
  currencies: {
    description: "Only amounts in these currencies are checked, by the sign or word that the text uses.",
    type: "array",
    items: { type: "string", minLength: 1 },
    minItems: 1,
  },
  contextDistance: {
    description: "How many characters may stand between a number and its context.",
    type: "integer",
    minimum: 0,
    maximum: 1000,
    default: 24,
  },
  context: {
    description: "Only numbers are checked that have a match of this regular expression near them.",
    anyOf: [
      { type: "string", minLength: 1 },
      { codeOnly: true, accepts: (value) => value instanceof RegExp, accepted: "a RegExp" },
    ],
  },
  requireAtLeast: {
    description: "The fewest numbers that there must be to check.",
    type: "integer",
    minimum: 0,
    default: 0,
  },
};

/** A range with all its parts. */
export interface CheckedRange {
  /** The least. */
  readonly min: number;
  /** The most. */
  readonly max: number;
  /** Whether the least is itself outside. */
  readonly exclusiveMin: boolean;
  /** Whether the most is itself outside. */
  readonly exclusiveMax: boolean;
}

/** Where numbers must lie: in one of `allowed`, in none of `forbidden`. */
export interface NumberRules {
  /** The ranges, one of which each number must lie in. */
  readonly allowed: readonly CheckedRange[];
  /** The ranges that no number may lie in. */
  readonly forbidden: readonly CheckedRange[];
}

/** Checked options. */
export interface CheckedNumericRange {
  /** What results are filed under. */
  readonly name: string;
  /** Where numbers of each kind must lie; kinds that are not checked are missing. */
  readonly rules: ReadonlyMap<QuantityKind, NumberRules>;
  /** Whose marks the text uses. */
  readonly locale: string;
  /** What is passed over. */
  readonly ignore: readonly NotQuantity[];
  /** In which currencies amounts are checked. */
  readonly currencies: ReadonlySet<string> | undefined;
  /** What must stand near. */
  readonly context: SearchPattern | undefined;
  /** How near, in characters. */
  readonly contextDistance: number;
  /** The fewest numbers. */
  readonly requireAtLeast: number;
}

const RULES = ["min", "max", "allowedRanges", "forbiddenRanges", "percentRange", "currencyRange"] as const;

/**
 * Checks the options.
 *
 * @param component The component, as errors name it.
 * @param given The options.
 * @returns The options with their defaults.
 * @throws {ConfigurationError} When one is wrong, two contradict each other, or there is no rule.
 */
export function checkNumericRange(component: string, given: NumericRangeOptions): CheckedNumericRange {
  const options = checkOptions(component, given, NUMERIC_RANGE_OPTIONS);
  const problems: OptionProblem[] = localeProblems(options.locale);
  const range = (name: string, value: NumberRange | undefined): CheckedRange[] => {
    if (value === undefined) return [];
    const checked = toRange(value);
    if (
      checked.min > checked.max ||
      (checked.min === checked.max && (checked.exclusiveMin || checked.exclusiveMax))
    ) {
      problems.push({
        path: [name],
        message: `${name} must hold a number at least: it goes from ${checked.min} to ${checked.max}`,
      });
    }
    return [checked];
  };
  const ranges = (name: "allowedRanges" | "forbiddenRanges"): CheckedRange[] =>
    (options[name] ?? []).flatMap((value, index) => range(`${name}[${index}]`, value));
  const { min, max, kinds = KINDS, requireAtLeast = 0 } = options;
  if (min !== undefined && max !== undefined && min > max) {
    problems.push({ path: ["min"], message: `min must not exceed max: min is ${min}, max is ${max}` });
  }
  if (RULES.every((rule) => options[rule] === undefined) && requireAtLeast === 0) {
    problems.push({
      path: [],
      message: `at least one rule is required: none of ${RULES.join(", ")} is given`,
    });
  }
  const bounds = range("min", { min, max });
  const [allowed, forbidden] = [ranges("allowedRanges"), ranges("forbiddenRanges")];
  const room = narrow(bounds[0]!, allowed);
  if (problems.length === 0 && room.every((one) => isCovered(one, forbidden))) {
    problems.push({
      path: ["forbiddenRanges"],
      message: "forbiddenRanges must leave room for a number: they forbid all that is allowed",
    });
  }
  const all = new Map(
    [
      ["number", { allowed: room, forbidden }],
      ["percent", { allowed: range("percentRange", options.percentRange ?? {}), forbidden: [] }],
      ["currency", { allowed: range("currencyRange", options.currencyRange ?? { min: 0 }), forbidden: [] }],
    ] as const,
  );
  const context = problems.length === 0 ? contextOf(options.context, problems) : undefined;
  if (problems.length > 0) throw optionError(component, problems);
  return {
    name: options.name ?? "NumericRangeValidator",
    rules: new Map(kinds.map((kind) => [kind, all.get(kind)!])),
    locale: options.locale ?? "en",
    ignore: [...options.ignore ?? NOT_QUANTITIES],
    currencies: options.currencies && new Set(options.currencies),
    context,
    contextDistance: options.contextDistance ?? 24,
    requireAtLeast,
  };
}

function toRange(range: NumberRange): CheckedRange {
  const { min = -Infinity, max = Infinity, exclusiveMin = false, exclusiveMax = false } = "length" in range
    ? { min: range[0], max: range[1] }
    : range;
  return { min, max, exclusiveMin, exclusiveMax };
}

/** The allowed ranges, each within the bounds; the bounds themselves where none is given. */
function narrow(bounds: CheckedRange, allowed: readonly CheckedRange[]): CheckedRange[] {
  if (allowed.length === 0) return [bounds];
  return allowed.map((range) => ({
    min: Math.max(range.min, bounds.min),
    max: Math.min(range.max, bounds.max),
    exclusiveMin: range.exclusiveMin && range.min >= bounds.min,
    exclusiveMax: range.exclusiveMax && range.max <= bounds.max,
  }));
}

function isCovered(range: CheckedRange, by: readonly CheckedRange[]): boolean {
  return range.min > range.max ||
    by.some((other) =>
      (other.min < range.min || (other.min === range.min && (!other.exclusiveMin || range.exclusiveMin))) &&
      (other.max > range.max || (other.max === range.max && (!other.exclusiveMax || range.exclusiveMax)))
    );
}

function contextOf(
  context: string | RegExp | undefined,
  problems: OptionProblem[],
): SearchPattern | undefined {
  if (context === undefined) return undefined;
  const { source, flags } = typeof context === "string" ? { source: context, flags: "iu" } : context;
  try {
    return new SearchPattern("context", { source, flags: flags.replace(/[gy]/g, "") }, {});
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    problems.push({ path: ["context"], message: `context ${error.message}` });
    return undefined;
  }
}
