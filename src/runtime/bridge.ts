/**
 * Makes remote calls on another thread, many at a time: the calling thread's end of the I/O worker.
 *
 * The worker is started when it is first needed, never keeps the process alive, and is replaced after it was lost. A caller
 * that blocks sleeps on a counter in shared memory and then drains the channel; one on an event loop has a bridge of its own,
 * which listens to the channel. A worker's death cannot be heard as an event while a thread is blocked, so that caller sleeps in
 * slices and looks at the worker's heartbeat after each: a heart that has not beaten for {@linkcode LOST_AFTER_SLICES} slices in
 * a row is a lost worker ({@linkcode LOST_AFTER_SLICES_OF_LOADING} where it loads a module). However long a single sleep was, it
 * counts as one slice at most, so that a machine that was asleep finds its worker alive.
 *
 * @module
 */

import { ConfigurationError, WorkerLostError } from "../errors.ts";
import type { RemoteRef, StreamHandle } from "../operation/effects.ts";
import { decodeError } from "../operation/outcome.ts";
import { builtin } from "./builtin.ts";
import { monotonicMs } from "./clock.ts";
import {
  FATAL_ID,
  type FunctionRequest,
  REQUEST,
  type Request,
  type Response,
  SHARED,
  STATE,
  type WorkerHandle,
  type WorkerPort,
  type WorkerThreads,
} from "./worker_protocol.ts";
import { awaitStart, startWorker } from "./worker_start.ts";

/** Told what became of a request. */
export interface Receiver {
  /** Takes what the worker answered; called once, and never from inside the request. */
  settle(ok: boolean, value: unknown): void;
}

const SLICE_MS = 500;
const LOST_AFTER_SLICES = 6;
/** A machine that has much else to do may take seconds to load an SDK. */
const LOST_AFTER_SLICES_OF_LOADING = 40;

/** The calling thread's end of one worker. */
export class Bridge {
  readonly #threads: WorkerThreads;
  readonly #shared: Int32Array;
  readonly #port: WorkerPort;
  readonly #worker: WorkerHandle;
  readonly #listens: boolean;
  readonly #pending = new Map<number, Receiver>();
  readonly #functionIds = new Map<string, Map<string, number>>();
  #lastFunctionId = 0;
  #atOnce = Infinity;
  #lastId = 0;
  #received = 0;
  #heartbeat = 0;
  #lookedMs = monotonicMs();
  #unheardMs = 0;
  #silentSlices = 0;
  #loadingSlices = 0;
  #fatal: unknown;
  #lost = false;

  /**
   * Starts a worker and waits until it listens (Bun drops what is posted before).
   *
   * @param threads The runtime's threads.
   * @param listens Whether the caller is on an event loop, which answers keep alive, and never waits.
   * @throws {WorkerLostError} When the worker does not start.
   */
  constructor(threads: WorkerThreads, listens: boolean) {
    this.#threads = threads;
    this.#listens = listens;
    this.#shared = new Int32Array(new SharedArrayBuffer(SHARED.length * Int32Array.BYTES_PER_ELEMENT));
    const { port1, port2 } = new threads.MessageChannel();
    this.#port = port1;
    this.#worker = startWorker(threads, { shared: this.#shared, port: port2 });
    this.#worker.unref();
    this.#port.unref?.();
    this.#worker.on("error", (error) => this.#fatal ??= error);
    try {
      awaitStart(this.#shared);
    } catch (error) {
      this.#lost = true;
      void this.#worker.terminate();
      throw error;
    }
    if (listens) this.#listen();
  }

  /** Has the worker make no more calls at once than so many; others wait there, so that the next is begun without delay. */
  limit(atOnce: number): void {
    if (atOnce === this.#atOnce) return;
    this.#atOnce = atOnce;
    this.#port.postMessage([REQUEST.limit, atOnce] satisfies Request);
  }

  /** Calls a function; gives the request's id. */
  call(ref: RemoteRef, args: readonly unknown[], receiver: Receiver): number {
    return this.#callFunction(REQUEST.call, ref, args, receiver);
  }

  /** Opens a stream; it settles with its handle. */
  open(ref: RemoteRef, args: readonly unknown[], receiver: Receiver): number {
    return this.#callFunction(REQUEST.open, ref, args, receiver);
  }

  /**
   * Asks a stream for its next chunk.
   *
   * @throws {WorkerLostError} When the worker that held the stream is gone.
   */
  next({ streamId }: StreamHandle, receiver: Receiver): number {
    if (this.failIfDead()) throw this.#lostError("The I/O worker that held the stream died");
    const id = ++this.#lastId;
    return this.#request(id, [REQUEST.next, id, streamId], receiver);
  }

  /** Ends a stream early. */
  close({ streamId }: StreamHandle): void {
    if (!this.#lost) this.#port.postMessage([REQUEST.close, streamId] satisfies Request);
  }

  /** Gives a request up: its function's signal is aborted and its answer dropped. `false` when it was answered already. */
  cancel(id: number): boolean {
    const pending = this.#forget(id);
    if (pending && !this.#lost) this.#port.postMessage([REQUEST.cancel, id] satisfies Request);
    return pending;
  }

  /**
   * Blocks until the worker has answered something, or for about the given time; settles what was answered.
   *
   * @param timeoutMs The longest to block, in milliseconds; may be `Infinity`. The clock is not read here, as that would cost
   * a short call a part of its time: a wait that is woken for nothing begins its slice again.
   */
  wait(timeoutMs: number): void {
    let leftMs = timeoutMs;
    while (!this.#drain() && !this.failIfDead() && leftMs > 0) {
      const slice = Math.min(SLICE_MS, leftMs);
      const woken = Atomics.wait(this.#shared, SHARED.posted, this.#received, slice);
      if (woken !== "timed-out") continue;
      leftMs -= slice;
      this.#listenToHeart();
    }
  }

  /** Settles what is pending with a {@linkcode WorkerLostError} when the worker is gone; tells whether it is. */
  failIfDead(): boolean {
    if (!this.#lost) {
      if (Atomics.load(this.#shared, SHARED.state) !== STATE.dead) return false;
      // What it still answered, and its last words.
      this.#drain();
      this.#lost = true;
    }
    void this.#worker.terminate();
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    if (this.#listens) this.#keepAlive(false);
    this.#port.close();
    const calls = `${waiting.length} ${waiting.length === 1 ? "call was" : "calls were"}`;
    for (const receiver of waiting) {
      receiver.settle(false, this.#lostError(`The I/O worker died while ${calls} in flight`));
    }
    return true;
  }

  #lostError(message: string): WorkerLostError {
    return new WorkerLostError(message, {
      code: "worker_lost",
      suggestions: ["Call again: the next call starts a new worker."],
      cause: this.#fatal,
    });
  }

  #callFunction(
    type: FunctionRequest[0],
    ref: RemoteRef,
    args: readonly unknown[],
    receiver: Receiver,
  ): number {
    const functionId = this.#declare(ref);
    const id = ++this.#lastId;
    const one = args.length === 1;
    return this.#request(
      id,
      one ? [type, id, functionId, args[0]] : [type, id, functionId, ...args],
      receiver,
    );
  }

  #declare({ module, name }: RemoteRef): number {
    let byName = this.#functionIds.get(module);
    if (byName === undefined) this.#functionIds.set(module, byName = new Map());
    let functionId = byName.get(name);
    if (functionId === undefined) {
      byName.set(name, functionId = ++this.#lastFunctionId);
      this.#port.postMessage([REQUEST.declare, functionId, module, name] satisfies Request);
    }
    return functionId;
  }

  #request(id: number, request: Request, receiver: Receiver): number {
    this.#port.postMessage(request);
    this.#pending.set(id, receiver);
    if (this.#listens && this.#pending.size === 1) this.#keepAlive(true);
    return id;
  }

  /** Lets the process end when nothing is waited for any more. */
  #forget(id: number): boolean {
    const was = this.#pending.delete(id);
    if (this.#listens && this.#pending.size === 0) this.#keepAlive(false);
    return was;
  }

  /** The port brings answers, and the worker, under Deno, the news of its own end. */
  #keepAlive(isNeeded: boolean): void {
    if (isNeeded) this.#port.ref?.();
    else this.#port.unref?.();
    if (isNeeded) this.#worker.ref();
    else this.#worker.unref();
  }

  #listen(): void {
    this.#port.on("message", (message) => {
      this.#take(message as Response);
      if (this.#lost) this.failIfDead();
    });
    this.#keepAlive(false);
    this.#worker.on("exit", () => {
      this.#lost = true;
      this.failIfDead();
    });
  }

  /**
   * Settles everything that has arrived; `true` when that was anything. The counter says how many messages there are, which
   * spares the port a look for one that is not there.
   */
  #drain(): boolean {
    let any = false;
    while (Atomics.load(this.#shared, SHARED.posted) !== this.#received) {
      const received = this.#threads.receiveMessageOnPort(this.#port);
      if (received === undefined) return any;
      any = true;
      this.#received = (this.#received + 1) | 0;
      this.#silentSlices = 0;
      this.#take(received.message as Response);
    }
    return any;
  }

  #take(response: Response): void {
    const receiver = this.#pending.get(response[0]);
    this.#forget(response[0]);
    if (response.length === 2) receiver?.settle(true, response[1]);
    else if (response[0] === FATAL_ID) this.#endWith(decodeError(response[1]));
    else receiver?.settle(false, decodeError(response[1]));
  }

  #endWith(reason: unknown): void {
    this.#fatal = reason;
    this.#lost = true;
  }

  #listenToHeart(): void {
    const nowMs = monotonicMs();
    this.#unheardMs += Math.min(nowMs - this.#lookedMs, SLICE_MS);
    this.#lookedMs = nowMs;
    if (this.#unheardMs < SLICE_MS) return;
    this.#unheardMs = 0;
    const heartbeat = Atomics.load(this.#shared, SHARED.heartbeat);
    const isSilent = heartbeat === this.#heartbeat;
    this.#heartbeat = heartbeat;
    // Counted apart: what was loading must not be lost in the moment between the end of that and the next beat.
    const isLoading = Atomics.load(this.#shared, SHARED.loading) > 0;
    this.#loadingSlices = isSilent && isLoading ? this.#loadingSlices + 1 : 0;
    this.#silentSlices = isSilent && !isLoading ? this.#silentSlices + 1 : 0;
    if (this.#silentSlices >= LOST_AFTER_SLICES || this.#loadingSlices >= LOST_AFTER_SLICES_OF_LOADING) {
      this.#lost = true;
    }
  }
}

/**
 * Never called: Deno fetches what is named literally together with the program. Later it could not be fetched where the
 * program came over the network, as Deno's threads share their connections and those of a blocked thread stand still.
 */
function _fetchedWithTheProgram(): Promise<unknown> {
  return import("./worker.ts");
}

let blocking: Bridge | undefined;
let listening: Bridge | undefined;

/**
 * The bridge by which this thread waits for remote calls; starts its worker when there is none, or a new one when the last was
 * lost.
 *
 * @returns The bridge.
 * @throws {ConfigurationError} Where there are no threads that can be waited for (in a browser).
 */
export function theBridge(): Bridge {
  if (blocking !== undefined && !blocking.failIfDead()) return blocking;
  const threads = workerThreads();
  if (threads !== undefined) return blocking = new Bridge(threads, false);
  throw new ConfigurationError(
    "A remote call cannot block here: this runtime has no worker threads to wait for",
    {
      code: "no_worker_threads",
      suggestions: ["Call the `_…Async` twin of the method instead, for example `await chain._runAsync()`."],
    },
  );
}

/**
 * The bridge by which the event loop of this thread has remote calls made; its worker is one of its own.
 *
 * @returns The bridge; `undefined` where there are no threads (in a browser).
 */
export function theListeningBridge(): Bridge | undefined {
  if (listening !== undefined && !listening.failIfDead()) return listening;
  const threads = workerThreads();
  return listening = threads && new Bridge(threads, true);
}

function workerThreads(): WorkerThreads | undefined {
  return builtin<WorkerThreads>("node:worker_threads");
}
