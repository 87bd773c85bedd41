/**
 * The closed union of effects: everything an operation can ask its driver for.
 *
 * Leaf effects are plain records. All but `host` (which carries the user's functions) and the two that hold live objects of
 * the same thread (`join` its children, `acquire` its semaphore) can be structured-cloned, so a journal can record them.
 *
 * @module
 */

import type { Operation } from "./operation.ts";
import type { Semaphore } from "./semaphore.ts";

/** An exported async function (or async generator) of a module. It is called with the arguments and a {@linkcode RemoteContext}. */
export interface RemoteRef {
  /** The module's URL, usually `new URL("./calls.ts", import.meta.url).href`. */
  readonly module: string;
  /** The name under which the module exports the function. */
  readonly name: string;
}

/** The last argument of every function that {@linkcode remote} calls. */
export interface RemoteContext {
  /** Aborted when the operation that made the call is cancelled. */
  readonly signal: AbortSignal;
}

/** Names an open stream of its driver. */
export interface StreamHandle {
  /** Unique within one driver. */
  readonly streamId: number;
}

/** Something that happened, told to the observers of a run. */
export interface OperationEvent {
  /** What kind of event it is. */
  readonly type: string;
  /** Its facts; JSON values. */
  readonly [fact: string]: unknown;
}

/** Wait for a time. Answered with `undefined`. */
export interface SleepEffect {
  /** The kind. */
  readonly kind: "sleep";
  /** How long, in milliseconds. */
  readonly durationMs: number;
}

/** Read the clock. Answered with milliseconds since the epoch. */
export interface NowEffect {
  /** The kind. */
  readonly kind: "now";
}

/** Draw a UUID. Answered with a string. */
export interface RandomIdEffect {
  /** The kind. */
  readonly kind: "randomId";
}

/** Draw a number in [0, 1). */
export interface RandomEffect {
  /** The kind. */
  readonly kind: "random";
}

/** Call a function of a module. Answered with what it resolves to. */
export interface RemoteEffect {
  /** The kind. */
  readonly kind: "remote";
  /** The function. */
  readonly ref: RemoteRef;
  /** Its arguments; structured-clonable. */
  readonly args: readonly unknown[];
}

/** Open a stream: call an async generator function of a module. Answered with a {@linkcode StreamHandle}. */
export interface RemoteStreamEffect {
  /** The kind. */
  readonly kind: "remoteStream";
  /** The function. */
  readonly ref: RemoteRef;
  /** Its arguments; structured-clonable. */
  readonly args: readonly unknown[];
}

/** Ask an open stream for its next chunk. Answered with an `IteratorResult`. */
export interface StreamNextEffect {
  /** The kind. */
  readonly kind: "streamNext";
  /** The stream. */
  readonly stream: StreamHandle;
}

/** End a stream early; what produces it is aborted. Answered with `undefined`. */
export interface StreamCloseEffect {
  /** The kind. */
  readonly kind: "streamClose";
  /** The stream. */
  readonly stream: StreamHandle;
}

/** Call the user's own code in the caller's thread. Answered with what it returns. */
export interface HostEffect {
  /** The kind. */
  readonly kind: "host";
  /** What the synchronous driver calls. */
  readonly sync: (() => unknown) | undefined;
  /** What the asynchronous driver calls; `sync` where there is none. */
  readonly async: ((signal: AbortSignal) => unknown) | undefined;
  /** Whether it may be done again for nothing, so that a journal need not make its answer durable at once. @default false */
  readonly repeatable?: boolean;
  /** The store that it writes into: a journal in the same store keeps its record in the same transaction. @default none */
  readonly store?: object;
}

/** Tell the observers. Answered with `undefined`. */
export interface EmitEffect {
  /** The kind. */
  readonly kind: "emit";
  /** What happened. */
  readonly event: OperationEvent;
}

/** Hand a chunk to whoever iterates the operation, and wait until it is taken. Answered with `undefined`. */
export interface ProduceEffect {
  /** The kind. */
  readonly kind: "produce";
  /** The chunk. */
  readonly chunk: unknown;
}

/** Run children side by side. Answered as the mode says. */
export interface JoinEffect {
  /** The kind. */
  readonly kind: "join";
  /** `all`: values in order, the first failure cancels. `settled`: outcomes in order. `race`: the first to end decides. */
  readonly mode: "all" | "settled" | "race";
  /** The children, not started yet. */
  readonly children: readonly Operation<unknown>[];
  /** What the children are called in paths. */
  readonly name: string;
  /** How many may be under way at once. */
  readonly concurrency: number;
}

/** Take a permit of a semaphore; waits for its turn. Answered with `undefined`. */
export interface AcquireEffect {
  /** The kind. */
  readonly kind: "acquire";
  /** Whose permit. */
  readonly semaphore: Semaphore;
}

/** What a driver answers by itself, without children. */
export type LeafEffect =
  | SleepEffect
  | NowEffect
  | RandomIdEffect
  | RandomEffect
  | RemoteEffect
  | RemoteStreamEffect
  | StreamNextEffect
  | StreamCloseEffect
  | HostEffect
  | EmitEffect
  | ProduceEffect;

/** Everything that an operation may yield. */
export type Effect = LeafEffect | JoinEffect | AcquireEffect;
