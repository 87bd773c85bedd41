/**
 * Lets a blocked thread make remote calls, many at a time: the calling thread's end of the I/O worker.
 *
 * The worker is started when it is first needed, never keeps the process alive, and is replaced after it was lost. The
 * caller sleeps on a counter in shared memory and then drains the channel. A worker's death cannot be heard as an event while
 * the thread is blocked, so the caller sleeps in slices and looks at the worker's heartbeat after each: a heart that has not
 * beaten for {@linkcode LOST_AFTER_SLICES} slices in a row is a lost worker. Slices are counted rather than clock
 * time so that a machine that was asleep finds its worker alive.
 *
 * @module
 */

import { ConfigurationError, WorkerLostError } from "../errors.ts";
import type { RemoteRef, StreamHandle } from "../operation/effects.ts";
import { decodeError, type EncodedError } from "../operation/outcome.ts";
import { builtin } from "./builtin.ts";
import {
  FATAL_ID,
  type Request,
  type Response,
  SHARED,
  STATE,
  type WorkerHandle,
  type WorkerPort,
  type WorkerThreads,
} from "./worker_protocol.ts";

/** Told what became of a request. */
export type Settle = (ok: boolean, value: unknown) => void;

const SLICE_MS = 500;
const LOST_AFTER_SLICES = 6;
const START_WITHIN_MS = 20_000;

/** The calling thread's end of one worker. */
export class Bridge {
  readonly #threads: WorkerThreads;
  readonly #shared: Int32Array;
  readonly #port: WorkerPort;
  readonly #worker: WorkerHandle;
  readonly #pending = new Map<number, Settle>();
  readonly #functionIds = new Map<string, Map<string, number>>();
  #lastFunctionId = 0;
  #lastId = 0;
  #received = 0;
  #heartbeat = 0;
  #silentSlices = 0;
  #fatal: unknown;
  #lost = false;

  /**
   * Starts a worker and waits until it listens (Bun drops what is posted before).
   *
   * @param threads The runtime's threads.
   * @throws {WorkerLostError} When the worker does not start.
   */
  constructor(threads: WorkerThreads) {
    this.#threads = threads;
    this.#shared = new Int32Array(new SharedArrayBuffer(SHARED.length * Int32Array.BYTES_PER_ELEMENT));
    const { port1, port2 } = new threads.MessageChannel();
    this.#port = port1;
    this.#worker = new threads.Worker(workerEntry(), {
      workerData: { shared: this.#shared, port: port2 },
      transferList: [port2],
      type: "module",
    });
    this.#worker.unref();
    this.#port.unref?.();
    this.#worker.on("error", (error) => this.#fatal ??= error);
    Atomics.wait(this.#shared, SHARED.state, STATE.starting, START_WITHIN_MS);
    if (Atomics.load(this.#shared, SHARED.state) !== STATE.ready) {
      this.#lost = true;
      void this.#worker.terminate();
      throw new WorkerLostError(`The I/O worker did not start within ${START_WITHIN_MS / 1000} seconds`, {
        code: "worker_not_started",
      });
    }
  }

  /** Calls a function; gives the request's id. */
  call(ref: RemoteRef, args: readonly unknown[], settle: Settle): number {
    return this.#callFunction("call", ref, args, settle);
  }

  /** Opens a stream; it settles with its handle. */
  open(ref: RemoteRef, args: readonly unknown[], settle: Settle): number {
    return this.#callFunction("open", ref, args, settle);
  }

  /** Asks a stream for its next chunk. */
  next({ streamId }: StreamHandle, settle: Settle): number {
    return this.#request({ type: "next", id: ++this.#lastId, streamId }, settle);
  }

  /** Ends a stream early. */
  close({ streamId }: StreamHandle): void {
    this.#post({ type: "close", streamId });
  }

  /** Gives a request up: its function's signal is aborted and its answer dropped. `false` when it was answered already. */
  cancel(id: number): boolean {
    const open = this.#pending.delete(id);
    if (open) this.#post({ type: "cancel", id });
    return open;
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
      if (slice === SLICE_MS) this.#listenToHeart();
    }
  }

  /** Settles what is pending with a {@linkcode WorkerLostError} when the worker is gone; tells whether it is. */
  failIfDead(): boolean {
    if (!this.#lost && Atomics.load(this.#shared, SHARED.state) !== STATE.dead) return false;
    this.#lost = true;
    void this.#worker.terminate();
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const settle of waiting) {
      settle(
        false,
        new WorkerLostError(
          `The I/O worker died while ${waiting.length} ${
            waiting.length === 1 ? "call was" : "calls were"
          } in flight`,
          {
            code: "worker_lost",
            suggestions: ["Call again: the next call starts a new worker."],
            cause: this.#fatal,
          },
        ),
      );
    }
    return true;
  }

  #callFunction(type: "call" | "open", ref: RemoteRef, args: readonly unknown[], settle: Settle): number {
    const functionId = this.#declare(ref);
    const id = ++this.#lastId;
    return this.#request(
      args.length === 1 ? { type, id, functionId, argument: args[0] } : { type, id, functionId, args },
      settle,
    );
  }

  #declare({ module, name }: RemoteRef): number {
    let byName = this.#functionIds.get(module);
    if (byName === undefined) this.#functionIds.set(module, byName = new Map());
    let functionId = byName.get(name);
    if (functionId === undefined) {
      byName.set(name, functionId = ++this.#lastFunctionId);
      this.#send({ type: "declare", functionId, module, name });
    }
    return functionId;
  }

  #request(request: Extract<Request, { id: number }>, settle: Settle): number {
    this.#send(request);
    this.#pending.set(request.id, settle);
    return request.id;
  }

  #post(request: Request): void {
    if (!this.#lost) this.#send(request);
  }

  #send(request: Request): void {
    this.#port.postMessage(request);
    Atomics.add(this.#shared, SHARED.requested, 1);
    Atomics.notify(this.#shared, SHARED.requested);
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
      const { id, ok, value } = received.message as Response;
      const settle = this.#pending.get(id);
      this.#pending.delete(id);
      if (ok) settle?.(true, value);
      else if (id === FATAL_ID) this.#endWith(decodeError(value as EncodedError));
      else settle?.(false, decodeError(value as EncodedError));
    }
    return any;
  }

  #endWith(reason: unknown): void {
    this.#fatal = reason;
    this.#lost = true;
  }

  #listenToHeart(): void {
    const heartbeat = Atomics.load(this.#shared, SHARED.heartbeat);
    this.#silentSlices = heartbeat === this.#heartbeat ? this.#silentSlices + 1 : 0;
    this.#heartbeat = heartbeat;
    if (this.#silentSlices >= LOST_AFTER_SLICES) this.#lost = true;
  }
}

/**
 * The URL a worker is started with. Deno refuses worker entries from the network, where a package imported from a registry
 * lives, but not a `data:` entry that imports one.
 */
function workerEntry(): URL {
  const extension = /\.[a-z]+$/.exec(new URL(import.meta.url).pathname)?.[0] ?? ".js";
  const url = new URL(`./worker${extension}`, import.meta.url);
  return url.protocol === "file:" ? url : new URL(`data:text/javascript,import ${JSON.stringify(url.href)}`);
}

let current: Bridge | undefined;

/**
 * The bridge of this thread; starts its worker when there is none, or a new one when the last was lost.
 *
 * @returns The bridge.
 * @throws {ConfigurationError} Where there are no threads that can be waited for (in a browser).
 */
export function theBridge(): Bridge {
  if (current === undefined || current.failIfDead()) {
    const threads = builtin<WorkerThreads>("node:worker_threads");
    if (threads === undefined) {
      throw new ConfigurationError(
        "A remote call cannot block here: this runtime has no worker threads to wait for",
        {
          code: "no_worker_threads",
          suggestions: [
            "Call the `_…Async` twin of the method instead, for example `await chain._runAsync()`.",
          ],
        },
      );
    }
    current = new Bridge(threads);
  }
  return current;
}
