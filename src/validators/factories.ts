/**
 * Validators for common wishes, in one call each.
 *
 * @module
 */

import type { ContentItem, ContentOptions } from "./content_options.ts";
import { ContentValidator } from "./content_validator.ts";
import type { FormatFunction, FormatOptions } from "./format_options.ts";
import type { MarkdownOptions } from "./format_markdown.ts";
import { FormatValidator } from "./format_validator.ts";

/**
 * Requires that the whole text is JSON.
 *
 * @param options What is asked of it.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { jsonFormat } from "@sifaka/sifaka/validators";
 *
 * console.log(jsonFormat().validate(new Thought({ prompt: "Count.", text: "[1, 2]" })).passed); // true
 * ```
 */
export function jsonFormat(
  options: Pick<FormatOptions, "name" | "schema" | "allowFence" | "strictKeys"> = {},
): FormatValidator {
  return new FormatValidator({ ...options, format: "json" });
}

/**
 * Requires that nothing in the structure of a Markdown text is broken.
 *
 * @param markdown What is asked of it beside that.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { markdownFormat } from "@sifaka/sifaka/validators";
 *
 * const markdown = markdownFormat({ requireHeading: true });
 * console.log(markdown.validate(new Thought({ prompt: "Write.", text: "# Lemurs" })).passed); // true
 * ```
 */
export function markdownFormat(markdown: MarkdownOptions = {}): FormatValidator {
  return new FormatValidator({ format: "markdown", markdown });
}

/**
 * Requires a format that a function of one's own checks.
 *
 * @param customValidator Checks the text.
 * @param options Under what name.
 * @returns The validator.
 * @throws {ConfigurationError} When it is no function.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { customFormat } from "@sifaka/sifaka/validators";
 *
 * const lowercase = customFormat((text) => text === text.toLowerCase());
 * console.log(lowercase.validate(new Thought({ prompt: "Write.", text: "Lemurs" })).passed); // false
 * ```
 */
export function customFormat(
  customValidator: FormatFunction,
  options: Pick<FormatOptions, "name"> = {},
): FormatValidator {
  return new FormatValidator({ ...options, format: "custom", customValidator });
}

/**
 * Requires that words and phrases do not occur.
 *
 * @param prohibited The words and phrases.
 * @param options How they are compared.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { prohibitedContent } from "@sifaka/sifaka/validators";
 *
 * const plain = prohibitedContent(["utilize", "leverage"]);
 * console.log(plain.validate(new Thought({ prompt: "Write.", text: "We utilize it." })).passed); // false
 * ```
 */
export function prohibitedContent(
  prohibited: readonly ContentItem[],
  options: Omit<ContentOptions, "prohibited" | "required"> = {},
): ContentValidator {
  return new ContentValidator({ ...options, prohibited });
}

/**
 * Requires that words and phrases occur.
 *
 * @param required The words and phrases.
 * @param options How they are compared, and whether any one of them will do.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { requiredContent } from "@sifaka/sifaka/validators";
 *
 * const named = requiredContent(["lemur", "sifaka"], { requireMode: "any" });
 * console.log(named.validate(new Thought({ prompt: "Write.", text: "A sifaka dances." })).passed); // true
 * ```
 */
export function requiredContent(
  required: readonly ContentItem[],
  options: Omit<ContentOptions, "prohibited" | "required"> = {},
): ContentValidator {
  return new ContentValidator({ ...options, required });
}
