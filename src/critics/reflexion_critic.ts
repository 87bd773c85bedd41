/**
 * A critic that learns from failed attempts within a run.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import type { Template } from "../text/template.ts";
import type { Thought } from "../thought/thought.ts";
import {
  COMMON_CRITIC_OPTIONS,
  type CommonCriticOptions,
  type CriticTemplates,
  IMPROVE_TEMPLATE,
  passScoreSchema,
  TEMPLATE_SCHEMA,
} from "./common_options.ts";
import type { CallEstimate } from "./critic.ts";
import { fillTemplate } from "./critique_prompt.ts";
import { type Findings, findingsOf } from "./findings.ts";
import { ModelCritic } from "./model_critic.ts";
import { type CriticAnswer, verdictOf } from "./parse_answer.ts";
import { addReflection, readReflections } from "./reflexion_memory.ts";
import {
  EVALUATION_FORMAT,
  evaluationPrompt,
  readReflection,
  REFLECTION_FORMAT,
  reflectionPrompt,
  reflectionsSection,
  reflectionText,
  REFLEXION_ROLE,
} from "./reflexion_prompts.ts";
import {
  type ReflexionEvaluator,
  rewardOfFunction,
  rewardOfValidators,
  rewardText,
  type SettledReward,
} from "./reflexion_reward.ts";
import type { CriticSession } from "./session.ts";

/** Options of {@linkcode ReflexionCritic}. */
export interface ReflexionOptions extends CommonCriticOptions {
  /**
   * Who says whether an attempt succeeded: the chain's validators, the model in a call of its own, or a function.
   *
   * @default "validators"
   */
  readonly evaluator?: "validators" | "llm" | ReflexionEvaluator;
  /** From this score on an attempt succeeded, 0 to 1; for evaluators that give a score. @default 0.8 */
  readonly passScore?: number;
  /** How many reflections are remembered within a run; 0 remembers none. @default 3 */
  readonly maxReflections?: number;
  /** The user's own prompt of the evaluation; the same placeholders as `templates`. @default the built-in one */
  readonly evaluatorTemplate?: string;
  /**
   * The user's own prompt of the reflection; the placeholders of `templates`, and `{reflection}` for the earlier reflections.
   *
   * @default the built-in one
   */
  readonly reflectionTemplate?: string;
  /** The user's own prompt of the improvement. @default the built-in one */
  readonly templates?: Pick<CriticTemplates, "improve">;
}

/**
 * What {@linkcode ReflexionCritic} accepts.
 *
 * @example
 * ```ts
 * import { REFLEXION_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log(Object.keys(REFLEXION_OPTIONS).length > 0); // true
 * ```
 */
export const REFLEXION_OPTIONS: OptionSchemas = Object.freeze({
  ...COMMON_CRITIC_OPTIONS,
  templates: IMPROVE_TEMPLATE,
  evaluator: {
    description:
      "Who says whether an attempt succeeded: the chain's validators, or the model in a call of its own.",
    anyOf: [
      { enum: ["validators", "llm"] },
      { codeOnly: true, accepts: (value) => typeof value === "function", accepted: "a function" },
    ],
    default: "validators",
  },
  passScore: passScoreSchema(0.8, "From this score on an attempt succeeded."),
  maxReflections: {
    description: "How many reflections are remembered within a run.",
    type: "integer",
    minimum: 0,
    maximum: 20,
    default: 3,
  },
  evaluatorTemplate: {
    ...TEMPLATE_SCHEMA,
    description: "A prompt of one's own for the evaluation; {text} is required.",
  },
  reflectionTemplate: {
    ...TEMPLATE_SCHEMA,
    description: "A prompt of one's own for the reflection; {text} is required.",
  },
});

const DEFAULT_TEMPERATURE = 0.3;
const DEFAULT_PASS_SCORE = 0.8;
const DEFAULT_MAX_REFLECTIONS = 3;

/**
 * Reflects on failed attempts, and passes what it learnt to the next ones.
 *
 * After Shinn, Cassano, Berman, Gopinath, Narasimhan and Yao, "Reflexion: Language Agents with Verbal Reinforcement Learning",
 * 2023, arXiv 2303.11366. An evaluator turns an attempt into a reward. An attempt that succeeds ends the matter; after one
 * that fails, the model reads the attempt, the reward and its earlier reflections, and writes what went wrong, why, and what
 * to do. The reflection joins a bounded memory (the paper usually keeps one to three) that the next attempt is written with.
 *
 * Simplified: the attempt is one text, not a trajectory of actions, so there is no short-term memory beside it; the memory
 * also has a bound in tokens. A chain's own model is the actor.
 *
 * Cost: no call when the validators pass the text, one when they fail it; one more with the evaluator `"llm"`.
 *
 * When to use it: where success can be checked (validators, tests, a function) and the writer fails in the same way twice.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { ReflexionCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({
 *   response: '{"diagnosis": "No numbers.", "rootCause": "It was written from memory.", "plan": ["Add the yearly figures."]}',
 * });
 * const thought = new Thought({ prompt: "Report on sales.", text: "Sales were good." })
 *   .addValidationResult("numbers", { passed: false, message: "The text has no number" });
 * const feedback = new ReflexionCritic({ model }).critique(thought);
 * console.log(feedback.suggestions[0]?.text); // "Add the yearly figures."
 * ```
 */
export class ReflexionCritic extends ModelCritic {
  readonly #evaluator: "validators" | "llm" | ReflexionEvaluator;
  readonly #passScore: number;
  readonly #maxReflections: number;
  readonly #evaluatorTemplate: Template | undefined;
  readonly #reflectionTemplate: Template | undefined;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The model, the evaluator, and how much is remembered.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no model.
   */
  constructor(options: ReflexionOptions) {
    const checked = checkOptions("ReflexionCritic", options, REFLEXION_OPTIONS);
    super("ReflexionCritic", checked, {
      temperature: DEFAULT_TEMPERATURE,
      systemPrompt: REFLEXION_ROLE,
      placeholders: ["reflection"],
    });
    this.#evaluator = checked.evaluator ?? "validators";
    this.#passScore = checked.passScore ?? DEFAULT_PASS_SCORE;
    this.#maxReflections = checked.maxReflections ?? DEFAULT_MAX_REFLECTIONS;
    this.#evaluatorTemplate = this.compile("evaluatorTemplate", checked.evaluatorTemplate);
    this.#reflectionTemplate = this.compile("reflectionTemplate", checked.reflectionTemplate);
  }

  /**
   * How many calls a critique takes.
   *
   * @internal
   */
  protected _callsFor(thought: Thought): CallEstimate {
    if (typeof this.#evaluator === "function") return { min: 0, expected: 1, max: 1 };
    if (this.#evaluator === "llm") return { min: 1, expected: 2, max: 2 };
    const reward = rewardOfValidators(thought);
    if (reward === undefined) return { min: 0, expected: 1, max: 2 };
    const calls = reward.passed === false ? 1 : 0;
    return { min: calls, expected: calls, max: calls };
  }

  /**
   * Examines a text that is not blank.
   *
   * @internal
   */
  protected *_examine(session: CriticSession): Operation<Findings> {
    const { reward, answer, warnings } = yield* this.#evaluate(session);
    const facts = {
      evaluator: reward.by,
      ...(warnings.length > 0 ? { warnings } : {}),
      ...(reward.passed === undefined ? {} : { passed: reward.passed }),
    };
    if (reward.passed !== false) {
      const findings = answer === undefined ? rewardFindings(reward) : findingsOf(answer, this.#passScore);
      return {
        ...findings,
        needsImprovement: reward.passed === undefined ? undefined : false,
        metadata: { ...findings.metadata, ...facts },
      };
    }
    return yield* this.#reflect(session, reward, facts);
  }

  *#evaluate(session: CriticSession): Operation<Evaluation> {
    if (typeof this.#evaluator === "function") {
      const reward = yield* rewardOfFunction(session.name, this.#evaluator, session.thought, this.#passScore);
      return { reward, answer: undefined, warnings: [] };
    }
    const warnings: string[] = [];
    if (this.#evaluator === "validators") {
      const reward = rewardOfValidators(session.thought);
      if (reward) return { reward, answer: undefined, warnings };
      warnings.push(`${session.name} asks its model to evaluate the text, as no validator has judged it`);
      yield* session.warn("no_validators", warnings[0]!);
    }
    const prompt = this.#evaluatorTemplate
      ? fillTemplate(this.#evaluatorTemplate, session)
      : evaluationPrompt(session);
    const answer = yield* session.ask({ prompt, format: EVALUATION_FORMAT });
    return { reward: this.#rewardOf(answer), answer, warnings };
  }

  /** The reward is the score; where the model gave none, its verdict. */
  #rewardOf(answer: CriticAnswer): SettledReward {
    const { score, issues, summary, parse } = answer;
    const needs = verdictOf(answer, this.#passScore);
    const reasons = parse === "none"
      ? []
      : [...(summary === "" ? [] : [summary]), ...issues.map((issue) => issue.text)];
    const passed = score === undefined
      ? (needs === undefined ? undefined : !needs)
      : score >= this.#passScore;
    return { by: "llm", passed, score, reasons };
  }

  *#reflect(
    session: CriticSession,
    reward: SettledReward,
    facts: NonNullable<Findings["metadata"]>,
  ): Operation<Findings> {
    const remembered = readReflections(session.memory);
    const earlier = this.#maxReflections === 0 ? [] : remembered.slice(-this.#maxReflections);
    const prompt = this.#reflectionTemplate
      ? fillTemplate(this.#reflectionTemplate, session, { reflection: reflectionsSection(earlier) })
      : reflectionPrompt(session, reward, earlier);
    const answer = yield* session.ask({ prompt, format: REFLECTION_FORMAT });
    const reflection = readReflection(answer.fields);
    const text = reflectionText(reflection) || answer.summary;
    const kept = addReflection(earlier, text, this.#maxReflections);
    session.remember({ reflections: kept });
    const { diagnosis, plan } = reflection;
    return {
      ...findingsOf(answer, this.#passScore),
      // The evaluator has decided that already; the reflection only says why.
      needsImprovement: true,
      score: reward.score,
      summary: answer.summary || diagnosis,
      issues: diagnosis === "" ? answer.issues : [diagnosis],
      suggestions: plan.length === 0 ? answer.suggestions : plan,
      forGenerator: forGenerator(addReflection(earlier, text, Math.max(1, this.#maxReflections)), text),
      metadata: {
        ...facts,
        reflection: { ...reflection },
        reward: rewardText(reward),
        remembered: kept.length,
      },
    };
  }
}

interface Evaluation {
  readonly reward: SettledReward;
  readonly answer: CriticAnswer | undefined;
  readonly warnings: readonly string[];
}

function rewardFindings({ passed, score, reasons }: SettledReward): Findings {
  const outcome = passed === undefined
    ? "It cannot be told whether the attempt succeeded"
    : "The attempt succeeded";
  return { summary: reasons.length === 0 ? `${outcome}.` : `${outcome}: ${reasons.join("; ")}`, score };
}

/** The writer sees the earlier reflections that are remembered, then the latest in full. */
function forGenerator(remembered: readonly string[], latest: string): string {
  const earlier = remembered.filter((entry) => entry !== latest);
  if (earlier.length === 0) return latest;
  return [
    "Lessons from earlier attempts:",
    ...earlier.map((entry, index) => `Attempt ${index + 1} of those remembered:\n${entry}`),
    `Lesson from the last attempt:\n${latest}`,
  ].join("\n\n");
}
