/**
 * Tells whether a text speaks well or ill.
 *
 * @module
 */

import { type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { checkOptions, optionError, type OptionSchemas } from "../options.ts";
import { ClassificationResult } from "./classification_result.ts";
import { OperationClassifier } from "./classifier.ts";
import { withoutEvidence } from "./lexicon_result.ts";
import { isEnglish, LANGUAGE_OPTION } from "./own_terms.ts";
import type { SentimentReading } from "./sentiment_rules.ts";

/** Options of {@linkcode SentimentClassifier}. */
export interface SentimentClassifierOptions {
  /** What it is called. @default "SentimentClassifier" */
  readonly name?: string;
  /** From which score on a text is positive, on a scale of −1 to 1. @default 0.1 */
  readonly positiveThreshold?: number;
  /** Down to which score it is not negative. @default -0.1 */
  readonly negativeThreshold?: number;
  /** Further words and phrases of up to three words, each with its valence from −5 to 5. @default {} */
  readonly addTerms?: Readonly<Record<string, number>>;
  /** Words that are not to count. @default [] */
  readonly removeTerms?: readonly string[];
  /**
   * The language of the texts, by its BCP 47 tag. The lists are English; for any other language only `addTerms` count, and a text
   * without any of them is neutral, with `unsupportedLanguage` in its metadata. @default "en"
   */
  readonly language?: string;
}

const LABELS: readonly string[] = Object.freeze(["positive", "negative", "neutral"]);
/** How sure it is that a text without a word of feeling is neutral. */
const NO_EVIDENCE = 0.6;
/** How sure it is where good and bad cancel out. */
const MIXED = 0.4;

/**
 * The options of {@linkcode SentimentClassifier}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { SENTIMENT_CLASSIFIER_OPTIONS } from "@sifaka/sifaka/classifiers";
 *
 * console.log("positiveThreshold" in SENTIMENT_CLASSIFIER_OPTIONS); // true
 * ```
 */
export const SENTIMENT_CLASSIFIER_OPTIONS: OptionSchemas = {
  name: {
    description: "What it is called.",
    type: "string",
    minLength: 1,
    default: "SentimentClassifier",
  },
  positiveThreshold: {
    description: "From which score on a text is positive, on a scale of -1 to 1.",
    type: "number",
    minimum: -1,
    maximum: 1,
    default: 0.1,
  },
  negativeThreshold: {
    description: "Down to which score it is not negative.",
    type: "number",
    minimum: -1,
    maximum: 1,
    default: -0.1,
  },
  addTerms: {
    description: "Further words and phrases of up to three words, each with its valence from -5 to 5.",
    type: "object",
    additionalProperties: { type: "number", minimum: -5, maximum: 5 },
  },
  removeTerms: {
    description: "Words that are not to count.",
    type: "array",
    items: { type: "string", minLength: 1 },
    default: [],
  },
  ...LANGUAGE_OPTION,
};

/**
 * Tells whether a text in English speaks well or ill, by the valence of its words (AFINN-165) and emoji, with negation,
 * intensifiers, contrast and emphasis. It does not see irony, nor what is good or bad without a word for it.
 *
 * The confidence is 0.5 + 0.5 × |score| for the labels positive and negative; 0.6 for a text without a word of feeling, and 0.4
 * for one in which good and bad cancel out.
 *
 * @example
 * ```ts
 * import { SentimentClassifier } from "@sifaka/sifaka/classifiers";
 *
 * const sentiment = new SentimentClassifier();
 * console.log(sentiment.classify("I don't think it is great.").label); // "negative"
 * ```
 */
export class SentimentClassifier extends OperationClassifier {
  /** What it is called. */
  override readonly name: string;
  /** Positive, negative and neutral. */
  override readonly labels: readonly string[] = LABELS;
  readonly #positive: number;
  readonly #negative: number;
  readonly #terms: Readonly<Record<string, number>>;
  readonly #isEnglish: boolean;

  /**
   * Checks the options and makes the classifier.
   *
   * @param options Thresholds and words.
   * @throws {ConfigurationError} When an option is wrong, or the negative threshold is not below the positive one.
   */
  constructor(options: SentimentClassifierOptions = {}) {
    super(options);
    const {
      name = "SentimentClassifier",
      positiveThreshold = 0.1,
      negativeThreshold = -0.1,
      addTerms = {},
      removeTerms = [],
      language,
    } = checkOptions("SentimentClassifier", options, SENTIMENT_CLASSIFIER_OPTIONS);
    if (negativeThreshold >= positiveThreshold) {
      const message =
        `negativeThreshold must be below positiveThreshold: they are ${negativeThreshold} and ${positiveThreshold}`;
      throw optionError("SentimentClassifier", [{ path: ["negativeThreshold"], message }]);
    }
    this.name = name;
    this.#positive = positiveThreshold;
    this.#negative = negativeThreshold;
    this.#isEnglish = isEnglish("SentimentClassifier", language);
    const key = (term: string): string => term.toLowerCase().replace(/['’]/g, "");
    this.#terms = Object.fromEntries([
      ...removeTerms.map((term) => [key(term), 0]),
      ...Object.entries(addTerms).map(([term, valence]) => [key(term), valence]),
    ]);
  }

  /** The one body behind every way to classify. */
  override *_classifyOperation(text: string): Operation<ClassificationResult> {
    if (!/[\p{L}\p{Extended_Pictographic}]/u.test(text)) {
      return new ClassificationResult({
        label: "neutral",
        confidence: 0.5,
        method: "lexicon",
        metadata: { reason: "no_content" },
      });
    }
    const reading = yield* remote<SentimentReading>(
      { module: packageModule("classifiers/sentiment_calls"), name: "read" },
      { text, terms: this.#terms, withLists: this.#isEnglish },
    );
    const nothing = reading.spans.length === 0
      ? withoutEvidence(text, "neutral", this.#isEnglish)
      : undefined;
    return nothing ?? this.#result(reading);
  }

  #result({ score, positive, negative, spans }: SentimentReading): ClassificationResult {
    const label = score >= this.#positive ? "positive" : score <= this.#negative ? "negative" : "neutral";
    const confidence = label !== "neutral"
      ? 0.5 + Math.abs(score) / 2
      : spans.length === 0
      ? NO_EVIDENCE
      : MIXED;
    // What is left goes to the other two labels, more of it to the side to which the score leans.
    const others = LABELS.filter((other) => other !== label);
    const lean = (other: string): number =>
      other === "neutral" ? 0.5 : other === "positive" ? (1 + score) / 2 : (1 - score) / 2;
    const leans = others.map(lean);
    const sum = leans[0]! + leans[1]!;
    const rest = others.map((other, index) => [other, ((1 - confidence) * leans[index]!) / sum]);
    return new ClassificationResult({
      label,
      confidence,
      scores: Object.fromEntries([[label, confidence], ...rest]) as Record<string, number>,
      spans,
      method: "lexicon",
      metadata: { score, positiveSentences: positive, negativeSentences: negative },
    });
  }
}
