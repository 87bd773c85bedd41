/**
 * Validators on classifiers, in one call each.
 *
 * @module
 */

import { LanguageClassifier } from "../classifiers/language_classifier.ts";
import { LANGUAGES } from "../classifiers/language_names.ts";
import {
  LLM_CLASSIFIER_OPTIONS,
  LlmClassifier,
  type LlmClassifierOptions,
} from "../classifiers/llm_classifier.ts";
import {
  SENTIMENT_CLASSIFIER_OPTIONS,
  SentimentClassifier,
  type SentimentClassifierOptions,
} from "../classifiers/sentiment_classifier.ts";
import { checkOptions, optionError, type OptionSchemas } from "../options.ts";
import {
  CLASSIFIER_VALIDATOR_OPTIONS,
  ClassifierValidator,
  type ClassifierValidatorOptions,
} from "./classifier_validator.ts";

/** The sentiments. */
export type SentimentLabel = "positive" | "negative" | "neutral";

/** Options of {@linkcode createSentimentValidator}: either what is required or what is forbidden. */
export interface SentimentValidatorOptions extends Omit<SentimentClassifierOptions, "name"> {
  /** What results are filed under. @default "SentimentValidator" */
  readonly name?: string;
  /** The sentiments that a text may have. */
  readonly required?: readonly SentimentLabel[];
  /** The sentiments that a text must not have. */
  readonly forbidden?: readonly SentimentLabel[];
  /** How sure the classifier must be, 0 to 1. @default 0.6 */
  readonly minConfidence?: number;
}

const SENTIMENTS = {
  type: "array",
  items: { enum: ["positive", "negative", "neutral"] },
  minItems: 1,
} as const;
const MIN_CONFIDENCE = {
  description: "How sure the classifier must be.",
  type: "number",
  minimum: 0,
  maximum: 1,
} as const;

/**
 * The options of {@linkcode createSentimentValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { SENTIMENT_VALIDATOR_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("forbidden" in SENTIMENT_VALIDATOR_OPTIONS); // true
 * ```
 */
export const SENTIMENT_VALIDATOR_OPTIONS: OptionSchemas = {
  ...SENTIMENT_CLASSIFIER_OPTIONS,
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "SentimentValidator",
  },
  required: { ...SENTIMENTS, description: "The sentiments that a text may have." },
  forbidden: { ...SENTIMENTS, description: "The sentiments that a text must not have." },
  minConfidence: { ...MIN_CONFIDENCE, default: 0.6 },
};

/**
 * Requires or forbids a sentiment, by {@linkcode SentimentClassifier}.
 *
 * @param options Which.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong, or not exactly one of `required` and `forbidden` is given.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { createSentimentValidator } from "@sifaka/sifaka/validators";
 *
 * const kind = createSentimentValidator({ forbidden: ["negative"] });
 * console.log(kind.validate(new Thought({ prompt: "Review it.", text: "What a horrible, ugly mess." })).passed); // false
 * ```
 */
export function createSentimentValidator(options: SentimentValidatorOptions): ClassifierValidator {
  const { name = "SentimentValidator", required, forbidden, minConfidence = 0.6, ...rest } = checkOptions(
    "SentimentValidator",
    options,
    SENTIMENT_VALIDATOR_OPTIONS,
  );
  if ((required === undefined) === (forbidden === undefined)) {
    throw optionError("SentimentValidator", [{
      path: ["required"],
      message: "exactly one of required and forbidden must be given",
    }]);
  }
  return new ClassifierValidator({
    name,
    classifier: new SentimentClassifier(rest),
    threshold: minConfidence,
    validLabels: required,
    invalidLabels: forbidden,
  });
}

/** Options of {@linkcode createLanguageValidator}. */
export interface LanguageValidatorOptions {
  /** What results are filed under. @default "LanguageValidator" */
  readonly name?: string;
  /** The languages that a text may be in, by BCP 47 primary subtags; at least one. Required. */
  readonly languages?: readonly string[];
  /** How sure the classifier must be, 0 to 1. @default 0.7 */
  readonly minConfidence?: number;
}

/**
 * The options of {@linkcode createLanguageValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { LANGUAGE_VALIDATOR_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("languages" in LANGUAGE_VALIDATOR_OPTIONS); // true
 * ```
 */
export const LANGUAGE_VALIDATOR_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "LanguageValidator",
  },
  languages: {
    description: "The languages that a text may be in, by BCP 47 primary subtags. Required.",
    type: "array",
    items: { enum: LANGUAGES },
    minItems: 1,
  },
  minConfidence: { ...MIN_CONFIDENCE, default: 0.7 },
};

/**
 * Requires that a text is in one of some languages, by {@linkcode LanguageClassifier}.
 *
 * @param options Which.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong, or no language is given.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { createLanguageValidator } from "@sifaka/sifaka/validators";
 *
 * const german = createLanguageValidator({ languages: ["de"] });
 * console.log(german.validate(new Thought({ prompt: "Grüße.", text: "Ich gehe mit meinem Hund spazieren." })).passed); // true
 * ```
 */
export function createLanguageValidator(options: LanguageValidatorOptions): ClassifierValidator {
  const { name = "LanguageValidator", languages, minConfidence = 0.7 } = checkOptions(
    "LanguageValidator",
    options,
    LANGUAGE_VALIDATOR_OPTIONS,
  );
  if (languages === undefined) {
    throw optionError("LanguageValidator", [{ path: ["languages"], message: "languages is required" }]);
  }
  const classifier = new LanguageClassifier({ minConfidence });
  return new ClassifierValidator({ name, classifier, threshold: minConfidence, validLabels: languages });
}

/** Options of {@linkcode createLlmValidator}. */
export type LlmValidatorOptions =
  & LlmClassifierOptions
  & Pick<
    ClassifierValidatorOptions,
    "threshold" | "validLabels" | "invalidLabels" | "expectedLabel" | "onLowConfidence"
  >;

const { threshold, validLabels, invalidLabels, expectedLabel, onLowConfidence } =
  CLASSIFIER_VALIDATOR_OPTIONS;

/**
 * The options of {@linkcode createLlmValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { LLM_VALIDATOR_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("labels" in LLM_VALIDATOR_OPTIONS); // true
 * ```
 */
export const LLM_VALIDATOR_OPTIONS: OptionSchemas = {
  ...LLM_CLASSIFIER_OPTIONS,
  threshold: threshold!,
  validLabels: validLabels!,
  invalidLabels: invalidLabels!,
  expectedLabel: expectedLabel!,
  onLowConfidence: onLowConfidence!,
};

/**
 * Requires or forbids labels that a language model puts on a text, by {@linkcode LlmClassifier}.
 *
 * @param options Who is asked, the labels to choose from, and which of them are wanted.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { MockModel } from "@sifaka/sifaka/models";
 * import { createLlmValidator } from "@sifaka/sifaka/validators";
 *
 * const model = new MockModel({ response: '{"label": "toxic", "confidence": 0.9}' });
 * const safe = createLlmValidator({ model, labels: ["toxic", "harmless"], invalidLabels: ["toxic"] });
 * console.log(safe.validate(new Thought({ prompt: "Answer.", text: "You fool." })).passed); // false
 * ```
 */
export function createLlmValidator(options: LlmValidatorOptions): ClassifierValidator {
  const { threshold, validLabels, invalidLabels, expectedLabel, onLowConfidence, ...classifier } =
    checkOptions(
      "LlmValidator",
      options,
      LLM_VALIDATOR_OPTIONS,
    );
  return new ClassifierValidator({
    name: classifier.name ?? "LlmValidator",
    classifier: new LlmClassifier(classifier),
    threshold,
    validLabels,
    invalidLabels,
    expectedLabel,
    onLowConfidence,
  });
}
