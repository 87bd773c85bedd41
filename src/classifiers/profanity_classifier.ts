/**
 * Tells whether a text has profane words.
 *
 * @module
 */

import { type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { checkOptions, optionError, type OptionSchemas } from "../options.ts";
import { ClassificationResult } from "./classification_result.ts";
import { OperationClassifier } from "./classifier.ts";
import { withoutEvidence } from "./lexicon_result.ts";
import { type LexiconOptions, lexiconOptions, OwnTerms } from "./own_terms.ts";
import { type ProfanityFinding, type ProfanitySeverity, withoutOverlaps } from "./profanity_rules.ts";

/** Options of {@linkcode ProfanityClassifier}. */
export interface ProfanityClassifierOptions extends LexiconOptions<ProfanitySeverity> {
  /** What it is called. @default "ProfanityClassifier" */
  readonly name?: string;
  /** From which severity on a word counts: "mild" takes all of them. @default "mild" */
  readonly severity?: ProfanitySeverity;
  /** Further words and phrases that are strong; `addTerms` names the severity of each. @default [] */
  readonly customWords?: readonly string[];
  /** Words and phrases that are not profane; another name of `removeTerms`. @default [] */
  readonly allowWords?: readonly string[];
  /** What stands for each character of a profane word in the censored text; one character. @default "*" */
  readonly censorChar?: string;
}

const WORDS = { type: "array", items: { type: "string", minLength: 1 } } as const;
/** How sure it is of a text without such a word. */
const NO_EVIDENCE = 0.9;
const EVIDENCE: Readonly<Record<ProfanitySeverity, number>> = { mild: 1.4, strong: 2.3 };

/**
 * The options of {@linkcode ProfanityClassifier}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { PROFANITY_CLASSIFIER_OPTIONS } from "@sifaka/sifaka/classifiers";
 *
 * console.log("severity" in PROFANITY_CLASSIFIER_OPTIONS); // true
 * ```
 */
export const PROFANITY_CLASSIFIER_OPTIONS: OptionSchemas = {
  name: {
    description: "What it is called.",
    type: "string",
    minLength: 1,
    default: "ProfanityClassifier",
  },
  severity: {
    description: "From which severity on a word counts.",
    enum: ["mild", "strong"],
    default: "mild",
  },
  customWords: { ...WORDS, description: "Further words and phrases that are strong.", default: [] },
  allowWords: { ...WORDS, description: "Words and phrases that are not profane.", default: [] },
  censorChar: {
    description: "What stands for each character of a profane word in the censored text; one character.",
    type: "string",
    minLength: 1,
    default: "*",
  },
  ...lexiconOptions(["mild", "strong"]),
};

/**
 * Tells whether a text in English has profane words: those of the package `obscenity`, and mild ones by rules of its own. It
 * sees through other letters and digits ("sh1t"), stars ("f**k") and letters apart ("d a m n"), and compares whole words, so
 * that no town is taken for what is in its name.
 *
 * `metadata.censoredText` is the text with those words blacked out and all else as it was. The confidence is 1 − e^−x, where x
 * is 2.3 for every strong word and 1.4 for every mild one; it is 0.9 for a text without any.
 *
 * @example
 * ```ts
 * import { ProfanityClassifier } from "@sifaka/sifaka/classifiers";
 *
 * const { label, metadata } = new ProfanityClassifier().classify("Damn!  I was born in Scunthorpe.");
 * console.log(label); // "profane"
 * console.log(metadata.censoredText); // "****!  I was born in Scunthorpe."
 * ```
 */
export class ProfanityClassifier extends OperationClassifier {
  /** What it is called. */
  override readonly name: string;
  /** Clean and profane. */
  override readonly labels: readonly string[] = Object.freeze(["clean", "profane"]);
  readonly #severity: ProfanitySeverity;
  readonly #terms: OwnTerms<ProfanitySeverity>;
  readonly #censorChar: string;

  /**
   * Checks the options and makes the classifier.
   *
   * @param options Severity and words.
   * @throws {ConfigurationError} When an option is wrong.
   */
  constructor(options: ProfanityClassifierOptions = {}) {
    super(options);
    const {
      name = "ProfanityClassifier",
      severity = "mild",
      customWords = [],
      allowWords = [],
      censorChar = "*",
      addTerms,
      removeTerms = [],
      language,
    } = checkOptions("ProfanityClassifier", options, PROFANITY_CLASSIFIER_OPTIONS);
    if (graphemes(censorChar) !== 1) {
      const message = `censorChar must be one character: it is "${censorChar}"`;
      throw optionError("ProfanityClassifier", [{ path: ["censorChar"], message }]);
    }
    this.name = name;
    this.#severity = severity;
    const strong = Object.fromEntries(customWords.map((word) => [word, "strong"] as const));
    this.#terms = new OwnTerms("ProfanityClassifier", {
      addTerms: { ...strong, ...addTerms },
      removeTerms: [...allowWords, ...removeTerms],
      language,
    });
    this.#censorChar = censorChar;
  }

  /** The one body behind every way to classify. */
  override *_classifyOperation(text: string): Operation<ClassificationResult> {
    const nothing = withoutEvidence(text, "clean", this.#terms.isEnglish);
    if (nothing?.metadata.reason === "no_content") return nothing;
    const listed = this.#terms.isEnglish ? this.#terms.without(text, yield* findListed(text)) : [];
    const own = this.#terms.find(text).map(({ start, end, kind }) => ({ start, end, severity: kind }));
    const findings = withoutOverlaps([...listed, ...own]);
    const counted = this.#severity === "mild"
      ? findings
      : findings.filter(({ severity }) => severity === "strong");
    if (counted.length > 0 || nothing === undefined) return this.#result(text, counted);
    const metadata = { ...nothing.metadata, words: [], count: 0, censoredText: text };
    return new ClassificationResult({ ...nothing, metadata });
  }

  #result(text: string, findings: readonly ProfanityFinding[]): ClassificationResult {
    const evidence = findings.reduce((sum, { severity }) => sum + EVIDENCE[severity], 0);
    const isProfane = findings.length > 0;
    const confidence = isProfane ? 1 - Math.exp(-evidence) : NO_EVIDENCE;
    return new ClassificationResult({
      label: isProfane ? "profane" : "clean",
      confidence,
      scores: {
        clean: isProfane ? 1 - confidence : confidence,
        profane: isProfane ? confidence : 1 - confidence,
      },
      spans: findings.map(({ start, end, severity }) => ({
        start,
        end,
        label: "profane",
        weight: EVIDENCE[severity],
      })),
      method: "lexicon",
      metadata: {
        words: findings.map(({ start, end }) => text.slice(start, end)),
        count: findings.length,
        censoredText: this.#censored(text, findings),
      },
    });
  }

  #censored(text: string, findings: readonly ProfanityFinding[]): string {
    const parts: string[] = [];
    let at = 0;
    for (const { start, end } of findings) {
      parts.push(text.slice(at, start), this.#censorChar.repeat(graphemes(text.slice(start, end))));
      at = end;
    }
    return parts.join("") + text.slice(at);
  }
}

function findListed(text: string): Operation<ProfanityFinding[]> {
  return remote({ module: packageModule("classifiers/profanity_calls"), name: "find" }, text);
}

function graphemes(text: string): number {
  return Array.from(new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)).length;
}
