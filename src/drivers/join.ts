/**
 * The children of one `all`, `allSettled` or `race`: starts them within the bound, collects what they give, and cancels the
 * rest when the outcome is decided.
 *
 * @module
 */

import type { Effect, JoinEffect } from "../operation/effects.ts";
import type { Operation } from "../operation/operation.ts";
import { claim } from "./claim.ts";
import type { Interpreter } from "./interpreter.ts";
import { Task } from "./task.ts";

/** Children that run side by side for one parent. */
export class Join {
  /** The task that waits for the children. */
  readonly parent: Task;
  /** What the join answers with. */
  readonly mode: JoinEffect["mode"];
  /** The index of the first child in its path. */
  readonly firstIndex: number;
  /** Whether it ended well. */
  ok = true;
  /** What it ended with. */
  value: unknown = undefined;
  readonly #interpreter: Interpreter;
  readonly #operations: readonly Operation<unknown>[];
  readonly #name: string;
  readonly #concurrency: number;
  readonly #results: unknown[];
  readonly #tasks: (Task | undefined)[] = [];
  #next = 0;
  #active = 0;
  #decided = false;
  #filling = false;

  /**
   * @param interpreter Steps the children.
   * @param parent The task that waits.
   * @param effect The children and their bound.
   * @param firstIndex The index of the first child in its path.
   */
  constructor(
    interpreter: Interpreter,
    parent: Task,
    effect: JoinEffect,
    firstIndex: number,
  ) {
    this.#interpreter = interpreter;
    this.parent = parent;
    this.mode = effect.mode;
    this.firstIndex = firstIndex;
    this.#operations = effect.children;
    this.#name = effect.name;
    this.#concurrency = effect.concurrency;
    this.#results = new Array(effect.children.length);
  }

  /** Starts the children; `true` when the join has already ended. */
  start(): boolean {
    this.#fill();
    return this.#ended();
  }

  /** Ends the join early: no child starts any more, and those under way are cancelled. */
  cancel(): void {
    if (!this.#decided) this.#decide(true, undefined);
    this.#resumeParentIfEnded();
  }

  /** Takes what a child gave. */
  childEnded(index: number, ok: boolean, value: unknown): void {
    this.#active--;
    this.#tasks[index] = undefined;
    this.#record(index, ok, value);
    if (!this.#decided) this.#fill();
    this.#resumeParentIfEnded();
  }

  #fill(): void {
    if (this.#filling) return;
    this.#filling = true;
    while (this.#next < this.#operations.length && this.#active < this.#concurrency && !this.#decided) {
      this.#startChild(this.#next++);
    }
    this.#filling = false;
  }

  #startChild(index: number): void {
    const operation = this.#operations[index]!;
    let result: IteratorResult<Effect, unknown>;
    try {
      claim(operation);
      result = operation.next();
    } catch (error) {
      this.#record(index, false, error);
      return;
    }
    if (result.done) {
      this.#record(index, true, result.value);
      return;
    }
    const child = new Task(operation, this, index, this.#name);
    this.#tasks[index] = child;
    this.#active++;
    // What a child does before it first waits may decide the join, for example by aborting the run's own signal.
    if (this.#decided) child.cancelled = true;
    this.#interpreter.adopt(child, result.value);
  }

  #record(index: number, ok: boolean, value: unknown): void {
    if (this.#decided) return;
    if (this.mode === "race" || (this.mode === "all" && !ok)) {
      this.#decide(ok, value);
      return;
    }
    this.#results[index] = this.mode === "all" ? value : ok ? { ok, value } : { ok, error: value };
  }

  #decide(ok: boolean, value: unknown): void {
    this.#decided = true;
    this.ok = ok;
    this.value = value;
    for (const task of this.#tasks) {
      if (task !== undefined) this.#interpreter.cancel(task);
    }
  }

  #ended(): boolean {
    if (this.#active > 0 || this.#filling) return false;
    if (this.#decided) return true;
    if (this.#next < this.#operations.length) return false;
    this.value = this.#results;
    return true;
  }

  #resumeParentIfEnded(): void {
    if (this.parent.join === this && !this.parent.running && this.#ended()) this.#interpreter.endJoin(this);
  }
}
