/**
 * Counts what a critique consumes, from outside of it, so that nothing is lost when it fails or is cancelled.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import { sumUsage, type Usage } from "../thought/usage.ts";

/** What an answer tells of what its call consumed. */
export interface Answered {
  /** What it consumed; `undefined` where it does not say. */
  readonly usage?: Omit<Usage, "modelCalls">;
}

/**
 * Counts model calls and what they consumed.
 *
 * @example
 * ```ts
 * import { host, runSync } from "@sifaka/sifaka";
 * import { CallLedger } from "@sifaka/sifaka/critics";
 *
 * const calls = new CallLedger();
 * const call = host(() => ({ text: "Shorter.", usage: { promptTokens: 120, completionTokens: 40 } }));
 * console.log(runSync(calls.count(call)).text); // "Shorter."
 * console.log(calls.usage.modelCalls, calls.usage.promptTokens); // 1 120
 * ```
 */
export class CallLedger {
  readonly #usages: Usage[] = [];

  /**
   * Makes a call and counts it, whether it answers or not.
   *
   * @typeParam T What it answers.
   * @param call The call.
   * @returns An operation of what it answers.
   */
  *count<T extends Answered>(call: Operation<T>): Operation<T> {
    const index = this.#usages.push({ modelCalls: 1 }) - 1;
    const answer = yield* call;
    this.#usages[index] = { ...answer.usage, modelCalls: 1 };
    return answer;
  }

  /** How many calls were made, failed ones included. */
  get modelCalls(): number {
    return this.#usages.length;
  }

  /** What they consumed. */
  get usage(): Usage {
    return sumUsage(this.#usages);
  }
}
