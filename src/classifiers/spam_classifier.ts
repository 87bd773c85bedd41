/**
 * Tells whether a text is spam.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { ClassificationResult } from "./classification_result.ts";
import { OperationClassifier } from "./classifier.ts";
import { withoutEvidence } from "./lexicon_result.ts";
import { type LexiconOptions, lexiconOptions, OwnTerms } from "./own_terms.ts";
import { countSpam } from "./spam_features.ts";
import type { SpamFamily } from "./spam_signals.ts";

/** Options of {@linkcode SpamClassifier}. */
export interface SpamClassifierOptions extends LexiconOptions<SpamFamily> {
  /** What it is called. @default "SpamClassifier" */
  readonly name?: string;
  /** From which probability on a text is spam, 0 to 1. @default 0.7 */
  readonly threshold?: number;
}

/**
 * What an amount of each family adds to the log-odds. Fitted to one half of the SpamAssassin corpus together with sentences of
 * our own, then rounded.
 */
const WEIGHTS: Readonly<Record<SpamFamily, number>> = {
  action: 2.7,
  reward: 1.7,
  urgency: 2,
  goods: 2.1,
  scheme: 2.4,
  list: 2.7,
  link: 1,
  money: 0.8,
  shouting: 0.2,
  punctuation: 1.1,
  obfuscation: 0.6,
};
/** The log-odds of a text without any sign. */
const WITHOUT_SIGNS = -4.4;
/** One family alone, however loud, is no proof. */
const FAMILIES_NEEDED = 2;
/** The surest it is that a text is none. */
const SUREST_HAM = 0.9;

/**
 * The options of {@linkcode SpamClassifier}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { SPAM_CLASSIFIER_OPTIONS } from "@sifaka/sifaka/classifiers";
 *
 * console.log("threshold" in SPAM_CLASSIFIER_OPTIONS); // true
 * ```
 */
export const SPAM_CLASSIFIER_OPTIONS: OptionSchemas = {
  name: { description: "What it is called.", type: "string", minLength: 1, default: "SpamClassifier" },
  threshold: {
    description: "From which probability on a text is spam.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0.7,
  },
  ...lexiconOptions(Object.keys(WEIGHTS)),
};

/**
 * Tells whether a text in English is spam, by signs of eleven families: calls to action, rewards, urgency, goods, schemes,
 * talk of mailing lists, links, amounts of money, words in capitals, repeated punctuation, and words in disguise. Signs of at
 * least two families are needed.
 *
 * The probability is 1 / (1 + e^−x), where x is −4.4 and, for each family, its weight × ln(1 + signs × (1 + 30 / words)), with 20
 * words at least: action and list 2.7, scheme 2.4, goods 2.1, urgency 2, reward 1.7, punctuation 1.1, link 1, money 0.8,
 * obfuscation 0.6, shouting 0.2. It is 0.5 at most where there is one family only. The confidence is that probability for "spam", and
 * 1 minus it, 0.9 at most, for "ham".
 * `metadata` has `probability`, `families` (what each adds to x), `capitalShare` and `linkDensity`.
 *
 * @example
 * ```ts
 * import { SpamClassifier } from "@sifaka/sifaka/classifiers";
 *
 * const spam = new SpamClassifier();
 * console.log(spam.classify("You have won a FREE cruise!!! Click here now!").label); // "spam"
 * console.log(spam.classify("Freedom of speech protects any claim about money.").label); // "ham"
 * ```
 */
export class SpamClassifier extends OperationClassifier {
  /** What it is called. */
  override readonly name: string;
  /** Ham and spam. */
  override readonly labels: readonly string[] = Object.freeze(["ham", "spam"]);
  readonly #threshold: number;
  readonly #terms: OwnTerms<SpamFamily>;

  /**
   * Checks the options and makes the classifier.
   *
   * @param options The threshold and words.
   * @throws {ConfigurationError} When an option is wrong.
   */
  constructor(options: SpamClassifierOptions = {}) {
    super(options);
    const { name = "SpamClassifier", threshold = 0.7, ...terms } = checkOptions(
      "SpamClassifier",
      options,
      SPAM_CLASSIFIER_OPTIONS,
    );
    this.name = name;
    this.#threshold = threshold;
    this.#terms = new OwnTerms("SpamClassifier", terms);
  }

  /** The one body behind every way to classify. */
  // deno-lint-ignore require-yield
  override *_classifyOperation(text: string): Operation<ClassificationResult> {
    const nothing = withoutEvidence(text, "ham", this.#terms.isEnglish);
    if (nothing?.metadata.reason === "no_content") return nothing;
    const { amounts, findings, capitalShare, linkDensity } = countSpam(text, this.#terms);
    const families = Object.entries(amounts).map(([family, amount]) =>
      [family, WEIGHTS[family as SpamFamily] * amount] as const
    );
    if (families.length === 0 && nothing) return nothing;
    const sum = families.reduce((odds, [, part]) => odds + part, WITHOUT_SIGNS);
    const counted = 1 / (1 + Math.exp(-sum));
    const isEnough = families.length >= FAMILIES_NEEDED;
    const probability = isEnough ? counted : Math.min(0.5, counted);
    const isSpam = isEnough && probability >= this.#threshold;
    const confidence = isSpam ? probability : Math.min(SUREST_HAM, 1 - probability);
    return new ClassificationResult({
      label: isSpam ? "spam" : "ham",
      confidence,
      scores: { ham: isSpam ? 1 - confidence : confidence, spam: isSpam ? confidence : 1 - confidence },
      spans: findings.map(({ start, end, family, weight }) => ({ start, end, label: family, weight })),
      method: "lexicon",
      metadata: { probability, families: Object.fromEntries(families), capitalShare, linkDensity },
    });
  }
}
