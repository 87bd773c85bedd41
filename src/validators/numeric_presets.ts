/**
 * Ranges for common kinds of numbers.
 *
 * @module
 */

import { checkOptions, type OptionSchemas } from "../options.ts";
import { NumericRangeValidator } from "./numeric_range_validator.ts";

/** Options of {@linkcode priceValidator}. */
export interface PriceOptions {
  /** What results are filed under. @default "PriceValidator" */
  readonly name?: string;
  /** The most that a price may be. @default no bound */
  readonly max?: number;
  /** The least that a price may be. @default 0 */
  readonly min?: number;
  /** The only currency whose amounts are checked, by the sign or word that the text uses. @default all */
  readonly currency?: string;
}

const PRICE_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "PriceValidator",
  },
  min: { description: "The least that a price may be.", type: "number", default: 0 },
  max: { description: "The most that a price may be.", type: "number" },
  currency: { description: "The only currency whose amounts are checked.", type: "string", minLength: 1 },
};

/** Somebody's age, with the words that make the number one. */
const AGE =
  /(?<![\p{L}\p{N}])(?:(?:ages?|aged)(?: of| is|:)? \d[\d,.]{0,9}|\d[\d,.]{0,9}(?:[ -]years?[ -](?:old|of age)| ?y\/o))/iu;

/**
 * Requires that percentages lie between 0 and 100.
 *
 * @param name What results are filed under.
 * @returns The validator.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { percentageValidator } from "@sifaka/sifaka/validators";
 *
 * const text = "120% of voters agreed.";
 * console.log(percentageValidator().validate(new Thought({ prompt: "Report.", text })).passed); // false
 * ```
 */
export function percentageValidator(name: string = "PercentageValidator"): NumericRangeValidator {
  return new NumericRangeValidator({ name, kinds: ["percent"], percentRange: [0, 100] });
}

/**
 * Requires that amounts of money lie within bounds.
 *
 * @param options The bounds.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong, or the least is more than the most.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { priceValidator } from "@sifaka/sifaka/validators";
 *
 * const text = "A ticket costs $1,250.00.";
 * console.log(priceValidator({ max: 1_000 }).validate(new Thought({ prompt: "Offer.", text })).passed); // false
 * ```
 */
export function priceValidator(options: PriceOptions = {}): NumericRangeValidator {
  const { name = "PriceValidator", min = 0, max, currency } = checkOptions(
    "PriceValidator",
    options,
    PRICE_OPTIONS,
  );
  const currencies = currency === undefined ? undefined : [currency];
  return new NumericRangeValidator({ name, kinds: ["currency"], currencyRange: { min, max }, currencies });
}

/**
 * Requires that ages lie between 0 and 130. Only a number with words such as "aged" or "years old" beside it is an age.
 *
 * @param name What results are filed under.
 * @returns The validator.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { ageValidator } from "@sifaka/sifaka/validators";
 *
 * const text = "Born in 1990, she is 240 years old.";
 * console.log(ageValidator().validate(new Thought({ prompt: "Introduce her.", text })).passed); // false
 * ```
 */
export function ageValidator(name: string = "AgeValidator"): NumericRangeValidator {
  return new NumericRangeValidator({
    name,
    kinds: ["number"],
    min: 0,
    max: 130,
    context: AGE,
    contextDistance: 0,
  });
}
