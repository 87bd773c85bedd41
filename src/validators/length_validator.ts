/**
 * Checks how long a text is.
 *
 * @module
 */

import { ValidatorError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, optionError, show } from "../options.ts";
import { countBytes, countCodePoints, countLines, countParagraphs, TextMeasures } from "../text/measure.ts";
import type { JsonObject } from "../thought/frozen.ts";
import type { Thought } from "../thought/thought.ts";
import { ValidationResult } from "../thought/validation_result.ts";
import {
  boundProblems,
  type Bounds,
  boundsOf,
  LENGTH_OPTIONS,
  type LengthOptions,
  type LengthUnit,
  localeProblems,
  UNITS,
} from "./length_options.ts";
import { noText } from "./validate_safely.ts";
import { OperationValidator, type ValidatorContext } from "./validator.ts";
import { counted, listed, sentence } from "./wording.ts";

/**
 * Checks how long a text is: in characters, words, sentences, lines, paragraphs, bytes or tokens. Every bound that is given
 * must hold, and the text may be as long as the bound says.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { LengthValidator } from "@sifaka/sifaka/validators";
 *
 * const length = new LengthValidator({ minWords: 3, maxLength: 80 });
 * const result = length.validate(new Thought({ prompt: "Greet me.", text: "Good morning" }));
 * console.log(result.suggestions); // ["Add at least 1 word."]
 * ```
 */
export class LengthValidator extends OperationValidator {
  /** What results are filed under. */
  override readonly name: string;
  readonly #bounds: readonly Bounds[];
  readonly #trim: boolean;
  readonly #tokenCounter: ((text: string) => number) | undefined;
  readonly #locale: string | undefined;
  readonly #measures: TextMeasures;

  /**
   * Checks the options and makes the validator.
   *
   * @param options The bounds, and what they count.
   * @throws {ConfigurationError} When an option is wrong, no bound is given, or one contradicts another.
   */
  constructor(options: LengthOptions) {
    super(options);
    const { name = "LengthValidator", trim = false, tokenCounter, locale, ...bounds } = checkOptions(
      "LengthValidator",
      options,
      LENGTH_OPTIONS,
    );
    const problems = [...boundProblems(bounds, tokenCounter), ...localeProblems(locale)];
    if (problems.length > 0) throw optionError("LengthValidator", problems);
    this.name = name;
    this.#bounds = boundsOf(bounds);
    this.#trim = trim;
    this.#tokenCounter = tokenCounter;
    this.#locale = locale;
    this.#measures = new TextMeasures(locale);
  }

  /** The one body behind `validate` and its twin. */
  override *_validateOperation(
    thought: Thought,
    context: ValidatorContext = {},
  ): Operation<ValidationResult> {
    if (thought.text === undefined) return noText(this.name);
    const text = this.#trim ? thought.text.trim() : thought.text;
    const measures = this.#measuresFor(context.locale);
    const measured = this.#bounds.map(({ unit, min, max }) => ({
      unit,
      min,
      max,
      count: this.#count(unit, text, measures),
    }));
    return makeResult(this.name, measured);
  }

  #measuresFor(locale: string | undefined): TextMeasures {
    return this.#locale !== undefined || locale === undefined || locale === this.#measures.locale
      ? this.#measures
      : new TextMeasures(locale);
  }

  #count(unit: LengthUnit, text: string, measures: TextMeasures): number {
    switch (unit) {
      case "graphemes":
        return measures.graphemes(text);
      case "words":
        return measures.words(text);
      case "sentences":
        return measures.sentences(text);
      case "codePoints":
        return countCodePoints(text);
      case "utf16":
        return text.length;
      case "bytes":
        return countBytes(text);
      case "lines":
        return countLines(text);
      case "paragraphs":
        return countParagraphs(text);
      case "tokens":
        return this.#countTokens(text);
    }
  }

  #countTokens(text: string): number {
    const count: unknown = this.#tokenCounter!(text);
    if (Number.isSafeInteger(count) && (count as number) >= 0) return count as number;
    throw new ValidatorError(`tokenCounter must give an integer of at least 0: it gave ${show(count)}`, {
      code: "internal",
      component: this.name,
      operation: "validate",
    });
  }
}

type Measured = Bounds & { readonly count: number };

function makeResult(validator: string, measured: readonly Measured[]): ValidationResult {
  const broken = measured.filter(({ count, min, max }) => count < min || count > max);
  const passed = broken.length === 0;
  const told = passed ? measured : broken;
  return new ValidationResult({
    validator,
    passed,
    score: passed
      ? 1
      : Math.min(...broken.map(({ count, min, max }) => count < min ? count / min : max / count)),
    message: `The text has ${listed(told.map(describe))}.`,
    issues: broken.map(issueOf),
    suggestions: broken.map(suggestionFor),
    metadata: factsOf(measured),
  });
}

function factsOf(measured: readonly Measured[]): JsonObject {
  const counts: Record<string, number> = {};
  const bounds: Record<string, { min?: number; max?: number }> = {};
  for (const { unit, min, max, count } of measured) {
    counts[unit] = count;
    const bound: { min?: number; max?: number } = bounds[unit] = {};
    if (min > 0) bound.min = min;
    if (max < Infinity) bound.max = max;
  }
  return { counts, bounds };
}

function describe({ unit, count, min, max }: Measured): string {
  const [one, several] = UNITS[unit];
  const measured = counted(count, one, several);
  if (count < min) return `${measured}, fewer than the ${min} required`;
  if (count > max) return `${measured}, more than the ${max} allowed`;
  if (min > 0 && max < Infinity) return `${measured} (at least ${min}, at most ${max})`;
  if (min > 0) return `${measured} (at least ${min})`;
  return max < Infinity ? `${measured} (at most ${max})` : measured;
}

function issueOf({ unit, count, min, max }: Measured): string {
  return count < min
    ? sentence(`${counted(min - count, ...UNITS[unit])} too few: ${count} of at least ${min}`)
    : sentence(`${counted(count - max, ...UNITS[unit])} too many: ${count} of at most ${max}`);
}

function suggestionFor({ unit, count, min, max }: Measured): string {
  return count < min
    ? `Add at least ${counted(min - count, ...UNITS[unit])}.`
    : `Remove at least ${counted(count - max, ...UNITS[unit])}.`;
}
