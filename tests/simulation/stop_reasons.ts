/** Which reasons to stop a chain's options allow, told anew from what the result shows. */
import assert from "node:assert/strict";
import type { ChainOptions } from "../../src/chain/options.ts";
import type { RunResult } from "../../src/chain/run.ts";
import type { StopReason } from "../../src/chain/policy.ts";

/** Whether a reason fits, by what is known of the last iteration. */
const FITS: Readonly<Record<StopReason, (result: RunResult, options: ChainOptions) => boolean>> = {
  "passed": (result) => lastIsValid(result),
  "satisfied": (result, { critics = [] }) =>
    lastIsValid(result) && critics.length > 0 && answered(result) && !anyAsks(result),
  "critics-failed": (result, { critics = [] }) =>
    lastIsValid(result) && critics.length > 0 && !answered(result),
  "critics-disabled": (result, options) =>
    !lastIsValid(result) && options.applyImproversOnValidationFailure === false &&
    !(options.alwaysApplyCritics && options.critics!.length > 0),
  "max-iterations": ({ iterations }, { maxImprovementIterations = 3 }) =>
    iterations.length === maxImprovementIterations + 1,
  "no-progress": ({ iterations }, { stopOnNoProgress }) =>
    stopOnNoProgress !== false && iterations.length > 1 &&
    iterations.at(-1)!.text === iterations.at(-2)!.text,
  "budget": (_, { budget }) => budget !== undefined,
  "deadline": (_, { timeouts }) => timeouts?.totalMs !== undefined,
  "model-failed": (_, { onModelError }) => onModelError === "return-best",
};

/** Throws when the reason does not fit. */
export function checkStopReason(result: RunResult, options: ChainOptions): void {
  const { stopReason } = result;
  assert.ok(FITS[stopReason]?.(result, options), `the run cannot have stopped as ${stopReason}`);
}

function last({ iterations }: RunResult): RunResult["thought"] {
  return iterations.at(-1)!;
}

function lastIsValid(result: RunResult): boolean {
  return Object.values(last(result).validationResults).every(({ passed }) => passed);
}

function answered(result: RunResult): boolean {
  return last(result).criticFeedback.some(({ error }) => error === undefined);
}

function anyAsks(result: RunResult): boolean {
  return last(result).criticFeedback.some(({ error, needsImprovement }) =>
    error === undefined && needsImprovement === true
  );
}
