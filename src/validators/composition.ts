/**
 * Validators made of validators.
 *
 * @module
 */

import { allSettled } from "../operation/combinators.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, optionError, type OptionSchemas, show } from "../options.ts";
import type { Thought } from "../thought/thought.ts";
import { ValidationResult } from "../thought/validation_result.ts";
import { noText, validateSafely } from "./validate_safely.ts";
import { OperationValidator, type Validator, type ValidatorContext } from "./validator.ts";
import { listed, sentence } from "./wording.ts";

/** Options of {@linkcode allOf} and {@linkcode anyOf}. */
export interface CompositionOptions {
  /** What results are filed under. @default the names of the parts, for example "(length and content)" */
  readonly name?: string;
  /**
   * Whether all parts are asked, side by side, for everything there is to say; or one after another until the outcome is
   * decided. @default "all"
   */
  readonly evaluation?: "all" | "shortCircuit";
}

/** Options of {@linkcode not}. */
export interface NotOptions {
  /** What results are filed under. @default the name of the part, for example "not content" */
  readonly name?: string;
  /** What a writer is told to do when the part passes. @default "Change the text so that … does not hold." */
  readonly message?: string;
}

/**
 * The options of compositions, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { COMPOSITION_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log(Object.keys(COMPOSITION_OPTIONS)); // ["name", "evaluation"]
 * ```
 */
export const COMPOSITION_OPTIONS: OptionSchemas = {
  name: { description: "What results are filed under.", type: "string", minLength: 1 },
  evaluation: {
    description: "Whether all parts are asked, or one after another until the outcome is decided.",
    enum: ["all", "shortCircuit"],
    default: "all",
  },
};

/**
 * The options of {@linkcode not}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { NOT_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log(Object.keys(NOT_OPTIONS)); // ["name", "message"]
 * ```
 */
export const NOT_OPTIONS: OptionSchemas = {
  name: { description: "What results are filed under.", type: "string", minLength: 1 },
  message: { description: "What a writer is told to do.", type: "string", minLength: 1 },
};

/**
 * Passes when every part passes. The score is the lowest of theirs. A part that could not make its check makes this one fail
 * to be made, too, unless another part has failed anyway.
 *
 * @param validators The parts, at least one; any validator can be one.
 * @param options A name, and whether all are asked.
 * @returns The validator.
 * @throws {ConfigurationError} When there is no part, or one is no validator.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { allOf, LengthValidator, prohibitedContent } from "@sifaka/sifaka/validators";
 *
 * const both = allOf([new LengthValidator({ maxWords: 3 }), prohibitedContent(["simply"])]);
 * const result = both.validate(new Thought({ prompt: "Greet me.", text: "Simply a very good morning" }));
 * console.log(result.issues.length); // 2
 * ```
 */
export function allOf(
  validators: readonly Validator[],
  options: CompositionOptions = {},
): OperationValidator {
  return new Composition("allOf", validators, options);
}

/**
 * Passes when one part passes. The score is the highest of theirs. When none passes, the issues list every alternative. A part
 * that could not make its check makes this one fail to be made, too, unless another part passes.
 *
 * @param validators The parts, at least one; any validator can be one.
 * @param options A name, and whether all are asked.
 * @returns The validator.
 * @throws {ConfigurationError} When there is no part, or one is no validator.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { anyOf, FormatValidator } from "@sifaka/sifaka/validators";
 *
 * const link = anyOf([new FormatValidator({ format: "url" }), new FormatValidator({ format: "email" })]);
 * console.log(link.validate(new Thought({ prompt: "Where?", text: "a@example.com" })).passed); // true
 * ```
 */
export function anyOf(
  validators: readonly Validator[],
  options: CompositionOptions = {},
): OperationValidator {
  return new Composition("anyOf", validators, options);
}

/**
 * Passes when the part does not. The score is 1 less that of the part. A part that could not make its check makes this one fail
 * to be made, too: only a text that was judged and failed counts.
 *
 * @param validator The part.
 * @param options A name, and what a writer is told to do.
 * @returns The validator.
 * @throws {ConfigurationError} When the part is no validator.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { not, requiredContent } from "@sifaka/sifaka/validators";
 *
 * const calm = not(requiredContent(["hurry"]), { message: "Do not hurry the reader." });
 * console.log(calm.validate(new Thought({ prompt: "Write.", text: "Hurry!" })).suggestions); // ["Do not hurry the reader."]
 * ```
 */
export function not(validator: Validator, options: NotOptions = {}): OperationValidator {
  return new Negation(validator, options);
}

class Composition extends OperationValidator {
  override readonly name: string;
  readonly #kind: "allOf" | "anyOf";
  readonly #parts: readonly Validator[];
  readonly #shortCircuit: boolean;

  constructor(kind: "allOf" | "anyOf", parts: readonly Validator[], options: CompositionOptions) {
    super({ ...options, parts });
    const { name, evaluation = "all" } = checkOptions(kind, options, COMPOSITION_OPTIONS);
    this.#kind = kind;
    this.#parts = checkParts(kind, parts);
    this.#shortCircuit = evaluation === "shortCircuit";
    this.name = name ?? `(${this.#parts.map((part) => part.name).join(kind === "allOf" ? " and " : " or ")})`;
  }

  override *_validateOperation(
    thought: Thought,
    context: ValidatorContext = {},
  ): Operation<ValidationResult> {
    if (thought.text === undefined) return noText(this.name);
    return this.#combine(yield* this.#ask(thought, context));
  }

  *#ask(thought: Thought, context: ValidatorContext): Operation<ValidationResult[]> {
    if (!this.#shortCircuit) {
      return yield* askAll(this.#parts.map((part) => () => validateSafely(part, thought, context)));
    }
    const results: ValidationResult[] = [];
    for (const part of this.#parts) {
      const result = yield* validateSafely(part, thought, context);
      results.push(result);
      if (this.#decides(result)) break;
    }
    return results;
  }

  /** Whether the outcome is certain whatever the other parts say. */
  #decides(result: ValidationResult): boolean {
    return this.#kind === "anyOf" ? result.passed : !result.passed && result.error === undefined;
  }

  #combine(results: readonly ValidationResult[]): ValidationResult {
    const decided = results.some((result) => this.#decides(result));
    const broken = results.filter((result) => result.error !== undefined);
    if (!decided && broken.length > 0) return unmade(this.name, broken);
    const judged = results.filter((result) => result.error === undefined);
    const passed = decided === (this.#kind === "anyOf");
    const scores = judged.map(scoreOf);
    const failures = passed ? [] : judged.filter((result) => !result.passed);
    const [low, high] = [Math.min(...scores), Math.max(...scores)];
    const score = passed ? 1 : this.#kind === "allOf" ? low : high;
    return new ValidationResult({
      validator: this.name,
      passed,
      score: Number.isNaN(score) ? undefined : score,
      message: this.#message(passed, results),
      issues: failures.flatMap((result) => prefixed(result, result.issues)),
      suggestions: failures.flatMap((result) => result.suggestions),
      metadata: { parts: results.map((result) => result.toJSON()) },
    });
  }

  #message(passed: boolean, results: readonly ValidationResult[]): string {
    const named = (some: readonly ValidationResult[]): string =>
      listed(some.map(({ validator }) => validator));
    const passing = results.filter((result) => result.passed);
    if (this.#kind === "allOf") {
      return passed
        ? `All of ${named(results)} pass.`
        : `Not all of ${named(results)} pass: ${named(results.filter((result) => !result.passed))} ${
          results.length - passing.length === 1 ? "does" : "do"
        } not.`;
    }
    return passed
      ? `Of ${named(results)}, ${named(passing)} ${passing.length === 1 ? "passes" : "pass"}.`
      : `None of ${named(results)} passes.`;
  }
}

class Negation extends OperationValidator {
  override readonly name: string;
  readonly #part: Validator;
  readonly #message: string;

  constructor(part: Validator, options: NotOptions) {
    super({ ...options, part });
    const checked = checkOptions("not", options, NOT_OPTIONS);
    [this.#part] = checkParts("not", [part]) as [Validator];
    this.name = checked.name ?? `not ${this.#part.name}`;
    this.#message = checked.message ?? `Change the text so that ${this.#part.name} does not hold.`;
  }

  override *_validateOperation(
    thought: Thought,
    context: ValidatorContext = {},
  ): Operation<ValidationResult> {
    if (thought.text === undefined) return noText(this.name);
    const result = yield* validateSafely(this.#part, thought, context);
    if (result.error !== undefined) return unmade(this.name, [result]);
    const passed = !result.passed;
    return new ValidationResult({
      validator: this.name,
      passed,
      score: passed ? 1 : result.score === undefined ? undefined : 1 - result.score,
      message: passed ? `${this.#part.name} does not hold.` : `${this.#part.name} holds: ${result.message}`,
      issues: passed ? [] : [sentence(`${this.#part.name} must not hold: ${result.message}`)],
      suggestions: passed ? [] : [this.#message],
      metadata: { parts: [result.toJSON()] },
    });
  }
}

/** A part without a score has one by its verdict only where it passed. */
function scoreOf({ passed, score }: ValidationResult): number {
  return score ?? (passed ? 1 : NaN);
}

function prefixed({ validator, message }: ValidationResult, issues: readonly string[]): string[] {
  return (issues.length === 0 ? [message] : issues).map((issue) => `${validator}: ${issue}`);
}

function unmade(name: string, broken: readonly ValidationResult[]): ValidationResult {
  const reasons = broken.map(({ validator, error }) => `${validator}: ${error!.message}`).join("; ");
  return new ValidationResult({
    validator: name,
    passed: false,
    message: `The check could not be made: ${reasons}`,
    error: { code: broken[0]!.error!.code, message: reasons },
  });
}

/**
 * Asks side by side. What passes through {@linkcode validateSafely} (the end of the run, a part that cannot be called) is thrown
 * again; parts that do not wait are asked in place.
 */
function* askAll(asks: readonly (() => Operation<ValidationResult>)[]): Operation<ValidationResult[]> {
  const outcomes = yield* allSettled(asks.map((ask) => ask()));
  return outcomes.map((outcome) => {
    if (!outcome.ok) throw outcome.error;
    return outcome.value;
  });
}

function checkParts(component: string, parts: unknown): readonly Validator[] {
  if (!Array.isArray(parts) || parts.length === 0) {
    throw optionError(component, [{
      path: ["validators"],
      message: `it needs a list of at least one validator: it got ${show(parts)}`,
    }]);
  }
  parts.forEach((part, index) => {
    if (isValidator(part)) return;
    throw optionError(component, [{
      path: ["validators", index],
      message: `each part must be a validator, with a name and a method validate: part ${index + 1} is ${
        show(part)
      }`,
    }]);
  });
  return [...parts];
}

function isValidator(value: unknown): value is Validator {
  const { name, ...rest } = (value ?? {}) as Partial<Validator>;
  if (typeof name !== "string" || name.trim() === "") return false;
  const methods = ["validate", "_validateAsync", "_validateOperation"] as const;
  return methods.some((method) => typeof ((value as Validator)[method] ?? rest[method]) === "function");
}
