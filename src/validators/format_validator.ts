/**
 * Checks the format of a text.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import type { Thought } from "../thought/thought.ts";
import { ValidationResult } from "../thought/validation_result.ts";
import { callUser } from "./define_validator.ts";
import { checkEmail } from "./format_email.ts";
import { checkContainsJson, checkJson, type JsonSettings } from "./format_json.ts";
import { checkMarkdown } from "./format_markdown.ts";
import { type CheckedFormat, checkFormatOptions, type FormatOptions } from "./format_options.ts";
import type { FormatOutcome } from "./format_outcome.ts";
import { isLiveSchema } from "./format_schema.ts";
import { checkUrl } from "./format_url.ts";
import { noText, toResult } from "./validate_safely.ts";
import { OperationValidator, type ValidatorContext } from "./validator.ts";

/**
 * Checks the format of a text.
 *
 * - `json`: the whole text is one JSON value. Unlike `JSON.parse`, it does not let keys that occur twice and numbers that lose
 *   digits pass.
 * - `containsJson`: there is an object or array of JSON in the prose.
 * - `markdown`: nothing in its structure is broken (fences, code spans, links, tables), and what is asked for is there.
 * - `email`, `url`: the text is one address.
 * - `custom`: a function of one's own decides.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { FormatValidator } from "@sifaka/sifaka/validators";
 *
 * const json = new FormatValidator({ format: "json" });
 * const result = json.validate(new Thought({ prompt: "Answer in JSON.", text: '{"name": "lemur",}' }));
 * console.log(result.suggestions); // ["Remove the comma before }."]
 * ```
 *
 * @example With a schema: a JSON Schema, a schema object of zod, valibot, arktype and others, or a function
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { FormatValidator } from "@sifaka/sifaka/validators";
 *
 * const named = new FormatValidator({
 *   format: "json",
 *   schema: (value) => (value as { name?: unknown }).name ? [] : ["expected a name"],
 * });
 * console.log(named.validate(new Thought({ prompt: "Answer in JSON.", text: "{}" })).passed); // false
 * ```
 */
export class FormatValidator extends OperationValidator {
  /** What results are filed under. */
  override readonly name: string;
  readonly #options: CheckedFormat;
  readonly #json: JsonSettings;

  /**
   * Checks the options and makes the validator.
   *
   * @param options The format, and what is asked of it.
   * @throws {ConfigurationError} When an option is wrong, or does not belong to the format.
   */
  constructor(options: FormatOptions) {
    super(options);
    const checked = checkFormatOptions("FormatValidator", options);
    const {
      name = "FormatValidator",
      schema,
      allowFence = false,
      strictKeys = true,
      minCount = 1,
      match = "any",
    } = checked;
    this.name = name;
    this.#options = { ...checked, markdown: { ...checked.markdown }, url: copyUrl(checked.url) };
    this.#json = { schema: ownSchema(schema), allowFence, strictKeys, minCount, match };
  }

  /** The one body behind `validate` and its twin. */
  override *_validateOperation(
    thought: Thought,
    context: ValidatorContext = {},
  ): Operation<ValidationResult> {
    const { text } = thought;
    if (text === undefined) return noText(this.name);
    switch (this.#options.format) {
      case "json":
        return this.#result(yield* checkJson(text, this.#json));
      case "containsJson":
        return this.#result(yield* checkContainsJson(text, this.#json));
      case "markdown":
        return this.#result(yield* checkMarkdown(text, this.#options.markdown!));
      case "email":
        return this.#result(yield* checkEmail(text));
      case "url":
        return this.#result(checkUrl(text, this.#options.url!));
      case "custom":
        return this.#custom(yield* callUser(this.#options.customValidator!, text, context));
    }
  }

  #result(outcome: FormatOutcome): ValidationResult {
    const passed = outcome.issues.length === 0;
    return new ValidationResult({
      validator: this.name,
      passed,
      message: outcome.message,
      score: outcome.score ?? (passed ? 1 : 0),
      issues: outcome.issues,
      suggestions: outcome.suggestions,
      metadata: { format: this.#options.format, ...outcome.metadata },
    });
  }

  #custom(given: unknown): ValidationResult {
    if (given === true) {
      return this.#result({ message: "The text has the format.", issues: [], suggestions: [] });
    }
    if (given === false) {
      const message = "The text does not have the format.";
      return this.#result({ message, issues: [message], suggestions: ["Bring the text into the format."] });
    }
    const result = toResult(this.name, given);
    return result.score !== undefined || result.error !== undefined
      ? result
      : new ValidationResult({ ...result, score: result.passed ? 1 : 0 });
  }
}

/** A JSON Schema is copied, so that nobody changes it later. */
function ownSchema(schema: CheckedFormat["schema"]): CheckedFormat["schema"] {
  return schema === undefined || isLiveSchema(schema) ? schema : structuredClone(schema);
}

function copyUrl(url: CheckedFormat["url"] = {}): NonNullable<CheckedFormat["url"]> {
  return url.protocols === undefined ? { ...url } : { ...url, protocols: [...url.protocols] };
}
