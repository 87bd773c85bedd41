/**
 * A critic that judges by criteria of the user's own.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import { checkOptions, optionError, type OptionProblem, type OptionSchemas } from "../options.ts";
import type { Thought } from "../thought/thought.ts";
import {
  COMMON_CRITIC_OPTIONS,
  type CommonCriticOptions,
  passScoreSchema,
  TEMPLATE_SCHEMA,
} from "./common_options.ts";
import { CRITERIA, readCriteria } from "./criteria.ts";
import type { CallEstimate } from "./critic.ts";
import { fillTemplate } from "./critique_prompt.ts";
import { type Findings, findingsOf } from "./findings.ts";
import { ModelCritic } from "./model_critic.ts";
import { CRITERIA_FORMAT, criteriaLines, criteriaPrompt, PROMPT_ROLE } from "./prompt_prompts.ts";
import type { CriticSession } from "./session.ts";
import { mean } from "./statistics.ts";

/** Options of {@linkcode PromptCritic}. */
export interface PromptCriticOptions extends CommonCriticOptions {
  /** What the text is judged by: a list, or the name of one of {@linkcode CRITERIA}. @default "general" */
  readonly criteria?: readonly string[] | keyof typeof CRITERIA;
  /** A short way to write `templates.critique`; it may also use `{criteria}`. @default the built-in prompt */
  readonly critiqueTemplate?: string;
  /** A short way to write `templates.improve`. @default the built-in prompt */
  readonly improveTemplate?: string;
  /** From this score on the text is good enough, 0 to 1. @default 0.7 */
  readonly passScore?: number;
}

/**
 * What {@linkcode PromptCritic} accepts.
 *
 * @example
 * ```ts
 * import { PROMPT_CRITIC_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log("criteria" in PROMPT_CRITIC_OPTIONS); // true
 * ```
 */
export const PROMPT_CRITIC_OPTIONS: OptionSchemas = Object.freeze({
  ...COMMON_CRITIC_OPTIONS,
  criteria: {
    description: "What the text is judged by: a list, or the name of one that is ready.",
    anyOf: [
      { enum: Object.keys(CRITERIA) },
      { type: "array", minItems: 1, maxItems: 50, items: { type: "string", minLength: 1 } },
    ],
    default: "general",
  },
  critiqueTemplate: {
    ...TEMPLATE_SCHEMA,
    description: "A prompt of one's own for the critique; {text} is required.",
  },
  improveTemplate: {
    ...TEMPLATE_SCHEMA,
    description: "A prompt of one's own for the improved text; {text} is required.",
  },
  passScore: passScoreSchema(0.7),
});

const DEFAULT_TEMPERATURE = 0.3;
const DEFAULT_PASS_SCORE = 0.7;

/**
 * Judges a text by criteria in a single call.
 *
 * There is no paper behind it: it is the plain prompt that the other critics are to be measured against. Each criterion gets a
 * score and a comment; the score is the mean, computed here and not by the model.
 *
 * Cost: one call a critique, one more for `improve`.
 *
 * When to use it: where what makes the text good can be said in a few lines, and a single opinion is enough.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { PromptCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({
 *   response: '{"criteria": [{"criterion": 1, "score": 4, "comment": "No date."}, {"criterion": 2, "score": 8, "comment": ""}]}',
 * });
 * const critic = new PromptCritic({ model, criteria: ["It says when.", "It is polite."] });
 * const feedback = critic.critique(new Thought({ prompt: "Invite them.", text: "Please come." }));
 * console.log(feedback.score, feedback.needsImprovement); // 0.6 true
 * ```
 */
export class PromptCritic extends ModelCritic {
  readonly #criteria: readonly string[];
  readonly #passScore: number;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The model, and what it judges by.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no model.
   */
  constructor(options: PromptCriticOptions) {
    const checked = checkOptions("PromptCritic", options, PROMPT_CRITIC_OPTIONS);
    const { criteria = "general", critiqueTemplate, improveTemplate, templates, passScore } = checked;
    const list = typeof criteria === "string" ? CRITERIA[criteria] : criteria.map((text) => text.trim());
    const problems = [
      ...repeated(list),
      ...givenTwice("critique", critiqueTemplate, templates?.critique),
      ...givenTwice("improve", improveTemplate, templates?.improve),
    ];
    if (problems.length > 0) throw optionError("PromptCritic", problems);
    const merged = {
      critique: critiqueTemplate ?? templates?.critique,
      improve: improveTemplate ?? templates?.improve,
    };
    super("PromptCritic", { ...checked, templates: merged }, {
      temperature: DEFAULT_TEMPERATURE,
      systemPrompt: PROMPT_ROLE,
      placeholders: ["criteria"],
    });
    this.#criteria = Object.freeze([...list]);
    this.#passScore = passScore ?? DEFAULT_PASS_SCORE;
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
    const prompt = this.critiqueTemplate
      ? fillTemplate(this.critiqueTemplate, session, { criteria: criteriaLines(this.#criteria) })
      : criteriaPrompt(session, this.#criteria);
    const answer = yield* session.ask({ prompt, format: CRITERIA_FORMAT });
    const criteria = readCriteria(answer.fields, this.#criteria);
    const scores = criteria.map(({ score }) => score).filter((score) => score !== undefined);
    const score = mean(scores) ?? answer.score;
    const findings = findingsOf({ ...answer, score }, this.#passScore);
    const missing = criteria.filter((one) => one.score === undefined).map(({ name }) => name);
    return {
      ...findings,
      metadata: {
        ...findings.metadata,
        criteria: criteria.map(({ name, score, comment }) => ({
          name,
          comment,
          ...(score === undefined ? {} : { score }),
        })),
        ...(missing.length > 0 ? { missingCriteria: missing } : {}),
      },
    };
  }
}

function repeated(criteria: readonly string[]): OptionProblem[] {
  const index = criteria.findIndex((criterion, place) => criteria.indexOf(criterion) !== place);
  return index < 0 ? [] : [{
    path: ["criteria", index],
    message: `criteria must be different from each other: criteria[${index}] repeats criteria[${
      criteria.indexOf(criteria[index]!)
    }]`,
  }];
}

function givenTwice(
  which: "critique" | "improve",
  short: string | undefined,
  long: string | undefined,
): OptionProblem[] {
  return short === undefined || long === undefined ? [] : [{
    path: [`${which}Template`],
    message: `${which}Template and templates.${which} are the same option and must not both be given`,
  }];
}
