/**
 * The options of {@linkcode FormatValidator}.
 *
 * @module
 */

import {
  checkOptions,
  optionError,
  type OptionProblem,
  type OptionSchema,
  type OptionSchemas,
  show,
} from "../options.ts";
import type { Verdict } from "./define_validator.ts";
import type { MarkdownOptions } from "./format_markdown.ts";
import { type FormatSchema, isLiveSchema } from "./format_schema.ts";
import { jsonSchemaProblems } from "./json_schema.ts";
import { acceptedProtocols, type UrlOptions } from "./format_url.ts";
import type { Operation } from "../operation/operation.ts";
import type { ValidatorContext } from "./validator.ts";

/** The formats that {@linkcode FormatValidator} knows. */
export type TextFormat = "json" | "containsJson" | "markdown" | "email" | "url" | "custom";

/** Checks a format of one's own: a plain, a generator or an asynchronous function. */
export type FormatFunction = (
  text: string,
  context: ValidatorContext,
) => Verdict | Operation<Verdict> | Promise<Verdict>;

/** Options of {@linkcode FormatValidator}. */
export interface FormatOptions {
  /** What results are filed under. @default "FormatValidator" */
  readonly name?: string;
  /** The format. Required. */
  readonly format?: TextFormat;
  /** Another name of `format`. */
  readonly formatType?: TextFormat;
  /** Another name of `format`. */
  readonly expectedFormat?: TextFormat;
  /** What the JSON must fit; only for "json" and "containsJson". */
  readonly schema?: FormatSchema;
  /** Whether one code fence around the JSON is accepted; only for "json". @default false */
  readonly allowFence?: boolean;
  /** Whether a key that occurs twice in an object is an issue; only for "json" and "containsJson". @default true */
  readonly strictKeys?: boolean;
  /** How many valid objects or arrays there must be; only for "containsJson". @default 1 */
  readonly minCount?: number;
  /** Whether any of the objects and arrays, or all, must be valid and fit the schema; only for "containsJson". @default "any" */
  readonly match?: "any" | "all";
  /** Checks the text; required for "custom", and only for it. */
  readonly customValidator?: FormatFunction;
  /** What is asked of Markdown; only for "markdown". */
  readonly markdown?: MarkdownOptions;
  /** What addresses are accepted; only for "url". */
  readonly url?: UrlOptions;
}

const FORMAT: OptionSchema = { enum: ["json", "containsJson", "markdown", "email", "url", "custom"] };

/**
 * The options of {@linkcode FormatValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { FORMAT_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log(Object.keys(FORMAT_OPTIONS).length > 0); // true
 * ```
 */
export const FORMAT_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "FormatValidator",
  },
  format: { ...FORMAT, description: "The format. Required." },
  formatType: { ...FORMAT, description: "Another name of format." },
  expectedFormat: { ...FORMAT, description: "Another name of format." },
  schema: {
    description: "What the JSON must fit: a JSON Schema (a part of draft 2020-12).",
    anyOf: [
      {
        codeOnly: true,
        accepts: isLiveSchema,
        accepted:
          "a Standard Schema object (of zod, valibot, arktype or others), a function that gives issues",
      },
      { type: ["object", "boolean"], additionalProperties: true },
    ],
  },
  allowFence: flag("Whether one code fence around the JSON is accepted.", false),
  strictKeys: flag("Whether a key that occurs twice in an object is an issue.", true),
  minCount: {
    description: "How many valid objects or arrays there must be.",
    type: "integer",
    minimum: 1,
    default: 1,
  },
  match: {
    description: "Whether any of the objects and arrays, or all, must be valid and fit the schema.",
    enum: ["any", "all"],
    default: "any",
  },
  customValidator: {
    description: "Checks the text.",
    codeOnly: true,
    accepts: (value) => typeof value === "function",
    accepted: "a function",
  },
  markdown: {
    description: "What is asked of Markdown.",
    type: "object",
    properties: {
      requireHeading: flag("Whether there must be a heading.", false),
      requireList: flag("Whether there must be a list.", false),
      requireCodeBlock: flag("Whether there must be a code block.", false),
      requireTable: flag("Whether there must be a table.", false),
      maxHeadingJump: {
        description: "By how many levels a heading may be deeper than the one before it.",
        type: "integer",
        minimum: 1,
        maximum: 5,
      },
      strictHeadings: flag('Whether a "#" without a space after it is a malformed heading.', false),
    },
  },
  url: {
    description: "What addresses are accepted.",
    type: "object",
    properties: {
      protocols: {
        description: "The protocols.",
        type: "array",
        items: { type: "string", minLength: 1 },
        minItems: 1,
        default: ["http:", "https:"],
      },
      allowLocalhost: flag("Whether this machine's own names and addresses are accepted.", true),
      allowIp: flag("Whether a numeric address may stand in place of a name.", true),
      requireTld: flag("Whether the name must have a top-level domain.", false),
      allowCredentials: flag("Whether a user name or password may be part of the address.", false),
    },
  },
};

function flag(description: string, fallback: boolean): OptionSchema {
  return { description, type: "boolean", default: fallback };
}

/** The options that say something only of some formats. */
const BELONGS_TO: Readonly<Partial<Record<keyof FormatOptions, readonly TextFormat[]>>> = {
  schema: ["json", "containsJson"],
  allowFence: ["json"],
  strictKeys: ["json", "containsJson"],
  minCount: ["containsJson"],
  match: ["containsJson"],
  customValidator: ["custom"],
  markdown: ["markdown"],
  url: ["url"],
};

/** Checked options. */
export type CheckedFormat = Omit<FormatOptions, "format" | "formatType" | "expectedFormat"> & {
  /** The format. */
  readonly format: TextFormat;
};

/**
 * Checks the options.
 *
 * @param component The component, as errors name it.
 * @param given The options.
 * @returns The options, with the format under its first name.
 * @throws {ConfigurationError} When an option is wrong, the format is missing, or an option does not belong to it.
 */
export function checkFormatOptions(component: string, given: FormatOptions): CheckedFormat {
  const { format: first, formatType, expectedFormat, ...options } = checkOptions(
    component,
    given,
    FORMAT_OPTIONS,
  );
  const problems: OptionProblem[] = [];
  const named = Object.entries({ format: first, formatType, expectedFormat }).filter(([, value]) =>
    value !== undefined
  );
  const format = named[0]?.[1];
  if (format === undefined) {
    problems.push({
      path: ["format"],
      message: `format is required: one of ${(FORMAT.enum ?? []).map(show).join(", ")}`,
    });
  }
  if (named.length > 1) {
    const names = named.map(([name]) => name).join(" and ");
    problems.push({
      path: [named[1]![0]],
      message: `${names} must not both be given: they are two names of one thing`,
    });
  }
  if (format !== undefined) problems.push(...belongingProblems(format, options));
  problems.push(...protocolProblems(options.url));
  const { schema } = options;
  if (schema !== undefined && !isLiveSchema(schema)) problems.push(...jsonSchemaProblems(schema, ["schema"]));
  if (problems.length > 0) throw optionError(component, problems);
  return { ...options, format: format! };
}

function belongingProblems(format: TextFormat, options: Partial<FormatOptions>): OptionProblem[] {
  const problems = (Object.keys(options) as (keyof FormatOptions)[]).flatMap((name) => {
    const formats = BELONGS_TO[name];
    if (formats === undefined || formats.includes(format)) return [];
    const message = `${name} must only be given where format is ${
      formats.map(show).join(" or ")
    }: format is ${show(format)}`;
    return [{ path: [name], message }];
  });
  if (format === "custom" && options.customValidator === undefined) {
    problems.push({
      path: ["customValidator"],
      message: 'customValidator is required where format is "custom"',
    });
  }
  return problems;
}

function protocolProblems(url: UrlOptions | undefined): OptionProblem[] {
  return acceptedProtocols(url ?? {}).filter((protocol) => !/^[a-z][a-z\d+.-]*:$/.test(protocol)).map((
    protocol,
  ) => ({
    path: ["url", "protocols"],
    message: `url.protocols must hold names of protocols such as "https:": ${show(protocol)} is none`,
  }));
}
