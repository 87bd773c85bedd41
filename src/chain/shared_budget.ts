/**
 * What may be consumed, by one run or by several.
 *
 * @module
 */

import { checkOptions, type OptionSchemas } from "../options.ts";
import type { Usage } from "../thought/usage.ts";

/** What a run may consume; it ends in order, with `stopReason: "budget"`, when the next step would go past it. */
export interface ChainBudget {
  /** The most model calls, critics' and failed attempts included, at least 1. @default no bound */
  maxModelCalls?: number;
  /** The most tokens, sent and received together, as far as they are known, at least 1. @default no bound */
  maxTokens?: number;
  /** The most money, in US dollars, above 0. Every model must have a price. @default no bound */
  maxCostUsd?: number;
}

/**
 * What a budget accepts.
 *
 * @example
 * ```ts
 * import { BUDGET_OPTIONS } from "@sifaka/sifaka";
 *
 * console.log(Object.keys(BUDGET_OPTIONS).length > 0); // true
 * ```
 */
export const BUDGET_OPTIONS: OptionSchemas = Object.freeze({
  maxModelCalls: { type: "integer", minimum: 1, description: "The most model calls, critics' included." },
  maxTokens: { type: "integer", minimum: 1, description: "The most tokens, sent and received together." },
  maxCostUsd: {
    type: "number",
    exclusiveMinimum: 0,
    description: "The most money, in US dollars. Every model must have a price.",
  },
});

/** What was consumed from a {@linkcode Budget}. */
export interface BudgetUse {
  /** Calls that were begun. */
  readonly modelCalls: number;
  /** Tokens of the calls that told theirs. */
  readonly tokens: number;
  /** US dollars; left out as soon as an answer came whose price is not known. */
  readonly costUsd?: number;
}

/**
 * A budget that several chains share: the runs of a batch, clones of a chain, chains of different kinds. A plain
 * `{ maxModelCalls, … }` is for each run anew; what is taken from a `Budget` is gone.
 *
 * It is looked at before each call. A call is counted when it begins, so `maxModelCalls` is never exceeded; what it consumed is
 * known when it has answered, so `maxTokens` and `maxCostUsd` may be exceeded by the calls that were under way together.
 *
 * @example
 * ```ts
 * import { Budget, Chain } from "@sifaka/sifaka";
 * import { MockModel } from "@sifaka/sifaka/models";
 *
 * const budget = new Budget({ maxModelCalls: 2 });
 * const chain = new Chain({ model: new MockModel({ response: "Hello." }), prompt: "Greet me.", budget });
 * chain.run();
 * chain.clone().run();
 * console.log(budget.used.modelCalls, budget.affords(1)); // 2 false
 * ```
 */
export class Budget {
  /** The most model calls; Infinity where there is no bound. */
  readonly maxModelCalls: number;
  /** The most tokens; Infinity where there is no bound. */
  readonly maxTokens: number;
  /** The most money, in US dollars; Infinity where there is no bound. */
  readonly maxCostUsd: number;
  #modelCalls = 0;
  #tokens = 0;
  #costUsd = 0;
  #isCostKnown = true;

  /**
   * Makes a budget of which nothing is used.
   *
   * @param options What may be consumed.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(options: ChainBudget = {}) {
    const checked = checkOptions("Budget", options, BUDGET_OPTIONS);
    this.maxModelCalls = checked.maxModelCalls ?? Infinity;
    this.maxTokens = checked.maxTokens ?? Infinity;
    this.maxCostUsd = checked.maxCostUsd ?? Infinity;
  }

  /** What was consumed so far. */
  get used(): BudgetUse {
    const { modelCalls, tokens } = { modelCalls: this.#modelCalls, tokens: this.#tokens };
    return this.#isCostKnown ? { modelCalls, tokens, costUsd: this.#costUsd } : { modelCalls, tokens };
  }

  /**
   * Whether so many more calls may begin. Where money is bounded, an answer whose price is not known ends all.
   *
   * @param calls How many; an integer of 0 or more.
   * @returns Whether the budget allows them; always `true` for 0.
   */
  affords(calls: number): boolean {
    if (calls === 0) return true;
    if (this.#tokens >= this.maxTokens) return false;
    if (this.maxCostUsd !== Infinity && (!this.#isCostKnown || this.#costUsd >= this.maxCostUsd)) {
      return false;
    }
    return this.#modelCalls + calls <= this.maxModelCalls;
  }

  /**
   * Counts a call that begins now, whether the budget allows it or not.
   *
   * @param calls How many begin. @default 1
   */
  begin(calls = 1): void {
    this.#modelCalls += calls;
  }

  /**
   * Counts what a call consumed that has answered.
   *
   * @param usage What it said; `undefined` where it said nothing.
   */
  add(usage: Omit<Usage, "modelCalls"> | undefined): void {
    this.#tokens += (usage?.promptTokens ?? 0) + (usage?.completionTokens ?? 0);
    if (usage?.costUsd === undefined) this.#isCostKnown = false;
    else this.#costUsd += usage.costUsd;
  }
}
