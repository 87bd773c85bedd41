/**
 * What a run may consume: what it needs at least, and what is left of it. Every call is checked before it is made.
 *
 * @module
 */

import { CallLedger } from "../critics/call_ledger.ts";
import { ConfigurationError, CriticError } from "../errors.ts";
import type { Thought } from "../thought/thought.ts";
import { criticsApply } from "./policy.ts";
import type { Run } from "./run_state.ts";
import type { ChainSettings } from "./settings.ts";

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
 * @param made Calls made just now that are not in the ledger yet.
 * @returns Whether they may not be made.
 */
export function isSpent({ settings, ledger }: Run, calls: number, made = 0): boolean {
  const { maxModelCalls, maxTokens } = settings;
  if (calls === 0 || (maxModelCalls === Infinity && maxTokens === Infinity)) return false;
  const { modelCalls, promptTokens = 0, completionTokens = 0 } = ledger.usage;
  if (promptTokens + completionTokens >= maxTokens) return true;
  return modelCalls + ledger.openCalls + made + calls > maxModelCalls;
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
    this.#run.ledger.openCalls++;
    return super.open();
  }

  /** Hands the calls over to the usage of the run, by which they are counted from here on. */
  settle(): void {
    this.#run.ledger.openCalls -= this.modelCalls;
  }
}
