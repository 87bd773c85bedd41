/**
 * What a list tells of texts that no record of a run goes with: those of a storage that keeps none, or that were kept without a run.
 *
 * @module
 */

import { countVerdicts } from "../chain/count_verdicts.ts";
import { bestOf, passes } from "../chain/policy.ts";
import type { RunSummary } from "../storage/runs.ts";
import type { Thought } from "../thought/thought.ts";

/**
 * Describes the thoughts of a chain as the run that made them.
 *
 * @param chainId The chain.
 * @param thoughts Its thoughts, oldest first; at least one.
 * @returns What can be told of the run.
 */
export function summaryOfThoughts(chainId: string, thoughts: readonly Thought[]): RunSummary {
  const best = bestOf(thoughts);
  const newest = thoughts.at(-1)!;
  const model = thoughts.findLast(({ generation }) => generation !== undefined)?.generation?.model;
  return {
    runId: chainId,
    status: "finished",
    startedAt: thoughts[0]!.timestamp,
    updatedAt: newest.timestamp,
    effects: 0,
    facts: {
      chainId,
      prompt: best.prompt,
      ...(model !== undefined && { model }),
      thoughtId: best.id,
      valid: passes(best),
      iterations: thoughts.length,
      usage: newest.usage,
      verdicts: countVerdicts(thoughts),
    },
  };
}
