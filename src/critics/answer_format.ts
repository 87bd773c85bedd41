/**
 * The form of a critic's answer, described once: as a JSON Schema for models that take one, and in words for all.
 *
 * @module
 */

import type { AnswerReading } from "./parse_answer.ts";

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One field of an answer. */
export interface AnswerField {
  /** What it holds. */
  readonly schema: JsonSchema;
  /** What it means, as the model is told. */
  readonly meaning: string;
}

/** The form of an answer. */
export interface AnswerFormat {
  /** The schema of the object, for `responseFormat`. */
  readonly schema: JsonSchema;
  /** What a prompt says about it. */
  readonly instructions: string;
  /** How it is read. */
  readonly reading: AnswerReading;
}

/** What {@linkcode answerFormat} needs to know. */
export interface AnswerFormatOptions {
  /** What the model is to write before anything else: reasons that come first are not made to fit the verdict. */
  readonly first?: Readonly<Record<string, AnswerField>>;
  /** The critic's own fields, after the common ones. A common field of the same name is replaced. */
  readonly fields?: Readonly<Record<string, AnswerField>>;
  /** A neutral example of an answer. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** How it is read. */
  readonly reading?: AnswerReading;
}

/** A string. */
export const TEXT: JsonSchema = Object.freeze({ type: "string" });

/** A list of strings. */
export const TEXTS: JsonSchema = Object.freeze({ type: "array", items: TEXT });

/** How grave something is. */
export const SEVERITY: JsonSchema = Object.freeze({ type: "string", enum: ["low", "medium", "high"] });

/** A whole number from 0 to 10, listed, since OpenAI's strict mode knows no bounds. */
export const SCORE: JsonSchema = Object.freeze({ type: "integer", enum: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });

/** A yes or no. */
export const YES_OR_NO: JsonSchema = Object.freeze({ type: "boolean" });

/** A whole number. */
export const WHOLE: JsonSchema = Object.freeze({ type: "integer" });

/** A list of whole numbers. */
export const WHOLES: JsonSchema = Object.freeze({ type: "array", items: WHOLE });

/** What a list of objects holds; each field is required, as providers that enforce a schema demand. */
export function listOf(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: "array", items: objectOf(properties) };
}

function objectOf(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

const COMMON_FIELDS: Readonly<Record<string, AnswerField>> = {
  needsImprovement: {
    schema: { type: "boolean" },
    meaning: "true if the text should be changed, false if it is good as it is",
  },
  score: {
    schema: SCORE,
    meaning: "how good the text is, a whole number from 0 (useless) to 10 (nothing to improve)",
  },
  summary: { schema: TEXT, meaning: "your judgement in one or two sentences" },
  issues: {
    schema: listOf({ text: TEXT, severity: SEVERITY, quote: TEXT }),
    meaning: "what is wrong, one entry for each: text; severity (low, medium or high); " +
      'quote, the exact words of the text, or "" when no words show it',
  },
  suggestions: { schema: listOf({ text: TEXT }), meaning: "what to do, one concrete change for each entry" },
};

const EXAMPLE: Readonly<Record<string, unknown>> = {
  needsImprovement: true,
  score: 6,
  summary: "Clear, but one paragraph says the same as another.",
  issues: [{
    text: "The third paragraph repeats the second.",
    severity: "medium",
    quote: "As has been said",
  }],
  suggestions: [{ text: "Delete the third paragraph." }],
};

/**
 * Describes the form of an answer.
 *
 * @param options The critic's own fields, and an example.
 * @returns The schema, the words, and how to read the answer.
 */
export function answerFormat(options: AnswerFormatOptions = {}): AnswerFormat {
  return formatOf({
    fields: { ...options.first, ...COMMON_FIELDS, ...options.fields },
    example: { ...EXAMPLE, ...options.example },
    reading: options.reading ?? {},
    note:
      "A text without faults is an acceptable finding: then the lists are empty. Invent nothing to fill them.",
  });
}

/** What {@linkcode ownFormat} needs to know. */
export interface OwnFormatOptions {
  /** All fields. */
  readonly fields: Readonly<Record<string, AnswerField>>;
  /** A neutral example of an answer. */
  readonly example: Readonly<Record<string, unknown>>;
  /** How it is read; `isEnough` is needed, as the common verdict is not asked for. */
  readonly reading: AnswerReading & Required<Pick<AnswerReading, "isEnough" | "missing">>;
}

/**
 * Describes the form of an answer that is no critique: none of the common fields stand in it.
 *
 * @param options The fields, an example, and how it is read.
 * @returns The schema, the words, and how to read the answer.
 */
export function ownFormat(options: OwnFormatOptions): AnswerFormat {
  return formatOf({ ...options, note: "Invent nothing to fill a field." });
}

function formatOf(
  options: Omit<OwnFormatOptions, "reading"> & { readonly reading: AnswerReading; readonly note: string },
): AnswerFormat {
  const { fields, reading, note } = options;
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, { schema, meaning }]) => [name, { ...schema, description: meaning }]),
  );
  const lines = Object.entries(fields).map(([name, { meaning }]) => `- "${name}": ${meaning}`);
  // In the order of the fields, which is the order that the model is to think in.
  const example = JSON.stringify(
    Object.fromEntries(Object.keys(fields).map((name) => [name, options.example[name]])),
  );
  return Object.freeze({
    schema: Object.freeze(objectOf(properties)),
    instructions: [
      "Answer with one JSON object and nothing else. Its fields:",
      lines.join("\n"),
      note,
      `The form, shown on an unrelated text: ${example}`,
    ].join("\n"),
    reading,
  });
}

/**
 * The JSON Schema of the object that every critic asks a model for; each critic adds fields of its own.
 *
 * @example
 * ```ts
 * import { CRITIC_ANSWER_SCHEMA } from "@sifaka/sifaka/critics";
 *
 * console.log(CRITIC_ANSWER_SCHEMA.type); // "object"
 * ```
 */
export const CRITIC_ANSWER_SCHEMA: JsonSchema = answerFormat().schema;
