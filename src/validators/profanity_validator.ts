/**
 * A validator that forbids profanity, in one call.
 *
 * @module
 */

import {
  PROFANITY_CLASSIFIER_OPTIONS,
  ProfanityClassifier,
  type ProfanityClassifierOptions,
} from "../classifiers/profanity_classifier.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { ClassifierValidator } from "./classifier_validator.ts";

/** Options of {@linkcode createProfanityValidator}. */
export type ProfanityValidatorOptions = Omit<ProfanityClassifierOptions, "name"> & {
  /** What results are filed under. @default "ProfanityValidator" */
  readonly name?: string;
  /** How sure the classifier must be, 0 to 1; one mild word makes it 0.75, one strong word 0.9. @default 0.6 */
  readonly minConfidence?: number;
};

/**
 * The options of {@linkcode createProfanityValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { PROFANITY_VALIDATOR_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("minConfidence" in PROFANITY_VALIDATOR_OPTIONS); // true
 * ```
 */
export const PROFANITY_VALIDATOR_OPTIONS: OptionSchemas = {
  ...PROFANITY_CLASSIFIER_OPTIONS,
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "ProfanityValidator",
  },
  minConfidence: {
    description: "How sure the classifier must be; one mild word makes it 0.75, one strong word 0.9.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0.6,
  },
};

/**
 * Forbids profane words, by {@linkcode ProfanityClassifier}.
 *
 * @param options Which words count.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { createProfanityValidator } from "@sifaka/sifaka/validators";
 *
 * const polite = createProfanityValidator({ customWords: ["fiddlesticks"] });
 * console.log(polite.validate(new Thought({ prompt: "Answer.", text: "Oh, fiddlesticks." })).passed); // false
 * ```
 */
export function createProfanityValidator(options: ProfanityValidatorOptions = {}): ClassifierValidator {
  const { name = "ProfanityValidator", minConfidence = 0.6, ...words } = checkOptions(
    "ProfanityValidator",
    options,
    PROFANITY_VALIDATOR_OPTIONS,
  );
  return new ClassifierValidator({
    name,
    classifier: new ProfanityClassifier(words),
    threshold: minConfidence,
    invalidLabels: ["profane"],
  });
}
