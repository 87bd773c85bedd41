/**
 * The I/O worker: performs remote calls for a thread that is blocked in `runSync`, many at a time.
 *
 * It is started by `bridge.ts` with one end of a channel and a block of shared memory. It announces itself there before the
 * first message may be sent, beats its heart for as long as its event loop turns, and counts what it posts.
 *
 * @module
 */

import type { RemoteRef, StreamHandle } from "../operation/effects.ts";
import { encodeError } from "../operation/outcome.ts";
import { builtin } from "./builtin.ts";
import { Cancellation, endIterator, iteratorOf, loadFunction, type RemoteFunction } from "./remote_call.ts";
import {
  FATAL_ID,
  type FunctionRequest,
  GIVING_UP_MS,
  HEARTBEAT_MS,
  LAST_WORDS_MS,
  REQUEST,
  type Request,
  type Response,
  SHARED,
  STATE,
  type WorkerData,
  type WorkerThreads,
} from "./worker_protocol.ts";

interface ProcessEvents {
  on(event: "exit" | "uncaughtException", listener: (error: unknown) => void): void;
  exit(code: number): never;
}

interface Declared {
  readonly ref: RemoteRef;
  call: RemoteFunction | undefined;
}

interface OpenStream {
  readonly iterator: AsyncIterator<unknown>;
  readonly cancellation: Cancellation;
}

const { workerData } = builtin<WorkerThreads>("node:worker_threads")!;
const { shared, port } = workerData as WorkerData;
const functions = new Map<number, Declared>();
const running = new Map<number, Cancellation>();
/** Calls that are more than may be made at once, oldest first. */
const waiting = new Map<number, FunctionRequest>();
let atOnce = Infinity;
/** Calls that were given up and have not ended yet. */
const givenUp = new Set<number>();
const streams = new Map<number, OpenStream>();

function post(id: number, ok: boolean, value: unknown): void {
  running.delete(id);
  try {
    port.postMessage((ok ? [id, value] : [id, encodeError(value), true]) satisfies Response);
  } catch (error) {
    // The value cannot be cloned; the reason why always can.
    port.postMessage([id, encodeError(error), true] satisfies Response);
  }
  Atomics.add(shared, SHARED.posted, 1);
  Atomics.notify(shared, SHARED.posted);
  const wasGivenUp = givenUp.delete(id);
  if (waiting.size === 0) return;
  // A caller that gives up one call may be giving up all: those that wait must not be begun before that is known.
  if (wasGivenUp) setTimeout(beginWaiting, GIVING_UP_MS);
  else beginWaiting();
}

function beginWaiting(): void {
  for (const [id, request] of waiting) {
    if (running.size >= atOnce) return;
    waiting.delete(id);
    void begin(request);
  }
}

async function begin(request: FunctionRequest): Promise<void> {
  const id = request[1];
  const cancellation = new Cancellation();
  running.set(id, cancellation);
  try {
    post(id, true, await (request[0] === REQUEST.call ? callFunction : openStream)(request, cancellation));
  } catch (error) {
    post(id, false, error);
  }
}

/** Calls a function: without a promise of its own when it is loaded, and without spreading a single argument. */
function callFunction(request: FunctionRequest, cancellation: Cancellation): unknown {
  const declared = functions.get(request[2])!;
  const { call } = declared;
  if (call !== undefined && request.length === 4) return call(request[3], cancellation);
  const args = request.slice(3);
  if (call !== undefined) return call(...args, cancellation);
  return load(declared.ref).then((loaded) => (declared.call = loaded)(...args, cancellation));
}

/** Loads a function; the caller is told meanwhile, as a large module stops the heart. */
async function load(ref: RemoteRef): Promise<RemoteFunction> {
  Atomics.add(shared, SHARED.loading, 1);
  try {
    return await loadFunction(ref);
  } finally {
    Atomics.sub(shared, SHARED.loading, 1);
  }
}

async function openStream(request: FunctionRequest, cancellation: Cancellation): Promise<StreamHandle> {
  const [_, id, functionId] = request;
  const { ref } = functions.get(functionId)!;
  const iterator = iteratorOf(ref, await callFunction(request, cancellation));
  streams.set(id, { iterator, cancellation });
  // Given up while it was opened: nobody will close it.
  if (cancellation.aborted) closeStream(id);
  return { streamId: id };
}

async function nextChunk(id: number, streamId: number): Promise<void> {
  const stream = streams.get(streamId);
  try {
    const { done = false, value } = await stream?.iterator.next() ?? { done: true };
    if (done) streams.delete(streamId);
    post(id, true, { done, value: done ? undefined : value });
  } catch (error) {
    post(id, false, error);
  }
}

function closeStream(streamId: number): void {
  const stream = streams.get(streamId);
  if (stream === undefined) return;
  streams.delete(streamId);
  stream.cancellation.abort();
  void endIterator(stream.iterator);
}

function handle(request: Request): void {
  switch (request[0]) {
    case REQUEST.call:
    case REQUEST.open:
      if (running.size >= atOnce) waiting.set(request[1], request);
      else void begin(request);
      return;
    case REQUEST.declare:
      return void functions.set(request[1], {
        ref: { module: request[2], name: request[3] },
        call: undefined,
      });
    case REQUEST.next:
      return void nextChunk(request[1], request[2]);
    case REQUEST.close:
      return closeStream(request[1]);
    case REQUEST.limit:
      atOnce = request[1];
      return beginWaiting();
    case REQUEST.cancel:
      if (waiting.delete(request[1])) return;
      if (running.has(request[1])) givenUp.add(request[1]);
      running.get(request[1])?.abort();
      // The answer that a stream is open may have crossed with its being given up.
      return closeStream(request[1]);
  }
}

port.on("message", (message) => handle(message as Request));

const events = (globalThis as { process?: ProcessEvents }).process;
events?.on("exit", () => {
  Atomics.store(shared, SHARED.state, STATE.dead);
  Atomics.notify(shared, SHARED.posted);
});
events?.on("uncaughtException", (error) => {
  post(FATAL_ID, false, error);
  // Calls that come while it waits for its end need another worker.
  Atomics.store(shared, SHARED.state, STATE.dead);
  // Bun drops what a worker has posted when it ends at once.
  setTimeout(() => events.exit(1), LAST_WORDS_MS);
});

setInterval(() => Atomics.add(shared, SHARED.heartbeat, 1), HEARTBEAT_MS);
Atomics.store(shared, SHARED.state, STATE.ready);
Atomics.notify(shared, SHARED.state);
