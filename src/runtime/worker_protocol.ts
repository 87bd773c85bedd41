/**
 * What the caller's thread and the I/O worker say to each other.
 *
 * Messages go over a `MessagePort`. A block of shared memory beside it lets a blocked thread sleep until there is something
 * to read, and see that the worker is still alive.
 *
 * @module
 */

/** Indices into the shared memory, an `Int32Array`. */
export const SHARED: Readonly<{ posted: 0; state: 1; heartbeat: 2; length: 3 }> = Object.freeze({
  /** Counts what the worker has posted; the caller waits on it. */
  posted: 0,
  /** One of {@linkcode STATE}. */
  state: 1,
  /** Grows while the worker's event loop turns. */
  heartbeat: 2,
  length: 3,
});

/** The states of the worker. */
export const STATE: Readonly<{ starting: 0; ready: 1; dead: 2 }> = Object.freeze({
  starting: 0,
  ready: 1,
  dead: 2,
});

/** How often the worker's heart beats, in milliseconds. */
export const HEARTBEAT_MS = 200;

/** The id of a worker's last words: why it is about to end. */
export const FATAL_ID = 0;

/** How long a worker waits after its last words before it ends, in milliseconds. */
export const LAST_WORDS_MS = 20;

/**
 * What the caller's thread asks of the worker. A function is declared once and then named by its number; messages are flat
 * tuples, as those are what runtimes copy fastest.
 */
export type Request =
  | readonly [type: "declare", functionId: number, module: string, name: string]
  | FunctionRequest
  | readonly [type: "next", id: number, streamId: number]
  | readonly [type: "close", streamId: number]
  | readonly [type: "cancel", id: number];

/** A call of a function, or of one that streams. The stream is named by the id of the request that opens it. */
export type FunctionRequest = readonly [
  type: "call" | "open",
  id: number,
  functionId: number,
  ...args: unknown[],
];

/** What the worker answers: the id of the request, whether it went well, and what it gave or an encoded error. */
export type Response = readonly [id: number, ok: boolean, value: unknown];

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
  /** Lets the process end while the port is open. */
  unref?(): void;
}

/** The part of a `Worker` of `node:worker_threads` that is used here. */
export interface WorkerHandle {
  /** Lets the process end while the worker lives. */
  unref(): void;
  /** Ends the worker. */
  terminate(): unknown;
  /** Listens. */
  on(event: "error", listener: (error: unknown) => void): void;
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
