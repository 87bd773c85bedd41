/** What must be true of the result of any chain, whatever went wrong on the way. */
import assert from "node:assert/strict";
import type { ChainOptions } from "../../src/chain/options.ts";
import { checkStopReason } from "./stop_reasons.ts";
import type { RunResult } from "../../src/chain/run.ts";
import { ChainExhaustedError, ModelError, SifakaError } from "../../src/errors.ts";
import type { Outcome } from "../../src/operation/outcome.ts";
import { Thought } from "../../src/thought/thought.ts";
import type { Life } from "./world.ts";

/** What a run was given, and what was counted beside it. */
export interface ChainFacts {
  readonly options: ChainOptions;
  readonly life: Life;
  readonly elapsedMs: number;
}

/** Tells what is wrong with how a chain ended. */
export function chainProblems(outcome: Outcome<unknown>, facts: ChainFacts): string[] {
  try {
    checkTime(facts);
    if (outcome.ok) checkResult(outcome.value as RunResult, facts);
    else checkError(outcome.error, facts);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function checkTime({ options, elapsedMs }: ChainFacts): void {
  const { totalMs = Infinity } = options.timeouts ?? {};
  assert.ok(elapsedMs <= totalMs, `it took ${elapsedMs} ms and had ${totalMs}`);
}

function checkError(error: unknown, { options }: ChainFacts): void {
  const isTyped = error instanceof SifakaError || (error as Error)?.name === "AbortError";
  assert.ok(isTyped, `it ended with an error of no documented class: ${(error as Error)?.stack}`);
  if (error instanceof ChainExhaustedError) assert.equal(options.onExhausted, "throw");
  if (error instanceof ModelError && error.thought !== undefined) checkThought(error.thought, options);
}

function checkResult(result: RunResult, facts: ChainFacts): void {
  const { options, life } = facts;
  const { iterations, thought, valid, usage } = result;
  assert.ok(iterations.length >= 1, "there is no iteration");
  assert.ok(
    iterations.length <= (options.maxImprovementIterations ?? 3) + 1,
    "there are too many iterations",
  );
  iterations.forEach((each, index) => {
    assert.equal(each.iteration, index, "the iterations are not numbered in order");
    checkThought(each, options);
  });
  assert.ok(iterations.includes(thought), "the thought is none of the iterations");
  if (options.select === "last") assert.equal(thought, iterations.at(-1));
  assert.equal(valid, Object.values(thought.validationResults).every(({ passed }) => passed));
  assert.equal(usage.modelCalls, life.modelCalls, "usage.modelCalls is not what was called");
  assert.equal(usage.promptTokens ?? 0, life.promptTokens, "usage.promptTokens is not what was told");
  assert.equal(
    usage.completionTokens ?? 0,
    life.completionTokens,
    "usage.completionTokens is not what was told",
  );
  const { maxModelCalls = Infinity } = (options.budget ?? {}) as { maxModelCalls?: number };
  const reporting = options.critics?.length ?? 0;
  // A critic that only reports its calls afterwards can be one beyond the budget.
  assert.ok(usage.modelCalls <= maxModelCalls + reporting, "more was called than the budget allows");
  checkStopReason(result, options);
}

function checkThought(thought: Thought, options: ChainOptions): void {
  const { iteration, history, text, validationResults, criticFeedback } = thought;
  assert.equal(typeof text, "string", "a complete thought has no text");
  assert.equal(history.length, iteration, "the history is not as long as the iteration is high");
  history.forEach((earlier, index) => assert.equal(earlier.iteration, index, "the history is out of order"));
  assert.equal(thought.parentId, history.at(-1)?.id, "the parent is not the last of the history");
  assert.deepEqual(Object.keys(validationResults), (options.validators ?? []).map(({ name }) => name));
  if (criticFeedback.length > 0) {
    assert.deepEqual(
      criticFeedback.map(({ critic }) => critic),
      (options.critics ?? []).map(({ name }) => name),
    );
  }
  assert.ok(isFrozen(thought), "the thought is not frozen");
  const json = JSON.stringify(thought);
  assert.equal(JSON.stringify(Thought.fromJSON(JSON.parse(json))), json, "the thought does not survive JSON");
}

function isFrozen(value: unknown, seen: Set<unknown> = new Set()): boolean {
  if (typeof value !== "object" || value === null || seen.has(value)) return true;
  seen.add(value);
  return Object.isFrozen(value) && Object.values(value).every((each) => isFrozen(each, seen));
}
