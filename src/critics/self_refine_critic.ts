/**
 * A critic that refines a text with its own feedback.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, optionError, type OptionSchema, type OptionSchemas } from "../options.ts";
import type { CriticFeedback, FeedbackItem } from "../thought/critic_feedback.ts";
import type { Thought } from "../thought/thought.ts";
import { COMMON_CRITIC_OPTIONS, type CommonCriticOptions, passScoreSchema } from "./common_options.ts";
import type { CallEstimate, CriticContext } from "./critic.ts";
import { fillTemplate } from "./critique_prompt.ts";
import { type Findings, findingsOf } from "./findings.ts";
import { ModelCritic, usableRevision } from "./model_critic.ts";
import type { CriticAnswer } from "./parse_answer.ts";
import { field, readBoolean } from "./read_fields.ts";
import {
  earlierPairs,
  earlierRemarks,
  historyFacts,
  historyNote,
  readResolved,
} from "./self_refine_history.ts";
import { refineLoop, type RefineResult } from "./self_refine_loop.ts";
import {
  dimensionLines,
  type DimensionScore,
  FEEDBACK_FORMAT,
  feedbackPrompt,
  readDimensions,
  readFixes,
  refinePrompt,
  SELF_REFINE_ROLE,
} from "./self_refine_prompts.ts";
import { CriticSession } from "./session.ts";

/** Options of {@linkcode SelfRefineCritic}. */
export interface SelfRefineOptions extends CommonCriticOptions {
  /** What is scored. @default ["clarity", "accuracy", "completeness", "coherence"] */
  readonly dimensions?: readonly string[];
  /** The most rounds of `refine()`, 1 to 20. In a chain, the chain's own limit holds. @default 4 */
  readonly maxIterations?: number;
  /** From this score on the text is good enough, 0 to 1. @default 0.8 */
  readonly passScore?: number;
  /** How many earlier versions are shown, or `"all"` that fit. @default "all" */
  readonly historyWindow?: "all" | number;
}

/** Options of one refinement. */
export interface RefineOptions extends Pick<CriticContext, "signal" | "timeoutMs" | "documents"> {
  /** The most rounds, 1 to 20. @default the critic's own */
  readonly maxIterations?: number;
}

const ITERATIONS: OptionSchema = {
  description: "The most rounds of refine().",
  type: "integer",
  minimum: 1,
  maximum: 20,
  default: 4,
};

/**
 * What {@linkcode SelfRefineCritic} accepts.
 *
 * @example
 * ```ts
 * import { SELF_REFINE_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log(Object.keys(SELF_REFINE_OPTIONS).length > 0); // true
 * ```
 */
export const SELF_REFINE_OPTIONS: OptionSchemas = Object.freeze({
  ...COMMON_CRITIC_OPTIONS,
  dimensions: {
    description: "What is scored.",
    type: "array",
    minItems: 1,
    maxItems: 20,
    items: { type: "string", minLength: 1 },
    default: ["clarity", "accuracy", "completeness", "coherence"],
  },
  maxIterations: ITERATIONS,
  passScore: passScoreSchema(0.8),
  historyWindow: {
    description: "How many earlier versions are shown, or all that fit.",
    anyOf: [{ enum: ["all"] }, { type: "integer", minimum: 0, maximum: 100 }],
    default: "all",
  },
});

const DEFAULT_DIMENSIONS = ["clarity", "accuracy", "completeness", "coherence"];
const DEFAULT_TEMPERATURE = 0.7;
const DEFAULT_PASS_SCORE = 0.8;
const DEFAULT_ITERATIONS = 4;

/**
 * Gives feedback that says where, what and how, and revises with the whole history in view.
 *
 * After Madaan, Tandon, Gupta, Hallinan, Gao, Wiegreffe, Alon, Dziri, Prabhumoye, Yang, Gupta, Majumder, Hermann, Welleck,
 * Yazdanbakhsh and Clark, "Self-Refine: Iterative Refinement with Self-Feedback", 2023, arXiv 2303.17651. One model writes,
 * gives feedback that is specific and can be acted on, and revises; the prompt of each revision holds all earlier versions
 * and their feedback. It ends when the feedback says so or after a limit of rounds (at most 4 in the paper).
 *
 * Simplified: the prompts are general instead of written with examples for each task. Beyond it: scores for each dimension,
 * from which the best version is chosen; in a chain the chain's model revises, and the history reaches it as a note.
 *
 * Cost: one call a critique. `refine()` takes at most two calls a round, one after the other; a round that stops takes one.
 *
 * When to use it: for general quality, where no validator or principle says what is wrong.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { SelfRefineCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel({
 *   responses: [
 *     '{"score": 4, "issues": [{"text": "No reason is given.", "fix": "Say why."}], "stop": false}',
 *     "Lemurs are threatened because forests are cut.",
 *     '{"score": 9, "issues": [], "stop": true}',
 *   ],
 * });
 * const critic = new SelfRefineCritic({ model });
 * const result = critic.refine(new Thought({ prompt: "Why are lemurs threatened?", text: "Lemurs are threatened." }));
 * console.log(result.text, result.stopReason); // "Lemurs are threatened because forests are cut." "stop"
 * ```
 */
export class SelfRefineCritic extends ModelCritic {
  readonly #dimensions: readonly string[];
  readonly #maxIterations: number;
  readonly #passScore: number;
  readonly #historyWindow: "all" | number;

  /**
   * Makes the critic; nothing is called yet.
   *
   * @param options The model, what is scored, and when it is good enough.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no model.
   */
  constructor(options: SelfRefineOptions) {
    const checked = checkOptions("SelfRefineCritic", options, SELF_REFINE_OPTIONS);
    super("SelfRefineCritic", checked, {
      temperature: DEFAULT_TEMPERATURE,
      systemPrompt: SELF_REFINE_ROLE,
      placeholders: ["criteria"],
    });
    this.#dimensions = Object.freeze((checked.dimensions ?? DEFAULT_DIMENSIONS).map((name) => name.trim()));
    const twice = this.#dimensions.find((name, index) => this.#dimensions.indexOf(name) !== index);
    if (twice !== undefined) {
      const message = `dimensions must be different from each other: "${twice}" is there twice`;
      throw optionError("SelfRefineCritic", [{ path: ["dimensions"], message }]);
    }
    this.#maxIterations = checked.maxIterations ?? DEFAULT_ITERATIONS;
    this.#passScore = checked.passScore ?? DEFAULT_PASS_SCORE;
    this.#historyWindow = checked.historyWindow ?? "all";
  }

  /**
   * Refines a text without a chain: feedback and revision in turn.
   *
   * @param thought Whose text.
   * @param options The most rounds, and limits of time.
   * @returns The best version, and every other.
   * @throws {CriticError} When there is no text, or a budget is too small.
   * @throws {ModelApiError} When the model fails.
   */
  refine(thought: Thought, options: RefineOptions = {}): RefineResult {
    return runSync(this._refineOperation(thought, options), options);
  }

  /** The twin of `refine` for code on an event loop. */
  _refineAsync(thought: Thought, options: RefineOptions = {}): Promise<RefineResult> {
    return runAsync(this._refineOperation(thought, options), options);
  }

  /** The operation behind `refine` and its twin. */
  *_refineOperation(thought: Thought, options: RefineOptions = {}): Operation<RefineResult> {
    const { maxIterations = this.#maxIterations } = options;
    checkOptions("the refinement", { maxIterations }, { maxIterations: ITERATIONS });
    const session = new CriticSession(this.name, this.settings, thought, { documents: options.documents });
    session.requireCalls(1);
    return yield* this._withinTime(
      session,
      refineLoop(session, {
        examine: (current) => this._examined(current),
        revise: (current, feedback) => this._revise(current, feedback),
        passScore: this.#passScore,
        maxIterations,
      }),
    );
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
    const pairs = earlierPairs(session, this.#historyWindow);
    const remarks = earlierRemarks(pairs);
    const prompt = this.critiqueTemplate
      ? fillTemplate(this.critiqueTemplate, session, { criteria: dimensionLines(this.#dimensions) })
      : feedbackPrompt(session, this.#dimensions, remarks);
    const answer = yield* session.ask({ prompt, format: FEEDBACK_FORMAT });
    const dimensions = readDimensions(answer.fields, this.#dimensions);
    const score = meanOf(dimensions) ?? answer.score;
    const stop = readBoolean(field(answer.fields, "stop"));
    const findings = findingsOf(
      { ...answer, score, needsImprovement: verdict(answer, stop) },
      this.#passScore,
    );
    const resolved = readResolved(field(answer.fields, "resolved"));
    return {
      ...findings,
      suggestions: [...readFixes(answer.fields), ...answer.suggestions] satisfies FeedbackItem[],
      forGenerator: historyNote(pairs, resolved),
      metadata: {
        ...findings.metadata,
        dimensions: dimensions.map(({ name, score, quote }) => ({
          name,
          quote,
          ...(score === undefined ? {} : { score }),
        })),
        ...(stop === undefined ? {} : { stop }),
        ...historyFacts(remarks, resolved),
      },
    };
  }

  /**
   * Has the text rewritten as the feedback asks.
   *
   * @internal
   */
  protected override *_revise(session: CriticSession, feedback: CriticFeedback): Operation<string> {
    if (this.improveTemplate) return yield* super._revise(session, feedback);
    const prompt = refinePrompt(session, feedback, this.#historyWindow);
    return usableRevision(session, yield* session.write(prompt), feedback);
  }
}

/** "Stop" is the verdict that this critic asks for; then the common one. */
function verdict(answer: CriticAnswer, stop: boolean | undefined): boolean | undefined {
  return stop === true ? false : answer.needsImprovement;
}

function meanOf(dimensions: readonly DimensionScore[]): number | undefined {
  const scores = dimensions.map(({ score }) => score).filter((score) => score !== undefined);
  return scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
