/**
 * The options of {@linkcode LengthValidator} and the bounds they set.
 *
 * @module
 */

import { type OptionProblem, type OptionSchema, type OptionSchemas, show } from "../options.ts";

/** What {@linkcode LengthValidator} can count. */
export type LengthUnit =
  | "graphemes"
  | "codePoints"
  | "utf16"
  | "bytes"
  | "words"
  | "sentences"
  | "lines"
  | "paragraphs"
  | "tokens";

/** Options of {@linkcode LengthValidator}. At least one bound must be given. */
export interface LengthOptions {
  /** What results are filed under. @default "LengthValidator" */
  readonly name?: string;
  /** The least length, in `unit`. */
  readonly minLength?: number;
  /** The greatest length, in `unit`. */
  readonly maxLength?: number;
  /** What `minLength` and `maxLength` count; graphemes are characters as a reader sees them. @default "graphemes" */
  readonly unit?: LengthUnit;
  /** The fewest words. */
  readonly minWords?: number;
  /** The most words. */
  readonly maxWords?: number;
  /** The fewest sentences; a line break ends a sentence too. */
  readonly minSentences?: number;
  /** The most sentences. */
  readonly maxSentences?: number;
  /** Counts the tokens of a text; required for the unit "tokens". */
  readonly tokenCounter?: (text: string) => number;
  /** Whether white space at both ends is left out of the count. @default false */
  readonly trim?: boolean;
  /** The language of the text, a BCP 47 tag. @default that of the context, else "en" */
  readonly locale?: string;
}

/** What each unit is called: one of it, and several. */
export const UNITS: Readonly<Record<LengthUnit, readonly [one: string, several: string]>> = {
  graphemes: ["character", "characters"],
  codePoints: ["code point", "code points"],
  utf16: ["UTF-16 unit", "UTF-16 units"],
  bytes: ["byte", "bytes"],
  words: ["word", "words"],
  sentences: ["sentence", "sentences"],
  lines: ["line", "lines"],
  paragraphs: ["paragraph", "paragraphs"],
  tokens: ["token", "tokens"],
};

/**
 * The options of {@linkcode LengthValidator}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { LENGTH_OPTIONS } from "@sifaka/sifaka/validators";
 *
 * console.log(Object.keys(LENGTH_OPTIONS).length > 0); // true
 * ```
 */
export const LENGTH_OPTIONS: OptionSchemas = {
  name: {
    description: "What results are filed under.",
    type: "string",
    minLength: 1,
    default: "LengthValidator",
  },
  minLength: count("The least length, in the given unit."),
  maxLength: count("The greatest length, in the given unit."),
  unit: {
    description: "What minLength and maxLength count; graphemes are characters as a reader sees them.",
    enum: Object.keys(UNITS),
    default: "graphemes",
  },
  minWords: count("The fewest words."),
  maxWords: count("The most words."),
  minSentences: count("The fewest sentences; a line break ends a sentence too."),
  maxSentences: count("The most sentences."),
  tokenCounter: {
    description: 'Counts the tokens of a text; required for the unit "tokens".',
    codeOnly: true,
    accepts: (value) => typeof value === "function",
    accepted: "a function",
  },
  trim: { description: "Whether white space at both ends is left out.", type: "boolean", default: false },
  locale: {
    description: "The language of the text, a BCP 47 tag.",
    type: "string",
    minLength: 1,
    default: "en",
  },
};

function count(description: string): OptionSchema {
  return { description, type: "integer", minimum: 0 };
}

/** What one unit must lie between. */
export interface Bounds {
  /** What is counted. */
  readonly unit: LengthUnit;
  /** The least; 0 for no bound. */
  readonly min: number;
  /** The most; `Infinity` for no bound. */
  readonly max: number;
}

/** The options that set bounds. */
export type BoundOptions = Omit<LengthOptions, "name" | "trim" | "tokenCounter" | "locale">;

const PAIRS = [
  ["minLength", "maxLength"],
  ["minWords", "maxWords"],
  ["minSentences", "maxSentences"],
] as const;

/** What each unit must lie between; two bounds on one unit become the narrower one. */
export function boundsOf(options: BoundOptions): Bounds[] {
  const { unit = "graphemes" } = options;
  const bounds = new Map<LengthUnit, Bounds>();
  const units = [unit, "words", "sentences"] as const;
  PAIRS.forEach(([low, high], index) => {
    if (options[low] === undefined && options[high] === undefined) return;
    const known = bounds.get(units[index]!);
    bounds.set(units[index]!, {
      unit: units[index]!,
      min: Math.max(options[low] ?? 0, known?.min ?? 0),
      max: Math.min(options[high] ?? Infinity, known?.max ?? Infinity),
    });
  });
  return [...bounds.values()];
}

/** What is wrong with the options that each is right by itself. */
export function boundProblems(options: BoundOptions, tokenCounter: unknown): OptionProblem[] {
  const problems: OptionProblem[] = [];
  for (const [low, high] of PAIRS) {
    const [min, max] = [options[low], options[high]];
    if (min === undefined || max === undefined || min <= max) continue;
    problems.push({
      path: [low],
      message: `${low} must not exceed ${high}: ${low} is ${min}, ${high} is ${max}`,
    });
  }
  if (problems.length === 0) {
    const bounds = boundsOf(options);
    for (const { unit, min, max } of bounds) {
      if (min <= max) continue;
      const message = `the bounds on ${
        UNITS[unit][1]
      } must leave room for a text: the least is ${min}, the most is ${max}`;
      problems.push({ path: ["minLength"], message });
    }
    if (bounds.length === 0) {
      const names = PAIRS.flat().join(", ");
      problems.push({ path: [], message: `at least one bound is required: none of ${names} is given` });
    }
  }
  if (options.unit === "tokens" && tokenCounter === undefined) {
    problems.push({ path: ["tokenCounter"], message: 'tokenCounter is required where unit is "tokens"' });
  }
  return problems;
}

/** What is wrong with a language tag. */
export function localeProblems(locale: string | undefined): OptionProblem[] {
  try {
    if (locale !== undefined) new Intl.Locale(locale);
    return [];
  } catch {
    return [{ path: ["locale"], message: `locale must be a BCP 47 language tag: locale is ${show(locale)}` }];
  }
}
