/**
 * Calls exported functions of modules by URL: in the caller's thread for the asynchronous driver, and inside the I/O worker
 * for the synchronous one.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { RemoteContext, RemoteRef } from "../operation/effects.ts";

/** An exported function that may be called remotely. */
export type RemoteFunction = (...args: unknown[]) => unknown;

/**
 * Loads a function.
 *
 * @param ref The module's URL and the function's name in it.
 * @returns The function.
 * @throws {ConfigurationError} When the module does not export such a function.
 */
export async function loadFunction(ref: RemoteRef): Promise<RemoteFunction> {
  const module = await import(ref.module) as Record<string, unknown>;
  const call = module[ref.name];
  if (typeof call === "function") return call as RemoteFunction;
  throw new ConfigurationError(`Cannot call ${ref.name} as ${ref.module} exports no such function`, {
    code: "no_such_function",
    metadata: { module: ref.module, name: ref.name },
  });
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

/** Makes the signal of a call when the call first looks at it: most short calls never do. */
export class Cancellation implements RemoteContext {
  #controller: AbortController | undefined;
  #reason: { readonly value: unknown } | undefined;

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
  }
}
