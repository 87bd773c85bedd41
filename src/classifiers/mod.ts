/**
 * Classifiers: what puts a label on a text.
 *
 * @example
 * ```ts
 * import { SentimentClassifier } from "@sifaka/sifaka/classifiers";
 *
 * console.log(new SentimentClassifier().classify("What a lovely day!").label); // "positive"
 * ```
 *
 * @module
 */

export { BIAS_CLASSIFIER_OPTIONS, BiasClassifier, type BiasClassifierOptions } from "./bias_classifier.ts";
export {
  type CachedClassifier,
  type ClassifierCacheOptions,
  type ClassifierCacheStats,
  withCache,
} from "./cache.ts";
export {
  ClassificationResult,
  type ClassificationResultInit,
  type ClassifiedSpan,
} from "./classification_result.ts";
export {
  type BatchOptions,
  type Classifier,
  type ClassifierContext,
  OperationClassifier,
} from "./classifier.ts";
export { classifySafely } from "./classify_safely.ts";
export { type ClassifyFunction, defineClassifier } from "./define_classifier.ts";
export type { IdentityCategory } from "./identity_groups.ts";
export {
  LANGUAGE_CLASSIFIER_OPTIONS,
  LanguageClassifier,
  type LanguageClassifierOptions,
} from "./language_classifier.ts";
export { LANGUAGES, UNDETERMINED } from "./language_names.ts";
export { LLM_CLASSIFIER_OPTIONS, LlmClassifier, type LlmClassifierOptions } from "./llm_classifier.ts";
export type { LexiconOptions } from "./own_terms.ts";
export {
  PROFANITY_CLASSIFIER_OPTIONS,
  ProfanityClassifier,
  type ProfanityClassifierOptions,
} from "./profanity_classifier.ts";
export type { ProfanitySeverity } from "./profanity_rules.ts";
export {
  SENTIMENT_CLASSIFIER_OPTIONS,
  SentimentClassifier,
  type SentimentClassifierOptions,
} from "./sentiment_classifier.ts";
export { SPAM_CLASSIFIER_OPTIONS, SpamClassifier, type SpamClassifierOptions } from "./spam_classifier.ts";
export type { SpamFamily } from "./spam_signals.ts";
export {
  TOXICITY_CLASSIFIER_OPTIONS,
  ToxicityClassifier,
  type ToxicityClassifierOptions,
  type ToxicityLabel,
} from "./toxicity_classifier.ts";
export type { ToxicityCategory } from "./toxicity_patterns.ts";
