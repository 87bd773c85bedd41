/**
 * Tells whether a text is toxic.
 *
 * @module
 */

import { type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import { ClassificationResult } from "./classification_result.ts";
import { OperationClassifier } from "./classifier.ts";
import { withoutEvidence } from "./lexicon_result.ts";
import { type LexiconOptions, lexiconOptions, OwnTerms } from "./own_terms.ts";
import type { ToxicityCategory } from "./toxicity_patterns.ts";
import type { ToxicityFinding } from "./toxicity_rules.ts";

/** What {@linkcode ToxicityClassifier} calls a text. */
export type ToxicityLabel = "non_toxic" | "toxic" | "severe_toxic" | "threat";

/** Options of {@linkcode ToxicityClassifier}. */
export interface ToxicityClassifierOptions extends LexiconOptions<ToxicityCategory> {
  /** What it is called. @default "ToxicityClassifier" */
  readonly name?: string;
  /** From which score of all that was found on a text is toxic, 0 to 1. @default 0.7 */
  readonly generalThreshold?: number;
  /** From which score of attacks on groups, wishes of death and calls to harm oneself on it is severely so, 0 to 1. @default 0.8 */
  readonly severeThreshold?: number;
  /** From which score of threats on it is a threat, 0 to 1. @default 0.9 */
  readonly threatThreshold?: number;
}

const LABELS: readonly ToxicityLabel[] = Object.freeze(["non_toxic", "toxic", "severe_toxic", "threat"]);
const CATEGORIES: readonly ToxicityCategory[] = [
  "insult",
  "profanity",
  "identity_attack",
  "self_harm",
  "threat",
];
const SEVERE: ReadonlySet<ToxicityCategory> = new Set(["identity_attack", "self_harm"]);

/** How much a word of one's own is evidence of: by itself it reaches the threshold of its label. */
const OWN_WEIGHTS: Readonly<Record<ToxicityCategory, number>> = {
  insult: 1.6,
  profanity: 1.6,
  identity_attack: 2.2,
  self_harm: 2.2,
  threat: 2.6,
};

const share = (description: string, preset: number) =>
  ({ description, type: "number", minimum: 0, maximum: 1, default: preset }) as const;

/**
 * The options of {@linkcode ToxicityClassifier}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { TOXICITY_CLASSIFIER_OPTIONS } from "@sifaka/sifaka/classifiers";
 *
 * console.log("threatThreshold" in TOXICITY_CLASSIFIER_OPTIONS); // true
 * ```
 */
export const TOXICITY_CLASSIFIER_OPTIONS: OptionSchemas = {
  name: { description: "What it is called.", type: "string", minLength: 1, default: "ToxicityClassifier" },
  generalThreshold: share("From which score of all that was found on a text is toxic.", 0.7),
  severeThreshold: share(
    "From which score of attacks on groups, wishes of death and calls to harm oneself on a text is severely toxic.",
    0.8,
  ),
  threatThreshold: share("From which score of threats on a text is a threat.", 0.9),
  ...lexiconOptions(CATEGORIES),
};

/**
 * Tells whether a text in English insults, attacks or threatens somebody. It looks for things said to a person or of one ("you
 * are an …", "I will hurt you"), not for words that occur; sees through look-alike letters, other signs and letters apart; and
 * gives little weight to what is reported ("she said …") and none to what is denied ("I do not think you are …"). It is a
 * screen: malice without such words is not seen.
 *
 * Every thing found is evidence of a weight from 0.3 to 2.6, and a score is 1 − e^−x, where x is the sum of the weights. Threats
 * have a score of their own; so have attacks on groups with wishes of death and calls to harm oneself; the score for "toxic" is
 * of all that was found. The label is the most severe one whose score reaches its threshold, and the confidence is that score;
 * for "non_toxic" it is 1 minus the score for "toxic", 0.9 at most. `metadata.categories` has the score of each category.
 *
 * @example
 * ```ts
 * import { ToxicityClassifier } from "@sifaka/sifaka/classifiers";
 *
 * const toxicity = new ToxicityClassifier();
 * console.log(toxicity.classify("You are an idiot.").label); // "toxic"
 * console.log(toxicity.classify("The process was killed.").label); // "non_toxic"
 * ```
 */
export class ToxicityClassifier extends OperationClassifier {
  /** What it is called. */
  override readonly name: string;
  /** Non-toxic, toxic, severely toxic and threat. */
  override readonly labels: readonly string[] = LABELS;
  readonly #general: number;
  readonly #severe: number;
  readonly #threat: number;
  readonly #terms: OwnTerms<ToxicityCategory>;

  /**
   * Checks the options and makes the classifier.
   *
   * @param options Thresholds and words.
   * @throws {ConfigurationError} When an option is wrong.
   */
  constructor(options: ToxicityClassifierOptions = {}) {
    super(options);
    const {
      name = "ToxicityClassifier",
      generalThreshold = 0.7,
      severeThreshold = 0.8,
      threatThreshold = 0.9,
      ...terms
    } = checkOptions("ToxicityClassifier", options, TOXICITY_CLASSIFIER_OPTIONS);
    this.name = name;
    this.#general = generalThreshold;
    this.#severe = severeThreshold;
    this.#threat = threatThreshold;
    this.#terms = new OwnTerms("ToxicityClassifier", terms);
  }

  /** The one body behind every way to classify. */
  override *_classifyOperation(text: string): Operation<ClassificationResult> {
    const nothing = withoutEvidence(text, "non_toxic", this.#terms.isEnglish);
    if (nothing?.metadata.reason === "no_content") return nothing;
    const listed = this.#terms.isEnglish ? this.#terms.without(text, yield* findListed(text)) : [];
    const own = this.#terms.find(text).map(({ start, end, kind }) => ({
      start,
      end,
      category: kind,
      weight: OWN_WEIGHTS[kind],
    }));
    const findings = [...listed, ...own].sort((one, other) => one.start - other.start);
    return findings.length === 0 && nothing ? nothing : this.#result(findings);
  }

  #result(findings: readonly ToxicityFinding[]): ClassificationResult {
    const score = (counts: (category: ToxicityCategory) => boolean): number =>
      1 - Math.exp(-findings.reduce((sum, { category, weight }) => sum + (counts(category) ? weight : 0), 0));
    const general = score(() => true);
    const severe = score((category) => SEVERE.has(category));
    const threat = score((category) => category === "threat");
    const reached = (value: number, threshold: number): boolean => value > 0 && value >= threshold;
    const [label, confidence] = reached(threat, this.#threat)
      ? ["threat", threat] as const
      : reached(severe, this.#severe)
      ? ["severe_toxic", severe] as const
      : reached(general, this.#general)
      ? ["toxic", general] as const
      : ["non_toxic", Math.min(0.9, 1 - general)] as const;
    const rest = label === "non_toxic" ? "toxic" : "non_toxic";
    return new ClassificationResult({
      label,
      confidence,
      scores: {
        ...Object.fromEntries(LABELS.map((one) => [one, 0])),
        [label]: confidence,
        [rest]: 1 - confidence,
      },
      spans: findings.map(({ start, end, category, weight }) => ({ start, end, label: category, weight })),
      method: "lexicon",
      metadata: {
        categories: Object.fromEntries(CATEGORIES.map((one) => [one, score((category) => category === one)])),
      },
    });
  }
}

function findListed(text: string): Operation<ToxicityFinding[]> {
  return remote({ module: packageModule("classifiers/toxicity_calls"), name: "find" }, text);
}
