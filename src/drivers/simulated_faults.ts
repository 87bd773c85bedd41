/**
 * What goes wrong in a simulation: seeded faults of remote calls, and the death of the process.
 *
 * @module
 */

import { ConfigurationError, ModelApiError, RetrieverError, StorageError } from "../errors.ts";
import { SimulatedCrash } from "./simulated_crash.ts";

/** A kind of fault that was injected. */
export type SimulatedFault = "error" | "hang" | "slow" | "malformed" | "empty" | "crash";

/** Options of the `faults` of a simulation: a probability for each kind, drawn anew for every remote call and chunk. */
export interface SimulationFaults {
  /**
   * The call fails: with a ModelApiError (429 with `retryAfterMs`, 500, 401, or no connection), a StorageError, a
   * RetrieverError or a TypeError. @default 0
   */
  error?: number;
  /** The call is never answered. Only a timeout or a cancellation ends it. @default 0 */
  hang?: number;
  /** The call takes a hundred times as long. @default 0 */
  slow?: number;
  /** What the call answers is spoilt by `spoil`. @default 0 */
  malformed?: number;
  /** What the call answers is emptied by `spoil`. @default 0 */
  empty?: number;
  /**
   * Makes a malformed or an empty answer of the right one.
   *
   * @default cuts a text short, or makes it empty; anything else becomes the beginning of its JSON text, or `null`
   */
  spoil?: (value: unknown, kind: "malformed" | "empty", random: () => number) => unknown;
  /**
   * The process dies in the place of the effect after this many: {@linkcode simulate} throws a {@linkcode SimulatedCrash}, and
   * nothing of the operation runs any more, not even a `finally` block. What a journal recalls is not counted.
   *
   * @default never
   */
  crashAfterEffects?: number;
  /** Told of every fault, and of the path of the effect that it befell. */
  onFault?: (kind: SimulatedFault, path: string) => void;
}

/** How many times as long a slow call takes. */
const SLOW_FACTOR = 100;
const LONGEST_RETRY_AFTER_MS = 5_000;

const PROBABILITIES = ["error", "hang", "slow", "malformed", "empty"] as const;

/** What is to happen to one remote call. */
export interface CallFate {
  /** Whether it is never answered. */
  readonly hangs: boolean;
  /** What its latency is multiplied with. */
  readonly latencyFactor: number;
  /** What it throws in the place of an answer. */
  readonly error?: Error;
  /** What becomes of its answer. */
  readonly spoil: (value: unknown) => unknown;
}

/** The fate of a call that nothing befalls. */
export const UNHARMED: CallFate = { hangs: false, latencyFactor: 1, spoil: (value) => value };

/** Draws the faults of one simulated run, from a source of its own, so that they leave its order and latencies alone. */
export class FaultSource {
  readonly #faults: SimulationFaults;
  readonly #random: () => number;

  /**
   * @param faults The kinds and their probabilities.
   * @param random Draws from the seed.
   * @throws {ConfigurationError} When a probability is not a number from 0 to 1, or the effects are not a whole number.
   */
  constructor(faults: SimulationFaults, random: () => number) {
    checkFaults(faults);
    this.#faults = faults;
    this.#random = random;
  }

  /**
   * Lets the process die when its time has come.
   *
   * @param performed How many effects came before.
   * @param path The path of the effect.
   * @throws {SimulatedCrash} When it dies.
   */
  checkAlive(performed: number, path: string): void {
    if (performed < (this.#faults.crashAfterEffects ?? Infinity)) return;
    this.#faults.onFault?.("crash", path);
    throw new SimulatedCrash(path);
  }

  /**
   * Decides about a remote call: one fault befalls it at most.
   *
   * @param path The path of the effect.
   * @returns What is to happen.
   */
  fateOf(path: string): CallFate {
    let drawn = this.#random();
    for (const kind of PROBABILITIES) {
      drawn -= this.#faults[kind] ?? 0;
      if (drawn >= 0) continue;
      this.#faults.onFault?.(kind, path);
      return this.#fate(kind);
    }
    return UNHARMED;
  }

  #fate(kind: typeof PROBABILITIES[number]): CallFate {
    switch (kind) {
      case "error":
        return { ...UNHARMED, error: simulatedError(this.#random) };
      case "hang":
        return { ...UNHARMED, hangs: true };
      case "slow":
        return { ...UNHARMED, latencyFactor: SLOW_FACTOR };
      default: {
        const { spoil = spoilt } = this.#faults;
        return { ...UNHARMED, spoil: (value) => spoil(value, kind, this.#random) };
      }
    }
  }
}

function checkFaults(faults: SimulationFaults): void {
  let sum = 0;
  for (const kind of PROBABILITIES) {
    const probability = faults[kind] ?? 0;
    if (!(probability >= 0 && probability <= 1)) {
      throw wrong(`faults.${kind} must be a probability from 0 to 1`, `faults.${kind} is ${probability}`);
    }
    sum += probability;
  }
  if (sum > 1 + Number.EPSILON * PROBABILITIES.length) {
    throw wrong("the probabilities in faults must not exceed 1 together", `they are ${sum}`);
  }
  const { crashAfterEffects = 0 } = faults;
  if (!Number.isSafeInteger(crashAfterEffects) || crashAfterEffects < 0) {
    throw wrong(
      "faults.crashAfterEffects must be a whole number of at least 0",
      `faults.crashAfterEffects is ${crashAfterEffects}`,
    );
  }
}

function wrong(rule: string, found: string): ConfigurationError {
  return new ConfigurationError(`Cannot simulate as ${rule}: ${found}`, { code: "invalid_option" });
}

function simulatedError(random: () => number): Error {
  const retryAfterMs = Math.round(random() * LONGEST_RETRY_AFTER_MS);
  const errors = [
    () =>
      new ModelApiError("Too many requests", {
        code: "rate_limit",
        status: 429,
        retryable: true,
        retryAfterMs,
      }),
    () => new ModelApiError("The server failed", { code: "server_error", status: 500, retryable: true }),
    () => new ModelApiError("The key is not accepted", { code: "auth", status: 401, retryable: false }),
    () => new ModelApiError("There is no connection", { code: "network", retryable: true }),
    () => new StorageError("The disk is full", { code: "disk_full" }),
    () => new RetrieverError("The index is gone", { code: "unavailable" }),
    () => new TypeError("Cannot read properties of undefined"),
  ];
  return errors[Math.floor(random() * errors.length)]!();
}

function spoilt(value: unknown, kind: "malformed" | "empty", random: () => number): unknown {
  if (kind === "empty") return typeof value === "string" ? "" : null;
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
  return text.slice(0, Math.floor(random() * text.length));
}
