/**
 * Operations: work that may wait, written once as a generator and driven in several ways.
 *
 * An operation yields descriptions of what it needs (effects) and never performs I/O itself, so the same body runs under a
 * driver that blocks, one that awaits, and one that simulates. The functions here are the leaves; `combinators.ts` builds on
 * them.
 *
 * @module
 */

import { checkDuration } from "./duration.ts";
import type { Effect, OperationEvent, RemoteRef, StreamHandle } from "./effects.ts";

/**
 * Work that may wait. Written with `function*` and `yield*`, it reads like `async` and `await`. It is lazy: nothing happens
 * until a driver runs it, and it can be run once.
 */
export type Operation<T> = Generator<Effect, T, unknown>;

/**
 * Waits.
 *
 * @param durationMs How long, in milliseconds; 0 or less gives way once.
 * @returns An operation of nothing.
 * @throws {RangeError} When the time is not a number.
 *
 * @example
 * ```ts
 * import { runSync, sleep } from "@sifaka/sifaka";
 *
 * runSync(sleep(10)); // blocks for ten milliseconds
 * ```
 */
export function* sleep(durationMs: number): Operation<void> {
  checkDuration("durationMs", durationMs);
  yield { kind: "sleep", durationMs };
}

/**
 * Reads the clock.
 *
 * @returns An operation of milliseconds since the epoch.
 *
 * @example
 * ```ts
 * import { now, runSync } from "@sifaka/sifaka";
 *
 * console.log(new Date(runSync(now())).toISOString());
 * ```
 */
export function* now(): Operation<number> {
  return (yield { kind: "now" }) as number;
}

/**
 * Draws a random identifier.
 *
 * @returns An operation of a UUID, version 4.
 *
 * @example
 * ```ts
 * import { randomId, runSync } from "@sifaka/sifaka";
 *
 * console.log(runSync(randomId()).length); // 36
 * ```
 */
export function* randomId(): Operation<string> {
  return (yield { kind: "randomId" }) as string;
}

/**
 * Draws a random number.
 *
 * @returns An operation of a number from 0 (included) to 1 (excluded).
 *
 * @example
 * ```ts
 * import { random, runSync } from "@sifaka/sifaka";
 *
 * console.log(runSync(random()) < 1); // true
 * ```
 */
export function* random(): Operation<number> {
  return (yield { kind: "random" }) as number;
}

/**
 * Calls an exported async function of a module: in the I/O worker under `runSync`, in this thread under `runAsync` unless its
 * option `inWorker` is set.
 *
 * The function is called with the arguments and, last, a `RemoteContext` whose `signal` is aborted when the
 * operation is cancelled. On the way to the worker and back, arguments and result are structured-cloned; in this thread they
 * are handed over as they are, so neither side should change them.
 *
 * @typeParam T What the function resolves to.
 * @param ref The module's URL and the function's name in it.
 * @param args Structured-clonable arguments.
 * @returns An operation of what the function resolves to.
 *
 * @example
 * ```ts ignore
 * import { remote, runSync } from "@sifaka/sifaka";
 *
 * const ref = { module: new URL("./calls.ts", import.meta.url).href, name: "fetchText" };
 * console.log(runSync(remote<string>(ref, "http://127.0.0.1:8080/")));
 * ```
 */
export function* remote<T>(ref: RemoteRef, ...args: readonly unknown[]): Operation<T> {
  return (yield { kind: "remote", ref, args }) as T;
}

/** An open stream, read chunk by chunk. */
export interface RemoteStream<T> {
  /** The next chunk, or the end. */
  next(): Operation<IteratorResult<T, undefined>>;
  /** Ends the stream early and aborts what produces it. Call it in a `finally`. */
  close(): Operation<void>;
}

/**
 * Opens a stream: calls an exported async generator function of a module, as {@linkcode remote} calls a function. Chunks are
 * asked for one at a time, so a slow reader slows the source down.
 *
 * @typeParam T The type of a chunk.
 * @param ref The module's URL and the function's name in it.
 * @param args Structured-clonable arguments.
 * @returns An operation of the open stream.
 *
 * @example
 * ```ts ignore
 * import { type Operation, remoteStream } from "@sifaka/sifaka";
 *
 * function* collect(): Operation<string> {
 *   const stream = yield* remoteStream<string>({ module: new URL("./calls.ts", import.meta.url).href, name: "words" });
 *   let text = "";
 *   try {
 *     for (let chunk = yield* stream.next(); !chunk.done; chunk = yield* stream.next()) text += chunk.value;
 *   } finally {
 *     yield* stream.close();
 *   }
 *   return text;
 * }
 * ```
 */
export function* remoteStream<T>(ref: RemoteRef, ...args: readonly unknown[]): Operation<RemoteStream<T>> {
  const stream = (yield { kind: "remoteStream", ref, args }) as StreamHandle;
  return {
    *next() {
      return (yield { kind: "streamNext", stream }) as IteratorResult<T, undefined>;
    },
    *close() {
      yield { kind: "streamClose", stream };
    },
  };
}

/**
 * Calls the user's own code in the caller's thread.
 *
 * @typeParam T What the code returns.
 * @param sync What `runSync` calls; it must not return a promise. `undefined` where the code has no synchronous form.
 * @param async What `runAsync` calls and awaits; it gets a signal that is aborted when the operation is cancelled.
 * `sync` serves where it is left out.
 * @returns An operation of what the code returns.
 *
 * @example
 * ```ts
 * import { host, runSync } from "@sifaka/sifaka";
 *
 * console.log(runSync(host(() => 6 * 7))); // 42
 * ```
 */
export function* host<T>(
  sync: (() => T) | undefined,
  async?: (signal: AbortSignal) => T | Promise<T>,
): Operation<T> {
  return (yield { kind: "host", sync, async }) as T;
}

/**
 * Calls code in the caller's thread that may be called again for nothing: a journal does not wait for its answer to be durable.
 *
 * @param sync What is called, under every driver.
 * @param store The store that it writes into, if it does: a journal in the same store keeps its record in the same transaction.
 * @returns An operation of what the code returns.
 */
export function* hostAgain<T>(sync: () => T, store?: object): Operation<T> {
  return (yield { kind: "host", sync, async: undefined, repeatable: true, store }) as T;
}

/**
 * Tells the observers of the run that something happened. An observer that throws is not heard by the operation.
 *
 * @param event What happened.
 * @returns An operation of nothing.
 *
 * @example
 * ```ts
 * import { emit, runSync } from "@sifaka/sifaka";
 *
 * runSync(emit({ type: "greeting", text: "hello" }), { onEvent: (event) => console.log(event.type) }); // "greeting"
 * ```
 */
export function* emit(event: OperationEvent): Operation<void> {
  yield { kind: "emit", event };
}

/**
 * Hands a chunk to whoever iterates the operation and waits until it is taken; does nothing in an operation that is run
 * for its result alone.
 *
 * @param chunk The chunk.
 * @returns An operation of nothing.
 *
 * @example
 * ```ts
 * import { iterateSync, type Operation, produce } from "@sifaka/sifaka";
 *
 * function* countdown(): Operation<void> {
 *   for (const number of [3, 2, 1]) yield* produce(number);
 * }
 * console.log([...iterateSync<number>(countdown())]); // [3, 2, 1]
 * ```
 */
export function* produce(chunk: unknown): Operation<void> {
  yield { kind: "produce", chunk };
}
