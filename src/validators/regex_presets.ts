/**
 * Regular expressions for common demands on a text.
 *
 * @module
 */

import { checkOptions, optionError, type OptionSchema, type OptionSchemas } from "../options.ts";
import type { PatternRule } from "./regex_options.ts";
import { RegexValidator } from "./regex_validator.ts";

/** A fenced code block: the closing fence is as long as the opening one, or longer. */
const CODE_BLOCK = "^[ ]{0,3}(`{3,}|~{3,})[^\\n]*\\n(?:[^]*?\\n)??[ ]{0,3}\\1[`~]*[ \\t]*$";
/** [1], [2, 3], [4-6]. */
const NUMBERED_CITATION = "\\[\\d{1,4}(?:[ ]?[,–-][ ]?\\d{1,4}){0,20}\\]";
/** (Smith, 2020), (Smith & Jones 2020a), (Smith et al., 2020). */
const NAME = "\\p{Lu}[\\p{L}'’-]{0,60}";
const AUTHOR_CITATION =
  `\\(${NAME}(?:[ ]${NAME}){0,3}(?:[ ]et[ ]al\\.?|[ ](?:&|and)[ ]${NAME})?,?[ ]\\d{4}[a-z]?\\)`;
const HEADING = "^[ ]{0,3}#{1,6}[ \\t]+\\S";
const LIST_ITEM = "^[ \\t]{0,12}(?:[-*+]|\\d{1,9}[.)])[ \\t]+\\S";

/** Options of {@linkcode codeBlockValidator}. */
export interface CodeBlockOptions {
  /** What results are filed under. @default "CodeBlockValidator" */
  readonly name?: string;
  /** The fewest fenced code blocks. @default 1 */
  readonly minBlocks?: number;
}

/** Options of {@linkcode citationValidator}. */
export interface CitationOptions {
  /** What results are filed under. @default "CitationValidator" */
  readonly name?: string;
  /** The fewest citations, of either kind together. @default 1 */
  readonly minCitations?: number;
}

/** Options of {@linkcode structureValidator}. */
export interface StructureOptions {
  /** What results are filed under. @default "StructureValidator" */
  readonly name?: string;
  /** The fewest Markdown headings. @default 1 */
  readonly minHeadings?: number;
  /** The fewest items of lists. @default 0 */
  readonly minListItems?: number;
}

/**
 * Requires fenced code blocks, as Markdown has them.
 *
 * @param options How many.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ````ts
 * import { Thought } from "@sifaka/sifaka";
 * import { codeBlockValidator } from "@sifaka/sifaka/validators";
 *
 * const text = "Run:\n```sh\ndeno task demo\n```\n";
 * console.log(codeBlockValidator().validate(new Thought({ prompt: "How?", text })).passed); // true
 * ````
 */
export function codeBlockValidator(options: CodeBlockOptions = {}): RegexValidator {
  const { name = "CodeBlockValidator", minBlocks = 1 } = check("CodeBlockValidator", options, {
    minBlocks: least("The fewest fenced code blocks.", 1),
  });
  return new RegexValidator({
    name,
    required: [{
      name: "code block",
      pattern: CODE_BLOCK,
      min: minBlocks,
      message: "Put code into fenced code blocks.",
    }],
  });
}

/**
 * Requires citations: `[1]`, `(Author, 2020)` or `(Author et al., 2020)`.
 *
 * @param options How many.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { citationValidator } from "@sifaka/sifaka/validators";
 *
 * const text = "Lemurs are primates (Mittermeier et al., 2008).";
 * console.log(citationValidator().validate(new Thought({ prompt: "Explain.", text })).passed); // true
 * ```
 */
export function citationValidator(options: CitationOptions = {}): RegexValidator {
  const { name = "CitationValidator", minCitations = 1 } = check("CitationValidator", options, {
    minCitations: least("The fewest citations.", 1),
  });
  return new RegexValidator({
    name,
    required: [{
      name: "citation",
      pattern: `${NUMBERED_CITATION}|${AUTHOR_CITATION}`,
      min: minCitations,
      message: "Cite a source, as [1] or (Author, 2020).",
    }],
  });
}

/**
 * Requires Markdown headings and items of lists.
 *
 * @param options How many of each; at least one of them must not be 0.
 * @returns The validator.
 * @throws {ConfigurationError} When an option is wrong, or nothing is required.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { structureValidator } from "@sifaka/sifaka/validators";
 *
 * const structure = structureValidator({ minHeadings: 1, minListItems: 2 });
 * const text = "# Lemurs\n\n- ring-tailed\n- mouse\n";
 * console.log(structure.validate(new Thought({ prompt: "List them.", text })).passed); // true
 * ```
 */
export function structureValidator(options: StructureOptions = {}): RegexValidator {
  const { name = "StructureValidator", minHeadings = 1, minListItems = 0 } = check(
    "StructureValidator",
    options,
    {
      minHeadings: least("The fewest Markdown headings.", 0),
      minListItems: least("The fewest items of lists.", 0),
    },
  );
  const rules: PatternRule[] = [
    {
      name: "heading",
      pattern: HEADING,
      min: minHeadings,
      message: "Add headings: lines that begin with # and a space.",
    },
    {
      name: "list item",
      pattern: LIST_ITEM,
      min: minListItems,
      message: "Add items of a list: lines that begin with - and a space.",
    },
  ];
  const required = rules.filter(({ min }) => min! > 0);
  if (required.length === 0) {
    const message = "minHeadings and minListItems must not both be 0: nothing would be required";
    throw optionError("StructureValidator", [{ path: ["minHeadings"], message }]);
  }
  return new RegexValidator({ name, required });
}

function check<T extends object>(component: string, options: T, schemas: OptionSchemas): T {
  const name: OptionSchema = { description: "What results are filed under.", type: "string", minLength: 1 };
  return checkOptions(component, options, { name, ...schemas });
}

function least(description: string, minimum: number): OptionSchema {
  return { description, type: "integer", minimum };
}
