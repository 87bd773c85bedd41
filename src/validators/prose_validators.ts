/**
 * Checks how prose reads.
 *
 * @module
 */

import { type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { positionOf, quote } from "../text/excerpt.ts";
import type { Thought } from "../thought/thought.ts";
import { ValidationResult } from "../thought/validation_result.ts";
import type { ProseReading, ProseRemark, ProseRequest, ProseRule } from "./prose_reading.ts";
import { noText } from "./validate_safely.ts";
import { OperationValidator } from "./validator.ts";
import { counted, listed } from "./wording.ts";

/** Options of {@linkcode ReadabilityValidator}. */
export interface ReadabilityOptions {
  /** What results are filed under. @default "ReadabilityValidator" */
  readonly name?: string;
  /** For readers of what age each sentence must be easy, in years. @default 16 */
  readonly age?: number;
  /** Sentences with fewer words are never hard. @default 5 */
  readonly minWords?: number;
  /** Which share of the sentences may be hard, 0 to 1. @default 0 */
  readonly maxHardShare?: number;
}

/**
 * The options of {@linkcode ReadabilityValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { READABILITY_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("age" in READABILITY_OPTIONS); // true
 * ```
 */
export const READABILITY_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "ReadabilityValidator",
  },
  age: {
    description: "For readers of what age each sentence must be easy, in years.",
    type: "integer",
    minimum: 6,
    maximum: 30,
    default: 16,
  },
  minWords: {
    description: "Sentences with fewer words are never hard.",
    type: "integer",
    minimum: 1,
    default: 5,
  },
  maxHardShare: {
    description: "Which share of the sentences may be hard, 0 to 1.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0,
  },
};

/**
 * Checks that each sentence of a text in English is easy for readers of an age. A sentence is hard when most of seven formulas
 * (Dale–Chall, Flesch, Gunning fog, SMOG and others, in `retext-readability`) agree that it is. Headings, code, tables and
 * quotations are not read.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { ReadabilityValidator } from "@sifaka/sifaka/validators";
 *
 * const readable = new ReadabilityValidator({ age: 14 });
 * console.log(readable.validate(new Thought({ prompt: "Write.", text: "The cat sat on the mat." })).passed); // true
 * ```
 */
export class ReadabilityValidator extends OperationValidator {
  /** What results are filed under. */
  override readonly name: string;
  readonly #age: number;
  readonly #minWords: number;
  readonly #maxHardShare: number;

  /**
   * Checks the options and makes the validator.
   *
   * @param options For whom, and how strictly.
   * @throws {ConfigurationError} When an option is wrong.
   */
  constructor(options: ReadabilityOptions = {}) {
    super(options);
    const { name = "ReadabilityValidator", age = 16, minWords = 5, maxHardShare = 0 } = checkOptions(
      "ReadabilityValidator",
      options,
      READABILITY_OPTIONS,
    );
    this.name = name;
    this.#age = age;
    this.#minWords = minWords;
    this.#maxHardShare = maxHardShare;
  }

  /** The one body behind `validate` and its twin. */
  override *_validateOperation(thought: Thought): Operation<ValidationResult> {
    const { text } = thought;
    if (text === undefined) return noText(this.name);
    const { sentences, remarks } = yield* readProse({
      text,
      rules: ["readability"],
      age: this.#age,
      minWords: this.#minWords,
    });
    const hard = remarks.length;
    const share = hard === 0 ? 0 : Math.min(1, hard / Math.max(1, sentences));
    const passed = share <= this.#maxHardShare;
    const told = passed ? [] : remarks.slice(0, MOST_ISSUES);
    return new ValidationResult({
      validator: this.name,
      passed,
      score: passed ? 1 : 1 - share,
      message: `${hard === 0 ? "None" : hard} of ${counted(sentences, "sentence")} ${
        hard === 1 || hard === 0 ? "is" : "are"
      } hard to read at the age of ${this.#age}.`,
      issues: told.map((remark) => `${placeOf(text, remark)}: ${quoted(text, remark)} is hard to read.`),
      suggestions: told.map((remark) =>
        `Use shorter words, or make two sentences of ${quoted(text, remark)}.`
      ),
      metadata: { sentences, hard, age: this.#age },
    });
  }
}

/** Options of {@linkcode ProseValidator}. */
export interface ProseOptions {
  /** What results are filed under. @default "ProseValidator" */
  readonly name?: string;
  /**
   * What prose is read for: words that have a simpler one, words said twice, wrong articles, passive voice, vague words,
   * wording that leaves people out. @default ["simpler", "repeated", "articles"]
   */
  readonly rules?: readonly ProseRule[];
  /** How many findings a text may have. @default 0 */
  readonly maxFindings?: number;
  /** Words and phrases that are no findings, whatever the case. @default [] */
  readonly allow?: readonly string[];
}

const PROSE_RULES: readonly ProseRule[] = [
  "simpler",
  "repeated",
  "articles",
  "passive",
  "vague",
  "considerate",
];
const USUAL_RULES: readonly ProseRule[] = ["simpler", "repeated", "articles"];

/**
 * The options of {@linkcode ProseValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { PROSE_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log("rules" in PROSE_OPTIONS); // true
 * ```
 */
export const PROSE_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "ProseValidator",
  },
  rules: {
    description: "What prose is read for.",
    type: "array",
    items: { enum: PROSE_RULES },
    minItems: 1,
    default: USUAL_RULES,
  },
  maxFindings: {
    description: "How many findings a text may have.",
    type: "integer",
    minimum: 0,
    default: 0,
  },
  allow: {
    description: "Words and phrases that are no findings, whatever the case.",
    type: "array",
    items: { type: "string", minLength: 1 },
    default: [],
  },
};

/**
 * Checks the wording of a text in English by rules of the retext family. Headings, code, tables, quotations and addresses are
 * not read.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { ProseValidator } from "@sifaka/sifaka/validators";
 *
 * const plain = new ProseValidator();
 * console.log(plain.validate(new Thought({ prompt: "Write.", text: "Please utilize a umbrella." })).suggestions);
 * // ['Write "use" for "utilize".', 'Write "an" for "a".']
 * ```
 */
export class ProseValidator extends OperationValidator {
  /** What results are filed under. */
  override readonly name: string;
  readonly #rules: readonly ProseRule[];
  readonly #maxFindings: number;
  readonly #allow: ReadonlySet<string>;

  /**
   * Checks the options and makes the validator.
   *
   * @param options What to read for.
   * @throws {ConfigurationError} When an option is wrong.
   */
  constructor(options: ProseOptions = {}) {
    super(options);
    const { name = "ProseValidator", rules = USUAL_RULES, maxFindings = 0, allow = [] } = checkOptions(
      "ProseValidator",
      options,
      PROSE_OPTIONS,
    );
    this.name = name;
    this.#rules = [...rules];
    this.#maxFindings = maxFindings;
    this.#allow = new Set(allow.map((phrase) => phrase.toLowerCase()));
  }

  /** The one body behind `validate` and its twin. */
  override *_validateOperation(thought: Thought): Operation<ValidationResult> {
    const { text } = thought;
    if (text === undefined) return noText(this.name);
    const { sentences, remarks } = yield* readProse({ text, rules: this.#rules, age: 16, minWords: 5 });
    const found = remarks.filter(({ start, end }) => !this.#allow.has(text.slice(start, end).toLowerCase()));
    const passed = found.length <= this.#maxFindings;
    const told = passed ? [] : found.slice(0, MOST_ISSUES);
    const counts: Record<string, number> = {};
    for (const { rule } of found) counts[rule] = (counts[rule] ?? 0) + 1;
    return new ValidationResult({
      validator: this.name,
      passed,
      score: passed ? 1 : Math.max(0, 1 - found.length / Math.max(1, sentences, found.length)),
      message: `The prose has ${counted(found.length, "finding")} in ${counted(sentences, "sentence")}${
        passed ? "" : `, more than the ${this.#maxFindings} allowed`
      }.`,
      issues: told.map((remark) =>
        `${placeOf(text, remark)}: ${quoted(text, remark)} ${FAULTS[remark.rule]}.`
      ),
      suggestions: told.map((remark) => suggestionFor(text, remark)),
      metadata: { sentences, findings: found.length, counts },
    });
  }
}

const MOST_ISSUES = 20;
const FAULTS: Readonly<Record<ProseRemark["rule"], string>> = {
  simpler: "can be said more simply",
  repeated: "says a word twice",
  articles: "is the wrong article",
  passive: "is in the passive voice",
  vague: "is vague",
  considerate: "may leave people out",
  readability: "is hard to read",
};

function readProse(request: ProseRequest): Operation<ProseReading> {
  return /\p{L}/u.test(request.text)
    ? remote<ProseReading>({ module: packageModule("validators/prose_calls"), name: "read" }, request)
    : nothing();
}

function* nothing(): Operation<ProseReading> {
  return { sentences: 0, remarks: [] };
}

function suggestionFor(text: string, remark: ProseRemark): string {
  const phrase = quoted(text, remark);
  const words = remark.expected.filter((word) => word !== "").map((word) => `"${word}"`);
  if (words.length > 0) return `Write ${listed(words).replace(/ and (?="[^"]*"$)/, " or ")} for ${phrase}.`;
  return remark.rule === "passive"
    ? `Say who does it in place of ${phrase}.`
    : `Leave out or replace ${phrase}.`;
}

function quoted(text: string, { start, end }: ProseRemark): string {
  return quote(text, [start, end]);
}

function placeOf(text: string, { start }: ProseRemark): string {
  const { line, column } = positionOf(text, start);
  return `Line ${line}, column ${column}`;
}
