/**
 * The asynchronous driver: effects become promises on the caller's event loop.
 *
 * @module
 */

import type {
  HostEffect,
  LeafEffect,
  OperationEvent,
  RemoteEffect,
  RemoteRef,
  RemoteStreamEffect,
  StreamHandle,
} from "../operation/effects.ts";
import type { Operation } from "../operation/operation.ts";
import { type Bridge, theListeningBridge } from "../runtime/bridge.ts";
import { currentTimeMs, startTimer } from "../runtime/clock.ts";
import { newId, randomNumber } from "../runtime/identity.ts";
import { Cancellation, endIterator, iteratorOf, loadFunction } from "../runtime/remote_call.ts";
import { type Chunk, ChunkQueue } from "./chunk_queue.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Interpreter, notAnEffect, PENDING, type Performer } from "./interpreter.ts";
import { checkTimeout, notify, outOfTime, type RunOptions } from "./options.ts";
import type { Task } from "./task.ts";

/**
 * Runs an operation on the caller's event loop.
 *
 * @param operation What to run; it can be run once.
 * @param options A signal, a bound of time, an observer.
 * @returns A promise of its value.
 * @throws Whatever the operation throws; the signal's reason when that aborts it; {@linkcode TimeoutError} past `timeoutMs`.
 *
 * @example
 * ```ts
 * import { all, runAsync, sleep } from "@sifaka/sifaka";
 *
 * await runAsync(all([sleep(10), sleep(10)])); // about 10 ms
 * ```
 */
export function runAsync<T>(operation: Operation<T>, options: RunOptions = {}): Promise<T> {
  const run = new AsyncRun(operation, options, undefined);
  run.start();
  return run.ended as Promise<T>;
}

/**
 * Runs an operation on the caller's event loop and hands out the chunks it produces, one at a time: it goes on when the next
 * one is asked for, and is cancelled when the reader leaves early.
 *
 * @typeParam C The type of a chunk.
 * @typeParam T The type of the operation's value.
 * @param operation What to run.
 * @param options A signal, a bound of time, an observer.
 * @returns An async generator of chunks; its return value is the operation's.
 *
 * @example
 * ```ts
 * import { iterateAsync, type Operation, produce } from "@sifaka/sifaka";
 *
 * function* letters(): Operation<void> {
 *   for (const letter of "abc") yield* produce(letter);
 * }
 * for await (const letter of iterateAsync<string>(letters())) console.log(letter);
 * ```
 */
export function iterateAsync<C, T = unknown>(
  operation: Operation<T>,
  options: RunOptions = {},
): AsyncGenerator<C, T, undefined> {
  return readAsync(operation, options, "produce");
}

/** Runs an operation as `iterateAsync` does, and hands out what it emits in place of what it produces. */
export function eventsAsync<T>(
  operation: Operation<T>,
  options: RunOptions,
): AsyncGenerator<OperationEvent, T, undefined> {
  return readAsync(operation, options, "emit");
}

async function* readAsync<C, T>(
  operation: Operation<T>,
  options: RunOptions,
  read: "produce" | "emit",
): AsyncGenerator<C, T, undefined> {
  const run = new AsyncRun(operation, options, read);
  try {
    run.start();
    for (let chunk = await run.nextChunk(); chunk !== undefined; chunk = await run.nextChunk()) {
      yield chunk.value as C;
    }
    return await run.ended as T;
  } finally {
    await run.leave();
  }
}

interface OpenStream {
  readonly iterator: AsyncIterator<unknown>;
  readonly cancellation: Cancellation;
}

class AsyncRun implements Performer {
  readonly ended: Promise<unknown>;
  readonly #options: RunOptions;
  /** The effects whose values a reader takes, one by one; none where nobody reads. */
  readonly #read: "produce" | "emit" | undefined;
  readonly #interpreter: Interpreter;
  readonly #streams = new Map<number, OpenStream>();
  readonly #chunks = new ChunkQueue();
  #wantChunk: (() => void) | undefined;
  #lastStreamId = 0;
  #done = false;
  #left = false;
  #reason: { readonly error: unknown } | undefined;
  #stopTimer: (() => void) | undefined;
  #stopHeartbeat: (() => void) | undefined;
  #settle!: (ok: boolean, value: unknown) => void;
  readonly #onAbort: () => void = () => this.abort(this.#options.signal?.reason);

  constructor(operation: Operation<unknown>, options: RunOptions, read: "produce" | "emit" | undefined) {
    this.#options = options;
    this.#read = read;
    this.ended = new Promise((resolve, reject) => {
      this.#settle = (ok, value) => ok ? resolve(value) : reject(value);
    });
    // Whoever iterates learns of a failure from the chunk that does not come, which may be later than the failure.
    if (read !== undefined) this.ended.catch(() => {});
    this.#interpreter = new Interpreter(operation, this, options);
  }

  start(): void {
    const { signal, timeoutMs } = this.#options;
    try {
      checkTimeout(timeoutMs);
    } catch (error) {
      this.end(false, error);
      return;
    }
    if (signal?.aborted) {
      this.end(false, signal.reason);
      return;
    }
    signal?.addEventListener("abort", this.#onAbort);
    if (timeoutMs !== undefined) {
      this.#stopTimer = startTimer(timeoutMs, () => this.abort(outOfTime(timeoutMs)));
    }
    this.#keepBeating(Heartbeat.of(this.#options.journal));
    this.#interpreter.start();
  }

  #keepBeating(heartbeat: Heartbeat | undefined): void {
    if (heartbeat === undefined || this.#done) return;
    this.#stopHeartbeat = startTimer(heartbeat.intervalMs, () => {
      heartbeat.beat();
      this.#keepBeating(heartbeat);
    });
  }

  defer(callback: () => void): void {
    queueMicrotask(callback);
  }

  perform(effect: LeafEffect, task: Task): unknown {
    switch (effect.kind) {
      case "now":
        return currentTimeMs();
      case "randomId":
        return newId();
      case "random":
        return randomNumber();
      case "emit":
        if (this.#options.onEvent) notify(this.#options.onEvent, effect.event, task.leafPath(effect));
        return this.#handOut(effect.kind, effect.event, task);
      case "sleep":
        task.wait = {
          giveUp: startTimer(effect.durationMs, () => this.#interpreter.resume(task, true, undefined)),
        };
        return PENDING;
      case "host":
        return this.#host(effect, task);
      case "remote":
        return this.#await(task, (context) => this.#call(effect, context));
      case "remoteStream":
        return this.#open(effect, task);
      case "streamNext":
        return this.#next(effect.stream, task);
      case "streamClose":
        this.#close(effect.stream.streamId);
        return undefined;
      case "produce":
        return this.#handOut(effect.kind, effect.chunk, task);
      default:
        throw notAnEffect(effect);
    }
  }

  #host(effect: HostEffect, task: Task): unknown {
    if (effect.async === undefined) {
      const value = effect.sync?.();
      return isThenable(value) ? this.#await(task, () => value) : value;
    }
    const cancellation = new Cancellation();
    const value = effect.async(cancellation.signal);
    return isThenable(value) ? this.#await(task, () => value, cancellation) : value;
  }

  #await(
    task: Task,
    start: (context: Cancellation) => PromiseLike<unknown>,
    cancellation = new Cancellation(),
  ): typeof PENDING {
    let live = true;
    // A thenable of somebody else's may answer at once or twice; a promise never does.
    Promise.resolve(start(cancellation)).then(
      (value) => live && this.#interpreter.resume(task, true, value),
      (error) => live && this.#interpreter.resume(task, false, error),
    );
    const giveUp = (): void => {
      live = false;
      cancellation.abort(this.#reason?.error);
    };
    task.wait = { giveUp };
    return PENDING;
  }

  /** Nobody outside is told of anything before what it may rest on is durable. */
  #call({ kind, ref, args }: RemoteEffect | RemoteStreamEffect, context: Cancellation): Promise<unknown> {
    const call = (): Promise<unknown> => {
      const { inWorker } = this.#options;
      const bridge = inWorker && kind === "remote" ? theListeningBridge() : undefined;
      if (bridge === undefined) return callRemote(ref, args, context);
      bridge.limit(typeof inWorker === "object" ? inWorker.atOnce : Infinity);
      return callWorker(bridge, ref, args, context);
    };
    // Of records that are lost the next one that is written tells.
    return this.#options.journal?.log.durable?.()?.then(call, call) ?? call();
  }

  #open(effect: RemoteStreamEffect, task: Task): typeof PENDING {
    const cancellation = new Cancellation();
    const streamId = ++this.#lastStreamId;
    this.#await(task, async (): Promise<StreamHandle> => {
      const iterator = iteratorOf(effect.ref, await this.#call(effect, cancellation));
      this.#streams.set(streamId, { iterator, cancellation });
      // Given up while it was opened: nobody will close it.
      if (cancellation.aborted) this.#close(streamId);
      return { streamId };
    }, cancellation);
    const opening = task.wait;
    const giveUp = (): void => {
      opening?.giveUp();
      this.#close(streamId);
    };
    task.wait = { giveUp };
    return PENDING;
  }

  #next({ streamId }: StreamHandle, task: Task): unknown {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return { done: true, value: undefined };
    return this.#await(task, async () => {
      const result = await stream.iterator.next();
      if (result.done) this.#streams.delete(streamId);
      return { done: result.done === true, value: result.done ? undefined : result.value };
    });
  }

  #close(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    this.#streams.delete(streamId);
    stream.cancellation.abort();
    void endIterator(stream.iterator);
  }

  #handOut(kind: "produce" | "emit", value: unknown, task: Task): unknown {
    // A reader who has left takes nothing more from `finally` blocks.
    if (this.#read !== kind || this.#left) return undefined;
    this.#chunks.add(task, value);
    this.#wantChunk?.();
    return PENDING;
  }

  /** The next chunk; `undefined` when there are no more. Lets the producer of the one before go on. */
  async nextChunk(): Promise<Chunk | undefined> {
    const producer = this.#chunks.release();
    if (producer !== undefined) this.#interpreter.resume(producer, true, undefined);
    while (this.#chunks.empty && !this.#done) {
      await new Promise<void>((resolve) => this.#wantChunk = resolve);
    }
    return this.#chunks.take();
  }

  /** Ends the run when its reader has left. */
  async leave(): Promise<void> {
    this.#left = true;
    if (!this.#done) this.#interpreter.cancel(this.#interpreter.root);
    await this.ended.catch(() => {});
  }

  abort(reason: unknown): void {
    if (this.#done || this.#reason !== undefined) return;
    this.#reason = { error: reason };
    this.#interpreter.cancel(this.#interpreter.root);
  }

  end(ok: boolean, value: unknown): void {
    this.#done = true;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#stopTimer?.();
    this.#stopHeartbeat?.();
    for (const streamId of [...this.#streams.keys()]) this.#close(streamId);
    if (this.#reason !== undefined) this.#settle(false, this.#reason.error);
    else this.#settle(ok, value);
    this.#wantChunk?.();
  }
}

async function callRemote(ref: RemoteRef, args: readonly unknown[], context: Cancellation): Promise<unknown> {
  const call = await loadFunction(ref);
  return context.aborted ? undefined : await call(...args, context);
}

function callWorker(
  bridge: Bridge,
  ref: RemoteRef,
  args: readonly unknown[],
  context: Cancellation,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (context.aborted) return resolve(undefined);
    const id = bridge.call(ref, args, { settle: (ok, value) => ok ? resolve(value) : reject(value) });
    // Nobody waits for the answer any more.
    context.onAbort = () => void bridge.cancel(id);
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
