/**
 * Validators: what checks whether a text is as it should be.
 *
 * @module
 */

export type { ComparisonForm } from "../text/normalize.ts";
export {
  CLASSIFIER_VALIDATOR_OPTIONS,
  ClassifierValidator,
  type ClassifierValidatorOptions,
} from "./classifier_validator.ts";
export {
  createLanguageValidator,
  createLlmValidator,
  createSentimentValidator,
  LANGUAGE_VALIDATOR_OPTIONS,
  type LanguageValidatorOptions,
  LLM_VALIDATOR_OPTIONS,
  type LlmValidatorOptions,
  SENTIMENT_VALIDATOR_OPTIONS,
  type SentimentLabel,
  type SentimentValidatorOptions,
} from "./label_validators.ts";
export {
  createProfanityValidator,
  PROFANITY_VALIDATOR_OPTIONS,
  type ProfanityValidatorOptions,
} from "./profanity_validator.ts";
export { BIAS_VALIDATOR_OPTIONS, type BiasValidatorOptions, createBiasValidator } from "./bias_validator.ts";
export { createSpamValidator, SPAM_VALIDATOR_OPTIONS, type SpamValidatorOptions } from "./spam_validator.ts";
export {
  createToxicityValidator,
  TOXICITY_VALIDATOR_OPTIONS,
  type ToxicityValidatorOptions,
} from "./toxicity_validator.ts";
export type { NotQuantity } from "../text/not_quantities.ts";
export type { QuantityKind } from "../text/quantities.ts";
export {
  allOf,
  anyOf,
  COMPOSITION_OPTIONS,
  type CompositionOptions,
  not,
  NOT_OPTIONS,
  type NotOptions,
} from "./composition.ts";
export {
  CONTENT_OPTIONS,
  type ContentItem,
  type ContentOptions,
  type ContentRule,
} from "./content_options.ts";
export { ContentValidator } from "./content_validator.ts";
export { defineValidator, type ValidateFunction, type Verdict } from "./define_validator.ts";
export { customFormat, jsonFormat, markdownFormat, prohibitedContent, requiredContent } from "./factories.ts";
export type { MarkdownOptions } from "./format_markdown.ts";
export {
  FORMAT_OPTIONS,
  type FormatFunction,
  type FormatOptions,
  type TextFormat,
} from "./format_options.ts";
export type {
  FormatSchema,
  SchemaFunction,
  SchemaIssue,
  SchemaVerdict,
  StandardResult,
  StandardSchema,
} from "./format_schema.ts";
export type { UrlOptions } from "./format_url.ts";
export { FormatValidator } from "./format_validator.ts";
export type { GuardrailCheck, PersonalDataKind } from "./guardrail_finding.ts";
export type { GuardServerOptions } from "./guardrail_server.ts";
export {
  type Guard,
  type GuardFailure,
  GUARDRAILS_OPTIONS,
  type GuardrailsOptions,
  GuardrailsValidator,
  type GuardVerdict,
} from "./guardrails_validator.ts";
export type { JsonSchemaObject } from "./json_schema.ts";
export { LENGTH_OPTIONS, type LengthOptions, type LengthUnit } from "./length_options.ts";
export { LengthValidator } from "./length_validator.ts";
export { ageValidator, percentageValidator, type PriceOptions, priceValidator } from "./numeric_presets.ts";
export {
  type NumberRange,
  NUMERIC_RANGE_OPTIONS,
  type NumericRangeOptions,
} from "./numeric_range_options.ts";
export { NumericRangeValidator } from "./numeric_range_validator.ts";
export type { ProseRule } from "./prose_reading.ts";
export {
  PROSE_OPTIONS,
  type ProseOptions,
  ProseValidator,
  READABILITY_OPTIONS,
  type ReadabilityOptions,
  ReadabilityValidator,
} from "./prose_validators.ts";
export { type PatternInit, type PatternRule, REGEX_OPTIONS, type RegexOptions } from "./regex_options.ts";
export {
  type CitationOptions,
  citationValidator,
  type CodeBlockOptions,
  codeBlockValidator,
  type StructureOptions,
  structureValidator,
} from "./regex_presets.ts";
export { PatternValidator, RegexValidator } from "./regex_validator.ts";
export { type CustomRuleOptions, type RuleBounds, RuleBuilder, rules } from "./rules.ts";
export type { CompiledPattern, PatternSafetyOptions, RegexEngine } from "./search_pattern.ts";
export { validateSafely } from "./validate_safely.ts";
export { OperationValidator, type Validator, type ValidatorContext } from "./validator.ts";
