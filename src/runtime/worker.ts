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
import { Cancellation, iteratorOf, loadFunction, type RemoteFunction } from "./remote_call.ts";
import {
  FATAL_ID,
  type FunctionRequest,
  HEARTBEAT_MS,
  LAST_WORDS_MS,
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

const { receiveMessageOnPort, workerData } = builtin<WorkerThreads>("node:worker_threads")!;
const { shared, port } = workerData as WorkerData;
const IDLE_WAIT_MS = 2;
const functions = new Map<number, Declared>();
let handled = 0;
const running = new Map<number, Cancellation>();
const streams = new Map<number, OpenStream>();

function post(id: number, ok: boolean, value: unknown): void {
  running.delete(id);
  try {
    port.postMessage({ id, ok, value: ok ? value : encodeError(value) } satisfies Response);
  } catch (error) {
    // The value cannot be cloned; the reason why always can.
    port.postMessage({ id, ok: false, value: encodeError(error) } satisfies Response);
  }
  Atomics.add(shared, SHARED.posted, 1);
  Atomics.notify(shared, SHARED.posted);
  awaitNextRequest();
}

function answer(id: number, work: Promise<unknown>): void {
  work.then((value) => post(id, true, value), (error) => post(id, false, error));
}

/** Calls a function, without a detour over the event loop when it is loaded. */
async function callFunction(request: FunctionRequest, cancellation: Cancellation): Promise<unknown> {
  const declared = functions.get(request.functionId)!;
  const call = declared.call ??= await loadFunction(declared.ref);
  return request.args === undefined
    ? call(request.argument, cancellation)
    : call(...request.args, cancellation);
}

async function openStream(request: FunctionRequest, cancellation: Cancellation): Promise<StreamHandle> {
  const { ref } = functions.get(request.functionId)!;
  const iterator = iteratorOf(ref, await callFunction(request, cancellation));
  streams.set(request.id, { iterator, cancellation });
  return { streamId: request.id };
}

async function nextChunk(streamId: number): Promise<IteratorResult<unknown, undefined>> {
  const stream = streams.get(streamId);
  if (stream === undefined) return { done: true, value: undefined };
  const result = await stream.iterator.next();
  if (result.done) streams.delete(streamId);
  return result.done ? { done: true, value: undefined } : { done: false, value: result.value };
}

function closeStream(streamId: number): void {
  const stream = streams.get(streamId);
  if (stream === undefined) return;
  streams.delete(streamId);
  stream.cancellation.abort();
  Promise.resolve(stream.iterator.return?.()).catch(() => {});
}

function begin(request: FunctionRequest): void {
  const cancellation = new Cancellation();
  running.set(request.id, cancellation);
  answer(request.id, (request.type === "call" ? callFunction : openStream)(request, cancellation));
}

function handle(request: Request): void {
  handled = (handled + 1) | 0;
  switch (request.type) {
    case "call":
    case "open":
      return begin(request);
    case "declare":
      return void functions.set(request.functionId, { ref: request, call: undefined });
    case "next":
      return answer(request.id, nextChunk(request.streamId));
    case "close":
      return closeStream(request.streamId);
    case "cancel":
      return running.get(request.id)?.abort();
  }
}

/**
 * Waits a moment for the next request where nothing else is to be done: a thread that sleeps on shared memory wakes faster
 * than an event loop, which matters for short calls one after another.
 */
function awaitNextRequest(): void {
  while (running.size === 0 && streams.size === 0) {
    if (Atomics.wait(shared, SHARED.requested, handled, IDLE_WAIT_MS) === "timed-out") return;
    const received = receiveMessageOnPort(port);
    if (received === undefined) return;
    handle(received.message as Request);
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
  // Bun drops what a worker has posted when it ends at once.
  setTimeout(() => events.exit(1), LAST_WORDS_MS);
});

setInterval(() => Atomics.add(shared, SHARED.heartbeat, 1), HEARTBEAT_MS);
Atomics.store(shared, SHARED.state, STATE.ready);
Atomics.notify(shared, SHARED.state);
