/**
 * The simulated driver: a virtual clock and a seeded scheduler. Nothing waits and nothing leaves the process; the same seed
 * gives the same run, to the order of every event.
 *
 * What is due at the same virtual time happens in an order drawn from the seed, so a bug that hides behind one particular
 * order is found by trying seeds.
 *
 * @module
 */

import { checkDuration } from "../operation/duration.ts";
import type { LeafEffect, OperationEvent, RemoteRef, StreamHandle } from "../operation/effects.ts";
import type { Operation } from "../operation/operation.ts";
import type { Outcome } from "../operation/outcome.ts";
import { callHost } from "./host.ts";
import { Interpreter, notAnEffect, PENDING, type Performer } from "./interpreter.ts";
import type { JournalOptions } from "./effect_record.ts";
import { SimulatedCrash } from "./simulated_crash.ts";
import { checkTimeout, notify, outOfTime } from "./options.ts";
import { type CallFate, FaultSource, type SimulationFaults, UNHARMED } from "./simulated_faults.ts";
import type { Task, Wait } from "./task.ts";

/** What a simulated remote function may use. */
export interface SimulatedCall {
  /** The virtual time, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Draws from the seed, from 0 (included) to 1 (excluded). */
  readonly random: () => number;
  /** The path of the effect. */
  readonly path: string;
}

/** Options of {@linkcode simulate}. */
export interface SimulationOptions {
  /** Decides order, latencies, ids and random numbers; any integer. @default 0 */
  seed?: number;
  /** The virtual time at the start, in milliseconds since the epoch. @default 0 */
  startMs?: number;
  /** How long a remote call takes, in virtual milliseconds: a range to draw from. @default [1, 100] */
  latencyMs?: readonly [shortest: number, longest: number];
  /** Answers remote calls: returns the value (for a stream, its chunks) or throws. @default every call fails */
  remote?: (ref: RemoteRef, args: readonly unknown[], call: SimulatedCall) => unknown;
  /** Told what the operation emits, and under which path. */
  onEvent?: (event: OperationEvent, path: string) => void;
  /** Cancels the operation at this many virtual milliseconds after the start. */
  cancelAfterMs?: number;
  /** The longest the operation may take, in virtual milliseconds. */
  timeoutMs?: number;
  /** The most effects it may yield before the simulation calls it endless. @default 1000000 */
  maxEffects?: number;
  /** Records the effects, and answers those that were recorded before. @default none */
  journal?: JournalOptions;
  /** What goes wrong with remote calls, and when the process dies; drawn from the seed. @default nothing */
  faults?: SimulationFaults;
}

/** One effect of a simulated run, in the order they were performed. */
export interface TraceEntry {
  /** Virtual milliseconds since the start. */
  readonly atMs: number;
  /** The path of the effect. */
  readonly path: string;
}

/** What a simulated run gave. */
export interface SimulationResult<T> {
  /** Its value, or what it threw. */
  readonly outcome: Outcome<T>;
  /** How long it took, in virtual milliseconds. */
  readonly elapsedMs: number;
  /** Every effect it yielded. */
  readonly trace: readonly TraceEntry[];
  /** The chunks it produced. */
  readonly chunks: readonly unknown[];
}

/**
 * Runs an operation under a virtual clock and a seeded scheduler.
 *
 * @param operation What to run; it can be run once.
 * @param options The seed, latencies, and answers of remote calls.
 * @returns What became of it, how long it took, and the trace of its effects.
 * @throws {Error} When the operation yields more effects than `maxEffects`, or waits for something that cannot happen.
 * @throws {SimulatedCrash} When the process dies as `faults.crashAfterEffects` says.
 * @throws {ConfigurationError} When `faults` are wrong.
 *
 * @example
 * ```ts
 * import { sleep } from "@sifaka/sifaka";
 * import { simulate } from "@sifaka/sifaka/testing";
 *
 * console.log(simulate(sleep(86_400_000)).elapsedMs); // a day, at once
 * ```
 *
 * @example Calls that fail one time in two, tried up to five times
 * ```ts
 * import { remote, retry } from "@sifaka/sifaka";
 * import { simulate } from "@sifaka/sifaka/testing";
 *
 * const policy = { attempts: 5, isRetryable: () => true };
 * const operation = retry(policy, () => remote<string>({ module: "test:weather", name: "today" }));
 * let failed = 0;
 * const { outcome } = simulate(operation, {
 *   seed: 1,
 *   remote: () => "sunny",
 *   faults: { error: 0.5, onFault: () => failed++ },
 * });
 * console.log(outcome.ok ? outcome.value : "no weather", failed);
 * ```
 */
export function simulate<T>(operation: Operation<T>, options: SimulationOptions = {}): SimulationResult<T> {
  return new SimulatedRun(operation, options).run() as SimulationResult<T>;
}

/** Something that is due at a virtual time. */
class Due implements Wait {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
  live = true;

  constructor(atMs: number, order: number, callback: () => void) {
    this.atMs = atMs;
    this.order = order;
    this.callback = callback;
  }

  giveUp(): void {
    this.live = false;
  }
}

const DEFAULT_MAX_EFFECTS = 1_000_000;

class SimulatedRun implements Performer {
  readonly #options: SimulationOptions;
  readonly #interpreter: Interpreter;
  readonly #random: () => number;
  readonly #trace: TraceEntry[] = [];
  readonly #chunks: unknown[] = [];
  readonly #streams = new Map<number, Iterator<unknown>>();
  readonly #due: Due[] = [];
  readonly #faults: FaultSource | undefined;
  #elapsedMs = 0;
  #lastStreamId = 0;
  #outcome: Outcome<unknown> | undefined;
  #reason: { readonly error: unknown } | undefined;
  #endless = false;
  #dead = false;

  constructor(operation: Operation<unknown>, options: SimulationOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 0);
    // Faults have a source of their own: the same seed keeps its order and latencies when they are added.
    this.#faults = options.faults && new FaultSource(options.faults, seededRandom(~(options.seed ?? 0)));
    this.#interpreter = new Interpreter(operation, this, {
      journal: options.journal && this.#mortal(options.journal),
    });
  }

  end(ok: boolean, value: unknown): void {
    this.#outcome = ok ? { ok, value } : { ok, error: value };
    for (const stream of this.#streams.values()) stream.return?.();
  }

  run(): SimulationResult<unknown> {
    const { cancelAfterMs, timeoutMs, maxEffects = DEFAULT_MAX_EFFECTS } = this.#options;
    checkTimeout(timeoutMs);
    if (cancelAfterMs !== undefined) checkDuration("cancelAfterMs", cancelAfterMs);
    if (cancelAfterMs !== undefined) {
      this.#after(
        cancelAfterMs,
        () => this.abort(new DOMException("The simulation cancelled the run", "AbortError")),
      );
    }
    if (timeoutMs !== undefined) this.#after(timeoutMs, () => this.abort(outOfTime(timeoutMs)));
    this.#interpreter.start();
    while (this.#outcome === undefined) {
      if (this.#endless) {
        throw new Error(`The simulated operation yielded more than ${maxEffects} effects; is it endless?`);
      }
      this.#turn();
    }
    const outcome: Outcome<unknown> = this.#reason === undefined
      ? this.#outcome
      : { ok: false, error: this.#reason.error };
    return { outcome, elapsedMs: this.#elapsedMs, trace: this.#trace, chunks: this.#chunks };
  }

  defer(callback: () => void): void {
    this.#after(0, callback);
  }

  perform(effect: LeafEffect, task: Task): unknown {
    const path = task.leafPath(effect);
    this.#checkAlive(path);
    this.#trace.push({ atMs: this.#elapsedMs, path });
    if (this.#trace.length > (this.#options.maxEffects ?? DEFAULT_MAX_EFFECTS)) {
      // Thrown into the operation, it might be caught, and tried again for ever.
      this.#endless = true;
      return PENDING;
    }
    switch (effect.kind) {
      case "now":
        return this.#nowMs();
      case "randomId":
        return uuidFrom(this.#random);
      case "random":
        return this.#random();
      case "emit":
        notify(this.#options.onEvent, effect.event, path);
        return undefined;
      case "sleep":
        return this.#later(task, Math.max(0, effect.durationMs), () => undefined);
      case "host":
        return callHost(effect);
      case "remote":
        return this.#reach(task, path, (fate) => fate.spoil(this.#call(effect.ref, effect.args, path)));
      case "remoteStream":
        return this.#reach(task, path, () => this.#open(effect.ref, effect.args, path));
      case "streamNext":
        return this.#reach(task, path, (fate) => this.#next(effect.stream, fate));
      case "streamClose":
        this.#streams.get(effect.stream.streamId)?.return?.();
        this.#streams.delete(effect.stream.streamId);
        return undefined;
      case "produce":
        this.#chunks.push(effect.chunk);
        return undefined;
      default:
        throw notAnEffect(effect);
    }
  }

  #nowMs(): number {
    return (this.#options.startMs ?? 0) + this.#elapsedMs;
  }

  #latencyMs(): number {
    const [shortest, longest] = this.#options.latencyMs ?? [1, 100];
    return shortest + Math.floor(this.#random() * (longest - shortest + 1));
  }

  #call(ref: RemoteRef, args: readonly unknown[], path: string): unknown {
    const { remote } = this.#options;
    if (remote === undefined) {
      throw new Error(`The simulation has no \`remote\` to answer ${ref.name} of ${ref.module}`);
    }
    return remote(ref, args, { nowMs: this.#nowMs(), random: this.#random, path });
  }

  #open(ref: RemoteRef, args: readonly unknown[], path: string): StreamHandle {
    const streamId = ++this.#lastStreamId;
    this.#streams.set(streamId, (this.#call(ref, args, path) as Iterable<unknown>)[Symbol.iterator]());
    return { streamId };
  }

  #next({ streamId }: StreamHandle, fate: CallFate): IteratorResult<unknown> {
    const { done, value } = this.#streams.get(streamId)?.next() ?? { done: true };
    return done ? { done, value: undefined } : { done: false, value: fate.spoil(value) };
  }

  /** Answers after a while, unless a fault comes between. */
  #reach(task: Task, path: string, answer: (fate: CallFate) => unknown): typeof PENDING {
    const fate = this.#faults?.fateOf(path) ?? UNHARMED;
    if (fate.hangs) {
      task.wait = { giveUp: () => {} };
      return PENDING;
    }
    return this.#later(task, this.#latencyMs() * fate.latencyFactor, () => {
      if (fate.error !== undefined) throw fate.error;
      return answer(fate);
    });
  }

  #checkAlive(path: string): void {
    if (this.#faults === undefined) return;
    try {
      this.#faults.checkAlive(this.#trace.length, path);
    } catch (error) {
      this.#dead = true;
      throw error;
    }
  }

  /** A journal into which a dead process writes nothing. */
  #mortal(journal: JournalOptions): JournalOptions {
    const { log } = journal;
    return {
      ...journal,
      log: {
        records: log.records,
        append: (records) => {
          if (!this.#dead) log.append(records);
        },
        drop: (paths) => {
          if (!this.#dead) log.drop(paths);
        },
      },
    };
  }

  #later(task: Task, delayMs: number, answer: () => unknown): typeof PENDING {
    task.wait = this.#after(delayMs, () => {
      let value: unknown;
      try {
        value = answer();
      } catch (error) {
        if (error instanceof SimulatedCrash) {
          this.#dead = true;
          throw error;
        }
        this.#interpreter.resume(task, false, error);
        return;
      }
      this.#interpreter.resume(task, true, value);
    });
    return PENDING;
  }

  #after(delayMs: number, callback: () => void): Due {
    const due = new Due(this.#elapsedMs + delayMs, this.#random(), callback);
    this.#due.push(due);
    return due;
  }

  /** Moves the clock to what is due next and lets it happen. */
  #turn(): void {
    let first = -1;
    for (let index = this.#due.length - 1; index >= 0; index--) {
      const due = this.#due[index]!;
      if (!due.live) {
        this.#due.splice(index, 1);
        if (first > index) first--;
      } else if (first < 0 || isBefore(due, this.#due[first]!)) first = index;
    }
    if (first < 0) throw new Error("The simulated operation waits for something that can never happen");
    const [due] = this.#due.splice(first, 1);
    this.#elapsedMs = due!.atMs;
    due!.callback();
  }

  abort(reason: unknown): void {
    if (this.#outcome !== undefined || this.#reason !== undefined) return;
    this.#reason = { error: reason };
    this.#interpreter.cancel(this.#interpreter.root);
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs;
}

/** Mulberry32: 32 bits of state, good enough to shuffle schedules, and the same on every runtime. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function uuidFrom(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16));
  digits[12] = 4;
  digits[16] = 8 + (digits[16]! & 3);
  const text = digits.map((digit) => digit.toString(16)).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    "-",
  );
}
