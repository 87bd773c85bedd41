/**
 * Calls exported functions of modules by URL: in the caller's thread for the asynchronous driver, and inside the I/O worker
 * for the synchronous one.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { RemoteRef } from "../operation/effects.ts";

type RemoteFunction = (...args: unknown[]) => unknown;

/**
 * Calls the function.
 *
 * @param ref The module's URL and the function's name in it.
 * @param args Its arguments.
 * @param signal Reaches the function in its last argument.
 * @returns What the function resolves to.
 * @throws {ConfigurationError} When the module does not export such a function.
 */
export async function callRemote(ref: RemoteRef, args: readonly unknown[], signal: AbortSignal): Promise<unknown> {
  const call = await load(ref);
  return await call(...args, { signal });
}

/**
 * Opens a stream.
 *
 * @param ref The module's URL and the name of an async generator function in it.
 * @param args Its arguments.
 * @param signal Reaches the function in its last argument.
 * @returns The iterator to read from.
 * @throws {ConfigurationError} When the module does not export such a function.
 */
export async function openRemoteStream(
  ref: RemoteRef,
  args: readonly unknown[],
  signal: AbortSignal,
): Promise<AsyncIterator<unknown>> {
  const call = await load(ref);
  const stream = await call(...args, { signal }) as AsyncIterable<unknown> | undefined;
  if (typeof stream?.[Symbol.asyncIterator] !== "function") {
    throw new ConfigurationError(`Cannot stream from ${ref.name} of ${ref.module} as it is no async generator function`);
  }
  return stream[Symbol.asyncIterator]();
}

async function load(ref: RemoteRef): Promise<RemoteFunction> {
  const module = await import(ref.module) as Record<string, unknown>;
  const call = module[ref.name];
  if (typeof call !== "function") {
    throw new ConfigurationError(`Cannot call ${ref.name} as ${ref.module} exports no such function`, {
      code: "no_such_function",
      metadata: { module: ref.module, name: ref.name },
    });
  }
  return call as RemoteFunction;
}
