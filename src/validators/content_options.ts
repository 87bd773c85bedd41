/**
 * The options of {@linkcode ContentValidator}, and the rules they make.
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
import { type ComparisonForm, normalizeFor } from "../text/normalize.ts";
import { foldPhrase } from "../text/phrase_finder.ts";
import type { Severity } from "../thought/critic_feedback.ts";
import {
  PATTERN_SAFETY_OPTIONS,
  PatternProblem,
  type PatternSafetyOptions,
  SearchPattern,
} from "./search_pattern.ts";

/** An item with what belongs to it. */
export interface ContentRule {
  /** The words, or the pattern where `regex` is set. */
  readonly text: string;
  /** What messages call it. @default the text */
  readonly label?: string;
  /** How much it matters; what matters most is named first. @default "medium" */
  readonly severity?: Severity;
}

/** How an item can be given. */
export type ContentItem = string | ContentRule;

/** Options of {@linkcode ContentValidator}. At least one item must be given. */
export interface ContentOptions extends PatternSafetyOptions {
  /** What results are filed under. @default "ContentValidator" */
  readonly name?: string;
  /** What must not occur. @default [] */
  readonly prohibited?: readonly ContentItem[];
  /** What must occur. @default [] */
  readonly required?: readonly ContentItem[];
  /** Whether case counts. @default false */
  readonly caseSensitive?: boolean;
  /** Whether items only match as whole words; it cannot be set where `regex` is. @default true */
  readonly wholeWord?: boolean;
  /** Whether all required items must occur, or any one of them. @default "all" */
  readonly requireMode?: "all" | "any";
  /** Whether items are regular expressions. @default false */
  readonly regex?: boolean;
  /**
   * How text and items are compared: by composed characters, by compatible ones ("ﬁ" is "fi"), or by what they look like
   * (a Cyrillic "а" is a Latin "a", and invisible characters are passed over). @default "NFC"
   */
  readonly normalize?: ComparisonForm;
  /** How many matches the metadata lists. @default 20 */
  readonly maxMatchesReported?: number;
}

const ITEM: OptionSchema = {
  anyOf: [
    { type: "string", minLength: 1 },
    {
      type: "object",
      properties: {
        text: { description: "The words, or the pattern.", type: "string", minLength: 1 },
        label: { description: "What messages call it.", type: "string", minLength: 1 },
        severity: { description: "How much it matters.", enum: ["low", "medium", "high"], default: "medium" },
      },
      required: ["text"],
    },
  ],
};

/**
 * The options of {@linkcode ContentValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { CONTENT_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log(Object.keys(CONTENT_OPTIONS).length > 0); // true
 * ```
 */
export const CONTENT_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "ContentValidator",
  },
  prohibited: { description: "What must not occur.", type: "array", items: ITEM, default: [] },
  required: { description: "What must occur.", type: "array", items: ITEM, default: [] },
  caseSensitive: { description: "Whether case counts.", type: "boolean", default: false },
  wholeWord: { description: "Whether items only match as whole words.", type: "boolean", default: true },
  requireMode: {
    description: "Whether all required items must occur, or any one of them.",
    enum: ["all", "any"],
    default: "all",
  },
  regex: { description: "Whether items are regular expressions.", type: "boolean", default: false },
  normalize: {
    description:
      "How text and items are compared: by composed characters, by compatible ones, or by what they look like.",
    enum: ["NFC", "NFKC", "confusables"],
    default: "NFC",
  },
  maxMatchesReported: {
    description: "How many matches the metadata lists.",
    type: "integer",
    minimum: 0,
    maximum: 10_000,
    default: 20,
  },
  ...PATTERN_SAFETY_OPTIONS,
};

/** A checked item. */
export interface CheckedItem {
  /** What is looked for, in the form in which it is compared. */
  readonly text: string;
  /** What messages call it. */
  readonly label: string;
  /** How much it matters. */
  readonly severity: Severity;
  /** Whether it must occur rather than not occur. */
  readonly required: boolean;
  /** The pattern, where items are patterns. */
  readonly pattern?: SearchPattern;
}

/** The checked options. */
export interface CheckedContent {
  /** All items, prohibited ones first. */
  readonly items: readonly CheckedItem[];
  /** The other options, with their defaults. */
  readonly settings: Required<Omit<ContentOptions, "prohibited" | "required" | keyof PatternSafetyOptions>>;
}

/**
 * Checks the options.
 *
 * @param component The component, as errors name it.
 * @param given The options.
 * @returns The items and the settings.
 * @throws {ConfigurationError} When an option is wrong, an item is in both lists or no pattern, or there are none.
 */
export function checkContent(component: string, given: ContentOptions): CheckedContent {
  const options = checkOptions(component, given, CONTENT_OPTIONS);
  const problems: OptionProblem[] = [];
  const { prohibited = [], required = [] } = options;
  const items = [
    ...prohibited.flatMap((item, index) => checkItem(item, ["prohibited", index], options, problems)),
    ...required.flatMap((item, index) => checkItem(item, ["required", index], options, problems)),
  ];
  if (options.regex && options.wholeWord) {
    problems.push({
      path: ["wholeWord"],
      message: "wholeWord must not be set where items are patterns: write the boundaries into them",
    });
  }
  if (prohibited.length + required.length === 0) {
    problems.push({
      path: [],
      message: "at least one item is required: neither prohibited nor required has any",
    });
  }
  const { caseSensitive = false } = options;
  const distinct = withoutRepeats(
    items,
    (item) => options.regex ? item.text : foldPhrase(item.text, caseSensitive),
    problems,
  );
  if (problems.length > 0) throw optionError(component, problems);
  return {
    items: distinct,
    settings: {
      name: options.name ?? component,
      caseSensitive,
      wholeWord: options.wholeWord ?? !options.regex,
      requireMode: options.requireMode ?? "all",
      regex: options.regex ?? false,
      normalize: options.normalize ?? "NFC",
      maxMatchesReported: options.maxMatchesReported ?? 20,
    },
  };
}

function checkItem(
  item: ContentItem,
  path: readonly [string, number],
  options: ContentOptions,
  problems: OptionProblem[],
): CheckedItem[] {
  const { text, label = text, severity = "medium" } = typeof item === "string" ? { text: item } : item;
  const place = `${path[0]}[${path[1]}]`;
  // A pattern is only composed: other forms would change its signs.
  const compared = normalizeFor(text, options.regex ? "NFC" : options.normalize ?? "NFC");
  const checked = { text: compared, label, severity, required: path[0] === "required" };
  if (compared.trim() === "") {
    problems.push({
      path,
      message: `${place} must not be blank in the form in which it is compared: ${place} is ${show(text)}`,
    });
    return [];
  }
  if (!options.regex) return [checked];
  try {
    const flags = options.caseSensitive ? "um" : "ium";
    return [{ ...checked, pattern: new SearchPattern(label, { source: compared, flags }, options) }];
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    problems.push({ path, message: `${place} ${error.message}: ${place} is ${show(text)}` });
    return [];
  }
}

function withoutRepeats(
  items: readonly CheckedItem[],
  keyOf: (item: CheckedItem) => string,
  problems: OptionProblem[],
): CheckedItem[] {
  const known = new Map<string, CheckedItem>();
  const labels = new Set<string>();
  for (const item of items) {
    const same = known.get(keyOf(item));
    if (same === undefined) {
      known.set(keyOf(item), item);
      if (labels.has(item.label)) {
        problems.push({
          path: ["label"],
          message: `labels must differ: ${show(item.label)} stands for two items`,
        });
      }
      labels.add(item.label);
    } else if (same.required !== item.required) {
      problems.push({
        path: ["required"],
        message: `an item must not be both prohibited and required: ${show(item.text)} is in both lists`,
      });
    }
  }
  return [...known.values()];
}
