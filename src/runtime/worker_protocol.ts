/**
 * What the caller's thread and the I/O worker say to each other.
 *
 * Messages go over a `MessagePort`. A block of shared memory beside it lets a blocked thread sleep until there is something
 * to read, and see that the worker is still alive.
 *
 * @module
 */

import type { EncodedError } from "../operation/outcome.ts";

/** Indices into the shared memory, an `Int32Array`. */
export const SHARED: Readonly<{ posted: 0; state: 1; heartbeat: 2; loading: 3; length: 4 }> = Object.freeze({
  /** Counts what the worker has posted; the caller waits on it. */
  posted: 0,
  /** One of {@linkcode STATE}. */
  state: 1,
  /** Grows while the worker's event loop turns. */
  heartbeat: 2,
  /** How many modules the worker is loading, during which its event loop may stand still. */
  loading: 3,
  length: 4,
});

/** The states of the worker. */
export const STATE: Readonly<{ starting: 0; ready: 1; dead: 2 }> = Object.freeze({
  starting: 0,
  ready: 1,
  dead: 2,
});

/** How often the worker's heart beats, in milliseconds. */
export const HEARTBEAT_MS = 200;

/** How long calls that wait for their turn are held back when one was given up, in milliseconds. */
export const GIVING_UP_MS = 20;

/** The id of a worker's last words: why it is about to end. */
export const FATAL_ID = 0;

/** How long a worker waits after its last words before it ends, in milliseconds. */
export const LAST_WORDS_MS = 20;

/** What a message of the caller's thread asks for. Numbers, as a string would be made anew for every message. */
export const REQUEST: Readonly<
  { call: 0; open: 1; next: 2; close: 3; cancel: 4; declare: 5; limit: 6 }
> = Object
  .freeze({
    /** Call a function. */
    call: 0,
    /** Open a stream. */
    open: 1,
    /** Give the next chunk of a stream. */
    next: 2,
    /** End a stream. */
    close: 3,
    /** Give up a request. */
    cancel: 4,
    /** Learn the number by which a function is named from now on. */
    declare: 5,
    /** Make no more calls at once than so many; the others wait for their turn. */
    limit: 6,
  });

/** What the caller's thread asks of the worker. Flat tuples, as those are what runtimes copy fastest. */
export type Request =
  | FunctionRequest
  | readonly [type: 2, id: number, streamId: number]
  | readonly [type: 3, streamId: number]
  | readonly [type: 4, id: number]
  | readonly [type: 5, functionId: number, module: string, name: string]
  | readonly [type: 6, atOnce: number];

/** A call of a function, or of one that streams. The stream is named by the id of the request that opens it. */
export type FunctionRequest = readonly [type: 0 | 1, id: number, functionId: number, ...args: unknown[]];

/** What the worker answers: the id of the request and what it gave; or an encoded error, and a third item to tell it by. */
export type Response =
  | readonly [id: number, value: unknown]
  | readonly [id: number, error: EncodedError, failed: true];

/** What the worker is started with. */
export interface WorkerData {
  /** The shared memory. */
  readonly shared: Int32Array;
  /** The worker's end of the channel. */
  readonly port: WorkerPort;
}

/** The part of a `MessagePort` of `node:worker_threads` that is used here. */
export interface WorkerPort {
  /** Sends a message. */
  postMessage(message: unknown): void;
  /** Listens. */
  on(event: "message", listener: (message: unknown) => void): void;
  /** Ends the channel. */
  close(): void;
  /** Keeps the process alive while the port is open. */
  ref?(): void;
  /** Lets the process end while the port is open. */
  unref?(): void;
}

/** The part of a `Worker` of `node:worker_threads` that is used here. */
export interface WorkerHandle {
  /** Keeps the process alive while the worker lives. */
  ref(): void;
  /** Lets the process end while the worker lives. */
  unref(): void;
  /** Ends the worker. */
  terminate(): unknown;
  /** Listens. */
  on(event: "error" | "exit", listener: (error: unknown) => void): void;
}

/** The part of `node:worker_threads` that is used here. */
export interface WorkerThreads {
  /** Starts a thread. */
  readonly Worker: new (url: URL | string, options: Record<string, unknown>) => WorkerHandle;
  /** Makes two connected ports. */
  readonly MessageChannel: new () => { readonly port1: WorkerPort; readonly port2: WorkerPort };
  /** Takes the next message from a port without an event loop. */
  receiveMessageOnPort(port: WorkerPort): { readonly message: unknown } | undefined;
  /** What the worker was started with. */
  readonly workerData: unknown;
  /** Lets a worker use its caller's environment. */
  readonly SHARE_ENV: symbol;
}
