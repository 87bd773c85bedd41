/**
 * Makes critics from functions.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { ConfigurationError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { timed } from "../operation/resume.ts";
import { show } from "../options.ts";
import { CriticFeedback, type CriticFeedbackInit } from "../thought/critic_feedback.ts";
import type { Thought } from "../thought/thought.ts";
import type { CallEstimate, Critic, CriticContext } from "./critic.ts";
import { completeFeedback } from "./critique_safely.ts";

/** Feedback of which everything may be left out. */
export type PartialFeedback = Partial<CriticFeedbackInit>;

/** What {@linkcode defineCritic} makes a critic of: a function, or a generator function that may wait. */
export type CritiqueFunction = (
  thought: Thought,
  context: CriticContext,
) => PartialFeedback | Operation<PartialFeedback>;

/** A critic made from a function. */
export interface DefinedCritic extends Critic {
  /** Examines the text. */
  critique(thought: Thought, context?: CriticContext): CriticFeedback;
  /** The twin of `critique` for code on an event loop. */
  _critiqueAsync(thought: Thought, context?: CriticContext): Promise<CriticFeedback>;
  /** The operation behind both. */
  _critiqueOperation(thought: Thought, context?: CriticContext): Operation<CriticFeedback>;
}

/**
 * Makes a critic from a function.
 *
 * The function gets the thought and what a chain knows beside it, and gives feedback of which it leaves out what it does not
 * know. Without a verdict, the issues decide: none means that nothing needs improvement. A generator function may wait, with
 * `yield*` and Sifaka's building blocks, and stays concurrent with other critics in `run()`.
 *
 * @param name What its feedback is filed under.
 * @param critique Examines the text.
 * @returns The critic.
 * @throws {ConfigurationError} When the name is blank or the function is none.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { defineCritic } from "@sifaka/sifaka/critics";
 *
 * const shouting = defineCritic("shouting", (thought) => ({
 *   issues: thought.text?.includes("!") ? [{ text: "Do not shout.", severity: "low" }] : [],
 * }));
 * console.log(shouting.critique(new Thought({ prompt: "Greet me.", text: "Hello!" })).needsImprovement); // true
 * ```
 */
export function defineCritic(name: string, critique: CritiqueFunction): DefinedCritic {
  if (typeof name !== "string" || name.trim() === "") {
    throw new ConfigurationError(
      `Cannot define a critic as its name must not be blank: name is ${show(name)}`,
      {
        code: "invalid_option",
        component: "defineCritic",
      },
    );
  }
  if (typeof critique !== "function") {
    throw new ConfigurationError(
      `Cannot define critic ${name} as it must be a function: it is ${show(critique)}`,
      {
        code: "invalid_option",
        component: name,
      },
    );
  }
  return new FunctionCritic(name, critique);
}

class FunctionCritic implements DefinedCritic {
  readonly name: string;
  readonly #critique: CritiqueFunction;

  constructor(name: string, critique: CritiqueFunction) {
    this.name = name;
    this.#critique = critique;
  }

  critique(thought: Thought, context: CriticContext = {}): CriticFeedback {
    return runSync(this._critiqueOperation(thought, context), context);
  }

  _critiqueAsync(thought: Thought, context: CriticContext = {}): Promise<CriticFeedback> {
    return runAsync(this._critiqueOperation(thought, context), context);
  }

  *_critiqueOperation(thought: Thought, context: CriticContext = {}): Operation<CriticFeedback> {
    const critic = context.criticName ?? this.name;
    const { value, durationMs } = yield* timed(this.#run(thought, context));
    return CriticFeedback.of(completeFeedback(critic, value), { critic, durationMs });
  }

  estimateCalls(): CallEstimate {
    return { min: 0, expected: 0, max: 0 };
  }

  *#run(thought: Thought, context: CriticContext): Operation<PartialFeedback> {
    const given = this.#critique(thought, context);
    return typeof (given as { next?: unknown } | null)?.next === "function"
      ? yield* given as Operation<PartialFeedback>
      : given as PartialFeedback;
  }
}
