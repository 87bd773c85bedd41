/**
 * The synchronous driver: blocks the calling thread until the operation has ended. Remote calls run concurrently on one
 * worker thread, timers need none, and a run may start another from within its own callbacks.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { HostEffect, LeafEffect, StreamHandle } from "../operation/effects.ts";
import type { Operation } from "../operation/operation.ts";
import { type Bridge, type Settle, theBridge } from "../runtime/bridge.ts";
import { block, currentTimeMs, monotonicMs } from "../runtime/clock.ts";
import { newId, randomNumber } from "../runtime/identity.ts";
import { Interpreter, notAnEffect, PENDING, type Performer } from "./interpreter.ts";
import { notify, outOfTime, type RunOptions } from "./options.ts";
import type { Task } from "./task.ts";
import { TimerQueue } from "./timer_queue.ts";

/**
 * Runs an operation and blocks until it has ended. What it does side by side still takes only the time of the longest.
 *
 * @param operation What to run; it can be run once.
 * @param options A signal, a bound of time, an observer.
 * @returns Its value.
 * @throws Whatever the operation throws; the signal's reason when that aborts it; {@linkcode TimeoutError} past `timeoutMs`.
 *
 * @example
 * ```ts
 * import { all, runSync, sleep } from "@sifaka/sifaka";
 *
 * runSync(all([sleep(20), sleep(20)])); // about 20 ms, and no await
 * ```
 */
export function runSync<T>(operation: Operation<T>, options: RunOptions = {}): T {
  const run = new SyncRun(operation, options, false);
  run.start();
  run.untilEnded();
  return run.result() as T;
}

/**
 * Runs an operation for a plain `for` loop: blocks for each chunk it produces, goes on when the next one is asked for, and
 * cancels it when the loop is left early.
 *
 * @typeParam C The type of a chunk.
 * @typeParam T The type of the operation's value.
 * @param operation What to run.
 * @param options A signal, a bound of time, an observer.
 * @returns A generator of chunks; its return value is the operation's.
 *
 * @example
 * ```ts
 * import { iterateSync, type Operation, produce } from "@sifaka/sifaka";
 *
 * function* letters(): Operation<void> {
 *   for (const letter of "abc") yield* produce(letter);
 * }
 * for (const letter of iterateSync<string>(letters())) console.log(letter);
 * ```
 */
export function* iterateSync<C, T = unknown>(
  operation: Operation<T>,
  options: RunOptions = {},
): Generator<C, T, undefined> {
  const run = new SyncRun(operation, options, true);
  try {
    run.start();
    for (let chunk = run.nextChunk(); chunk !== undefined; chunk = run.nextChunk()) yield chunk.value as C;
    return run.result() as T;
  } finally {
    run.leave();
  }
}

interface Chunk {
  readonly task: Task;
  readonly value: unknown;
}

class SyncRun implements Performer {
  readonly #options: RunOptions;
  readonly #iterated: boolean;
  readonly #interpreter: Interpreter;
  /** What has been answered and waits for its turn; never stepped from inside another run's loop. */
  readonly #ready: (() => void)[] = [];
  #timers: TimerQueue | undefined;
  #chunks: Chunk[] | undefined;
  #streams: Map<number, Bridge> | undefined;
  #bridge: Bridge | undefined;
  #inFlight = 0;
  #taken: Task | undefined;
  #ended: { readonly ok: boolean; readonly value: unknown } | undefined;
  #reason: { readonly error: unknown } | undefined;

  constructor(operation: Operation<unknown>, options: RunOptions, iterated: boolean) {
    this.#options = options;
    this.#iterated = iterated;
    this.#interpreter = new Interpreter(operation, this, options.name ?? "run");
  }

  start(): void {
    const { signal, timeoutMs } = this.#options;
    if (signal?.aborted) {
      this.#ended = { ok: false, value: signal.reason };
      return;
    }
    if (timeoutMs !== undefined) {
      this.#addTimer(timeoutMs, () => this.#abort(outOfTime(timeoutMs)));
    }
    this.#interpreter.start();
  }

  /** Blocks until the operation has ended. */
  untilEnded(): void {
    while (this.#ended === undefined) this.#turn();
  }

  /** What it ended with. */
  result(): unknown {
    for (const [streamId, bridge] of this.#streams ?? []) bridge.close({ streamId });
    this.#streams = undefined;
    if (this.#reason !== undefined) throw this.#reason.error;
    if (!this.#ended!.ok) throw this.#ended!.value;
    return this.#ended!.value;
  }

  /** The next chunk; `undefined` when there are no more. Lets the producer of the one before go on. */
  nextChunk(): Chunk | undefined {
    const taken = this.#taken;
    this.#taken = undefined;
    if (taken !== undefined) this.#interpreter.resume(taken, true, undefined);
    while (!this.#chunks?.length && this.#ended === undefined) this.#turn();
    const chunk = this.#chunks?.shift();
    this.#taken = chunk?.task;
    return chunk;
  }

  /** Ends the run when its reader has left. */
  leave(): void {
    if (this.#ended !== undefined) return;
    this.#interpreter.cancel(this.#interpreter.root);
    this.untilEnded();
    for (const [streamId, bridge] of this.#streams ?? []) bridge.close({ streamId });
  }

  end(ok: boolean, value: unknown): void {
    this.#ended = { ok, value };
  }

  defer(callback: () => void): void {
    this.#ready.push(callback);
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
        return undefined;
      case "sleep":
        task.onCancel = this.#addTimer(
          effect.durationMs,
          () => this.#interpreter.resume(task, true, undefined),
        );
        return PENDING;
      case "host":
        return callHost(effect);
      case "remote":
        return this.#send(task, (bridge, settle) => bridge.call(effect.ref, effect.args, settle));
      case "remoteStream":
        return this.#send(
          task,
          (bridge, settle) => bridge.open(effect.ref, effect.args, this.#opened(bridge, settle)),
        );
      case "streamNext":
        return this.#next(effect.stream, task);
      case "streamClose":
        this.#streams?.get(effect.stream.streamId)?.close(effect.stream);
        this.#streams?.delete(effect.stream.streamId);
        return undefined;
      case "produce":
        if (!this.#iterated) return undefined;
        (this.#chunks ??= []).push({ task, value: effect.chunk });
        return PENDING;
      default:
        throw notAnEffect(effect);
    }
  }

  /** Steps what is ready, or blocks until something is. */
  #turn(): void {
    if (this.#options.signal?.aborted) this.#abort(this.#options.signal.reason);
    const next = this.#ready.shift();
    if (next !== undefined) return next();
    if (this.#ended !== undefined) return;
    const dueMs = this.#timers?.nextDueMs ?? Infinity;
    const waitMs = dueMs === Infinity ? Infinity : dueMs - monotonicMs();
    if (waitMs <= 0) return this.#timers!.runNext();
    if (this.#inFlight > 0) this.#bridge!.wait(waitMs);
    else if (waitMs < Infinity) block(waitMs);
    else throw this.#stuck();
  }

  #addTimer(durationMs: number, callback: () => void): () => void {
    this.#timers ??= new TimerQueue();
    return this.#timers.add(monotonicMs() + durationMs, callback);
  }

  #send(
    task: Task,
    request: (bridge: Bridge, settle: Settle) => number,
    bridge = theBridge(),
  ): typeof PENDING {
    this.#bridge = bridge;
    let live = true;
    const id = request(bridge, (ok, value) => {
      this.#inFlight--;
      this.#ready.push(() => live && this.#interpreter.resume(task, ok, value));
    });
    this.#inFlight++;
    task.onCancel = () => {
      live = false;
      if (bridge.cancel(id)) this.#inFlight--;
    };
    return PENDING;
  }

  #opened(bridge: Bridge, settle: Settle): Settle {
    return (ok, value) => {
      if (ok) (this.#streams ??= new Map()).set((value as StreamHandle).streamId, bridge);
      settle(ok, value);
    };
  }

  #next(stream: StreamHandle, task: Task): unknown {
    const bridge = this.#streams?.get(stream.streamId);
    if (bridge === undefined) return { done: true, value: undefined };
    return this.#send(task, (_, settle) => bridge.next(stream, settle), bridge);
  }

  #abort(reason: unknown): void {
    if (this.#ended !== undefined || this.#reason !== undefined) return;
    this.#reason = { error: reason };
    this.#interpreter.cancel(this.#interpreter.root);
  }

  #stuck(): Error {
    return new ConfigurationError(
      "The operation waits for something that can only happen after it has ended",
      {
        code: "deadlock",
        suggestions: [
          "A synchronous call made from inside a run must not wait for a semaphore that the outer run holds.",
          "Read the chunks of an operation with iterateSync.",
        ],
      },
    );
  }
}

function callHost(effect: HostEffect): unknown {
  if (effect.sync === undefined) {
    throw new ConfigurationError(
      "This component has only an asynchronous form, so a synchronous call cannot use it",
      {
        code: "async_only",
        suggestions: [
          "Give it a synchronous method.",
          "Write it as an operation with defineModel, defineValidator, defineCritic or defineRetriever.",
          "Call the `_…Async` twin instead, for example `await chain._runAsync()`.",
        ],
      },
    );
  }
  const value = effect.sync();
  if (typeof (value as { then?: unknown } | null | undefined)?.then === "function") {
    // Nobody will await it: its failure must not end the process.
    (value as Promise<unknown>).then(undefined, () => {});
    throw new ConfigurationError("A function called synchronously returned a promise", {
      code: "promise_returned",
      suggestions: [
        "Write it as an operation (`function*` with `yield*`), which stays concurrent in a synchronous run.",
        "Call the `_…Async` twin instead, for example `await chain._runAsync()`.",
      ],
    });
  }
  return value;
}
