/**
 * A validator that forbids prejudice against groups of people, in one call.
 *
 * @module
 */

import {
  BIAS_CLASSIFIER_OPTIONS,
  BiasClassifier,
  type BiasClassifierOptions,
} from "../classifiers/bias_classifier.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { ClassifierValidator } from "./classifier_validator.ts";

/** Options of {@linkcode createBiasValidator}. */
export type BiasValidatorOptions = Omit<BiasClassifierOptions, "name"> & {
  /** What results are filed under. @default "BiasValidator" */
  readonly name?: string;
};

/**
 * The options of {@linkcode createBiasValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { BIAS_VALIDATOR_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("categories" in BIAS_VALIDATOR_OPTIONS); // true
 * ```
 */
export const BIAS_VALIDATOR_OPTIONS: OptionSchemas = {
  ...BIAS_CLASSIFIER_OPTIONS,
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "BiasValidator",
  },
};

/**
 * Forbids prejudice against groups of people, by {@linkcode BiasClassifier}.
 *
 * @param options From which score on, and which groups.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { createBiasValidator } from "@sifaka/sifaka/validators";
 *
 * const fair = createBiasValidator({ categories: ["age", "gender"] });
 * console.log(fair.validate(new Thought({ prompt: "Answer.", text: "Old people are useless." })).passed); // false
 * ```
 */
export function createBiasValidator(options: BiasValidatorOptions = {}): ClassifierValidator {
  const { name = "BiasValidator", threshold = 0.7, ...rest } = checkOptions(
    "BiasValidator",
    options,
    BIAS_VALIDATOR_OPTIONS,
  );
  return new ClassifierValidator({
    name,
    classifier: new BiasClassifier({ ...rest, threshold }),
    threshold,
    invalidLabels: ["biased"],
  });
}
