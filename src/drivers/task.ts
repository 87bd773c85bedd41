/**
 * One running operation and its place in the tree: a generator, its parent, the path that names it, and what it waits for.
 *
 * @module
 */

import type { AcquireEffect, Effect, LeafEffect } from "../operation/effects.ts";
import type { Operation } from "../operation/operation.ts";
import type { Join } from "./join.ts";

/** What a task waits for, when that can be given up. An object, as closures outlive young collections in V8. */
export interface Wait {
  /** Gives it up; the task is not resumed any more. */
  giveUp(): void;
}

/** One running operation. Drivers use `leafPath` and `wait`; the rest belongs to the interpreter. */
export class Task {
  /** The generator. */
  readonly operation: Operation<unknown>;
  /** The join this task is a child of; `undefined` for the root. */
  readonly owner: Join | undefined;
  /** Its place among the children of that join. */
  readonly index: number;
  /** The last segment of its path. */
  readonly name: string;
  /** The effect it waits for. Set by whoever performs that. */
  wait: Wait | undefined = undefined;
  /** The effect whose answer is to be recorded when it comes. Set by a journal. */
  pending: LeafEffect | AcquireEffect | undefined = undefined;
  /** The join it waits for. */
  join: Join | undefined = undefined;
  /** Whether its generator is on the stack now. */
  running = false;
  /** Whether it was asked to end early. */
  cancelled = false;
  /** How often it was told to leave because of that. */
  departures = 0;
  /** Whether it waits for what a `finally` block has yielded on its way out. */
  cleaning = false;
  /** Whether it has ended. */
  done = false;
  /** Counts the leaf effects it has yielded, events apart, so that a run has the same paths with and without observers. */
  leafCount = 0;
  /** Counts the events it has emitted. */
  emitCount = 0;
  /** Counts the permits it has asked for. */
  acquireCount = 0;
  #childCounts: Record<string, number> | undefined;
  #path: string | undefined;

  /**
   * @param operation The generator.
   * @param owner The join it is a child of.
   * @param index Its place among the children.
   * @param name The last segment of its path.
   */
  constructor(operation: Operation<unknown>, owner: Join | undefined, index: number, name: string) {
    this.operation = operation;
    this.owner = owner;
    this.index = index;
    this.name = name;
  }

  /** Whether it was asked to end early and must be told to leave: it may wait for nothing but its clean-up. */
  get leaving(): boolean {
    return this.cancelled && !this.cleaning;
  }

  /** Where it stands in the tree of operations; the same in every driver and every run. */
  get path(): string {
    return this.#path ??= this.owner === undefined
      ? this.name
      : `${this.owner.parent.path}/${this.name}.${this.owner.firstIndex + this.index}`;
  }

  /** The path of the leaf effect it yielded last. */
  leafPath(effect: Effect): string {
    return `${this.path}/${effect.kind}:${this.#countOf(effect) - 1}`;
  }

  #countOf({ kind }: Effect): number {
    if (kind === "emit") return this.emitCount;
    return kind === "acquire" ? this.acquireCount : this.leafCount;
  }

  /** Reserves the indices of `count` children called `name`. */
  reserve(name: string, count: number): number {
    const counts = this.#childCounts ??= Object.create(null) as Record<string, number>;
    const first = counts[name] ?? 0;
    counts[name] = first + count;
    return first;
  }
}
