/**
 * What a run may consume: what it needs at least, and what is left of it. Every call is checked before it is made.
 *
 * @module
 */

import { type Answered, CallLedger } from "../critics/call_ledger.ts";
import { ConfigurationError, CriticError, ModelError } from "../errors.ts";
import { hostAgain, type Operation } from "../operation/operation.ts";
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
 * @returns An operation of whether they may not be made.
 */
export function isSpent({ budget, settings }: Run, calls: number): Operation<boolean> {
  return ofBudget(settings, () => !budget.affords(calls));
}

/**
 * Takes a call that begins now from the budget.
 *
 * @param run The run.
 * @returns An operation of whether the budget allows it; it takes nothing where not.
 */
export function takeCall({ budget, settings }: Run): Operation<boolean> {
  return ofBudget(settings, () => {
    const affords = budget.affords(1);
    if (affords) budget.begin();
    return affords;
  });
}

/**
 * Takes from the budget what a call consumed that has answered.
 *
 * @param run The run.
 * @param usage What it said; `undefined` where it said nothing.
 */
export function takeUsage(
  { budget, settings }: Run,
  usage: Omit<Usage, "modelCalls"> | undefined,
): Operation<void> {
  return ofBudget(settings, () => budget.add(usage));
}

/** What runs share is an effect: a run that is replayed is told what it found there at first, and takes nothing again. */
function* ofBudget<T>({ sharedBudget }: ChainSettings, look: () => T): Operation<T> {
  return sharedBudget === undefined ? look() : yield* hostAgain(look);
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
   * Makes a call and counts it.
   *
   * @param call The call.
   * @returns An operation of what it answers.
   * @throws {CriticError} With code `budget` when there is nothing left for it.
   */
  override *count<T extends Answered>(call: Operation<T>): Operation<T> {
    const run = this.#run;
    if (!(yield* takeCall(run))) {
      run.ledger.cutShort = true;
      throw new CriticError(`${this.#critic} may not call its model as the budget of the run is spent`, {
        code: "budget",
        component: this.#critic,
        operation: "critique",
      });
    }
    const answer = yield* super.count(call);
    yield* takeUsage(run, answer.usage);
    return answer;
  }

  /** Takes what a critic says of its calls when it is over, for one that did not count them as it made them. */
  *settle(usage: Usage | undefined): Operation<void> {
    if (this.modelCalls > 0 || usage === undefined || usage.modelCalls === 0) return;
    const { budget, settings } = this.#run;
    yield* ofBudget(settings, () => {
      budget.begin(usage.modelCalls);
      budget.add(usage);
    });
  }
}
