/**
 * What the steps of one run share.
 *
 * @module
 */

import { emit, type Operation } from "../operation/operation.ts";
import type { DocumentCache } from "./document_cache.ts";
import type { ChainEvent } from "./events.ts";
import type { Ledger } from "./ledger.ts";
import type { Budget } from "./shared_budget.ts";
import type { ChainSettings } from "./settings.ts";

/** One run under way. */
export interface Run {
  /** The chain's settings. */
  readonly settings: ChainSettings;
  /** The run's id. */
  readonly runId: string;
  /** When it began, in milliseconds since the epoch. */
  readonly startedMs: number;
  /** The chain's name in its store. */
  readonly chainId: string;
  /** What was done so far. */
  readonly ledger: Ledger;
  /** What it may consume. */
  readonly budget: Budget;
  /** Documents found so far. */
  readonly documents: DocumentCache;
}

/** Tells the observer. */
export function* tell(run: Run, event: ChainEvent): Operation<void> {
  if (run.settings.observed) yield* emit({ ...event });
}

/** Notes a warning and tells the observer; of a critic where one warns. */
export function* warn(run: Run, code: string, message: string, component?: string): Operation<void> {
  run.ledger.warnings.push({ code, message });
  const by = component === undefined ? {} : { component };
  yield* tell(run, { type: "warning", runId: run.runId, ...by, code, message });
}
