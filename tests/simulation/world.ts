/** What stays when a simulated process dies: the record of its effects, and everything that was performed. */
import type { EffectRecord, RecordLog } from "../../src/drivers/effect_record.ts";
import type { SimulatedCall } from "../../src/drivers/simulation.ts";
import { SimulatedCrash } from "../../src/drivers/simulated_crash.ts";
import type { RemoteRef } from "../../src/operation/effects.ts";
import { type Operation, remote } from "../../src/operation/operation.ts";
import type { Semaphore } from "../../src/operation/semaphore.ts";
import { answerTo, piecesOf } from "./answers.ts";

/** The module of every remote function of the scenarios. */
export const CALLS: string = new URL("./calls.ts", import.meta.url).href;

/** A journal in memory that knows its paths. */
export class WorldLog implements RecordLog {
  readonly #records = new Map<string, EffectRecord>();

  get records(): readonly EffectRecord[] {
    return [...this.#records.values()];
  }

  append(records: readonly EffectRecord[]): void {
    for (const record of records) {
      this.#records.delete(record.path);
      this.#records.set(record.path, record);
    }
  }

  drop(paths: readonly string[]): void {
    for (const path of paths) this.#records.delete(path);
  }

  has(path: string): boolean {
    return this.#records.has(path);
  }
}

/** Answers remote calls, and knows which were performed. */
export class World {
  readonly log = new WorldLog();
  /** What has gone against an invariant, in words. */
  readonly wrong: string[] = [];
  /** Calls performed, by path and question. */
  readonly performed: { readonly path: string; readonly question: string }[] = [];
  openStreams = 0;
  /** Dies after having performed this call, counted from 0 over all starts: performed, and never recorded. */
  dieAfterCall: number = Infinity;
  /** Told just before it dies so. */
  onDeath: () => void = () => {};

  /** A remote function of a simulation. */
  readonly remote = (ref: RemoteRef, args: readonly unknown[], call: SimulatedCall): unknown => {
    const { path } = call;
    if (this.log.has(path)) this.wrong.push(`${path} was performed again after it had been recorded`);
    const index = this.performed.push({ path, question: JSON.stringify([ref.name, ...args]) }) - 1;
    if (index === this.dieAfterCall) {
      this.onDeath();
      throw new SimulatedCrash(path);
    }
    return ref.name === "pieces" ? this.#pieces(piecesOf(args)) : answerTo(ref.name, args);
  };

  #pieces(chunks: readonly number[]): Iterable<number> {
    let index = 0;
    let open = true;
    this.openStreams++;
    const close = (): IteratorResult<number> => {
      if (open) this.openStreams--;
      open = false;
      return { done: true, value: undefined };
    };
    return {
      [Symbol.iterator]: () => ({
        next: () => index < chunks.length ? { done: false, value: chunks[index++]! } : close(),
        return: close,
      }),
    };
  }
}

/** What one start of a scenario keeps count of: everything in it dies with its process. */
export class Life {
  /** Operations that have begun, and how often each has ended, by their number. */
  readonly ended: number[] = [];
  /** Semaphores whose permits must all be free at the end. */
  readonly semaphores: Semaphore[] = [];
  /** Model calls that were begun, those that were recalled included, and the tokens that they told. */
  modelCalls = 0;
  promptTokens = 0;
  completionTokens = 0;
  /** Whether its process has died. */
  dead = false;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Notes the beginning of an operation; the function that it gives is for its `finally`. */
  begin(): () => void {
    const index = this.ended.push(0) - 1;
    return () => {
      if (this.dead) this.#world.wrong.push(`the finally block of operation ${index} ran in a dead process`);
      this.ended[index]!++;
    };
  }

  /** What is left over when it has come to its end. */
  leftovers(): string[] {
    const wrong = this.ended.flatMap((times, index) =>
      times === 1 ? [] : [`the finally block of operation ${index} ran ${times} times`]
    );
    for (const { free, permits, waiting } of this.semaphores) {
      if (free !== permits || waiting > 0) {
        wrong.push(`${free} of ${permits} permits are free, ${waiting} wait`);
      }
    }
    return wrong;
  }
}

/** Runs an operation and keeps count of its end. */
export function* tracked<T>(life: Life, operation: Operation<T>): Operation<T> {
  const end = life.begin();
  try {
    return yield* operation;
  } finally {
    end();
  }
}

/** Asks the world. */
export function askWorld<T>(name: string, ...args: readonly unknown[]): Operation<T> {
  return remote<T>({ module: CALLS, name }, ...args);
}
