/**
 * Structured concurrency and time: small operations over the effects.
 *
 * Children never outlive their parent: when one of `all` fails or one of `race` ends, the rest are cancelled, their `finally`
 * blocks run to the end, and only then does the parent go on.
 *
 * @module
 */

import { TimeoutError } from "../errors.ts";
import type { JoinEffect } from "./effects.ts";
import { type Operation, random, sleep } from "./operation.ts";
import type { Outcome } from "./outcome.ts";
import type { Semaphore } from "./semaphore.ts";

/** Options of {@linkcode all} and {@linkcode allSettled}. */
export interface JoinOptions {
  /** What the children are called in effect paths. @default the combinator's name */
  name?: string;
  /** How many may be under way at once; an integer of at least 1. @default Infinity */
  concurrency?: number;
}

/** What an operation gives. */
export type OperationValue<T> = T extends Operation<infer Value> ? Value : never;

/** What each of several operations gives. */
export type OperationValues<T extends readonly Operation<unknown>[]> = {
  -readonly [Index in keyof T]: OperationValue<T[Index]>;
};

/**
 * Runs operations side by side and gives their values in the order given. The first failure cancels the others and is thrown.
 *
 * @param operations What to run.
 * @param options A name for paths, and a bound.
 * @returns An operation of all values.
 *
 * @example
 * ```ts
 * import { all, runSync, sleep } from "@sifaka/sifaka";
 *
 * runSync(all([sleep(20), sleep(20), sleep(20)])); // about 20 ms, not 60
 * ```
 */
export function all<const T extends readonly Operation<unknown>[]>(
  operations: T,
  options?: JoinOptions,
): Operation<OperationValues<T>>;
/** Runs operations of one type, however many there are. */
export function all<T>(operations: Iterable<Operation<T>>, options?: JoinOptions): Operation<T[]>;
export function* all(
  operations: Iterable<Operation<unknown>>,
  options: JoinOptions = {},
): Operation<unknown> {
  return yield join("all", operations, options);
}

/**
 * Runs operations side by side to the end and gives what became of each, in the order given.
 *
 * @param operations What to run.
 * @param options A name for paths, and a bound.
 * @returns An operation of outcomes, each `{ ok: true, value }` or `{ ok: false, error }`.
 *
 * @example
 * ```ts
 * import { allSettled, runSync, sleep } from "@sifaka/sifaka";
 *
 * const outcomes = runSync(allSettled([sleep(1), sleep(2)]));
 * console.log(outcomes.map((outcome) => outcome.ok)); // [true, true]
 * ```
 */
export function* allSettled<T>(
  operations: Iterable<Operation<T>>,
  options: JoinOptions = {},
): Operation<Outcome<T>[]> {
  return (yield join("settled", operations, options)) as Outcome<T>[];
}

/**
 * Runs operations side by side until the first ends, in success or failure, and cancels the others.
 *
 * @param operations What to run; at least one, since a race of none would never end.
 * @returns An operation of the first one's value.
 *
 * @example
 * ```ts
 * import { type Operation, race, runSync, sleep } from "@sifaka/sifaka";
 *
 * function* after(durationMs: number): Operation<number> {
 *   yield* sleep(durationMs);
 *   return durationMs;
 * }
 * console.log(runSync(race([after(500), after(5)]))); // 5
 * ```
 */
export function race<const T extends readonly Operation<unknown>[]>(
  operations: T,
): Operation<OperationValue<T[number]>>;
/** Runs operations of one type, however many there are. */
export function race<T>(operations: Iterable<Operation<T>>): Operation<T>;
export function* race(operations: Iterable<Operation<unknown>>): Operation<unknown> {
  return yield join("race", operations, {});
}

function join(
  mode: JoinEffect["mode"],
  operations: Iterable<Operation<unknown>>,
  options: JoinOptions,
): JoinEffect {
  const { name = mode === "settled" ? "allSettled" : mode, concurrency = Infinity } = options;
  if (!(concurrency >= 1) || (concurrency !== Infinity && !Number.isInteger(concurrency))) {
    throw new RangeError(`concurrency must be an integer of at least 1: concurrency is ${concurrency}`);
  }
  const children = [...operations];
  if (mode === "race" && children.length === 0) throw new RangeError("race needs at least one operation");
  return { kind: "join", mode, children, name, concurrency };
}

/**
 * Runs an operation as a child of the given name, so that paths tell what it is.
 *
 * @param name The segment of the path.
 * @param operation What to run.
 * @returns An operation of its value.
 *
 * @example
 * ```ts
 * import { named, runSync, sleep } from "@sifaka/sifaka";
 *
 * runSync(named("pause", sleep(1))); // its effect has the path run/pause.0/sleep:0
 * ```
 */
export function* named<T>(name: string, operation: Operation<T>): Operation<T> {
  const [value] = (yield join("all", [operation], { name })) as [T];
  return value;
}

/**
 * Bounds the time of an operation.
 *
 * @param durationMs The longest it may take, in milliseconds.
 * @param operation What to run.
 * @param subject What the error says ran out of time. @default "The operation"
 * @returns An operation of its value.
 * @throws {TimeoutError} When the time is over; the operation is cancelled first.
 *
 * @example
 * ```ts
 * import { runSync, sleep, timeout, TimeoutError } from "@sifaka/sifaka";
 *
 * try {
 *   runSync(timeout(5, sleep(1_000)));
 * } catch (error) {
 *   console.log(error instanceof TimeoutError); // true
 * }
 * ```
 */
export function* timeout<T>(
  durationMs: number,
  operation: Operation<T>,
  subject = "The operation",
): Operation<T> {
  return yield* race([operation, expire(durationMs, subject)]);
}

function* expire(durationMs: number, subject: string): Operation<never> {
  yield* sleep(durationMs);
  throw new TimeoutError(`${subject} took longer than ${durationMs} ms`, {
    code: "timeout",
    metadata: { timeoutMs: durationMs },
  });
}

/** How {@linkcode retry} repeats. */
export interface RetryPolicy {
  /** How often to try in all; 1 means no second try. @default 3 */
  attempts?: number;
  /** The longest first wait, in milliseconds; it doubles with each attempt. @default 500 */
  baseMs?: number;
  /** The longest wait of our own choice, in milliseconds. A server's Retry-After may ask for more. @default 30000 */
  maxMs?: number;
  /** Whether to draw each wait between 0 and its bound (full jitter) or to wait the bound itself. @default true */
  jitter?: boolean;
  /** Which errors are worth another try. @default those whose `retryable` is `true` */
  isRetryable?: (error: unknown) => boolean;
  /** Told before each wait. */
  onRetry?: (error: unknown, attempt: number, waitMs: number) => Operation<void>;
}

/**
 * The policy where nothing else is said.
 *
 * @example
 * ```ts
 * import { DEFAULT_RETRY } from "@sifaka/sifaka";
 *
 * console.log(DEFAULT_RETRY.attempts); // 3
 * ```
 */
export const DEFAULT_RETRY: Readonly<{ attempts: number; baseMs: number; maxMs: number; jitter: boolean }> =
  Object
    .freeze({ attempts: 3, baseMs: 500, maxMs: 30_000, jitter: true });

/**
 * Tries an operation again when it fails in a way that may pass, waiting longer each time (exponential backoff with full
 * jitter) and at least as long as the error's `retryAfterMs` asks.
 *
 * @param policy How often and how long.
 * @param attempt Makes the operation of one try; it gets the number of the try, from 1.
 * @returns An operation of the first success.
 * @throws The error of the last try.
 * @throws {RangeError} When `attempts` is not at least 1.
 *
 * @example
 * ```ts
 * import { type Operation, retry, runSync } from "@sifaka/sifaka";
 *
 * function* second(attempt: number): Operation<string> {
 *   if (attempt < 2) throw Object.assign(new Error("busy"), { retryable: true });
 *   return "done";
 * }
 * console.log(runSync(retry({ baseMs: 1 }, second))); // "done"
 * ```
 */
export function* retry<T>(policy: RetryPolicy, attempt: (attempt: number) => Operation<T>): Operation<T> {
  const {
    attempts = DEFAULT_RETRY.attempts,
    baseMs = DEFAULT_RETRY.baseMs,
    maxMs = DEFAULT_RETRY.maxMs,
    jitter = DEFAULT_RETRY.jitter,
    isRetryable = isMarkedRetryable,
  } = policy;
  if (!(attempts >= 1)) throw new RangeError(`attempts must be at least 1: attempts is ${attempts}`);
  for (let count = 1;; count++) {
    try {
      return yield* attempt(count);
    } catch (error) {
      if (count >= attempts || !isRetryable(error)) throw error;
      const bound = Math.min(maxMs, baseMs * 2 ** (count - 1));
      const chosen = jitter ? bound * (yield* random()) : bound;
      const waitMs = Math.round(Math.max(chosen, retryAfter(error)));
      if (policy.onRetry) yield* policy.onRetry(error, count, waitMs);
      yield* sleep(waitMs);
    }
  }
}

function isMarkedRetryable(error: unknown): boolean {
  return (error as { retryable?: unknown } | null)?.retryable === true;
}

function retryAfter(error: unknown): number {
  const asked = (error as { retryAfterMs?: unknown } | null)?.retryAfterMs;
  return typeof asked === "number" && asked > 0 ? asked : 0;
}

/**
 * Runs an operation while it holds a permit of a semaphore.
 *
 * @param semaphore Whose permit; the operation waits for its turn.
 * @param operation What to run.
 * @returns An operation of its value; the permit is given back in any case.
 *
 * @example
 * ```ts
 * import { limit, runSync, Semaphore, sleep } from "@sifaka/sifaka";
 *
 * runSync(limit(new Semaphore(1), sleep(1)));
 * ```
 */
export function* limit<T>(semaphore: Semaphore, operation: Operation<T>): Operation<T> {
  yield { kind: "acquire", semaphore };
  try {
    return yield* operation;
  } finally {
    semaphore.release();
  }
}
