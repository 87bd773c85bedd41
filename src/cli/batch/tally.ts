/**
 * What a batch has come to so far.
 *
 * @module
 */

import { STATUS } from "../command.ts";
import { type Outcome, outcomeOf, type ResultLine, statusOfFailure } from "./result_line.ts";

/** Counts results. */
export class Tally {
  /** How many lines came to what. */
  readonly counts: Record<Outcome, number> = { valid: 0, invalid: 0, failed: 0 };
  /** The price of those whose price is known, in US dollars. */
  costUsd = 0;
  /** Of how many the price is known. */
  priced = 0;
  readonly #failures = new Set<number>();

  /** Counts a result. */
  add(result: Pick<ResultLine, "valid" | "costUsd" | "error">): void {
    this.counts[outcomeOf(result)]++;
    if (result.error !== undefined) this.#failures.add(statusOfFailure(result.error.type));
    if (result.costUsd === undefined) return;
    this.costUsd += result.costUsd;
    this.priced++;
  }

  /** How many lines have a result. */
  get done(): number {
    const { valid, invalid, failed } = this.counts;
    return valid + invalid + failed;
  }

  /** The exit status: of what failed, the gravest. */
  get status(): number {
    for (const status of [STATUS.store, STATUS.model, STATUS.usage]) {
      if (this.#failures.has(status)) return status;
    }
    return this.counts.invalid > 0 ? STATUS.invalid : STATUS.ok;
  }
}
