/**
 * Checks the numbers of a text.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import { positionsIn } from "../text/excerpt.ts";
import { type Quantity, type QuantityKind, readQuantities } from "../text/quantities.ts";
import type { Thought } from "../thought/thought.ts";
import { ValidationResult } from "../thought/validation_result.ts";
import {
  type CheckedNumericRange,
  type CheckedRange,
  checkNumericRange,
  type NumberRules,
  type NumericRangeOptions,
} from "./numeric_range_options.ts";
import { searchText } from "./search_pattern.ts";
import { noText } from "./validate_safely.ts";
import { OperationValidator } from "./validator.ts";
import { counted, listed } from "./wording.ts";

const CONTEXTS = 100_000;
const KIND_NAMES: Readonly<Record<QuantityKind, string>> = {
  number: "number",
  percent: "percentage",
  currency: "amount of money",
};

/**
 * Checks whether the numbers of a text lie where they should. Each number is read once and checked by the rules of its own
 * kind: plain numbers by `min`, `max` and the ranges, percentages by `percentRange`, money by `currencyRange`. Dates, times,
 * versions, addresses, code, ordinals and names with digits in them are no numbers.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { NumericRangeValidator } from "@sifaka/sifaka/validators";
 *
 * const numbers = new NumericRangeValidator({ max: 100, percentRange: [0, 100] });
 * const text = "On 2024-01-15, 85% of the 1,200 seats were sold.";
 * console.log(numbers.validate(new Thought({ prompt: "Report.", text })).issues);
 * // ['Line 1, column 26: the number "1,200" is not at most 100.']
 * ```
 */
export class NumericRangeValidator extends OperationValidator {
  /** What results are filed under. */
  override readonly name: string;
  readonly #settings: CheckedNumericRange;

  /**
   * Checks the options and makes the validator.
   *
   * @param options The ranges, and what counts as a number.
   * @throws {ConfigurationError} When an option is wrong, two contradict each other, or there is no rule.
   */
  constructor(options: NumericRangeOptions) {
    super(options);
    this.#settings = checkNumericRange("NumericRangeValidator", options);
    this.name = this.#settings.name;
  }

  /** The one body behind `validate` and its twin. */
  override *_validateOperation(thought: Thought): Operation<ValidationResult> {
    const { text } = thought;
    if (text === undefined) return noText(this.name);
    const { rules, context, contextDistance, currencies } = this.#settings;
    const read = readQuantities(text, this.#settings).filter(({ kind, currency = "" }) =>
      rules.has(kind) && (kind !== "currency" || currencies === undefined || currencies.has(currency))
    );
    const quantities = context === undefined || read.length === 0 ? read : withContext(
      read,
      (yield* searchText(context, text, { mostSpans: CONTEXTS, stopAfter: CONTEXTS })).spans,
      { text, distance: contextDistance },
    );
    return this.#result(text, quantities);
  }

  #result(text: string, quantities: readonly Quantity[]): ValidationResult {
    const { rules, requireAtLeast } = this.#settings;
    const wrong = quantities.filter(({ kind, value }) => !isAllowed(value, rules.get(kind)!));
    const missing = Math.max(0, requireAtLeast - quantities.length);
    const passed = wrong.length === 0 && missing === 0;
    const positionOf = positionsIn(text);
    const issues: string[] = [];
    const suggestions: string[] = [];
    for (const quantity of wrong) {
      const { line, column } = positionOf(quantity.start);
      const kind = KIND_NAMES[quantity.kind];
      const written = shown(text, quantity);
      const demand = demandOn(quantity, rules);
      issues.push(`Line ${line}, column ${column}: the ${kind} "${written}" is not ${demand}.`);
      suggestions.push(`Change "${written}" to a ${kind} that is ${demand}.`);
    }
    if (missing > 0) {
      issues.push(
        `${counted(missing, "number")} too few: ${quantities.length} of at least ${requireAtLeast}.`,
      );
      suggestions.push(`Give at least ${missing} more ${missing === 1 ? "number" : "numbers"}.`);
    }
    const all = Math.max(quantities.length, requireAtLeast, 1);
    return new ValidationResult({
      validator: this.name,
      passed,
      score: passed ? 1 : Math.max(0, (all - wrong.length - missing) / all),
      message: wrong.length > 0 || passed
        ? `${wrong.length === 0 ? "All" : `${wrong.length} of`} ${counted(quantities.length, "number")} ${
          wrong.length === 0 ? "lie" : wrong.length === 1 ? "lies" : "lie"
        } ${wrong.length === 0 ? "within" : "outside"} the allowed ranges.`
        : `The text has ${counted(quantities.length, "number")}, fewer than the ${requireAtLeast} required.`,
      issues,
      suggestions,
      metadata: { numbers: quantities.length, outOfRange: wrong.length },
    });
  }
}

/** Those that have what they need near them; contexts are in order, as numbers are. */
function withContext(
  quantities: readonly Quantity[],
  contexts: readonly (readonly [number, number])[],
  { text, distance }: { text: string; distance: number },
): Quantity[] {
  let first = 0;
  return quantities.filter(({ start, end }) => {
    const before = Array.from(text.slice(Math.max(0, start - 2 * distance), start));
    const after = Array.from(text.slice(end, end + 2 * distance));
    const from = start - before.slice(Math.max(0, before.length - distance)).join("").length;
    const to = end + after.slice(0, distance).join("").length;
    while (first < contexts.length && contexts[first]![1] < from) first++;
    return first < contexts.length && contexts[first]![0] <= to;
  });
}

function isAllowed(value: number, { allowed, forbidden }: NumberRules): boolean {
  return allowed.some((range) => lies(value, range)) && !forbidden.some((range) => lies(value, range));
}

function lies(value: number, { min, max, exclusiveMin, exclusiveMax }: CheckedRange): boolean {
  return (exclusiveMin ? value > min : value >= min) && (exclusiveMax ? value < max : value <= max);
}

function demandOn({ kind, value }: Quantity, rules: CheckedNumericRange["rules"]): string {
  const { allowed, forbidden } = rules.get(kind)!;
  if (!allowed.some((range) => lies(value, range))) return allowed.map(describe).join(" or ");
  const hit = forbidden.find((range) => lies(value, range))!;
  return `outside what is forbidden (${describe(hit)})`;
}

function describe({ min, max, exclusiveMin, exclusiveMax }: CheckedRange): string {
  const parts: string[] = [];
  if (min > -Infinity) parts.push(`${exclusiveMin ? "more than" : "at least"} ${min}`);
  if (max < Infinity) parts.push(`${exclusiveMax ? "less than" : "at most"} ${max}`);
  return parts.length === 0 ? "any number" : listed(parts);
}

const LONGEST_SHOWN = 40;

function shown(text: string, { start, end }: Quantity): string {
  const written = text.slice(start, end);
  return written.length > LONGEST_SHOWN ? `${written.slice(0, LONGEST_SHOWN)}…` : written;
}
