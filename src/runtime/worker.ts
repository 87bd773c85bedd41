/**
 * The I/O worker: performs remote calls for a thread that is blocked in `runSync`, many at a time.
 *
 * It is started by `bridge.ts` with one end of a channel and a block of shared memory. It announces itself there before the
 * first message may be sent, beats its heart for as long as its event loop turns, and counts what it posts.
 *
 * @module
 */

import { encodeError } from "../operation/outcome.ts";
import { builtin } from "./builtin.ts";
import { callRemote, openRemoteStream } from "./remote_call.ts";
import { FATAL_ID, HEARTBEAT_MS, LAST_WORDS_MS, type Request, SHARED, STATE, type WorkerData, type WorkerThreads } from "./worker_protocol.ts";

interface ProcessEvents {
  on(event: "exit" | "uncaughtException", listener: (error: unknown) => void): void;
  exit(code: number): never;
}

interface OpenStream {
  readonly iterator: AsyncIterator<unknown>;
  readonly controller: AbortController;
}

const { shared, port } = builtin<WorkerThreads>("node:worker_threads")!.workerData as WorkerData;
const running = new Map<number, AbortController>();
const streams = new Map<number, OpenStream>();

function wakeCaller(): void {
  Atomics.add(shared, SHARED.posted, 1);
  Atomics.notify(shared, SHARED.posted);
}

function post(id: number, ok: boolean, value: unknown): void {
  try {
    port.postMessage({ id, outcome: ok ? { ok, value } : { ok, error: encodeError(value) } });
  } catch (error) {
    // The value cannot be cloned; the reason why always can.
    port.postMessage({ id, outcome: { ok: false, error: encodeError(error) } });
  }
  wakeCaller();
}

async function answer(id: number, work: (controller: AbortController) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    post(id, true, await work(controller));
  } catch (error) {
    post(id, false, error);
  } finally {
    running.delete(id);
  }
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
  stream.controller.abort();
  Promise.resolve(stream.iterator.return?.()).catch(() => {});
}

port.on("message", (message) => {
  const request = message as Request;
  switch (request.type) {
    case "call":
      void answer(request.id, (controller) => callRemote(request.ref, request.args, controller.signal));
      break;
    case "open":
      void answer(request.id, async (controller) => {
        const iterator = await openRemoteStream(request.ref, request.args, controller.signal);
        streams.set(request.id, { iterator, controller });
        return { streamId: request.id };
      });
      break;
    case "next":
      void answer(request.id, () => nextChunk(request.streamId));
      break;
    case "close":
      closeStream(request.streamId);
      break;
    case "cancel":
      running.get(request.id)?.abort();
      break;
  }
});

const events = (globalThis as { process?: ProcessEvents }).process;
events?.on("exit", () => {
  Atomics.store(shared, SHARED.state, STATE.dead);
  wakeCaller();
});
events?.on("uncaughtException", (error) => {
  post(FATAL_ID, false, error);
  // Bun drops what a worker has posted when it ends at once.
  setTimeout(() => events.exit(1), LAST_WORDS_MS);
});

setInterval(() => Atomics.add(shared, SHARED.heartbeat, 1), HEARTBEAT_MS);
Atomics.store(shared, SHARED.state, STATE.ready);
Atomics.notify(shared, SHARED.state);
