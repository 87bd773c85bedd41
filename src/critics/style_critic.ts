/**
 * A critic that compares how a text is written with how it should be written.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import {
  checkOptions,
  optionError,
  type OptionProblem,
  type OptionSchema,
  type OptionSchemas,
} from "../options.ts";
import { readTextFile } from "../runtime/files.ts";
import type { Thought } from "../thought/thought.ts";
import { COMMON_CRITIC_OPTIONS, type CommonCriticOptions } from "./common_options.ts";
import type { CallEstimate } from "./critic.ts";
import { fillTemplate } from "./critique_prompt.ts";
import type { Findings } from "./findings.ts";
import { ModelCritic } from "./model_critic.ts";
import { verdictOf } from "./parse_answer.ts";
import type { CriticSession } from "./session.ts";
import { alignmentOf, localAlignment, measureBoth, type StyleWeights } from "./style_alignment.ts";
import {
  readRewrites,
  readStyleScores,
  STYLE_FORMAT,
  STYLE_ROLE,
  stylePrompt,
  type StyleTarget,
} from "./style_prompts.ts";

/** Options of {@linkcode StyleCritic}; a text in the style, a description of it, or examples are required. */
export interface StyleOptions extends CommonCriticOptions {
  /** A text in the style asked for. @default none */
  readonly referenceText?: string;
  /** The style in words. @default none */
  readonly styleDescription?: string;
  /** Short examples of the style, at most 20. @default none */
  readonly styleExamples?: readonly string[];
  /** From this alignment on the text is near enough to the style, 0 to 1. @default 0.8 */
  readonly passAlignment?: number;
  /** How much each dimension counts. @default { vocabulary: 0.3, structure: 0.3, tone: 0.4 } */
  readonly weights?: StyleWeights;
  /** Whether the text is measured as well as judged. @default "hybrid" */
  readonly mode?: "hybrid" | "model";
}

const WEIGHT: OptionSchema = { type: "number", minimum: 0, maximum: 1_000 };

/**
 * What {@linkcode StyleCritic} accepts.
 *
 * @example
 * ```ts
 * import { STYLE_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log("styleDescription" in STYLE_OPTIONS); // true
 * ```
 */
export const STYLE_OPTIONS: OptionSchemas = Object.freeze<OptionSchemas>({
  ...COMMON_CRITIC_OPTIONS,
  referenceText: { description: "A text in the style asked for.", type: "string", minLength: 1 },
  styleDescription: { description: "The style in words.", type: "string", minLength: 1 },
  styleExamples: {
    description: "Short examples of the style.",
    type: "array",
    minItems: 1,
    maxItems: 20,
    items: { type: "string", minLength: 1 },
  },
  passAlignment: {
    description: "From this alignment on the text is near enough to the style.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0.8,
  },
  weights: {
    description: "How much each dimension counts.",
    type: "object",
    properties: {
      vocabulary: { ...WEIGHT, description: "The choice of words.", default: 0.3 },
      structure: { ...WEIGHT, description: "Sentences, paragraphs, lists.", default: 0.3 },
      tone: { ...WEIGHT, description: "How the writer speaks to the reader.", default: 0.4 },
    },
  },
  mode: {
    description: "Whether the text is measured as well as judged.",
    enum: ["hybrid", "model"],
    default: "hybrid",
  },
});

const DEFAULT_TEMPERATURE = 0.2;
const DEFAULT_PASS_ALIGNMENT = 0.8;

/**
 * Compares the style of a text with a reference, a description or examples.
 *
 * There is no paper behind it. Where there is a text to compare with, both are measured (lengths of sentences and words, variety,
 * contractions, passives, persons, punctuation, lists, readability); the model gets the measures as facts and judges vocabulary,
 * structure and tone. The alignment is computed here, not by the model. What is out of style is quoted and rewritten, and what
 * quotes words that are not in the text is dropped.
 *
 * Cost: one call.
 *
 * When to use it: where texts must read as if one hand had written them.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { StyleCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({
 *   response: JSON.stringify({
 *     dimensions: [{ dimension: "tone", score: 3 }],
 *     rewrites: [{ quote: "hereby invited", rewrite: "invited", dimension: "tone" }],
 *   }),
 * });
 * const critic = new StyleCritic({ model, styleDescription: "As one friend writes to another." });
 * const feedback = critic.critique(new Thought({ prompt: "Invite them.", text: "You are hereby invited." }));
 * console.log(feedback.suggestions[0]?.text); // 'Instead of "hereby invited" write "invited"'
 * ```
 */
export class StyleCritic extends ModelCritic {
  readonly #target: StyleTarget;
  readonly #weights: Required<StyleWeights>;
  readonly #passAlignment: number;
  readonly #isMeasured: boolean;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The model, and what the text should be like.
   * @throws {ConfigurationError} When an option is unknown or wrong, there is no model, or nothing says what the style is.
   */
  constructor(options: StyleOptions) {
    const checked = checkOptions("StyleCritic", options, STYLE_OPTIONS);
    const { referenceText, styleDescription, styleExamples } = checked;
    const weights = { vocabulary: 0.3, structure: 0.3, tone: 0.4, ...checked.weights };
    const problems: OptionProblem[] = [];
    if (
      checked.model !== undefined &&
      [referenceText, styleDescription, styleExamples].every((one) => one === undefined)
    ) {
      problems.push({
        path: [],
        message: "it must be told what the style is: give referenceText, styleDescription or styleExamples",
      });
    }
    if (Object.values(weights).every((weight) => weight === 0)) {
      problems.push({ path: ["weights"], message: "weights must not all be 0" });
    }
    if (problems.length > 0) throw optionError("StyleCritic", problems);
    super("StyleCritic", checked, { temperature: DEFAULT_TEMPERATURE, systemPrompt: STYLE_ROLE });
    this.#target = Object.freeze({
      reference: referenceText,
      description: styleDescription,
      examples: Object.freeze([...styleExamples ?? []]),
    });
    this.#weights = weights;
    this.#passAlignment = checked.passAlignment ?? DEFAULT_PASS_ALIGNMENT;
    this.#isMeasured = checked.mode !== "model";
  }

  /**
   * How many calls a critique takes.
   *
   * @internal
   */
  protected _callsFor(_thought: Thought): CallEstimate {
    return { min: 1, expected: 1, max: 1 };
  }

  /**
   * Examines a text that is not blank.
   *
   * @internal
   */
  protected *_examine(session: CriticSession): Operation<Findings> {
    const { reference = "", examples } = this.#target;
    const measured = this.#isMeasured
      ? measureBoth(session.text, [reference, ...examples].filter((text) => text !== "").join("\n\n"))
      : undefined;
    const prompt = this.critiqueTemplate
      ? fillTemplate(this.critiqueTemplate, session)
      : stylePrompt(session, this.#target, measured);
    const answer = yield* session.ask({ prompt, format: STYLE_FORMAT });
    const judged = readStyleScores(answer);
    const local = measured === undefined ? {} : localAlignment(measured);
    const { dimensions, total } = alignmentOf(judged, local, this.#weights);
    // An answer that cannot be read is no judgement, and the measures alone know nothing of tone.
    const score = answer.parse === "none"
      ? undefined
      : Object.keys(judged).length > 0
      ? total
      : answer.score ?? total;
    const { issues, suggestions, dropped } = readRewrites(answer, session.text);
    return {
      summary: answer.summary,
      needsImprovement: score === undefined
        ? verdictOf(answer, this.#passAlignment)
        : score < this.#passAlignment,
      score,
      issues,
      suggestions,
      raw: answer.raw,
      parse: answer.parse,
      metadata: {
        dimensions,
        judged,
        local,
        ...(measured === undefined
          ? {}
          : { measured: { draft: { ...measured.draft }, reference: { ...measured.reference } } }),
        ...(dropped > 0 ? { dropped } : {}),
      },
    };
  }
}

/**
 * Makes a {@linkcode StyleCritic} whose reference is a file.
 *
 * @param path The file; text in UTF-8.
 * @param options All else. A `referenceText` among them is an error.
 * @returns The critic.
 * @throws {ConfigurationError} When the file cannot be read; the message names the permission where one is missing. When an
 * option is unknown or wrong.
 *
 * @example
 * ```ts
 * import { styleCriticFromFile } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const critic = styleCriticFromFile("README.md", { model: new MockModel() });
 * console.log(critic.name); // "StyleCritic"
 * ```
 */
export function styleCriticFromFile(path: string, options: Omit<StyleOptions, "referenceText">): StyleCritic {
  if (Object.hasOwn(options, "referenceText")) {
    const message = "referenceText must be left out where the reference is a file";
    throw optionError("StyleCritic", [{ path: ["referenceText"], message }]);
  }
  const referenceText = readTextFile(path, { subject: "the reference of the style" });
  return new StyleCritic({ ...options, referenceText });
}
