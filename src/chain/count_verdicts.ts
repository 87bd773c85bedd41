/**
 * How often each validator passed and failed the texts of a run.
 *
 * @module
 */

import type { VerdictCount } from "../storage/runs.ts";
import type { Thought } from "../thought/thought.ts";

/**
 * Counts the verdicts of validators.
 *
 * @param iterations Thoughts that were validated.
 * @returns The counts by the validators' names, in the order in which they come up.
 */
export function countVerdicts(iterations: readonly Thought[]): Record<string, VerdictCount> {
  const counts = new Map<string, VerdictCount>();
  for (const { validationResults } of iterations) {
    for (const { validator, passed: isPassed } of Object.values(validationResults)) {
      const { passed, failed } = counts.get(validator) ?? { passed: 0, failed: 0 };
      counts.set(validator, isPassed ? { passed: passed + 1, failed } : { passed, failed: failed + 1 });
    }
  }
  return Object.fromEntries(counts);
}
