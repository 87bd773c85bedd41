/**
 * Sees to it that an operation is run once.
 *
 * A generator that has ended answers every further step with `undefined`, and one that is under way takes any step for the
 * answer to its effect. Run twice, an operation would give wrong values without a word.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";

const CLAIMED: unique symbol = Symbol("claimed");

/**
 * Claims an operation for a run.
 *
 * @param operation The operation.
 * @throws {TypeError} When it was claimed before, or is no operation.
 */
export function claim(operation: Operation<unknown>): void {
  if (typeof (operation as Operation<unknown> | undefined)?.next !== "function") {
    throw new TypeError(
      `An operation is what a generator function returns when it is called: found ${show(operation)}`,
    );
  }
  const claimed = operation as { [CLAIMED]?: true };
  if (claimed[CLAIMED]) {
    throw new TypeError("An operation can be run once: call the function that makes it again for each run");
  }
  claimed[CLAIMED] = true;
}

function show(value: unknown): string {
  return typeof value === "function" ? `the function ${value.name || "itself"}` : typeof value;
}
