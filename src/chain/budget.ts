/**
 * What a run may consume: what it needs at least, and what is left of it. Every call is checked before it is made.
 *
 * @module
 */

import { CallLedger } from "../critics/call_ledger.ts";
import { ConfigurationError, CriticError, ModelError } from "../errors.ts";
import type { Thought } from "../thought/thought.ts";
import type { Usage } from "../thought/usage.ts";
import { criticsApply } from "./policy.ts";
import type { Run } from "./run_state.ts";
import type { ChainSettings } from "./settings.ts";
import { Budget, type ChainBudget } from "./shared_budget.ts";

/** The budget of a run that shares none. */
export function budgetOfOneRun({ maxModelCalls, maxTokens, maxCostUsd }: ChainSettings): Budget {
  const bounds = Object.entries({ maxModelCalls, maxTokens, maxCostUsd });
  return new Budget(Object.fromEntries(bounds.filter(([, bound]) => bound !== Infinity)) as ChainBudget);
}

/** The error of a call that was not made because the budget is spent. */
export function budgetSpent({ ledger, settings }: Run): ModelError {
  ledger.cutShort = true;
  const { maxModelCalls, maxTokens, maxCostUsd } = settings;
  return new ModelError("The model may not be called as the budget is spent", {
    code: "budget",
    operation: "generate",
    step: "generate",
    thought: ledger.iterations.at(-1),
    metadata: Object.fromEntries(
      Object.entries({ maxModelCalls, maxTokens, maxCostUsd }).filter(([, bound]) => bound !== Infinity),
    ),
  });
}

/**
 * Refuses to begin a run that could not be finished even if all went well.
 *
 * @param settings The chain's.
 * @param thought The first thought, without a text.
 * @throws {ConfigurationError} With code `budget`.
 */
export function checkBudget(settings: ChainSettings, thought: Thought): void {
  const { maxModelCalls, input } = settings;
  if (maxModelCalls === Infinity) return;
  const apply = criticsApply(settings, { valid: true, iteration: 0 });
  const needed = (input === undefined ? 1 : 0) + (apply ? leastCriticCalls(settings, thought) : 0);
  if (needed <= maxModelCalls) return;
  throw new ConfigurationError(
    `Cannot run Chain as budget.maxModelCalls must be at least ${needed} for its model and critics: ` +
      `budget.maxModelCalls is ${maxModelCalls}`,
    { code: "budget", component: "Chain", metadata: { needed, maxModelCalls } },
  );
}

/** The fewest model calls that the critics need for one round. */
export function leastCriticCalls({ critics }: ChainSettings, thought: Thought): number {
  return critics.reduce((sum, { component }) => sum + (component.estimateCalls?.(thought).min ?? 0), 0);
}

/**
 * Whether so many more calls would go past the budget.
 *
 * @param run The run.
 * @param calls How many; nothing is past the budget when it is 0.
 * @returns Whether they may not be made.
 */
export function isSpent({ budget }: Run, calls: number): boolean {
  return !budget.affords(calls);
}

/** Counts the calls of one critique as they are made, and refuses those that the run's budget cannot pay for. */
export class CriticCalls extends CallLedger {
  readonly #run: Run;
  readonly #critic: string;

  /**
   * Begins to count.
   *
   * @param run The run.
   * @param critic The critic's name in it.
   */
  constructor(run: Run, critic: string) {
    super();
    this.#run = run;
    this.#critic = critic;
  }

  /**
   * Counts a call that begins now.
   *
   * @returns A function to be told what the call consumed, once it has answered.
   * @throws {CriticError} With code `budget` when there is nothing left for it.
   */
  override open(): ReturnType<CallLedger["open"]> {
    if (isSpent(this.#run, 1)) {
      this.#run.ledger.cutShort = true;
      throw new CriticError(`${this.#critic} may not call its model as the budget of the run is spent`, {
        code: "budget",
        component: this.#critic,
        operation: "critique",
      });
    }
    const { budget } = this.#run;
    budget.begin();
    const close = super.open();
    return (usage) => {
      budget.add(usage);
      close(usage);
    };
  }

  /** Takes what a critic says of its calls when it is over, for one that did not count them as it made them. */
  settle(usage: Usage | undefined): void {
    if (this.modelCalls > 0 || usage === undefined || usage.modelCalls === 0) return;
    this.#run.budget.begin(usage.modelCalls);
    this.#run.budget.add(usage);
  }
}
