/**
 * A critic that asks the same question several times and keeps what the answers agree on.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import type { Outcome } from "../operation/outcome.ts";
import { checkOptions, optionError, type OptionProblem, type OptionSchemas } from "../options.ts";
import type { Thought } from "../thought/thought.ts";
import { COMMON_CRITIC_OPTIONS, type CommonCriticOptions, passScoreSchema } from "./common_options.ts";
import type { CallEstimate } from "./critic.ts";
import { fillTemplate } from "./critique_prompt.ts";
import type { Findings } from "./findings.ts";
import { ModelCritic } from "./model_critic.ts";
import type { CriticAnswer } from "./parse_answer.ts";
import { type Cluster, lexicalClusters, numberedClusters, remarksOf } from "./self_consistency_clusters.ts";
import {
  groupQuestion,
  readGroups,
  SAMPLE_FORMAT,
  samplePrompt,
  SELF_CONSISTENCY_ROLE,
} from "./self_consistency_prompts.ts";
import type { CriticSession, Question } from "./session.ts";
import { median } from "./statistics.ts";
import { countVotes, readable, requireAnswers, verdictsOf } from "./votes.ts";

/** Options of {@linkcode SelfConsistencyCritic}. */
export interface SelfConsistencyOptions extends CommonCriticOptions {
  /** How many critiques are sampled, 2 to 41; an odd number leaves no draws. @default 5 */
  readonly numSamples?: number;
  /** How remarks that mean the same are found: by one more call, or by their words. @default "model" */
  readonly cluster?: "model" | "lexical";
  /** How many samples must make a remark. @default half of those that could be read, rounded up */
  readonly minSupport?: number;
  /** Whether to sample in waves and to stop once the majority cannot change. @default false */
  readonly earlyStop?: boolean;
  /** How many samples a wave has. @default 3 */
  readonly waveSize?: number;
  /** From this score on a sample without a verdict finds the text good enough, 0 to 1. @default 0.7 */
  readonly passScore?: number;
  /** Whether a temperature of 0 is meant: all samples are then likely the same and prove nothing. @default false */
  readonly allowDeterministic?: boolean;
}

/**
 * What {@linkcode SelfConsistencyCritic} accepts.
 *
 * @example
 * ```ts
 * import { SELF_CONSISTENCY_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log("numSamples" in SELF_CONSISTENCY_OPTIONS); // true
 * ```
 */
export const SELF_CONSISTENCY_OPTIONS: OptionSchemas = Object.freeze({
  ...COMMON_CRITIC_OPTIONS,
  numSamples: {
    description: "How many critiques are sampled.",
    type: "integer",
    minimum: 2,
    maximum: 41,
    default: 5,
  },
  cluster: {
    description: "How remarks that mean the same are found: by one more call, or by their words.",
    enum: ["model", "lexical"],
    default: "model",
  },
  minSupport: {
    description: "How many samples must make a remark. Half of those that could be read when left out.",
    type: "integer",
    minimum: 1,
    maximum: 41,
  },
  earlyStop: {
    description: "Whether to sample in waves and to stop once the majority cannot change.",
    type: "boolean",
    default: false,
  },
  waveSize: {
    description: "How many samples a wave has.",
    type: "integer",
    minimum: 1,
    maximum: 41,
    default: 3,
  },
  passScore: passScoreSchema(
    0.7,
    "From this score on a sample without a verdict finds the text good enough.",
  ),
  allowDeterministic: {
    description: "Whether a temperature of 0 is meant.",
    type: "boolean",
    default: false,
  },
});

const DEFAULT_TEMPERATURE = 0.7;
const DEFAULT_PASS_SCORE = 0.7;

/**
 * Samples the same critique several times and keeps what the samples agree on.
 *
 * After Wang, Wei, Schuurmans, Le, Chi, Narang, Chowdhery and Zhou, "Self-Consistency Improves Chain of Thought Reasoning in
 * Language Models", 2022, arXiv 2203.11171: diverse reasoning paths are sampled, and the answer with the most votes wins. For
 * free text, as remarks are, after Chen et al., "Universal Self-Consistency for Large Language Model Generation", 2023,
 * arXiv 2311.17311: the model itself says which of them mean the same.
 *
 * Simplified: five samples instead of tens; the model groups remarks, where Universal Self-Consistency has it choose one whole
 * answer. The agreement of the samples is the confidence.
 *
 * Cost: a call for each sample, side by side, and one more that groups the remarks (`cluster: "model"`), which is not made when
 * there are fewer than two remarks.
 *
 * When to use it: where a single critique says now this, now that.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { SelfConsistencyCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({
 *   responses: [
 *     '{"needsImprovement": true, "issues": ["The date is missing."]}',
 *     '{"needsImprovement": true, "issues": ["The date is missing here."]}',
 *     '{"needsImprovement": false, "issues": []}',
 *   ],
 * });
 * const critic = new SelfConsistencyCritic({ model, numSamples: 3, cluster: "lexical" });
 * const feedback = critic.critique(new Thought({ prompt: "Invite them.", text: "Please come." }));
 * console.log(feedback.needsImprovement, feedback.issues.length); // true 1
 * ```
 */
export class SelfConsistencyCritic extends ModelCritic {
  readonly #samples: number;
  readonly #cluster: "model" | "lexical";
  readonly #minSupport: number | undefined;
  readonly #waveSize: number;
  readonly #passScore: number;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The model, and how often it is asked.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no model.
   */
  constructor(options: SelfConsistencyOptions) {
    const checked = checkOptions("SelfConsistencyCritic", options, SELF_CONSISTENCY_OPTIONS);
    const numSamples = checked.numSamples ?? 5;
    const problems = findConflicts(checked, numSamples);
    if (problems.length > 0) throw optionError("SelfConsistencyCritic", problems);
    super("SelfConsistencyCritic", checked, {
      temperature: DEFAULT_TEMPERATURE,
      systemPrompt: SELF_CONSISTENCY_ROLE,
    });
    this.#samples = numSamples;
    this.#cluster = checked.cluster ?? "model";
    this.#minSupport = checked.minSupport;
    this.#waveSize = checked.earlyStop ? checked.waveSize ?? 3 : numSamples;
    this.#passScore = checked.passScore ?? DEFAULT_PASS_SCORE;
  }

  /**
   * How many calls a critique takes.
   *
   * @internal
   */
  protected _callsFor(_thought: Thought): CallEstimate {
    const expected = this.#samples + (this.#cluster === "model" ? 1 : 0);
    // The fewest waves after which the majority cannot change.
    const decided = Math.ceil((Math.floor(this.#samples / 2) + 1) / this.#waveSize) * this.#waveSize;
    return { min: Math.min(this.#samples, decided), expected, max: expected };
  }

  /**
   * Examines a text that is not blank.
   *
   * @internal
   */
  protected *_examine(session: CriticSession): Operation<Findings> {
    const outcomes = yield* this.#sample(session);
    requireAnswers(session.name, outcomes, { count: 1, what: "sample" });
    const { answers: kept, failures } = readable(outcomes);
    const answers = kept.map(({ answer }) => answer);
    const warnings: string[] = [];
    if (answers.length > 1 && new Set(answers.map(({ raw }) => raw.trim())).size === 1) {
      warnings.push(`${session.name} got the same answer from every sample, which proves nothing`);
      yield* session.warn("no_diversity", warnings[0]!);
    }
    const clusters = yield* this.#clustersOf(session, answers);
    return this.#findings(answers, clusters, {
      samples: outcomes.length,
      ...(failures.length > 0 ? { failures: failures.map(({ reason }) => reason) } : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
    });
  }

  *#sample(session: CriticSession): Operation<Outcome<CriticAnswer>[]> {
    const prompt = this.critiqueTemplate
      ? fillTemplate(this.critiqueTemplate, session)
      : samplePrompt(session);
    const outcomes: Outcome<CriticAnswer>[] = [];
    while (outcomes.length < this.#samples && !this.#isDecided(outcomes)) {
      const wave = Math.min(this.#waveSize, this.#samples - outcomes.length);
      const questions = Array.from({ length: wave }, (_, index): Question => {
        return { prompt, format: SAMPLE_FORMAT, speaker: { seed: outcomes.length + index + 1 } };
      });
      outcomes.push(...yield* session.askAll("sample", questions));
    }
    return outcomes;
  }

  /** Whether the samples that are still to come could not change the majority. */
  #isDecided(outcomes: readonly Outcome<CriticAnswer>[]): boolean {
    const answers = readable(outcomes).answers.map(({ answer }) => answer);
    const { yes, no } = countVotes(verdictsOf(answers, this.#passScore));
    return Math.abs(yes - no) > this.#samples - outcomes.length;
  }

  *#clustersOf(session: CriticSession, answers: readonly CriticAnswer[]): Operation<Cluster[]> {
    const remarks = remarksOf(answers);
    if (this.#cluster === "lexical" || remarks.length < 2) return lexicalClusters(remarks);
    const texts = (kind: string): string[] =>
      remarks.filter((remark) => remark.kind === kind).map(({ item }) => item.text);
    const questions = [groupQuestion(texts("issue"), texts("suggestion"))];
    const outcome = (yield* session.askAll("cluster", questions))[0]!;
    // The samples are worth more than the grouping of their remarks.
    if (!outcome.ok || outcome.value.parse === "none") return lexicalClusters(remarks);
    return numberedClusters(remarks, readGroups(outcome.value, remarks.length));
  }

  #findings(
    answers: readonly CriticAnswer[],
    clusters: readonly Cluster[],
    facts: NonNullable<Findings["metadata"]>,
  ): Findings {
    const verdicts = verdictsOf(answers, this.#passScore);
    const vote = countVotes(verdicts);
    const score = median(answers.map((answer) => answer.score).filter((one) => one !== undefined));
    // As many on one side as on the other: the median decides, and nothing is sure.
    const isEven = vote.verdict === undefined && vote.agreement !== undefined;
    const verdict = isEven && score !== undefined ? score < this.#passScore : vote.verdict;
    const minSupport = Math.min(this.#minSupport ?? Math.ceil(answers.length / 2), answers.length);
    const supported = clusters.filter((cluster) => cluster.support >= minSupport);
    const items = (kind: Cluster["kind"]) =>
      supported.filter((cluster) => cluster.kind === kind).map(({ item }) => item);
    const spokesman = nearestTo(score, answers.filter((_, index) => verdicts[index] === verdict)) ??
      answers[0]!;
    return {
      summary: spokesman.summary,
      needsImprovement: verdict,
      score,
      confidence: vote.agreement,
      issues: items("issue"),
      suggestions: items("suggestion"),
      raw: answers.map(({ raw }) => raw).join("\n\n"),
      parse: answers.find(({ parse }) => parse !== "structured")?.parse ?? "structured",
      metadata: {
        ...facts,
        ...(vote.agreement === undefined ? {} : { confidenceSource: "agreement" }),
        votes: { yes: vote.yes, no: vote.no },
        minSupport,
        clusters: clusters.map(({ item, kind, support }) => ({ text: item.text, kind, support })),
      },
    };
  }
}

/** The answer whose score is nearest, the first of several; any where no score is known. */
function nearestTo(score: number | undefined, answers: readonly CriticAnswer[]): CriticAnswer | undefined {
  const distance = (answer: CriticAnswer): number =>
    score === undefined || answer.score === undefined ? 1 : Math.abs(answer.score - score);
  return answers.reduce<CriticAnswer | undefined>(
    (best, answer) => best === undefined || distance(answer) < distance(best) ? answer : best,
    undefined,
  );
}

function findConflicts(options: SelfConsistencyOptions, numSamples: number): OptionProblem[] {
  const problems: OptionProblem[] = [];
  if (options.temperature === 0 && options.allowDeterministic !== true) {
    problems.push({
      path: ["temperature"],
      message: "temperature must be above 0, as identical samples prove nothing: temperature is 0; " +
        "set allowDeterministic to true where it is meant",
    });
  }
  if (options.minSupport !== undefined && options.minSupport > numSamples) {
    problems.push({
      path: ["minSupport"],
      message:
        `minSupport must not exceed numSamples: minSupport is ${options.minSupport}, numSamples is ${numSamples}`,
    });
  }
  return problems;
}
