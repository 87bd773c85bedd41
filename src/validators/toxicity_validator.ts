/**
 * A validator that forbids toxic texts, in one call.
 *
 * @module
 */

import {
  TOXICITY_CLASSIFIER_OPTIONS,
  ToxicityClassifier,
  type ToxicityClassifierOptions,
} from "../classifiers/toxicity_classifier.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { ClassifierValidator } from "./classifier_validator.ts";

/** Options of {@linkcode createToxicityValidator}. */
export interface ToxicityValidatorOptions
  extends Pick<ToxicityClassifierOptions, "addTerms" | "removeTerms" | "language"> {
  /** What results are filed under. @default "ToxicityValidator" */
  readonly name?: string;
  /** From which score on a text is refused, 0 to 1; one plain insult makes it about 0.8. @default 0.7 */
  readonly threshold?: number;
  /** Whether insults and swearing pass, so that only threats and what is severely toxic are refused. @default false */
  readonly allowMild?: boolean;
}

const { addTerms, removeTerms, language } = TOXICITY_CLASSIFIER_OPTIONS;

/**
 * The options of {@linkcode createToxicityValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { TOXICITY_VALIDATOR_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("allowMild" in TOXICITY_VALIDATOR_OPTIONS); // true
 * ```
 */
export const TOXICITY_VALIDATOR_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "ToxicityValidator",
  },
  threshold: {
    description: "From which score on a text is refused; one plain insult makes it about 0.8.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0.7,
  },
  allowMild: {
    description:
      "Whether insults and swearing pass, so that only threats and what is severely toxic are refused.",
    type: "boolean",
    default: false,
  },
  addTerms: addTerms!,
  removeTerms: removeTerms!,
  language: language!,
};

/**
 * Forbids toxic texts, by {@linkcode ToxicityClassifier}.
 *
 * @param options From which score on, and whether mild toxicity passes.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { createToxicityValidator } from "@sifaka/sifaka/validators";
 *
 * const civil = createToxicityValidator();
 * console.log(civil.validate(new Thought({ prompt: "Answer.", text: "Get lost, idiot!" })).passed); // false
 * ```
 */
export function createToxicityValidator(options: ToxicityValidatorOptions = {}): ClassifierValidator {
  const { name = "ToxicityValidator", threshold = 0.7, allowMild = false, ...terms } = checkOptions(
    "ToxicityValidator",
    options,
    TOXICITY_VALIDATOR_OPTIONS,
  );
  // What is not severe enough for its own label is "toxic" still; a higher threshold holds for all labels.
  const classifier = new ToxicityClassifier({
    ...terms,
    generalThreshold: threshold,
    severeThreshold: Math.max(threshold, 0.8),
    threatThreshold: Math.max(threshold, 0.9),
  });
  const severe = ["severe_toxic", "threat"];
  return new ClassifierValidator({
    name,
    classifier,
    threshold,
    invalidLabels: allowMild ? severe : ["toxic", ...severe],
  });
}
