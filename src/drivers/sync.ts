/**
 * The synchronous driver: blocks the calling thread until the operation has ended. Remote calls run concurrently on one
 * worker thread, timers need none, and a run may start another from within its own callbacks.
 *
 * @module
 */

import type { LeafEffect, OperationEvent, StreamHandle } from "../operation/effects.ts";
import type { Operation } from "../operation/operation.ts";
import { type Bridge, theBridge } from "../runtime/bridge.ts";
import { block, currentTimeMs, monotonicMs } from "../runtime/clock.ts";
import { newId, randomNumber } from "../runtime/identity.ts";
import { type Chunk, ChunkQueue } from "./chunk_queue.ts";
import { Heartbeat } from "./heartbeat.ts";
import { callHost } from "./host.ts";
import { InFlight, type Step } from "./in_flight.ts";
import { Interpreter, notAnEffect, PENDING, type Performer } from "./interpreter.ts";
import { checkTimeout, deadlock, notify, outOfTime, type RunOptions } from "./options.ts";
import type { Task, Wait } from "./task.ts";
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
  const run = new SyncRun(operation, options, undefined);
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
export function iterateSync<C, T = unknown>(
  operation: Operation<T>,
  options: RunOptions = {},
): Generator<C, T, undefined> {
  return readSync(operation, options, "produce");
}

/** Runs an operation as `iterateSync` does, and hands out what it emits in place of what it produces. */
export function eventsSync<T>(
  operation: Operation<T>,
  options: RunOptions,
): Generator<OperationEvent, T, undefined> {
  return readSync(operation, options, "emit");
}

function* readSync<C, T>(
  operation: Operation<T>,
  options: RunOptions,
  read: "produce" | "emit",
): Generator<C, T, undefined> {
  const run = new SyncRun(operation, options, read);
  try {
    run.start();
    for (let chunk = run.nextChunk(); chunk !== undefined; chunk = run.nextChunk()) yield chunk.value as C;
    return run.result() as T;
  } finally {
    run.leave();
  }
}

/** Private to the compiler alone: engines are slow to set up `#` names, and there is a run for every short call. */
class SyncRun implements Performer {
  private readonly options: RunOptions;
  /** The effects whose values a reader takes, one by one; none where nobody reads. */
  private readonly read: "produce" | "emit" | undefined;
  private readonly interpreter: Interpreter;
  private readonly heartbeat: Heartbeat | undefined;
  /** What has been answered and waits for its turn; never stepped from inside another run's loop. */
  private readonly ready: Step[] = [];
  private timers: TimerQueue | undefined;
  private chunks: ChunkQueue | undefined;
  private streams: Map<number, Bridge> | undefined;
  private bridge: Bridge | undefined;
  private inFlight = 0;
  private left = false;
  private onAbort: (() => void) | undefined;
  private ended: { readonly ok: boolean; readonly value: unknown } | undefined;
  private reason: { readonly error: unknown } | undefined;

  constructor(operation: Operation<unknown>, options: RunOptions, read: SyncRun["read"]) {
    this.options = options;
    this.read = read;
    this.interpreter = new Interpreter(operation, this, options);
    this.heartbeat = Heartbeat.of(options.journal);
  }

  start(): void {
    const { signal, timeoutMs } = this.options;
    checkTimeout(timeoutMs);
    if (signal?.aborted) {
      this.ended = { ok: false, value: signal.reason };
      return;
    }
    if (signal !== undefined) {
      // The operation's own code may abort it, and one that never waits has no other turn to notice.
      this.onAbort = () => this.abort(signal.reason);
      signal.addEventListener("abort", this.onAbort);
    }
    if (timeoutMs !== undefined) {
      this.addTimer(timeoutMs, () => this.abort(outOfTime(timeoutMs)));
    }
    this.interpreter.start();
  }

  /** Blocks until the operation has ended. */
  untilEnded(): void {
    while (this.ended === undefined) this.turn();
  }

  /** What it ended with. */
  result(): unknown {
    if (this.reason !== undefined) throw this.reason.error;
    if (!this.ended!.ok) throw this.ended!.value;
    return this.ended!.value;
  }

  /** The next chunk; `undefined` when there are no more. Lets the producer of the one before go on. */
  nextChunk(): Chunk | undefined {
    this.catchUp();
    const producer = this.chunks?.release();
    if (producer !== undefined) this.interpreter.resume(producer, true, undefined);
    while (this.ended === undefined && (this.chunks === undefined || this.chunks.empty)) this.turn();
    return this.chunks?.take();
  }

  /** Ends the run when its reader has left. */
  leave(): void {
    this.left = true;
    if (this.ended === undefined) this.interpreter.cancel(this.interpreter.root);
    this.untilEnded();
  }

  end(ok: boolean, value: unknown): void {
    this.ended = { ok, value };
    if (this.onAbort !== undefined) this.options.signal?.removeEventListener("abort", this.onAbort);
    for (const [streamId, bridge] of this.streams ?? []) bridge.close({ streamId });
  }

  defer(callback: () => void): void {
    this.ready.push({ proceed: callback });
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
        if (this.options.onEvent) notify(this.options.onEvent, effect.event, task.leafPath(effect));
        return this.handOut(effect.kind, effect.event, task);
      case "sleep":
        return this.sleep(effect.durationMs, task);
      case "host":
        return callHost(effect);
      case "remote": {
        const request = new InFlight(this, task, theBridge());
        return this.awaitAnswer(request, request.bridge.call(effect.ref, effect.args, request));
      }
      case "remoteStream": {
        const request = new InFlight(this, task, theBridge(), true);
        return this.awaitAnswer(request, request.bridge.open(effect.ref, effect.args, request));
      }
      case "streamNext": {
        const bridge = this.streams?.get(effect.stream.streamId);
        if (bridge === undefined) return { done: true, value: undefined };
        const request = new InFlight(this, task, bridge);
        return this.awaitAnswer(request, bridge.next(effect.stream, request));
      }
      case "streamClose":
        this.streams?.get(effect.stream.streamId)?.close(effect.stream);
        this.streams?.delete(effect.stream.streamId);
        return undefined;
      case "produce":
        return this.handOut(effect.kind, effect.chunk, task);
      default:
        throw notAnEffect(effect);
    }
  }

  /** Takes the answer of a request; its task goes on in this run's own turn. */
  answered(request: InFlight): void {
    this.inFlight--;
    this.ready.push(request);
  }

  /** Gives a task the answer to its request. */
  deliver({ task, bridge, opens, ok, value }: InFlight): void {
    if (opens && ok) (this.streams ??= new Map()).set((value as StreamHandle).streamId, bridge);
    this.interpreter.resume(task, ok, value);
  }

  /** Drops a request whose task was cancelled, or its answer if that is here already. */
  giveUp({ id, bridge, opens, ok, value }: InFlight): void {
    if (bridge.cancel(id)) this.inFlight--;
    else if (opens && ok) bridge.close(value as StreamHandle);
  }

  /** Takes one step that is due, or blocks until there may be one. */
  private turn(): void {
    const next = this.ready.shift();
    if (next !== undefined) return next.proceed();
    const dueMs = this.timers?.nextDueMs ?? Infinity;
    const waitMs = dueMs === Infinity ? Infinity : dueMs - monotonicMs();
    // With a timer that is due this only looks: timers that are always due must not keep answers waiting.
    if (this.inFlight > 0) this.bridge!.wait(this.heartbeat?.within(waitMs) ?? waitMs);
    else if (waitMs === Infinity) return this.failStuck();
    else if (waitMs > 0) block(this.heartbeat?.within(waitMs) ?? waitMs);
    if (waitMs <= 0) this.timers!.runNext();
  }

  /** Does what came due while the reader was away, so that a producer who never waits starves nothing else. */
  private catchUp(): void {
    if (this.inFlight > 0) this.bridge!.wait(0);
    const nowMs = this.timers === undefined ? 0 : monotonicMs();
    while (
      this.ended === undefined &&
      (this.ready.length > 0 || (this.timers !== undefined && this.timers.nextDueMs <= nowMs))
    ) this.turn();
  }

  private addTimer(durationMs: number, callback: () => void): Wait {
    this.timers ??= new TimerQueue();
    return this.timers.add(monotonicMs() + durationMs, callback);
  }

  private handOut(kind: "produce" | "emit", value: unknown, task: Task): unknown {
    // A reader who has left takes nothing more from `finally` blocks.
    if (this.read !== kind || this.left) return undefined;
    (this.chunks ??= new ChunkQueue()).add(task, value);
    return PENDING;
  }

  private sleep(durationMs: number, task: Task): typeof PENDING {
    task.wait = this.addTimer(durationMs, () => this.interpreter.resume(task, true, undefined));
    return PENDING;
  }

  private awaitAnswer(request: InFlight, id: number): typeof PENDING {
    request.id = id;
    request.task.wait = request;
    this.bridge = request.bridge;
    this.inFlight++;
    return PENDING;
  }

  abort(reason: unknown): void {
    if (this.ended !== undefined || this.reason !== undefined) return;
    this.reason = { error: reason };
    this.interpreter.cancel(this.interpreter.root);
  }

  /** Ends the operation, so that its `finally` blocks run and it waits in no queue; gives up when even they wait. */
  private failStuck(): void {
    if (this.reason !== undefined) throw deadlock();
    this.abort(deadlock());
  }
}
