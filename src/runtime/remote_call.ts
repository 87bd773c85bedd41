/**
 * Calls exported functions of modules by URL: in the caller's thread for the asynchronous driver, and inside the I/O worker
 * for the synchronous one.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { RemoteContext, RemoteRef } from "../operation/effects.ts";
import { startTimer } from "./clock.ts";

/** An exported function that may be called remotely. */
export type RemoteFunction = (...args: unknown[]) => unknown;

const LOAD_WITHIN_MS = 30_000;

/**
 * Loads a function.
 *
 * @param ref The module's URL and the function's name in it.
 * @param withinMs How long its module may take to load, in milliseconds.
 * @returns The function.
 * @throws {ConfigurationError} When the module does not load in time, or does not export such a function.
 */
export async function loadFunction(
  ref: RemoteRef,
  withinMs: number = LOAD_WITHIN_MS,
): Promise<RemoteFunction> {
  const module = await loadModule(ref, withinMs);
  const call = module[ref.name];
  if (typeof call === "function") return call as RemoteFunction;
  throw new ConfigurationError(`Cannot call ${ref.name} as ${ref.module} exports no such function`, {
    code: "no_such_function",
    metadata: { module: ref.module, name: ref.name },
  });
}

/**
 * Under Deno, threads share their connections: what a worker fetches over one that a blocked thread has opened does not come
 * before that thread goes on. Only a limit can tell.
 */
async function loadModule({ module, name }: RemoteRef, withinMs: number): Promise<Record<string, unknown>> {
  let stopTimer: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    stopTimer = startTimer(withinMs, () => reject(loadedTooLate(module, name, withinMs)));
  });
  try {
    return await Promise.race([import(module) as Promise<Record<string, unknown>>, late]);
  } finally {
    stopTimer?.();
  }
}

function loadedTooLate(module: string, name: string, withinMs: number): ConfigurationError {
  return new ConfigurationError(
    `Cannot call ${name} as its module did not load within ${withinMs / 1000} seconds: ${module}`,
    {
      code: "module_not_loaded",
      metadata: { module, name },
      suggestions: [
        `Under Deno, fetch it and its packages once beforehand: deno cache ${module}`,
        "Or call the `_…Async` twin, which leaves the thread free that fetches.",
      ],
    },
  );
}

/**
 * Takes the iterator out of what a streaming function returned.
 *
 * @param ref The function.
 * @param stream What it returned.
 * @returns The iterator to read from.
 * @throws {ConfigurationError} When the function does not stream.
 */
export function iteratorOf(ref: RemoteRef, stream: unknown): AsyncIterator<unknown> {
  const iterable = stream as AsyncIterable<unknown> | null | undefined;
  if (typeof iterable?.[Symbol.asyncIterator] === "function") return iterable[Symbol.asyncIterator]();
  throw new ConfigurationError(
    `Cannot stream from ${ref.name} of ${ref.module} as it is no async generator function`,
  );
}

/**
 * Asks an iterator to end. It does so by itself once it sees its signal; nobody waits for what it says then.
 *
 * @param iterator The iterator, perhaps one that somebody wrote by hand.
 */
export async function endIterator(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // Its reader has left.
  }
}

/** Makes the signal of a call when the call first looks at it: most short calls never do. */
export class Cancellation implements RemoteContext {
  #controller: AbortController | undefined;
  #reason: { readonly value: unknown } | undefined;
  /** Called when the call is given up. */
  onAbort: (() => void) | undefined;

  /** Whether the call was given up. */
  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  /** Aborted when the call is given up. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason.value);
    return this.#controller.signal;
  }

  /** Gives the call up. */
  abort(reason?: unknown): void {
    this.#reason ??= { value: reason };
    this.#controller?.abort(reason);
    this.onAbort?.();
  }
}
