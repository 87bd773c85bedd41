/**
 * Makes validators from functions.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { host, type Operation } from "../operation/operation.ts";
import { show } from "../options.ts";
import type { Thought } from "../thought/thought.ts";
import type { ValidationResult, ValidationResultInit } from "../thought/validation_result.ts";
import { noText, toResult } from "./validate_safely.ts";
import { OperationValidator, type ValidatorContext } from "./validator.ts";

/** What a validating function may give: whether the text passed, a list of issues (none: it passed), or a result. */
export type Verdict = boolean | readonly string[] | ValidationResultInit;

/**
 * What {@linkcode defineValidator} makes a validator of: a function, or a generator function that may wait. An
 * asynchronous function can only be used through `_runAsync` and `_validateAsync`.
 */
export type ValidateFunction = (
  thought: Thought,
  context: ValidatorContext,
) => Verdict | Operation<Verdict> | Promise<Verdict>;

/**
 * Makes a validator from a function.
 *
 * The function gets the thought and says whether its text passes. It may give `true` or `false`, a list of issues (none
 * means that the text passed), or an object with `passed` and any other fields of a result. It is not called for a thought
 * without a text. A generator function may wait, with `yield*` and Sifaka's building blocks, and stays concurrent with other
 * validators in `run()`. What the function throws becomes a result with `error`.
 *
 * @param name What its results are filed under.
 * @param check Examines the text.
 * @returns The validator.
 * @throws {ConfigurationError} When the name is blank or the function is none.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { defineValidator } from "@sifaka/sifaka/validators";
 *
 * const quiet = defineValidator("quiet", (thought) => thought.text!.includes("!") ? ["There is an exclamation mark."] : []);
 * console.log(quiet.validate(new Thought({ prompt: "Greet me.", text: "Hello!" })).passed); // false
 * ```
 *
 * @example A validator that waits
 * ```ts
 * import { sleep, Thought } from "@sifaka/sifaka";
 * import { defineValidator } from "@sifaka/sifaka/validators";
 *
 * const slow = defineValidator("slow", function* () {
 *   yield* sleep(5);
 *   return true;
 * });
 * console.log(slow.validate(new Thought({ prompt: "Greet me.", text: "Hello!" })).passed); // true
 * ```
 */
export function defineValidator(name: string, check: ValidateFunction): OperationValidator {
  if (typeof name !== "string" || name.trim() === "") {
    throw new ConfigurationError(
      `Cannot define a validator as its name must not be blank: name is ${show(name)}`,
      {
        code: "invalid_option",
        component: "defineValidator",
      },
    );
  }
  if (typeof check !== "function") {
    throw new ConfigurationError(
      `Cannot define validator ${name} as it must be a function: it is ${show(check)}`,
      {
        code: "invalid_option",
        component: name,
      },
    );
  }
  return new FunctionValidator(name, check);
}

class FunctionValidator extends OperationValidator {
  override readonly name: string;
  readonly #check: ValidateFunction;

  constructor(name: string, check: ValidateFunction) {
    super();
    this.name = name;
    this.#check = check;
  }

  override *_validateOperation(
    thought: Thought,
    context: ValidatorContext = {},
  ): Operation<ValidationResult> {
    if (thought.text === undefined) return noText(this.name);
    return toResult(this.name, yield* callUser(this.#check, thought, context));
  }
}

/**
 * Calls a function of the user's own that may be plain, a generator or asynchronous. A plain one is called in place, which
 * costs nothing.
 *
 * @typeParam T What its first argument is.
 * @param call The function.
 * @param subject Its first argument.
 * @param context Its second argument; an asynchronous function gets a signal in it that is aborted on cancellation.
 * @returns An operation of what it gives.
 */
export function* callUser<T>(
  call: (subject: T, context: ValidatorContext) => unknown,
  subject: T,
  context: ValidatorContext,
): Operation<unknown> {
  if (Object.prototype.toString.call(call) === "[object AsyncFunction]") {
    return yield* host(undefined, (signal) => call(subject, { ...context, signal }));
  }
  const given = call(subject, context);
  if (isOperation(given)) return yield* given;
  return isPromise(given) ? yield* host(() => given) : given;
}

function isOperation(value: unknown): value is Operation<unknown> {
  const object = value as { next?: unknown; [Symbol.iterator]?: unknown } | null;
  return typeof value === "object" && typeof object?.next === "function" &&
    typeof object[Symbol.iterator] === "function";
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
