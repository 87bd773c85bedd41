/**
 * Asks any validator and always gets a result.
 *
 * @module
 */

import {
  ChainError,
  ConfigurationError,
  ModelError,
  SifakaError,
  TimeoutError,
  ValidatorError,
} from "../errors.ts";
import { timeout } from "../operation/combinators.ts";
import type { Effect } from "../operation/effects.ts";
import { host, type Operation } from "../operation/operation.ts";
import { resume } from "../operation/resume.ts";
import { show } from "../options.ts";
import type { Thought } from "../thought/thought.ts";
import { ValidationResult, type ValidationResultInit } from "../thought/validation_result.ts";
import type { Validator, ValidatorContext } from "./validator.ts";

/**
 * Asks a validator, of Sifaka's own or a plain object, and turns whatever comes of it into a result under its name.
 *
 * A validator that throws or runs out of time becomes a result with `error`. What passes through: cancellation, the end of
 * the run itself ({@linkcode ChainError}), and a validator that cannot be called in this way at all because it is
 * asynchronous. A thought without a text fails without the validator being asked. A validator that does not wait costs no
 * effect and no timer.
 *
 * @param validator Whom to ask.
 * @param thought Whose text.
 * @param context What it may use; `timeoutMs` bounds it.
 * @returns An operation of the result.
 *
 * @example
 * ```ts
 * import { runSync, Thought } from "@sifaka/sifaka";
 * import { validateSafely } from "@sifaka/sifaka/validators";
 *
 * const broken = { name: "broken", validate: () => { throw new Error("out of order"); } };
 * const result = runSync(validateSafely(broken, new Thought({ prompt: "Greet me.", text: "Hello!" })));
 * console.log(result.error); // { code: "internal", message: "out of order" }
 * ```
 */
export function* validateSafely(
  validator: Validator,
  thought: Thought,
  context: ValidatorContext = {},
): Operation<ValidationResult> {
  const { name } = validator;
  if (thought.text === undefined) return noText(name);
  try {
    const operation = ask(validator, thought, context);
    const first = operation.next();
    if (first.done) return toResult(name, first.value);
    return toResult(name, yield* finish(operation, first, { name, timeoutMs: context.timeoutMs }));
  } catch (error) {
    if (passesThrough(error, context)) throw error;
    return brokenResult(name, error);
  }
}

/** Goes on with a check that has taken its first step and waits. */
function* finish(
  operation: Operation<unknown>,
  first: IteratorResult<Effect, unknown>,
  { name, timeoutMs }: { readonly name: string; readonly timeoutMs: number | undefined },
): Operation<unknown> {
  const rest = resume(operation, first);
  if (timeoutMs === undefined) return yield* rest;
  try {
    return yield* timeout(timeoutMs, rest, name);
  } finally {
    // Cancelled before it became a child, nobody else would run its `finally` blocks; one that has ended does not notice.
    yield* resume(operation, operation.return(undefined));
  }
}

function ask(validator: Validator, thought: Thought, context: ValidatorContext): Operation<unknown> {
  if (validator._validateOperation) return validator._validateOperation(thought, context);
  return host<unknown>(
    validator.validate && (() => validator.validate!(thought, context)),
    validator._validateAsync && ((signal) => validator._validateAsync!(thought, { ...context, signal })),
  );
}

/**
 * Makes a result of what a validator gave.
 *
 * @param name The validator.
 * @param given A result, what one is made of, whether the text passed, or a list of issues.
 * @returns The result, under the validator's name.
 * @throws {ValidatorError} When it is nothing of these.
 * @throws {ConfigurationError} When a field is unknown or wrong.
 */
export function toResult(name: string, given: unknown): ValidationResult {
  if (given instanceof ValidationResult) return ValidationResult.of(given, { validator: name });
  if (typeof given === "boolean") return new ValidationResult({ validator: name, passed: given });
  if (Array.isArray(given) && given.every((issue) => typeof issue === "string")) {
    return new ValidationResult({ validator: name, passed: given.length === 0, issues: given });
  }
  if (typeof given === "object" && given !== null && "passed" in given) {
    return new ValidationResult({ ...given as ValidationResultInit, validator: name });
  }
  throw new ValidatorError(
    `A validator must give true or false, a list of issues (strings), or an object with \`passed\`: ` +
      `${name} gave ${show(given)}`,
    { code: "internal", component: name, operation: "validate" },
  );
}

/**
 * The result for a thought that has no text.
 *
 * @param name The validator.
 * @returns A result with the error `no_text`.
 */
export function noText(name: string): ValidationResult {
  return new ValidationResult({
    validator: name,
    passed: false,
    error: { code: "no_text", message: "The check could not be made as the thought has no text" },
  });
}

/**
 * The result of a validator that threw.
 *
 * @param name The validator.
 * @param thrown What it threw.
 * @returns A result with the error, under the code of the error where that says more than "internal".
 */
function brokenResult(name: string, thrown: unknown): ValidationResult {
  const message = thrown instanceof Error ? thrown.message || thrown.name : show(thrown);
  return new ValidationResult({
    validator: name,
    passed: false,
    message: `The check could not be made: ${message}`,
    error: { code: codeOf(thrown), message },
  });
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof ValidatorError || thrown instanceof TimeoutError) return thrown.code;
  // What `AbortSignal.timeout` gives.
  return (thrown as { name?: unknown } | null)?.name === "TimeoutError" ? "timeout" : "internal";
}

const NOT_CALLABLE: readonly string[] = ["async_only", "promise_returned"];

function passesThrough(error: unknown, { signal }: ValidatorContext): boolean {
  if (signal?.aborted && error === signal.reason) return true;
  if ((error as { name?: unknown } | null)?.name === "AbortError") return true;
  if (!(error instanceof SifakaError)) return false;
  // A model that a validator asks on its own account may fail without ending the run.
  if (error instanceof ChainError) return !(error instanceof ModelError);
  return error instanceof ConfigurationError && NOT_CALLABLE.includes(error.code);
}
