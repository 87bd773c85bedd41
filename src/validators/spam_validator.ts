/**
 * A validator that forbids spam, in one call.
 *
 * @module
 */

import {
  SPAM_CLASSIFIER_OPTIONS,
  SpamClassifier,
  type SpamClassifierOptions,
} from "../classifiers/spam_classifier.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { ClassifierValidator } from "./classifier_validator.ts";

/** Options of {@linkcode createSpamValidator}. */
export interface SpamValidatorOptions extends Omit<SpamClassifierOptions, "name"> {
  /** What results are filed under. @default "SpamValidator" */
  readonly name?: string;
  /** From which probability on a text is refused, 0 to 1. @default 0.7 */
  readonly threshold?: number;
}

/**
 * The options of {@linkcode createSpamValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { SPAM_VALIDATOR_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("threshold" in SPAM_VALIDATOR_OPTIONS); // true
 * ```
 */
export const SPAM_VALIDATOR_OPTIONS: OptionSchemas = {
  ...SPAM_CLASSIFIER_OPTIONS,
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "SpamValidator",
  },
  threshold: {
    description: "From which probability on a text is refused.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0.7,
  },
};

/**
 * Forbids spam, by {@linkcode SpamClassifier}.
 *
 * @param options From which probability on.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { createSpamValidator } from "@sifaka/sifaka/validators";
 *
 * const text = "You have won a FREE cruise!!! Click here now!";
 * console.log(createSpamValidator().validate(new Thought({ prompt: "Answer.", text })).passed); // false
 * ```
 */
export function createSpamValidator(options: SpamValidatorOptions = {}): ClassifierValidator {
  const { name = "SpamValidator", threshold = 0.7, ...terms } = checkOptions(
    "SpamValidator",
    options,
    SPAM_VALIDATOR_OPTIONS,
  );
  return new ClassifierValidator({
    name,
    classifier: new SpamClassifier({ ...terms, threshold }),
    threshold,
    invalidLabels: ["spam"],
  });
}
