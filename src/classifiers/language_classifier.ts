/**
 * Tells in which language a text is.
 *
 * @module
 */

import { type Operation, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { checkOptions, optionError, type OptionSchemas, show } from "../options.ts";
import { findNotQuantities } from "../text/not_quantities.ts";
import { ClassificationResult } from "./classification_result.ts";
import { OperationClassifier } from "./classifier.ts";
import type { LanguageScores } from "./language_calls.ts";
import { LANGUAGES, UNDETERMINED } from "./language_names.ts";

/** Options of {@linkcode LanguageClassifier}. */
export interface LanguageClassifierOptions {
  /** What it is called. @default "LanguageClassifier" */
  readonly name?: string;
  /** How sure it must be to name a language, 0 to 1. @default 0.7 */
  readonly minConfidence?: number;
  /** What it says where it is less sure. @default "und" */
  readonly fallbackLanguage?: string;
  /** The only languages that come into question. @default all that it knows */
  readonly candidates?: readonly string[];
}

/**
 * The options of {@linkcode LanguageClassifier}, for checking them and for the configuration file.
 *
 * @example
 * ```ts
 * import { LANGUAGE_CLASSIFIER_OPTIONS } from "@sifaka/sifaka/classifiers";
 *
 * console.log("minConfidence" in LANGUAGE_CLASSIFIER_OPTIONS); // true
 * ```
 */
export const LANGUAGE_CLASSIFIER_OPTIONS: OptionSchemas = {
  name: {
    description: "What it is called.",
    type: "string",
    minLength: 1,
    default: "LanguageClassifier",
  },
  minConfidence: {
    description: "How sure it must be to name a language.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0.7,
  },
  fallbackLanguage: {
    description: "What it says where it is less sure.",
    enum: [UNDETERMINED, ...LANGUAGES],
    default: UNDETERMINED,
  },
  candidates: {
    description: "The only languages that come into question.",
    type: "array",
    items: { enum: LANGUAGES },
    minItems: 1,
  },
};

/** Fewer letters than these are no evidence of any language. */
const FEWEST_LETTERS = 3;
/** The language of a long text shows in its beginning. */
const MOST_READ = 20_000;
/** Parts from this many letters on are looked at by themselves. */
const PART_LETTERS = 24;
const MOST_PARTS = 100;
/** A second language counts from this share of the parts' letters on. */
const NOTABLE_SHARE = 0.2;

/**
 * Tells in which language a text is, among {@linkcode LANGUAGES}, by sequences of letters. Code and addresses do not count. The
 * confidence is how like the language the text is; where that is not as like as texts of it usually are, it is halved. What is
 * too short or too unlike any is `"und"`. The metadata list the languages of a text in several.
 *
 * Danish and Norwegian, Croatian and Serbian in Latin letters, and short sentences in closely related languages are easily
 * confused; `docs/classifiers.md` has the figures.
 *
 * @example
 * ```ts
 * import { LanguageClassifier } from "@sifaka/sifaka/classifiers";
 *
 * console.log(new LanguageClassifier().classify("Mañana voy a la playa con mis amigos.").label); // "es"
 * ```
 */
export class LanguageClassifier extends OperationClassifier {
  /** What it is called. */
  override readonly name: string;
  /** The languages, and `"und"`. */
  override readonly labels: readonly string[] = Object.freeze([UNDETERMINED, ...LANGUAGES]);
  readonly #minConfidence: number;
  readonly #fallback: string;
  readonly #candidates: ReadonlySet<string>;

  /**
   * Checks the options and makes the classifier.
   *
   * @param options How sure it must be, and of which languages.
   * @throws {ConfigurationError} When an option is wrong.
   */
  constructor(options: LanguageClassifierOptions = {}) {
    super(options);
    const checked = checkOptions("LanguageClassifier", options, LANGUAGE_CLASSIFIER_OPTIONS);
    const {
      name = "LanguageClassifier",
      minConfidence = 0.7,
      fallbackLanguage = UNDETERMINED,
      candidates = LANGUAGES,
    } = checked;
    if (fallbackLanguage !== UNDETERMINED && !candidates.includes(fallbackLanguage)) {
      const message = `fallbackLanguage must be one of candidates: it is ${show(fallbackLanguage)}`;
      throw optionError("LanguageClassifier", [{ path: ["fallbackLanguage"], message }]);
    }
    this.name = name;
    this.#minConfidence = minConfidence;
    this.#fallback = fallbackLanguage;
    this.#candidates = new Set(candidates);
  }

  /** The one body behind every way to classify. */
  override *_classifyOperation(text: string): Operation<ClassificationResult> {
    const prose = proseOf(text.slice(0, MOST_READ));
    if ((prose.match(/\p{L}/gu)?.length ?? 0) < FEWEST_LETTERS) {
      return new ClassificationResult({
        label: UNDETERMINED,
        confidence: 0.5,
        method: "lexicon",
        metadata: { reason: "no_content" },
      });
    }
    const parts = partsOf(prose);
    const [whole, ...each] = yield* remote<LanguageScores[]>(
      { module: packageModule("classifiers/language_calls"), name: "detect" },
      [prose, ...parts],
    );
    return this.#result(whole!, this.#shares(parts, each));
  }

  #result(whole: LanguageScores, shares: Readonly<Record<string, number>>): ClassificationResult {
    const ranked = whole.scores.filter(([language]) => this.#candidates.has(language));
    const [best, likeness = 0] = ranked[0] ?? [];
    const confidence = Math.min(1, whole.reliable ? likeness : likeness / 2);
    const sure = best !== undefined && confidence >= this.#minConfidence;
    const languages = Object.entries(shares).filter(([, share]) => share >= NOTABLE_SHARE);
    return new ClassificationResult({
      label: sure ? best : this.#fallback,
      confidence: sure ? confidence : 1 - confidence,
      scores: Object.fromEntries(
        ranked.slice(0, 10).map(([language, score]) => [language, Math.min(1, score)]),
      ),
      method: "lexicon",
      metadata: {
        ...(sure ? {} : { reason: "uncertain" }),
        ...(languages.length > 1 ? { languages: Object.fromEntries(languages) } : {}),
      },
    });
  }

  /** Which share of the letters of the parts is in which language. */
  #shares(parts: readonly string[], each: readonly LanguageScores[]): Record<string, number> {
    const total = parts.reduce((sum, part) => sum + part.length, 0);
    const shares: Record<string, number> = {};
    each.forEach(({ scores, reliable }, index) => {
      const best = scores.find(([language]) => this.#candidates.has(language))?.[0];
      if (best === undefined || !reliable) return;
      shares[best] = (shares[best] ?? 0) + parts[index]!.length / total;
    });
    for (const [language, share] of Object.entries(shares)) shares[language] = Math.round(share * 100) / 100;
    return shares;
  }
}

/** The text without code and addresses. */
function proseOf(text: string): string {
  let prose = "";
  let last = 0;
  for (const [start, end] of findNotQuantities(text, ["codeBlocks", "urls"])) {
    prose += `${text.slice(last, start)} `;
    last = end;
  }
  return prose + text.slice(last);
}

function partsOf(prose: string): string[] {
  const parts = prose.split(/(?<=[.!?。！？])\s*|\n+/u).filter((part) => part.length >= PART_LETTERS);
  return parts.length < 2 ? [] : parts.slice(0, MOST_PARTS);
}
