/**
 * What a validator says about a text.
 *
 * @module
 */

import { checkFailure, type Failure } from "./failure.ts";
import { checkMetadata, checkTexts, EMPTY_OBJECT, jsonFields, type JsonObject } from "./frozen.ts";
import {
  checkBoolean,
  checkFields,
  checkName,
  checkNumber,
  checkString,
  fieldNames,
  Place,
} from "./place.ts";

/** What a {@linkcode ValidationResult} is made of. */
export interface ValidationResultInit {
  /** The validator, by its name. @default "validator" */
  readonly validator?: string;
  /** Whether the text passed. */
  readonly passed: boolean;
  /** One sentence with what was measured and its bound. @default the first issue, else "passed" or "did not pass" */
  readonly message?: string;
  /** How good the text is by this rule, 0 to 1. */
  readonly score?: number;
  /** What is wrong, one entry for each rule broken. @default [] */
  readonly issues?: readonly string[];
  /** What to do about it. @default [] */
  readonly suggestions?: readonly string[];
  /** Further facts; JSON. @default {} */
  readonly metadata?: JsonObject;
  /** How long the check took, in milliseconds. */
  readonly durationMs?: number;
  /** Why the check could not be made; the text itself was not judged. */
  readonly error?: Failure;
}

/** Under which name a result is kept. */
export interface ResultLabel {
  /** The validator's name in its chain. */
  readonly validator?: string;
  /** How long the check took, in milliseconds, where the result does not say. */
  readonly durationMs?: number;
}

/**
 * What a validator says about a text. It cannot be changed, its strings are trimmed, and no issue stands in it twice.
 *
 * @example
 * ```ts
 * import { ValidationResult } from "@sifaka/sifaka";
 *
 * const result = new ValidationResult({ validator: "length", passed: false, issues: ["12 words too few"] });
 * console.log(result.message); // "12 words too few"
 * ```
 */
export class ValidationResult {
  /** The validator, by its name. */
  readonly validator: string;
  /** Whether the text passed. */
  readonly passed: boolean;
  /** One sentence with what was measured and its bound. */
  readonly message: string;
  /** How good the text is by this rule, 0 to 1. */
  readonly score?: number;
  /** What is wrong; empty when the text passed. */
  readonly issues: readonly string[];
  /** What to do about it. */
  readonly suggestions: readonly string[];
  /** Further facts. */
  readonly metadata: JsonObject;
  /** How long the check took, in milliseconds. */
  readonly durationMs?: number;
  /** Why the check could not be made; `passed` is then `false`. */
  readonly error?: Failure;

  /**
   * Makes a result.
   *
   * @param init What was found.
   * @throws {ConfigurationError} When a field is unknown or wrong, or a passed result has issues or an error.
   */
  constructor(init: ValidationResultInit) {
    const checked = init instanceof CheckedResult ? init : new CheckedResult(MAKING, init);
    this.validator = checked.validator;
    this.passed = checked.passed;
    this.message = checked.message;
    this.score = checked.score;
    this.issues = checked.issues;
    this.suggestions = checked.suggestions;
    this.metadata = checked.metadata;
    this.durationMs = checked.durationMs;
    this.error = checked.error;
    Object.freeze(this);
  }

  /**
   * Makes a result of what a validator gave, and puts its label on it.
   *
   * @param value A result, or what one is made of.
   * @param label The validator's name in its chain, and how long the check took.
   * @returns The same result where the label changes nothing.
   * @throws {ConfigurationError} When a field is unknown or wrong, or a passed result has issues or an error.
   */
  static of(value: ValidationResultInit, label: ResultLabel = {}): ValidationResult {
    if (value instanceof ValidationResult) {
      const same = (label.validator ?? value.validator) === value.validator;
      if (same && (label.durationMs === undefined || value.durationMs !== undefined)) return value;
    }
    const checked = new CheckedResult(MAKING, value);
    if (label.validator !== undefined) checked.validator = checkName(MAKING, "validator", label.validator);
    checked.durationMs ??= checkNumber(MAKING, "durationMs", label.durationMs, 0);
    return new ValidationResult(checked);
  }

  /** The result as JSON. */
  toJSON(): JsonObject {
    return jsonFields(this);
  }

  /**
   * Reads what `toJSON` wrote.
   *
   * @param value The JSON.
   * @returns The result. Fields that this version does not know stand in `metadata.$extra`.
   * @throws {StorageError} When it is no result; the message names the field.
   */
  static fromJSON(value: unknown): ValidationResult {
    return makeResult(Place.reading("ValidationResult"), value);
  }
}

const MAKING = Place.making("ValidationResult");
const FIELDS = fieldNames(
  "validator",
  "passed",
  "message",
  "score",
  "issues",
  "suggestions",
  "metadata",
  "durationMs",
  "error",
);

/** What has been checked and frozen, so that it need not be again. */
class CheckedResult implements ValidationResultInit {
  validator: string;
  readonly passed: boolean;
  readonly message: string;
  readonly score: number | undefined;
  readonly issues: readonly string[];
  readonly suggestions: readonly string[];
  readonly metadata: JsonObject;
  durationMs: number | undefined;
  readonly error: Failure | undefined;

  constructor(place: Place, value: unknown) {
    if (value instanceof ValidationResult) {
      this.validator = value.validator;
      this.passed = value.passed;
      this.message = value.message;
      this.score = value.score;
      this.issues = value.issues;
      this.suggestions = value.suggestions;
      this.metadata = value.metadata;
      this.durationMs = value.durationMs;
      this.error = value.error;
      return;
    }
    const given = checkFields(place, value, FIELDS);
    this.validator = given.validator === undefined
      ? "validator"
      : checkName(place, "validator", given.validator);
    this.passed = checkBoolean(place, "passed", given.passed);
    this.score = checkNumber(place, "score", given.score, 0, 1);
    this.issues = checkTexts(place, "issues", given.issues);
    this.suggestions = checkTexts(place, "suggestions", given.suggestions);
    this.durationMs = checkNumber(place, "durationMs", given.durationMs, 0);
    this.error = checkFailure(place, given.error);
    this.metadata = given.metadata === undefined && place.unknown === undefined
      ? EMPTY_OBJECT
      : checkMetadata(place, given.metadata);
    if (this.passed && this.issues.length > 0) {
      place.fail("issues", "be empty where passed is true", this.issues);
    }
    if (this.passed && this.error) place.fail("error", "be left out where passed is true", this.error);
    this.message = checkString(place, "message", given.message, "").trim() || defaultMessage(this);
  }
}

function defaultMessage(result: { passed: boolean; error?: Failure; issues: readonly string[] }): string {
  return result.passed ? "passed" : result.error?.message.trim() || (result.issues[0] ?? "did not pass");
}

/**
 * Makes a result of something unknown.
 *
 * @param place Where it stands.
 * @param value A result, or what one is made of.
 * @returns The same result where it is one.
 */
export function makeResult(place: Place, value: unknown): ValidationResult {
  return value instanceof ValidationResult ? value : new ValidationResult(new CheckedResult(place, value));
}
