/**
 * Chunks that an operation produces, within another operation.
 *
 * @module
 */

import type { Effect } from "./effects.ts";
import type { Operation } from "./operation.ts";

/**
 * Runs an operation and hands on each chunk it produces by itself; operations that it runs side by side keep theirs.
 *
 * @typeParam T What the operation gives.
 * @param operation The operation.
 * @param hand Takes a chunk; the operation goes on when it is done.
 * @returns An operation of the same value.
 *
 * @example
 * ```ts
 * import { handChunks, type Operation, produce, runSync } from "@sifaka/sifaka";
 *
 * function* letters(): Operation<number> {
 *   for (const letter of "abc") yield* produce(letter);
 *   return 3;
 * }
 * const seen: unknown[] = [];
 * const count = runSync(handChunks(letters(), function* (letter) {
 *   seen.push(letter);
 * }));
 * console.log(count, seen); // 3 [ "a", "b", "c" ]
 * ```
 */
export function* handChunks<T>(
  operation: Operation<T>,
  hand: (chunk: unknown) => Operation<void>,
): Operation<T> {
  let ended = false;
  try {
    const value = yield* performed(operation, operation.next(), hand);
    ended = true;
    return value;
  } finally {
    // Cancelled, or failed: its own `finally` blocks have their effects performed, too.
    if (!ended) yield* performed(operation, operation.return(undefined as T), hand);
  }
}

function* performed<T>(
  operation: Operation<T>,
  first: IteratorResult<Effect, T>,
  hand: (chunk: unknown) => Operation<void>,
): Operation<T> {
  let step = first;
  while (!step.done) {
    let answer: unknown;
    try {
      answer = step.value.kind === "produce" ? yield* hand(step.value.chunk) : yield step.value;
    } catch (error) {
      step = operation.throw(error);
      continue;
    }
    step = operation.next(answer);
  }
  return step.value;
}
