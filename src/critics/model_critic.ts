/**
 * What all critics with a model share: options, bounds of time and calls, counting, and the way from feedback to a better text.
 *
 * @module
 */

import { CriticError } from "../errors.ts";
import type { Model } from "../models/model.ts";
import { timeout } from "../operation/combinators.ts";
import type { Operation } from "../operation/operation.ts";
import { timed } from "../operation/resume.ts";
import { compileTemplate, type Template } from "../text/template.ts";
import { CriticFeedback } from "../thought/critic_feedback.ts";
import { buildRevisionPrompt } from "../thought/prompt.ts";
import type { Thought } from "../thought/thought.ts";
import { cleanRevision } from "./clean_revision.ts";
import { type CommonCriticOptions, type CriticSettings, settleOptions } from "./common_options.ts";
import { type CallEstimate, type CriticContext, OperationCritic } from "./critic.ts";
import { feedbackText, fillTemplate } from "./critique_prompt.ts";
import type { Findings } from "./findings.ts";
import { CriticSession } from "./session.ts";
import { keep, recall } from "./shared_memory.ts";
import { why } from "./votes.ts";

/** What a critic is when nothing else is said. */
export interface CriticDefaults {
  /** Randomness. */
  readonly temperature: number;
  /** The role. */
  readonly systemPrompt: string;
  /** What its templates may name beside what all may. */
  readonly placeholders?: readonly string[];
}

const PLACEHOLDERS = ["prompt", "text", "context", "critique", "role"];

/**
 * What all built-in critics with a model have in common.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { ConstitutionalCritic, type ModelCritic, SelfRefineCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const model = new MockModel();
 * const critics: ModelCritic[] = [new SelfRefineCritic({ model }), new ConstitutionalCritic({ model })];
 * const thought = new Thought({ prompt: "Greet me.", text: "Hello." });
 * console.log(critics.map((critic) => critic.estimateCalls(thought).expected)); // [1, 5]
 * ```
 */
export abstract class ModelCritic extends OperationCritic {
  /** What feedback and memory are filed under. */
  readonly name: string;
  /** Who is asked, in every role. */
  readonly model: Model;
  /**
   * What the options came to.
   *
   * @internal
   */
  protected readonly settings: CriticSettings;
  /**
   * The user's own prompt of a critique.
   *
   * @internal
   */
  protected readonly critiqueTemplate: Template | undefined;
  /**
   * The user's own prompt of an improvement.
   *
   * @internal
   */
  protected readonly improveTemplate: Template | undefined;
  readonly #className: string;
  readonly #placeholders: readonly string[];

  /**
   * Settles the common options.
   *
   * @internal
   * @param className The class, for errors and as the default name.
   * @param options Options that `checkOptions` has passed.
   * @param defaults The critic's own temperature and role.
   */
  protected constructor(className: string, options: CommonCriticOptions, defaults: CriticDefaults) {
    super(options);
    this.#className = className;
    this.#placeholders = [...PLACEHOLDERS, ...defaults.placeholders ?? []];
    this.name = options.name ?? className;
    this.settings = settleOptions(className, options, defaults);
    this.model = this.settings.model;
    this.critiqueTemplate = this.compile("templates.critique", options.templates?.critique);
    this.improveTemplate = this.compile("templates.improve", options.templates?.improve);
  }

  /**
   * Examines a text that is not blank.
   *
   * @internal
   */
  protected abstract _examine(session: CriticSession): Operation<Findings>;

  /**
   * How many calls that takes when every answer can be read: at least, and likely, and at most.
   *
   * @internal
   */
  protected abstract _callsFor(thought: Thought): CallEstimate;

  /**
   * Checks a template of the user's own.
   *
   * @internal
   */
  protected compile(option: string, template: string | undefined): Template | undefined {
    if (template === undefined) return undefined;
    return compileTemplate(this.#className, option, template, {
      allowed: this.#placeholders,
      required: ["text"],
    });
  }

  /** How many model calls a critique of this thought takes; failed calls that are tried again come on top. */
  estimateCalls(thought: Thought): CallEstimate {
    if (thought.text !== undefined && thought.text.trim() === "") return { min: 0, expected: 0, max: 0 };
    const { min, expected, max } = this._callsFor(thought);
    return { min, expected, max: max * (1 + this.settings.maxRepairs) };
  }

  /** The operation behind `critique` and its twin. */
  *_critiqueOperation(thought: Thought, context: CriticContext = {}): Operation<CriticFeedback> {
    const session = new CriticSession(this.name, this.settings, thought, context);
    return yield* this._withinTime(session, this._examined(session));
  }

  /** The operation behind `improve` and its twin. */
  *_improveOperation(thought: Thought, context: CriticContext = {}): Operation<string> {
    const session = new CriticSession(this.name, this.settings, thought, context);
    return yield* this._withinTime(session, this.#improved(session));
  }

  *#improved(session: CriticSession): Operation<string> {
    const own = session.thought.criticFeedback.findLast((feedback) => {
      return feedback.critic === session.name && feedback.error === undefined;
    });
    if (own === undefined) session.requireCalls(this.estimateCalls(session.thought).min + 1);
    const feedback = own ?? (yield* this._examined(session));
    return feedback.needsImprovement === false ? session.text : yield* this._revise(session, feedback);
  }

  /**
   * Bounds the time of an operation, where the options do.
   *
   * @internal
   */
  protected *_withinTime<T>(session: CriticSession, operation: Operation<T>): Operation<T> {
    const { timeoutMs } = this.settings;
    return yield* timeoutMs === undefined ? operation : timeout(timeoutMs, operation, session.name);
  }

  /**
   * Examines a text and labels the findings with their cost.
   *
   * @internal
   */
  protected *_examined(session: CriticSession): Operation<CriticFeedback> {
    if (session.text.trim() === "") return emptyTextFeedback(session.name);
    session.requireCalls(this._callsFor(session.thought).min);
    yield* this.#recall(session);
    const { value: findings, durationMs } = yield* timed(this._examine(session));
    yield* this.#keep(session);
    const { modelCalls, usage } = session.calls;
    return new CriticFeedback({
      ...findings,
      critic: session.name,
      modelCalls,
      ...(modelCalls > 0 ? { usage } : {}),
      durationMs,
    });
  }

  /** Takes up the memory that the critic shares with other runs. A storage that fails costs the memory, not the critique. */
  *#recall(session: CriticSession): Operation<void> {
    const { memoryStore } = this.settings;
    if (memoryStore === undefined) return;
    try {
      const value = yield* recall(memoryStore, session.name);
      if (value !== undefined) session.remember(value);
    } catch (error) {
      yield* session.warn("memory_store_failed", `${session.name} could not read its memory: ${why(error)}`);
    }
  }

  *#keep(session: CriticSession): Operation<void> {
    const { memoryStore } = this.settings;
    if (memoryStore === undefined || session.remembered === undefined) return;
    try {
      yield* keep(memoryStore, session.name, session.remembered);
    } catch (error) {
      yield* session.warn("memory_store_failed", `${session.name} could not keep its memory: ${why(error)}`);
    }
  }

  /**
   * Has the text rewritten as the feedback asks.
   *
   * @internal
   */
  protected *_revise(session: CriticSession, feedback: CriticFeedback): Operation<string> {
    const prompt = this.improveTemplate === undefined
      ? revisionPrompt(session.thought, feedback)
      : fillTemplate(this.improveTemplate, session, { critique: feedbackText(feedback) });
    return usableRevision(session, yield* session.write(prompt), feedback);
  }
}

/**
 * Cleans a revised text up, and refuses one that is none.
 *
 * @param session Whose text was revised.
 * @param answer What the model said.
 * @param feedback What it was to follow.
 * @returns The revised text.
 * @throws {CriticError} With code `unusable_revision` when it is empty or only repeats the feedback.
 */
export function usableRevision(session: CriticSession, answer: string, feedback: CriticFeedback): string {
  const text = cleanRevision(answer, session.text);
  const repeats = [feedback.summary, feedback.raw?.trim(), feedbackText(feedback)].includes(text);
  if (text !== "" && !repeats) return text;
  throw new CriticError(
    `${session.name} cannot improve the text as the model gave no revision: its answer ${
      text === "" ? "is empty" : "repeats the critique"
    }`,
    { code: "unusable_revision", component: session.name, operation: "improve" },
  );
}

/** The prompt that a chain would build from this feedback alone. */
function revisionPrompt(thought: Thought, feedback: CriticFeedback): string {
  const asking = new CriticFeedback({ ...feedback, needsImprovement: true });
  const next = thought.withCriticFeedback([asking]).nextIteration({
    id: `${thought.id}.improved`,
    timestamp: thought.timestamp,
    keepPreContext: true,
  });
  return buildRevisionPrompt(next).at(-1)!.content;
}

function emptyTextFeedback(critic: string): CriticFeedback {
  return new CriticFeedback({
    critic,
    summary: "The text is empty.",
    needsImprovement: true,
    issues: [{ text: "the text is empty", severity: "high" }],
    suggestions: [{ text: "Write the text that the task asks for." }],
    durationMs: 0,
  });
}
