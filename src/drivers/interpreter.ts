/**
 * Steps operations for every driver. A driver brings a performer that answers leaf effects; the tree, its joins, semaphores
 * and cancellation are the same everywhere and live here.
 *
 * Rules that hold the parts together:
 *
 * - A performer returns the answer at once, throws it, or returns `PENDING` and later calls `resume` exactly once. It never
 *   calls `resume` from inside `perform`, so a generator is never stepped while it runs.
 * - A child that ends without waiting costs no task: it is stepped in place. Validators that only count words take this way.
 * - Cancelling a task first gives up what it waits for (a leaf effect at once, a join when all its children have ended),
 *   then runs its `finally` blocks. One effect on its way out is performed, the first: several are written as one,
 *   `yield* named("cleanup", …)`, and of the blocks of one generator the innermost has it. A task that is on the stack when
 *   it is cancelled ends at its next yield.
 *
 * @module
 */

import type { Effect, JoinEffect, LeafEffect } from "../operation/effects.ts";
import type { Operation } from "../operation/operation.ts";
import type { Semaphore } from "../operation/semaphore.ts";
import { claim } from "./claim.ts";
import { SimulatedCrash } from "./simulated_crash.ts";
import { Join } from "./join.ts";
import type { JournalOptions } from "./effect_record.ts";
import { Journal } from "./journal.ts";
import type { Recordable } from "./journal_writer.ts";
import { Task } from "./task.ts";

/** What a performer returns when the answer comes later. */
export const PENDING: unique symbol = Symbol("pending");

/** Answers leaf effects: the part of a driver that touches the world. */
export interface Performer {
  /** Answers at once, throws, or returns {@linkcode PENDING} and later resumes the task. */
  perform(effect: LeafEffect, task: Task): unknown;
  /** Runs a callback in the driver's own turn, after the code that asks for it has come to rest. */
  defer(callback: () => void): void;
  /** Cancels the root; the run ends with the reason. */
  abort(reason: unknown): void;
  /** Told when the root has ended. */
  end(ok: boolean, value: unknown): void;
}

/** Options of an {@linkcode Interpreter}. */
export interface InterpreterOptions {
  /** The first segment of every path. @default "run" */
  readonly name?: string;
  /** Records effects, and answers those that were recorded before. @default none */
  readonly journal?: JournalOptions;
}

/** Steps one tree of operations. */
export class Interpreter {
  /** The root of the tree. */
  readonly root: Task;
  readonly #performer: Performer;
  readonly #journal: Journal | undefined;

  /**
   * @param operation The root operation.
   * @param performer Answers leaf effects.
   * @param options The first segment of every path, and what records the effects.
   */
  constructor(operation: Operation<unknown>, performer: Performer, options: InterpreterOptions = {}) {
    this.root = new Task(operation, undefined, 0, options.name ?? "run");
    this.#performer = performer;
    this.#journal = options.journal && this.#makeJournal(options.journal);
  }

  /** Steps the root until it first waits. */
  start(): void {
    try {
      claim(this.root.operation);
    } catch (error) {
      this.#end(this.root, false, error);
      return;
    }
    this.#advance(this.root, true, undefined);
    this.#journal?.settle();
  }

  /** Gives a waiting task the answer to its effect and steps it on. */
  resume(task: Task, ok: boolean, value: unknown): void {
    if (task.done || task.running) return;
    task.wait = undefined;
    if (this.#journal === undefined) return this.#advance(task, ok, value);
    if (!this.#journal.answered(task, ok, value)) return;
    this.#advance(task, ok, value);
    this.#journal.settle();
  }

  /** Ends a task early, its children first. */
  cancel(task: Task): void {
    if (task.done || task.cancelled) return;
    task.cancelled = true;
    // Also while the join is being started: no more of its children may begin then.
    if (task.join !== undefined) task.join.cancel();
    else if (!task.running) {
      this.#giveUp(task);
      this.#advance(task, true, undefined);
    }
    if (task === this.root) this.#journal?.settle();
  }

  /** Starts a child whose first step has already been taken and yielded `effect`. */
  adopt(child: Task, effect: Effect): void {
    this.#continue(child, effect ?? NOTHING);
  }

  /** Resumes the parent of a join that has come to its end after the parent began to wait. */
  endJoin(join: Join): void {
    const { parent } = join;
    parent.join = undefined;
    this.#advance(parent, join.ok, join.value);
  }

  #giveUp(task: Task): void {
    const { wait } = task;
    task.wait = undefined;
    task.pending = undefined;
    wait?.giveUp();
  }

  #makeJournal(options: JournalOptions): Journal {
    const { root } = this;
    return new Journal(options, {
      pending: PENDING,
      get leaving() {
        return root.cancelled || root.done;
      },
      perform: (effect, task) => this.#perform(effect, task),
      deliver: (task, ok, value) => this.#advance(task, ok, value),
      askAgain: (task, effect) => this.#askAgain(task, effect),
      abort: (reason) => this.#performer.abort(reason),
    });
  }

  #askAgain(task: Task, effect: Recordable): void {
    // Asking counts, and the path must stay.
    if (effect.kind === "acquire") task.acquireCount--;
    else task.leafCount--;
    this.#continue(task, effect);
  }

  #perform(effect: Recordable, task: Task): unknown {
    return effect.kind === "acquire"
      ? this.#acquire(task, effect.semaphore)
      : this.#performer.perform(effect, task);
  }

  #advance(task: Task, ok: boolean, value: unknown): void {
    const effect = this.#step(task, ok, value);
    if (effect !== undefined) this.#continue(task, effect);
  }

  /** Takes one step; gives the effect yielded, or `undefined` when the task has ended. */
  #step(task: Task, ok: boolean, value: unknown): Effect | undefined {
    let result: IteratorResult<Effect, unknown>;
    task.running = true;
    try {
      if (task.leaving) result = leave(task);
      else {
        task.cleaning = false;
        result = ok ? task.operation.next(value) : task.operation.throw(value);
      }
    } catch (error) {
      task.running = false;
      this.#end(task, false, error);
      return undefined;
    }
    task.running = false;
    if (result.done) {
      this.#end(task, true, result.value);
      return undefined;
    }
    return result.value ?? NOTHING;
  }

  #continue(task: Task, first: Effect): void {
    for (let effect: Effect | undefined = first; effect !== undefined;) {
      let ok = true;
      let value: unknown;
      if (!task.leaving) {
        try {
          value = this.#answer(task, effect);
        } catch (error) {
          if (error instanceof SimulatedCrash) throw error;
          ok = false;
          value = error;
        }
        if (value === PENDING) {
          if (!task.leaving) return;
          // Cancelled by its own effect, while that was being performed: give up the wait before it begins.
          if (task.join !== undefined) return task.join.cancel();
          this.#giveUp(task);
        }
      }
      effect = this.#step(task, ok, value);
    }
  }

  #answer(task: Task, effect: Effect): unknown {
    task.running = true;
    try {
      switch (effect.kind) {
        case "join":
          return this.#startJoin(task, effect);
        case "acquire":
          task.acquireCount++;
          return this.#journal === undefined
            ? this.#acquire(task, effect.semaphore)
            : this.#journal.answer(effect, task);
        default:
          if (effect.kind === "emit") task.emitCount++;
          else task.leafCount++;
          return this.#journal === undefined
            ? this.#performer.perform(effect, task)
            : this.#journal.answer(effect, task);
      }
    } finally {
      task.running = false;
    }
  }

  #startJoin(task: Task, effect: JoinEffect): unknown {
    const firstIndex = task.reserve(effect.name, effect.children.length);
    const join = new Join(this, task, effect, firstIndex);
    task.join = join;
    if (!join.start()) return PENDING;
    task.join = undefined;
    if (!join.ok) throw join.value;
    return join.value;
  }

  #acquire(task: Task, semaphore: Semaphore): unknown {
    const turn = semaphore.acquire(() => {
      // The permit is the task's from here on: cancelled before it can use it, the task must hand it on.
      let live = true;
      const giveUp = (): void => {
        live = false;
        semaphore.release();
      };
      task.wait = { giveUp };
      this.#performer.defer(() => live && this.resume(task, true, undefined));
    });
    if (turn === true) return undefined;
    task.wait = { giveUp: turn };
    return PENDING;
  }

  #end(task: Task, ok: boolean, value: unknown): void {
    task.done = true;
    if (task.owner === undefined) {
      this.#journal?.close(ok && !task.cancelled);
      this.#performer.end(ok, value);
    } else task.owner.childEnded(task.index, ok, value);
  }
}

/** How often an operation is told to leave before it is left where it stands. */
const MOST_DEPARTURES = 24;

/**
 * Tells a cancelled operation to leave. The first effect that it yields then is performed; what comes after that could be a
 * further `finally` block or the code behind it, which nobody outside a generator can tell, so it is told to leave again.
 *
 * `return()` cannot be caught, but it is forgotten in one place: where a `finally` block inside a `yield*` has yielded, the
 * outer generator goes on behind that `yield*` as if nothing had been asked. So an operation that yields again is told again,
 * in turns by an error, which such a place passes on, and by `return()`, which no `catch` block can stop. A `catch` block that
 * begins new work on an AbortError has the first effect of it performed: let it look at the error's name.
 */
function leave(task: Task): IteratorResult<Effect, unknown> {
  task.cleaning = true;
  if (task.departures++ >= MOST_DEPARTURES) return { done: true, value: undefined };
  if (task.departures % 2 === 1) return task.operation.return(undefined);
  return task.operation.throw(new DOMException("The operation was cancelled", "AbortError"));
}

/** Stands for `undefined` and `null` yielded by mistake, so that they reach the performer and its hint. */
const NOTHING = { kind: "nothing" } as unknown as Effect;

/**
 * Words the hint for something that is not an effect.
 *
 * @param yielded What was yielded.
 * @returns The error to throw into the generator.
 */
export function notAnEffect(yielded: unknown): TypeError {
  const value = Object(yielded) as { then?: unknown; next?: unknown };
  if (typeof value.then === "function") {
    // Nobody will await it: its failure must not end the process before the hint is read.
    Promise.resolve(yielded).catch(() => {});
    return new TypeError(
      "An operation yielded a promise; call asynchronous code with `yield* host(sync, async)` or `yield* remote(ref, …)`",
    );
  }
  if (typeof value.next === "function") {
    return new TypeError("An operation yielded another operation; write `yield*` instead of `yield`");
  }
  const found = yielded === NOTHING ? "nothing" : `something else (${typeof yielded})`;
  return new TypeError(
    `An operation may only yield effects, with \`yield*\` on Sifaka's building blocks: it yielded ${found}`,
  );
}
