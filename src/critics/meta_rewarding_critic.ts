/**
 * A critic whose judgements are judged before one of them is used.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import type { Outcome } from "../operation/outcome.ts";
import { checkOptions, type OptionSchemas } from "../options.ts";
import type { Thought } from "../thought/thought.ts";
import { COMMON_CRITIC_OPTIONS, type CommonCriticOptions, passScoreSchema } from "./common_options.ts";
import type { CallEstimate } from "./critic.ts";
import { fillTemplate } from "./critique_prompt.ts";
import { keepLatest, readExemplars } from "./exemplars.ts";
import type { Findings } from "./findings.ts";
import { bestJudgement, type Judgement } from "./meta_rewarding_choice.ts";
import {
  JUDGEMENT_FORMAT,
  judgementText,
  judgePrompt,
  META_FORMAT,
  META_REWARDING_ROLE,
  metaPrompt,
  refineJudgementPrompt,
} from "./meta_rewarding_prompts.ts";
import { ModelCritic } from "./model_critic.ts";
import { readWinner, type Winner } from "./pairwise.ts";
import { type CriticAnswer, verdictOf } from "./parse_answer.ts";
import { type Game, type Pair, pairsOf, winRates } from "./ratings.ts";
import { field, readText } from "./read_fields.ts";
import type { CriticSession, Question } from "./session.ts";
import { isSimilar } from "./similar.ts";
import { mean } from "./statistics.ts";
import { type Readable, readable, requireAnswers, shareFor, verdictsOf } from "./votes.ts";

/** Options of {@linkcode MetaRewardingCritic}. */
export interface MetaRewardingOptions extends CommonCriticOptions {
  /** How many judgements are made, 2 to 9; an odd number leaves no draws. @default 3 */
  readonly numJudgments?: number;
  /** Which judgements are compared: every pair, or each with the first alone. @default "all" */
  readonly pairing?: "all" | "vs-first";
  /** Whether one more call improves the best judgement by what was said about it. @default false */
  readonly refine?: boolean;
  /** How many of the best judgements of earlier rounds are shown to the judges, 0 to 5. @default 2 */
  readonly exemplars?: number;
  /** From this score on the text is good enough, 0 to 1. @default 0.7 */
  readonly passScore?: number;
}

/**
 * What {@linkcode MetaRewardingCritic} accepts.
 *
 * @example
 * ```ts
 * import { META_REWARDING_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log("numJudgments" in META_REWARDING_OPTIONS); // true
 * ```
 */
export const META_REWARDING_OPTIONS: OptionSchemas = Object.freeze({
  ...COMMON_CRITIC_OPTIONS,
  numJudgments: {
    description: "How many judgements are made.",
    type: "integer",
    minimum: 2,
    maximum: 9,
    default: 3,
  },
  pairing: {
    description: "Which judgements are compared: every pair, or each with the first alone.",
    enum: ["all", "vs-first"],
    default: "all",
  },
  refine: {
    description: "Whether one more call improves the best judgement by what was said about it.",
    type: "boolean",
    default: false,
  },
  exemplars: {
    description: "How many of the best judgements of earlier rounds are shown to the judges.",
    type: "integer",
    minimum: 0,
    maximum: 5,
    default: 2,
  },
  passScore: passScoreSchema(0.7),
});

const DEFAULT_TEMPERATURE = 0.7;
const DEFAULT_PASS_SCORE = 0.7;

/**
 * Judges a text several times, has the judgements judged in pairs, and uses the best.
 *
 * After Wu, Yuan, Golovneva, Xu, Tian, Jiao, Weston and Sukhbaatar, "Meta-Rewarding Language Models: Self-Improving Alignment with
 * LLM-as-a-Meta-Judge", 2024, arXiv 2407.19594: a judge scores a response several times by a rubric, and a meta-judge compares
 * the judgements in pairs, in both orders, to find which to learn from.
 *
 * Simplified: nothing is trained, so there are no pairs of responses; win rates take the place of Elo ratings; a pair that the
 * meta-judge decides by its order is a tie. What training would teach, the best judgements of earlier rounds show as examples.
 *
 * Cost: J judgements side by side, then J(J−1) comparisons side by side (every pair in both orders), and one more call with
 * `refine`: 9 or 10 with three judgements. The pairing `"vs-first"` takes 2(J−1) comparisons.
 *
 * When to use it: where a judge's opinion is worth checking, and the calls do not matter.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { MetaRewardingCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({
 *   response: ({ prompt }) =>
 *     prompt.includes("Two judges")
 *       ? '{"reasoning": "They say the same.", "winner": "tie"}'
 *       : '{"reasoning": "It is polite and has no date.", "score": 2, "issues": ["The date is missing."]}',
 * });
 * const critic = new MetaRewardingCritic({ model });
 * const feedback = critic.critique(new Thought({ prompt: "Invite them.", text: "Please come." }));
 * console.log(feedback.score, feedback.modelCalls); // 0.4 9
 * ```
 */
export class MetaRewardingCritic extends ModelCritic {
  readonly #judgements: number;
  readonly #pairing: "all" | "vs-first";
  readonly #refine: boolean;
  readonly #exemplars: number;
  readonly #passScore: number;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The model, and how many judgements are compared in which way.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no model.
   */
  constructor(options: MetaRewardingOptions) {
    const checked = checkOptions("MetaRewardingCritic", options, META_REWARDING_OPTIONS);
    super("MetaRewardingCritic", checked, {
      temperature: DEFAULT_TEMPERATURE,
      systemPrompt: META_REWARDING_ROLE,
    });
    this.#judgements = checked.numJudgments ?? 3;
    this.#pairing = checked.pairing ?? "all";
    this.#refine = checked.refine ?? false;
    this.#exemplars = checked.exemplars ?? 2;
    this.#passScore = checked.passScore ?? DEFAULT_PASS_SCORE;
  }

  /**
   * How many calls a critique takes.
   *
   * @internal
   */
  protected _callsFor(_thought: Thought): CallEstimate {
    const pairs = pairsOf(this.#judgements, this.#pairing).length;
    const calls = this.#judgements + 2 * pairs + (this.#refine ? 1 : 0);
    return { min: calls, expected: calls, max: calls };
  }

  /**
   * Examines a text that is not blank.
   *
   * @internal
   */
  protected *_examine(session: CriticSession): Operation<Findings> {
    const earlier = readExemplars(session.memory, "exemplars");
    const shown = keepLatest(earlier, this.#exemplars);
    const { judgements, failures } = yield* this.#judge(session, shown);
    const pairs = pairsOf(judgements.length, this.#pairing);
    const outcomes = yield* session.askAll(
      "meta",
      pairs.flatMap((pair) => metaQuestions(session, judgements, pair)),
    );
    const comparisons = pairs.map((pair, index) => compare(pair, outcomes.slice(2 * index, 2 * index + 2)));
    const rates = winRates(judgements.length, comparisons);
    const rated = judgements.map(({ answer, text }, index): Judgement => ({
      answer,
      text,
      rating: rates[index]!,
    }));
    const best = bestJudgement(rated);
    if (this.#exemplars > 0) {
      session.remember({ exemplars: keepLatest([...earlier, best.text], this.#exemplars) });
    }
    const comments = comparisons.filter(({ pair }) => pair.includes(rated.indexOf(best)))
      .flatMap((comparison) => comparison.comments);
    const answer = this.#refine ? yield* this.#refined(session, best, comments) : best.answer;
    const missing = [...failures, ...readable(outcomes).failures].map(({ reason }) => reason);
    return this.#findings(rated, best, answer, {
      ...(missing.length > 0 ? { failures: missing } : {}),
      ratings: rates,
      comparisons: comparisons.map(({ pair, winner, isConsistent }) => ({
        pair: [...pair],
        winner: winner ?? "tie",
        consistent: isConsistent,
      })),
    });
  }

  *#judge(session: CriticSession, exemplars: readonly string[]): Operation<Judged> {
    const prompt = this.critiqueTemplate
      ? fillTemplate(this.critiqueTemplate, session)
      : judgePrompt(session, exemplars);
    const questions = Array.from({ length: this.#judgements }, (_, index): Question => {
      return { prompt, format: JUDGEMENT_FORMAT, speaker: { seed: index + 1 } };
    });
    const outcomes = yield* session.askAll("judgement", questions);
    requireAnswers(session.name, outcomes, { count: 2, what: "judgements" });
    const { answers, failures } = readable(outcomes);
    return {
      judgements: answers.map(({ answer }) => ({ answer, text: judgementText(answer) })),
      failures,
    };
  }

  /** The best judgement with what was said about it worked in; as it was where that fails. */
  *#refined(session: CriticSession, best: Judgement, comments: readonly string[]): Operation<CriticAnswer> {
    const prompt = refineJudgementPrompt(session, best.text, comments);
    const question: Question = { prompt, format: JUDGEMENT_FORMAT, speaker: { temperature: 0 } };
    const outcome = (yield* session.askAll("refine", [question]))[0]!;
    return outcome.ok && outcome.value.parse !== "none" ? outcome.value : best.answer;
  }

  #findings(
    rated: readonly Judgement[],
    best: Judgement,
    answer: CriticAnswer,
    facts: NonNullable<Findings["metadata"]>,
  ): Findings {
    const scored = rated.filter((one) => one.answer.score !== undefined);
    const scores = scored.map((one) => one.answer.score!);
    const score = mean(scores, scored.map(({ rating }) => rating)) ?? mean(scores);
    const verdict = verdictOf({ ...answer, score }, this.#passScore);
    const agreement = shareFor(verdict, verdictsOf(rated.map((one) => one.answer), this.#passScore));
    const others = rated.filter((one) => one !== best).flatMap((one) => one.answer.issues);
    const shared = answer.issues.filter((issue) => others.some((other) => isSimilar(other.text, issue.text)));
    return {
      summary: answer.summary || readText(field(answer.fields, "reasoning")),
      needsImprovement: verdict,
      score,
      confidence: agreement,
      issues: answer.issues,
      suggestions: answer.suggestions,
      raw: rated.map((one) => one.answer.raw).join("\n\n"),
      parse: answer.parse,
      metadata: {
        ...facts,
        ...(agreement === undefined ? {} : { confidenceSource: "agreement" }),
        best: rated.indexOf(best),
        corroborated: shared.map(({ text }) => text),
      },
    };
  }
}

interface Judged {
  readonly judgements: readonly Omit<Judgement, "rating">[];
  readonly failures: Readable["failures"];
}

interface Comparison extends Game {
  /** Whether both orders said the same. */
  readonly isConsistent: boolean;
  /** What the meta-judge said. */
  readonly comments: readonly string[];
}

/** A pair in both orders. */
function metaQuestions(
  session: CriticSession,
  judgements: Judged["judgements"],
  [first, second]: Pair,
): Question[] {
  const [a, b] = [judgements[first]!.text, judgements[second]!.text];
  const speaker = { temperature: 0 };
  return [
    { prompt: metaPrompt(session, a, b), format: META_FORMAT, speaker },
    { prompt: metaPrompt(session, b, a), format: META_FORMAT, speaker },
  ];
}

/** A judgement that wins from both places is better; one that wins from one place only is not. */
function compare(pair: Pair, outcomes: readonly Outcome<CriticAnswer>[]): Comparison {
  const winners = outcomes.map((outcome, index) => {
    const winner = outcome.ok && outcome.value.parse !== "none"
      ? readWinner(outcome.value.fields)
      : undefined;
    return winner === undefined || winner === "tie" ? winner : placeOf(winner, index === 1, pair);
  });
  const isConsistent = winners[0] !== undefined && winners[0] === winners[1];
  const winner = isConsistent && typeof winners[0] === "number" ? winners[0] : undefined;
  const comments = outcomes.flatMap((outcome) =>
    outcome.ok ? [readText(field(outcome.value.fields, "reasoning"))].filter((text) => text !== "") : []
  );
  return { pair, winner, isConsistent, comments };
}

function placeOf(winner: Winner, isSwapped: boolean, pair: Pair): number {
  return (winner === "A") !== isSwapped ? pair[0] : pair[1];
}
