/**
 * The whole algorithm of a chain as one operation:
 *
 *     thought → retrieve → generate → retrieve → validate ∥ → [critics ∥ → next iteration …]
 *
 * Everything that may wait is an effect, so every driver runs this one body. The steps are in the files beside this one.
 *
 * @module
 */

import { ChainExhaustedError, ModelError, TimeoutError } from "../errors.ts";
import { named, race } from "../operation/combinators.ts";
import { now, type Operation, randomId, sleep } from "../operation/operation.ts";
import { Thought } from "../thought/thought.ts";
import type { Usage } from "../thought/usage.ts";
import { budgetOfOneRun, budgetSpent, checkBudget, isSpent, leastCriticCalls } from "./budget.ts";
import { criticise } from "./criticise.ts";
import { DocumentCache } from "./document_cache.ts";
import { generate, modelId } from "./generate.ts";
import { Ledger, type PerformanceSummary, type RunWarning } from "./ledger.ts";
import { bestOf, criticsApply, passes, stopAfter, type StopReason } from "./policy.ts";
import { addDocuments } from "./retrieve.ts";
import { type Run, tell, warn } from "./run_state.ts";
import type { ChainSettings } from "./settings.ts";
import { store } from "./store.ts";
import { validate } from "./validate.ts";

/** What `runDetailed` gives. */
export interface RunResult {
  /** The thought returned: the best of the run, or the last, as `select` says. */
  readonly thought: Thought;
  /** Whether its text passed every validator; `true` where there are none. */
  readonly valid: boolean;
  /** Every complete iteration, oldest first. */
  readonly iterations: readonly Thought[];
  /** Why the run stopped. */
  readonly stopReason: StopReason;
  /** What went wrong on the way. */
  readonly warnings: readonly RunWarning[];
  /** Where the time went. */
  readonly performance: PerformanceSummary;
  /** What the run consumed. */
  readonly usage: Usage;
  /** The run's id. */
  readonly runId: string;
}

/**
 * Runs a chain.
 *
 * @param settings The chain's.
 * @param givenId The run's id; drawn when it is left out.
 * @returns An operation of everything the run gave.
 * @throws {ModelError} When no model answers; it carries the last complete thought.
 * @throws {ChainExhaustedError} When no text is valid and `onExhausted` is `"throw"`.
 * @throws {TimeoutError} When the run's time is over before the first text was validated.
 */
export function* runChain(settings: ChainSettings, givenId?: string): Operation<RunResult> {
  const startedMs = yield* now();
  const runId = givenId ?? (yield* randomId());
  const run: Run = {
    settings,
    runId,
    startedMs,
    chainId: settings.chainId ?? givenId ?? (yield* randomId()),
    ledger: new Ledger(),
    budget: settings.sharedBudget ?? budgetOfOneRun(settings),
    documents: new DocumentCache(),
  };
  if (settings.observed) yield* announce(run);
  yield* warnOfUnreachableCritics(run);
  const stopReason = yield* untilStopped(run);
  const { ledger } = run;
  const thought = settings.select === "last" ? ledger.iterations.at(-1)! : bestOf(ledger.iterations);
  const totalMs = (yield* now()) - startedMs;
  const valid = passes(thought);
  if (settings.observed) {
    const { iteration } = thought;
    const { usage } = ledger;
    yield* tell(run, {
      type: "run-finished",
      runId,
      stopReason,
      valid,
      iteration,
      usage,
      durationMs: totalMs,
    });
  }
  if (!valid && settings.onExhausted === "throw") {
    throw exhausted(thought, ledger.iterations.length, stopReason);
  }
  return new FinishedRun(run, thought, { valid, stopReason, totalMs });
}

interface Ending {
  readonly valid: boolean;
  readonly stopReason: StopReason;
  readonly totalMs: number;
}

/** The result of a run; figures that nobody looks at are never summed up. */
class FinishedRun implements RunResult {
  readonly thought: Thought;
  readonly valid: boolean;
  readonly iterations: readonly Thought[];
  readonly stopReason: StopReason;
  readonly warnings: readonly RunWarning[];
  readonly runId: string;
  readonly #ledger: Ledger;
  readonly #totalMs: number;

  constructor({ ledger, runId }: Run, thought: Thought, { valid, stopReason, totalMs }: Ending) {
    this.thought = thought;
    this.valid = valid;
    this.iterations = ledger.iterations;
    this.stopReason = stopReason;
    this.warnings = ledger.warnings;
    this.runId = runId;
    this.#ledger = ledger;
    this.#totalMs = totalMs;
  }

  get performance(): PerformanceSummary {
    return this.#ledger.performance(this.#totalMs);
  }

  get usage(): Usage {
    return this.#ledger.usage;
  }

  toJSON(): RunResult {
    const { thought, valid, iterations, stopReason, warnings, performance, usage, runId } = this;
    return { thought, valid, iterations, stopReason, warnings, performance, usage, runId };
  }
}

function* announce(run: Run): Operation<void> {
  const { settings, runId, chainId } = run;
  yield* tell(run, {
    type: "run-started",
    runId,
    chainId,
    model: modelId(settings.models[0]!),
    validators: settings.validators.map(({ name }) => name),
    critics: settings.critics.map(({ name }) => name),
    maxImprovementIterations: settings.maxImprovementIterations,
  });
}

function* warnOfUnreachableCritics(run: Run): Operation<void> {
  const { settings } = run;
  if (settings.critics.length === 0) return;
  if ([true, false].some((valid) => criticsApply(settings, { valid, iteration: 0 }))) return;
  const reason = settings.maxImprovementIterations === 0 && !settings.critiqueFinal
    ? "no text is written again, and critiqueFinal is off"
    : "neither alwaysApplyCritics nor applyImproversOnValidationFailure is on";
  yield* warn(run, "critics_unreachable", `The critics of this chain are never asked: ${reason}`);
}

function* untilStopped(run: Run): Operation<StopReason> {
  const { totalMs } = run.settings.timeouts;
  if (totalMs === undefined) return yield* iterate(run);
  return yield* race([iterate(run), deadline(run, totalMs)]);
}

function* deadline(run: Run, totalMs: number): Operation<StopReason> {
  yield* sleep(totalMs);
  if (run.ledger.iterations.length > 0) return "deadline";
  throw new TimeoutError(`The run took longer than ${totalMs} ms, and no text was complete by then`, {
    code: "deadline",
    metadata: { timeoutMs: totalMs },
  });
}

function* iterate(run: Run): Operation<StopReason> {
  const { settings, ledger } = run;
  const { totalMs } = settings.timeouts;
  let thought = yield* firstThought(run);
  checkBudget(settings, thought);
  for (;;) {
    let outcome: IterationOutcome;
    try {
      outcome = yield* named("iteration", iteration(run, thought));
    } catch (error) {
      if (!(error instanceof ModelError) || ledger.iterations.length === 0) throw error;
      if (settings.onModelError === "throw" && !ledger.cutShort) throw error;
      yield* warn(
        run,
        "model_failed",
        `The best text so far is returned, as no model could improve it: ${error.message}`,
      );
      return ledger.cutShort ? "budget" : "model-failed";
    }
    if (outcome.stopReason !== undefined) return outcome.stopReason;
    // A timer is heard only while a run waits, and components that block the thread may have made it late. The clock could
    // not tell: a run that is resumed began long ago.
    if (totalMs !== undefined) yield* sleep(0);
    thought = outcome.thought.nextIteration({ id: yield* randomId(), timestamp: isoTime(yield* now()) });
  }
}

function* firstThought({ settings, chainId }: Run): Operation<Thought> {
  return new Thought({
    id: yield* randomId(),
    timestamp: isoTime(yield* now()),
    chainId,
    prompt: settings.prompt,
    ...(settings.systemPrompt === undefined ? {} : { systemPrompt: settings.systemPrompt }),
  });
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

interface IterationOutcome {
  readonly thought: Thought;
  readonly stopReason?: StopReason;
}

function* iteration(run: Run, begun: Thought): Operation<IterationOutcome> {
  const { settings, ledger } = run;
  const given = begun.iteration === 0 ? settings.input : undefined;
  if (given === undefined && (yield* isSpent(run, 1))) {
    // Other runs have spent what they share before this one could begin.
    if (begun.iteration === 0) throw budgetSpent(run);
    return { thought: begun, stopReason: "budget" };
  }
  let thought = begun;
  if (settings.modelRetrievers.length > 0) thought = yield* addDocuments(run, thought, "pre");
  thought = yield* generate(run, thought, given);
  if (settings.modelRetrievers.length > 0) thought = yield* addDocuments(run, thought, "post");
  thought = yield* validate(run, thought);
  ledger.iterations.push(thought);
  if (settings.storage !== undefined) yield* store(run, thought);
  const valid = passes(thought);
  if (!criticsApply(settings, { valid, iteration: thought.iteration })) {
    return { thought, stopReason: stopAfter(settings, thought, false) };
  }
  if (yield* isSpent(run, leastCriticCalls(settings, thought))) return { thought, stopReason: "budget" };
  thought = yield* criticise(run, thought);
  ledger.iterations[ledger.iterations.length - 1] = thought;
  if (settings.storage !== undefined) yield* store(run, thought);
  if (ledger.cutShort) return { thought, stopReason: "budget" };
  return { thought, stopReason: stopAfter(settings, thought, true) };
}

function exhausted(thought: Thought, iterations: number, stopReason: StopReason): ChainExhaustedError {
  const failed = Object.entries(thought.validationResults).filter(([, result]) => !result.passed).map((
    [name],
  ) => name);
  return new ChainExhaustedError(
    `No text was valid after ${iterations} ${iterations === 1 ? "iteration" : "iterations"}: ${
      failed.join(", ")
    } failed`,
    { code: "exhausted", thought, metadata: { stopReason, failed } },
  );
}
