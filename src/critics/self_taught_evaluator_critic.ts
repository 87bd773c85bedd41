/**
 * A critic that finds out how reliable it is before it is believed.
 *
 * @module
 */

import { CriticError } from "../errors.ts";
import { allSettled } from "../operation/combinators.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import type { Thought } from "../thought/thought.ts";
import { cleanRevision, sameWords } from "./clean_revision.ts";
import {
  COMMON_CRITIC_OPTIONS,
  type CommonCriticOptions,
  type CriticTemplates,
  IMPROVE_TEMPLATE,
} from "./common_options.ts";
import type { CallEstimate } from "./critic.ts";
import { keepLatest, readExemplars } from "./exemplars.ts";
import type { Findings } from "./findings.ts";
import { ModelCritic } from "./model_critic.ts";
import {
  candidatePrompt,
  COMPARISON_FORMAT,
  comparisonPrompt,
  contrastPrompt,
  contrastQuestion,
  readInstruction,
  SELF_TAUGHT_ROLE,
} from "./self_taught_prompts.ts";
import { readTrace, shortcomings, tally, type Trace } from "./self_taught_traces.ts";
import type { CriticSession, Question } from "./session.ts";
import { tidy } from "./statistics.ts";
import { readable, requireAnswers } from "./votes.ts";

/** Options of {@linkcode SelfTaughtEvaluatorCritic}. */
export interface SelfTaughtEvaluatorOptions extends CommonCriticOptions {
  /** How often each pair is judged in each order, 1 to 9. @default 3 */
  readonly numJudgments?: number;
  /** Whether a better version is written and the draft compared with it. @default true */
  readonly improvedCandidate?: boolean;
  /** Below this share of right judgements no verdict is given, 0 to 1. @default 0.5 */
  readonly minReliability?: number;
  /** How many right judgements are shown as examples, 0 to 4. @default 2 */
  readonly exemplars?: number;
  /** The user's own prompt of the improvement. @default the built-in one */
  readonly templates?: Pick<CriticTemplates, "improve">;
}

/**
 * What {@linkcode SelfTaughtEvaluatorCritic} accepts.
 *
 * @example
 * ```ts
 * import { SELF_TAUGHT_EVALUATOR_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log("minReliability" in SELF_TAUGHT_EVALUATOR_OPTIONS); // true
 * ```
 */
export const SELF_TAUGHT_EVALUATOR_OPTIONS: OptionSchemas = Object.freeze({
  ...COMMON_CRITIC_OPTIONS,
  templates: IMPROVE_TEMPLATE,
  numJudgments: {
    description: "How often each pair is judged in each order.",
    type: "integer",
    minimum: 1,
    maximum: 9,
    default: 3,
  },
  improvedCandidate: {
    description: "Whether a better version is written and the draft compared with it.",
    type: "boolean",
    default: true,
  },
  minReliability: {
    description: "Below this share of right judgements no verdict is given.",
    type: "number",
    minimum: 0,
    maximum: 1,
    default: 0.5,
  },
  exemplars: {
    description: "How many right judgements are shown as examples.",
    type: "integer",
    minimum: 0,
    maximum: 4,
    default: 2,
  },
});

const DEFAULT_TEMPERATURE = 0.7;
/** The most right judgements that are remembered for the next iteration. */
const MOST_REMEMBERED = 4;

/**
 * Compares the draft with a text that is known to be worse, to learn how far the judge can be trusted, and then with a better
 * one.
 *
 * After T. Wang, Kulikov, Golovneva, Yu, Yuan, Dwivedi-Yu, Pang, Fazel-Zarandi, Weston and Li, "Self-Taught Evaluators", 2024,
 * arXiv 2408.02666: a similar but different instruction is made and answered; the answer is plausible and yet worse for the
 * original, so the right judgement is known without anyone's label, and the judgements that reach it are kept.
 *
 * Simplified: nothing is fine-tuned; the judgements that are kept are shown as examples, in this round and the next ones, and
 * their share says how reliable the judge is.
 *
 * Cost: a call that changes the task and one that answers it, beside them one that writes a better version; then J judgements in
 * both orders against the worse text, and as many against the better one: 15 with three judgements, and 8 without the better
 * version.
 *
 * When to use it: where the judge itself is in doubt, for example a small model.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { SelfTaughtEvaluatorCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({
 *   response: ({ prompt }) => {
 *     if (prompt.includes("Change a request")) return '{"instruction": "Decline the invitation."}';
 *     if (prompt.includes("Write the text")) return "I cannot come.";
 *     if (prompt.includes("Write a better version")) return "Please come on Friday.";
 *     const best = prompt.includes("on Friday") ? "on Friday" : "Please come";
 *     return JSON.stringify({ winner: prompt.indexOf(best) < prompt.indexOf("Text B") ? "A" : "B" });
 *   },
 * });
 * const critic = new SelfTaughtEvaluatorCritic({ model });
 * const feedback = critic.critique(new Thought({ prompt: "Invite them.", text: "Please come." }));
 * console.log(feedback.needsImprovement, feedback.metadata.reliability, feedback.modelCalls); // true 1 15
 * ```
 */
export class SelfTaughtEvaluatorCritic extends ModelCritic {
  readonly #judgements: number;
  readonly #hasCandidate: boolean;
  readonly #minReliability: number;
  readonly #exemplars: number;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The model, and how often it judges.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no model.
   */
  constructor(options: SelfTaughtEvaluatorOptions) {
    const checked = checkOptions("SelfTaughtEvaluatorCritic", options, SELF_TAUGHT_EVALUATOR_OPTIONS);
    super("SelfTaughtEvaluatorCritic", checked, {
      temperature: DEFAULT_TEMPERATURE,
      systemPrompt: SELF_TAUGHT_ROLE,
    });
    this.#judgements = checked.numJudgments ?? 3;
    this.#hasCandidate = checked.improvedCandidate ?? true;
    this.#minReliability = checked.minReliability ?? 0.5;
    this.#exemplars = checked.exemplars ?? 2;
  }

  /**
   * How many calls a critique takes.
   *
   * @internal
   */
  protected _callsFor(_thought: Thought): CallEstimate {
    const judged = 2 * this.#judgements;
    if (!this.#hasCandidate) return { min: 2 + judged, expected: 2 + judged, max: 2 + judged };
    // A candidate that is the draft again is not compared with it.
    return { min: 3 + judged, expected: 3 + 2 * judged, max: 3 + 2 * judged };
  }

  /**
   * Examines a text that is not blank.
   *
   * @internal
   */
  protected *_examine(session: CriticSession): Operation<Findings> {
    session.requireCalls(this._callsFor(session.thought).expected);
    const { contrast, candidate, instruction } = yield* this.#write(session);
    const remembered = readExemplars(session.memory, "traces");
    const shown = keepLatest(remembered, this.#exemplars);
    const calibration = yield* this.#compare(session, {
      name: "calibration",
      other: contrast,
      exemplars: shown,
    });
    const right = calibration.filter(({ winner }) => winner === "draft").map(({ example }) => example);
    const kept = keepLatest([...remembered, ...right], MOST_REMEMBERED);
    session.remember({ traces: kept });
    const reliability = tidy(right.length / calibration.length);
    const isSame = candidate !== undefined && sameWords(candidate, session.text);
    const comparison = candidate === undefined || isSame ? [] : yield* this.#compare(session, {
      name: "comparison",
      other: candidate,
      exemplars: keepLatest(kept, this.#exemplars),
    });
    const judged: Judged = { calibration, comparison, reliability, isSame };
    const warning = reliability < this.#minReliability
      ? `${session.name} gives no verdict as its judge is not reliable enough: ${right.length} of ${calibration.length} ` +
        `judgements were right, and minReliability is ${this.#minReliability}`
      : undefined;
    if (warning !== undefined) yield* session.warn("unreliable_judge", warning);
    return this.#findings(judged, {
      instruction,
      ...(warning === undefined ? {} : { warnings: [warning] }),
      ...(this.#hasCandidate && candidate === undefined ? { candidateFailed: true } : {}),
    });
  }

  /** Writes the worse text, in two steps, and beside it the better one, which a judgement can do without. */
  *#write(session: CriticSession): Operation<Written> {
    const [worse, better] = yield* allSettled<Contrast | string>([
      this.#contrast(session),
      ...(this.#hasCandidate ? [this.#candidate(session)] : []),
    ], { name: "text", concurrency: this.settings.modelCallConcurrency });
    if (!worse!.ok) throw worse!.error;
    const candidate = better?.ok && better.value !== "" ? better.value as string : undefined;
    return { ...worse!.value as Contrast, candidate };
  }

  *#contrast(session: CriticSession): Operation<Contrast> {
    const instruction = readInstruction(yield* session.ask(contrastQuestion(session)));
    const contrast = instruction === ""
      ? ""
      : cleanRevision(yield* session.write(contrastPrompt(instruction)), session.text);
    if (contrast !== "" && !sameWords(instruction, session.thought.prompt)) return { instruction, contrast };
    throw new CriticError(
      `${session.name} cannot judge the text as the model gave no text to compare it with`,
      { code: "too_few_answers", component: session.name, operation: "critique" },
    );
  }

  *#candidate(session: CriticSession): Operation<string> {
    return cleanRevision(yield* session.write(candidatePrompt(session)), session.text);
  }

  *#compare(session: CriticSession, { name, other, exemplars }: Comparison): Operation<Trace[]> {
    const texts = { draft: session.text, other };
    const questions = Array.from({ length: 2 * this.#judgements }, (_, index): Question => {
      const [a, b] = index % 2 === 0 ? [texts.draft, other] : [other, texts.draft];
      const prompt = comparisonPrompt(session, { a, b }, exemplars);
      return { prompt, format: COMPARISON_FORMAT, speaker: { seed: index + 1 } };
    });
    const outcomes = yield* session.askAll(name, questions);
    requireAnswers(session.name, outcomes, { count: 1, what: "judgement" });
    return readable(outcomes).answers.map(({ answer, index }) => readTrace(answer, texts, index % 2 === 1));
  }

  #findings(judged: Judged, facts: NonNullable<Findings["metadata"]>): Findings {
    const { calibration, comparison, reliability, isSame } = judged;
    const lost = tally(calibration);
    const misses = lost.other > lost.draft;
    const outcome = this.#hasCandidate && (comparison.length > 0 || isSame)
      ? againstCandidate(comparison, reliability)
      : againstContrast(calibration, misses);
    const isReliable = reliability >= this.#minReliability;
    return {
      summary: misses ? `${MISSES} ${outcome.summary}` : outcome.summary,
      needsImprovement: isReliable ? outcome.verdict : undefined,
      score: outcome.score,
      confidence: outcome.agreement === undefined ? undefined : tidy(reliability * outcome.agreement),
      issues: [...(misses ? [{ text: MISSES, severity: "high" } as const] : []), ...outcome.issues],
      suggestions: outcome.suggestions,
      raw: [...calibration, ...comparison].map(({ raw }) => raw).join("\n\n"),
      metadata: {
        ...facts,
        reliability,
        calibration: { ...lost },
        ...(comparison.length > 0 ? { comparison: { ...tally(comparison) } } : {}),
        ...(isSame ? { candidateIsDraft: true } : {}),
        ...(outcome.agreement === undefined ? {} : { confidenceSource: "agreement and reliability" }),
      },
    };
  }
}

const MISSES = "The text does what was asked no better than a text that was written for another task.";

interface Contrast {
  readonly instruction: string;
  readonly contrast: string;
}

interface Written extends Contrast {
  readonly candidate: string | undefined;
}

interface Comparison {
  readonly name: string;
  readonly other: string;
  readonly exemplars: readonly string[];
}

interface Judged {
  readonly calibration: readonly Trace[];
  readonly comparison: readonly Trace[];
  readonly reliability: number;
  readonly isSame: boolean;
}

interface Outcome extends Pick<Findings, "issues" | "suggestions"> {
  readonly verdict: boolean;
  readonly score: number;
  readonly agreement: number | undefined;
  readonly summary: string;
  readonly issues: NonNullable<Findings["issues"]>;
}

/**
 * The draft against the better version. The score is the draft's share of wins; what an unreliable judge says moves it less
 * from the middle, where the draft is as good as the best that the model could make of it.
 */
function againstCandidate(traces: readonly Trace[], reliability: number): Outcome {
  const wins = tally(traces);
  const total = traces.length;
  const share = total === 0 ? 0.5 : (wins.draft + wins.tie / 2) / total;
  const verdict = wins.other > wins.draft;
  return {
    verdict,
    score: tidy(0.5 + (share - 0.5) * reliability),
    agreement: total === 0 ? undefined : Math.max(wins.draft, wins.other, wins.tie) / total,
    summary: total === 0
      ? "The model found nothing to make better."
      : `A version that was meant to be better was preferred in ${wins.other} of ${total} comparisons.`,
    ...(verdict ? shortcomings(traces, "other") : { issues: [], suggestions: [] }),
  };
}

/** The draft against the worse text alone: it needs improvement when it loses, or when even those who prefer it find fault. */
function againstContrast(traces: readonly Trace[], misses: boolean): Outcome {
  const wins = tally(traces);
  const found = shortcomings(traces, misses ? "other" : "draft");
  return {
    verdict: misses || found.issues.length > 0,
    score: tidy((wins.draft + wins.tie / 2) / traces.length),
    agreement: Math.max(wins.draft, wins.other, wins.tie) / traces.length,
    summary: `It was preferred to a text for another task in ${wins.draft} of ${traces.length} comparisons.`,
    ...found,
  };
}
