/**
 * Tells whether a text is prejudiced against a group of people.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { passagesOf } from "../text/passages.ts";
import { type BiasFinding, findBias, JUDGEMENT } from "./bias_rules.ts";
import { ClassificationResult } from "./classification_result.ts";
import { OperationClassifier } from "./classifier.ts";
import { IDENTITY_CATEGORIES, type IdentityCategory } from "./identity_groups.ts";
import { withoutEvidence } from "./lexicon_result.ts";
import { type LexiconOptions, lexiconOptions, OwnTerms } from "./own_terms.ts";

/** Options of {@linkcode BiasClassifier}. */
export interface BiasClassifierOptions extends LexiconOptions<IdentityCategory> {
  /** What it is called. @default "BiasClassifier" */
  readonly name?: string;
  /** From which score on a text is biased, 0 to 1. @default 0.7 */
  readonly threshold?: number;
  /** Which groups are looked for, by what makes them one. @default all of them */
  readonly categories?: readonly IdentityCategory[];
}

/** The surest it is that a text is unbiased. */
const SUREST_UNBIASED = 0.9;

/**
 * The options of {@linkcode BiasClassifier}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { BIAS_CLASSIFIER_OPTIONS } from "@sifaka/sifaka/classifiers";
 *
 * console.log("categories" in BIAS_CLASSIFIER_OPTIONS); // true
 * ```
 */
export const BIAS_CLASSIFIER_OPTIONS: OptionSchemas = {
  name: { description: "What it is called.", type: "string", minLength: 1, default: "BiasClassifier" },
  threshold: {
    description: "From which score on a text is biased.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0.7,
  },
  categories: {
    description: "Which groups are looked for, by what makes them one; all of them when it is left out.",
    type: "array",
    items: { enum: [...IDENTITY_CATEGORIES] },
    minItems: 1,
  },
  ...lexiconOptions(IDENTITY_CATEGORIES),
};

/**
 * Tells whether a text in English judges a group of people as such: a group and a judgement of its character or of what it
 * can do ("women cannot …", "the rich are …"). What is said of some of them, counted, reported, denied or demanded is none. It is
 * a screening aid: bias in what is left out, in tone or in a choice of words is not seen. Where that matters, ask a model with
 * `createLlmValidator`.
 *
 * Every judgement is evidence of 1.4, or of 2.0 where it is said of all of them or of their nature; a fifth of it where it is
 * reported, three tenths where it stands beside figures. The score is 1 − e^−x, where x is the sum. The confidence is the score for
 * "biased", and 1 minus it, 0.9 at most, for "unbiased". `metadata.categories` has the score of each category found.
 *
 * @example
 * ```ts
 * import { BiasClassifier } from "@sifaka/sifaka/classifiers";
 *
 * const bias = new BiasClassifier();
 * console.log(bias.classify("Girls cannot do maths.").label); // "biased"
 * console.log(bias.classify("Women are half of the population.").label); // "unbiased"
 * ```
 */
export class BiasClassifier extends OperationClassifier {
  /** What it is called. */
  override readonly name: string;
  /** Unbiased and biased. */
  override readonly labels: readonly string[] = Object.freeze(["unbiased", "biased"]);
  readonly #threshold: number;
  readonly #categories: ReadonlySet<IdentityCategory>;
  readonly #terms: OwnTerms<IdentityCategory>;

  /**
   * Checks the options and makes the classifier.
   *
   * @param options Threshold, categories and words.
   * @throws {ConfigurationError} When an option is wrong.
   */
  constructor(options: BiasClassifierOptions = {}) {
    super(options);
    const { name = "BiasClassifier", threshold = 0.7, categories = IDENTITY_CATEGORIES, ...terms } =
      checkOptions("BiasClassifier", options, BIAS_CLASSIFIER_OPTIONS);
    this.name = name;
    this.#threshold = threshold;
    this.#categories = new Set(categories);
    this.#terms = new OwnTerms("BiasClassifier", terms);
  }

  /** The one body behind every way to classify. */
  // deno-lint-ignore require-yield
  override *_classifyOperation(text: string): Operation<ClassificationResult> {
    const nothing = withoutEvidence(text, "unbiased", this.#terms.isEnglish);
    if (nothing?.metadata.reason === "no_content") return nothing;
    const listed = this.#terms.isEnglish ? this.#terms.without(text, findAll(text)) : [];
    const own = this.#terms.find(text).map(({ start, end, kind }) => ({
      start,
      end,
      category: kind,
      weight: JUDGEMENT,
    }));
    const findings = [...listed, ...own]
      .filter(({ category }) => this.#categories.has(category))
      .sort((one, other) => one.start - other.start);
    return findings.length === 0 && nothing ? nothing : this.#result(findings);
  }

  #result(findings: readonly BiasFinding[]): ClassificationResult {
    const score = (of: readonly BiasFinding[]): number =>
      1 - Math.exp(-of.reduce((sum, { weight }) => sum + weight, 0));
    const all = score(findings);
    const isBiased = all > 0 && all >= this.#threshold;
    const confidence = isBiased ? all : Math.min(SUREST_UNBIASED, 1 - all);
    const categories = [...new Set(findings.map(({ category }) => category))];
    return new ClassificationResult({
      label: isBiased ? "biased" : "unbiased",
      confidence,
      scores: {
        unbiased: isBiased ? 1 - confidence : confidence,
        biased: isBiased ? confidence : 1 - confidence,
      },
      spans: findings.map(({ start, end, category, weight }) => ({ start, end, label: category, weight })),
      method: "lexicon",
      metadata: {
        categories: Object.fromEntries(
          categories.map((one) => [one, score(findings.filter(({ category }) => category === one))]),
        ),
      },
    });
  }
}

function findAll(text: string): BiasFinding[] {
  return Array.from(passagesOf(text)).flatMap(({ text: passage, start: offset }) =>
    findBias(passage).map(({ start, end, ...rest }) => ({
      start: start + offset,
      end: end + offset,
      ...rest,
    }))
  );
}
