/**
 * What a run has done so far: its iterations, what they consumed, how long each step took, what went wrong on the way.
 *
 * @module
 */

import type { Thought } from "../thought/thought.ts";
import { sumUsage, type Usage } from "../thought/usage.ts";

/** The steps of a run that are measured. */
export type StepName = "retrieval" | "generation" | "validation" | "criticism" | "storage";

/** Something the reader should know, although the run went on. */
export interface RunWarning {
  /** A stable string to switch on. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
}

/** How one component fared over a run. */
export interface ComponentPerformance {
  /** How often it was asked. */
  readonly calls: number;
  /** All its calls together, in milliseconds. */
  readonly totalMs: number;
  /** Its longest call, in milliseconds. */
  readonly maxMs: number;
  /** How often it broke. */
  readonly errors: number;
}

/**
 * Where the time of a run went. Steps and components overlap, so their sums may be larger than `totalMs`, the wall time. A
 * component that answers without waiting counts 0 ms.
 */
export interface PerformanceSummary {
  /** The run from start to end, in milliseconds. */
  readonly totalMs: number;
  /** Each step's wall time, in milliseconds. */
  readonly byStep: Readonly<Record<StepName, number>>;
  /** Each component, by its name in the chain. */
  readonly byComponent: Readonly<Record<string, ComponentPerformance>>;
  /** Calls of models, critics' and failed attempts included. */
  readonly modelCalls: number;
  /** What they consumed. */
  readonly usage: Usage;
  /** How many texts there were. */
  readonly iterations: number;
  /** The five components that took longest, longest first. */
  readonly bottlenecks: readonly { readonly name: string; readonly totalMs: number }[];
}

const MOST_BOTTLENECKS = 5;

/** Collects what one run does. */
export class Ledger {
  /** Complete iterations, oldest first. */
  readonly iterations: Thought[] = [];
  /** What the reader should know. */
  readonly warnings: RunWarning[] = [];
  /** Whether a call was not made because the budget is spent. */
  cutShort = false;
  /** What was consumed, one entry a generation or critique. */
  readonly #usages: Usage[] = [];
  readonly #steps: Record<StepName, number> = {
    retrieval: 0,
    generation: 0,
    validation: 0,
    criticism: 0,
    storage: 0,
  };
  readonly #components = new Map<string, { calls: number; totalMs: number; maxMs: number; errors: number }>();

  /** Adds a step's wall time, in milliseconds. */
  addStep(step: StepName, durationMs: number): void {
    this.#steps[step] += durationMs;
  }

  /** Adds a component's call. */
  addCall(name: string, durationMs: number, failed: boolean): void {
    let entry = this.#components.get(name);
    if (entry === undefined) {
      this.#components.set(name, entry = { calls: 0, totalMs: 0, maxMs: 0, errors: 0 });
    }
    entry.calls++;
    entry.totalMs += durationMs;
    if (durationMs > entry.maxMs) entry.maxMs = durationMs;
    if (failed) entry.errors++;
  }

  /** Adds what calls consumed. */
  addUsage(usage: Usage | undefined): void {
    if (usage !== undefined) this.#usages.push(usage);
  }

  /** What was consumed so far. */
  get usage(): Usage {
    return sumUsage(this.#usages);
  }

  /** Where the time went. */
  performance(totalMs: number): PerformanceSummary {
    const { usage } = this;
    const byTime = [...this.#components].map(([name, { totalMs }]) => ({ name, totalMs }))
      .filter(({ totalMs }) => totalMs > 0).sort((a, b) => b.totalMs - a.totalMs);
    return {
      totalMs,
      byStep: { ...this.#steps },
      byComponent: Object.fromEntries([...this.#components].map(([name, entry]) => [name, { ...entry }])),
      modelCalls: usage.modelCalls,
      usage,
      iterations: this.iterations.length,
      bottlenecks: byTime.slice(0, MOST_BOTTLENECKS),
    };
  }
}
