/**
 * What a validator is to the rest of Sifaka.
 *
 * @module
 */

import { Component } from "../component.ts";
import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import type { Operation } from "../operation/operation.ts";
import type { Thought } from "../thought/thought.ts";
import type { ValidationResult, ValidationResultInit } from "../thought/validation_result.ts";
import { validateSafely } from "./validate_safely.ts";

/** What a validator may use beside the thought. Every field is optional, so `validator.validate(thought)` works anywhere. */
export interface ValidatorContext {
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** The longest it may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** The language of the text, a BCP 47 tag. @default "en" */
  readonly locale?: string;
}

/**
 * Checks the text of a thought. Only `name` and one way to validate are required of a validator of one's own;
 * `defineValidator` makes a complete one from a function.
 */
export interface Validator {
  /** What results are filed under. */
  readonly name: string;
  /** Checks the text. */
  validate?(thought: Thought, context?: ValidatorContext): ValidationResultInit;
  /** The twin of `validate` for code on an event loop. */
  _validateAsync?(thought: Thought, context?: ValidatorContext): Promise<ValidationResultInit>;
  /** The operation behind both. Sifaka prefers it to either. */
  _validateOperation?(thought: Thought, context?: ValidatorContext): Operation<ValidationResultInit>;
}

/**
 * Makes `validate` and its twin from one operation: extend it, and write only `_validateOperation`.
 *
 * @example
 * ```ts
 * import { type Operation, OperationValidator, Thought, ValidationResult } from "@sifaka/sifaka";
 *
 * class NotEmpty extends OperationValidator {
 *   readonly name = "not empty";
 *   *_validateOperation(thought: Thought): Operation<ValidationResult> {
 *     return new ValidationResult({ validator: this.name, passed: thought.text !== "" });
 *   }
 * }
 * console.log(new NotEmpty().validate(new Thought({ prompt: "Greet me.", text: "Hello!" })).passed); // true
 * ```
 */
export abstract class OperationValidator extends Component implements Validator {
  /** What results are filed under. */
  abstract readonly name: string;

  /** The one body behind `validate` and its twin. */
  abstract _validateOperation(thought: Thought, context?: ValidatorContext): Operation<ValidationResult>;

  /**
   * Checks the text of a thought.
   *
   * @param thought Whose text.
   * @param context Limits of time and the language of the text.
   * @returns Whether it passed, and if not, why and what to do. A check that could not be made, or not in time, is a result
   * with `error`.
   */
  validate(thought: Thought, context: ValidatorContext = {}): ValidationResult {
    return runSync(validateSafely(this, thought, context), { signal: context.signal });
  }

  /** The twin of `validate` for code on an event loop. */
  _validateAsync(thought: Thought, context: ValidatorContext = {}): Promise<ValidationResult> {
    return runAsync(validateSafely(this, thought, context), { signal: context.signal });
  }
}
