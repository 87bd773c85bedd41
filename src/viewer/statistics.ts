/**
 * The figures of a store at a glance, added up run by run, so that no more than the figures is ever held.
 *
 * @module
 */

import { verdictOf } from "../storage/run_page.ts";
import type { RunSummary, VerdictCount } from "../storage/runs.ts";

/** How many runs came out how. */
export interface OutcomeCount {
  /** Runs whose text passed. */
  readonly valid: number;
  /** Runs whose text did not pass. */
  readonly invalid: number;
  /** Runs that failed, were interrupted, or still run. */
  readonly unfinished: number;
}

/** What the runs of one model came to. */
export interface ModelFigures {
  /** The model, as `provider:name`. */
  readonly model: string;
  /** Its runs. */
  readonly runs: number;
  /** What those of them cost together whose price is known, in US dollars. */
  readonly costUsd: number;
  /** How many runs have no known price. */
  readonly unpriced: number;
  /** Tokens sent and received by the runs that say so. */
  readonly tokens: number;
}

/** The figures of a store. */
export interface StoreFigures {
  /** All runs that were looked at. */
  readonly runs: number;
  /** The outcomes of each day in UTC, such as `2026-01-31`, oldest first. */
  readonly days: readonly (OutcomeCount & { readonly day: string })[];
  /** Each validator's verdicts on texts, the one that failed most first. */
  readonly validators: readonly (VerdictCount & { readonly name: string })[];
  /** How many valid runs took so many iterations, fewest iterations first. */
  readonly iterations: readonly { readonly iterations: number; readonly runs: number }[];
  /** The models, the dearest first. */
  readonly models: readonly ModelFigures[];
}

/** Names beyond this many are not told apart. */
const MOST_NAMES = 1_000;

/** Adds up the figures of runs. */
export class StatisticsSum {
  #runs = 0;
  readonly #days = new Map<string, OutcomeCount>();
  readonly #validators = new Map<string, VerdictCount>();
  readonly #iterations = new Map<number, number>();
  readonly #models = new Map<string, ModelFigures>();

  /** Adds a run. */
  add(run: RunSummary): void {
    this.#runs++;
    const { facts, startedAt } = run;
    const verdict = verdictOf(run);
    const day = startedAt.slice(0, "2026-01-31".length);
    const outcomes = this.#days.get(day) ?? { valid: 0, invalid: 0, unfinished: 0 };
    this.#days.set(day, { ...outcomes, [verdict]: outcomes[verdict] + 1 });
    for (const [name, { passed, failed }] of Object.entries(facts.verdicts ?? {})) {
      const known = this.#validators.get(name) ?? { passed: 0, failed: 0 };
      put(this.#validators, name, { passed: known.passed + passed, failed: known.failed + failed });
    }
    if (verdict === "valid" && facts.iterations !== undefined) {
      this.#iterations.set(facts.iterations, (this.#iterations.get(facts.iterations) ?? 0) + 1);
    }
    if (facts.model !== undefined) this.#addModel(facts.model, run);
  }

  #addModel(model: string, { facts: { usage } }: RunSummary): void {
    const known = this.#models.get(model) ?? { model, runs: 0, costUsd: 0, unpriced: 0, tokens: 0 };
    put(this.#models, model, {
      model,
      runs: known.runs + 1,
      costUsd: known.costUsd + (usage?.costUsd ?? 0),
      unpriced: known.unpriced + (usage?.costUsd === undefined ? 1 : 0),
      tokens: known.tokens + (usage?.promptTokens ?? 0) + (usage?.completionTokens ?? 0),
    });
  }

  /** The figures so far. */
  figures(): StoreFigures {
    return {
      runs: this.#runs,
      days: [...this.#days].map(([day, outcomes]) => ({ day, ...outcomes })).sort((a, b) =>
        a.day < b.day ? -1 : 1
      ),
      validators: [...this.#validators].map(([name, counts]) => ({ name, ...counts }))
        .sort((a, b) => b.failed - a.failed || b.passed - a.passed),
      iterations: [...this.#iterations].map(([iterations, runs]) => ({ iterations, runs }))
        .sort((a, b) => a.iterations - b.iterations),
      models: [...this.#models.values()].sort((a, b) => b.costUsd - a.costUsd || b.runs - a.runs),
    };
  }
}

function put<T>(map: Map<string, T>, name: string, value: T): void {
  if (map.has(name) || map.size < MOST_NAMES) map.set(name, value);
}
