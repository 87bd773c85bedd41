/**
 * Whether every model of a chain has a price, where money is bounded: a bound on what cannot be known would never hold.
 *
 * @module
 */

import { describeModel } from "../models/generate.ts";
import type { Model } from "../models/model.ts";
import type { OptionProblem } from "../options.ts";
import type { ChainOptions } from "./options.ts";

/** What is looked at of a model, or of a critic that has one. */
interface Priced {
  readonly price?: unknown;
  readonly model?: unknown;
}

/**
 * Finds models without a price. Those that are specs yet are looked at when they are made.
 *
 * @param options The chain's, without other problems.
 * @returns One problem, or none.
 */
export function priceProblems(
  { budget, model, fallbackModels = [], critics = [] }: ChainOptions,
): OptionProblem[] {
  const maxCostUsd = budget?.maxCostUsd;
  if (maxCostUsd === undefined || maxCostUsd === Infinity) return [];
  const models: unknown[] = [model, ...fallbackModels, ...critics.map((critic) => (critic as Priced).model)];
  const unpriced = new Set(
    models.filter((item) =>
      typeof item === "object" && item !== null && (item as Priced).price === undefined
    ),
  );
  if (unpriced.size === 0) return [];
  const names = [...unpriced].map((item) => describeModel(item as Model)).join(", ");
  const message = `budget.maxCostUsd needs the price of every model, and that of ${names} is not known: ` +
    `budget.maxCostUsd is ${maxCostUsd}`;
  return [{ path: ["budget", "maxCostUsd"], message }];
}
