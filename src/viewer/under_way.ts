/**
 * What a run is doing that has no text to show for it so far.
 *
 * @module
 */

import type { ChainPart } from "../storage/runs.ts";
import type { Thought } from "../thought/thought.ts";

/**
 * Tells what a run that is going on does. A text is kept when the validators have spoken, and again when the critics have.
 *
 * @param thoughts The iterations that are kept, oldest first.
 * @param parts What the chain is made of.
 * @returns One sentence.
 */
export function underWay(thoughts: readonly Thought[], parts: readonly ChainPart[]): string {
  const last = thoughts.at(-1);
  if (last === undefined) return "The first text is being written and checked.";
  const { iteration, criticFeedback } = last;
  return asksCritics(parts) && criticFeedback.length === 0
    ? `Critics look at the text of iteration ${iteration}.`
    : `The text of iteration ${iteration + 1} is being written and checked.`;
}

function asksCritics(parts: readonly ChainPart[]): boolean {
  return parts.some(({ part }) => part === "critics[0]") &&
    !parts.some(({ part, description }) =>
      part === "applyImproversOnValidationFailure" && description === "false"
    );
}
