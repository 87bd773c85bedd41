/**
 * Counts what a critique consumes, from outside of it, so that nothing is lost when it fails or is cancelled.
 *
 * @module
 */

import { sumUsage, type Usage } from "../thought/usage.ts";

/**
 * Counts model calls and what they consumed.
 *
 * @example
 * ```ts
 * import { CallLedger } from "@sifaka/sifaka/critics";
 *
 * const calls = new CallLedger();
 * calls.open(); // a call that never answers still counts
 * calls.open()({ promptTokens: 120, completionTokens: 40 });
 * console.log(calls.usage.modelCalls); // 2
 * ```
 */
export class CallLedger {
  readonly #usages: Usage[] = [];

  /**
   * Counts a call that begins now.
   *
   * @returns A function to be told what the call consumed, once it has answered.
   */
  open(): (usage: Omit<Usage, "modelCalls"> | undefined) => void {
    const index = this.#usages.push({ modelCalls: 1 }) - 1;
    return (usage) => {
      this.#usages[index] = { ...usage, modelCalls: 1 };
    };
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
