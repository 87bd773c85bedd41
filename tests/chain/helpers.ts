/** What the tests of the chain share: small components that do one thing, and ways to run a chain. */
import assert from "node:assert/strict";
import { Chain } from "../../src/chain/chain.ts";
import type { ChainEvent } from "../../src/chain/events.ts";
import type { ChainOptions } from "../../src/chain/options.ts";
import type { RunResult } from "../../src/chain/run.ts";
import type { Critic } from "../../src/critics/critic.ts";
import { defineCritic, type PartialFeedback } from "../../src/critics/define_critic.ts";
import { simulate, type SimulationOptions, type SimulationResult } from "../../src/drivers/simulation.ts";
import { ModelApiError } from "../../src/errors.ts";
import { MockModel, type MockResponse } from "../../src/models/mock_model.ts";
import type { Operation } from "../../src/operation/operation.ts";
import { defineValidator } from "../../src/validators/define_validator.ts";
import type { Validator } from "../../src/validators/validator.ts";
import { testEveryDriver } from "../helpers/drivers.ts";

/** A model that answers these texts in order, then repeats the last. */
export function answering(...responses: MockResponse[]): MockModel {
  return new MockModel({ responses, mode: "last" });
}

/** A model that answers "draft 0", "draft 1" and so on. */
export function drafting(options: { latencyMs?: number; failAt?: number; error?: Error } = {}): MockModel {
  return new MockModel({
    latencyMs: options.latencyMs ?? 0,
    response: ({ index }) => {
      if (index === options.failAt) throw options.error ?? new Error("the model is out of order");
      return `draft ${index}`;
    },
  });
}

/** Passes texts that contain a word. */
export function wants(word: string): Validator {
  return defineValidator(
    `wants ${word}`,
    ({ text }) => text!.includes(word) ? [] : [`the word ${word} is missing`],
  );
}

/** Never passes. */
export const never: Validator = defineValidator("never", () => ["never good enough"]);

/** Always passes. */
export const always: Validator = defineValidator("always", () => true);

/** A critic that gives these answers, one an iteration, then repeats the last; an error is thrown. */
export function saying(name: string, ...answers: (PartialFeedback | Error)[]): Critic {
  return defineCritic(name, (thought) => {
    const answer = answers[Math.min(thought.iteration, answers.length - 1)]!;
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

export const ASKS: PartialFeedback = { needsImprovement: true, issues: ["it is dull"] };
export const CONTENT: PartialFeedback = { needsImprovement: false, summary: "fine" };
export const UNDECIDED: PartialFeedback = { summary: "hard to say" };

/** What a provider says when it is asked too often. */
export function tooManyRequests(retryAfterMs?: number): ModelApiError {
  return new ModelApiError("mock is asked too often", {
    code: "rate_limit",
    status: 429,
    retryable: true,
    provider: "mock",
    retryAfterMs,
  });
}

/** Runs a chain under the virtual clock. */
export function simulated(chain: Chain, options: SimulationOptions = {}): SimulationResult<RunResult> {
  return simulate(chain._runOperation(), { latencyMs: [1, 1], ...options });
}

/** The result of a simulated run; throws what the run throws. */
export function resultOf(chain: Chain, options: SimulationOptions = {}): RunResult {
  const { outcome } = simulated(chain, options);
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

/** What a simulated run throws. */
export function errorOf(chain: Chain, options: SimulationOptions = {}): Error & Record<string, unknown> {
  const { outcome } = simulated(chain, options);
  assert.equal(outcome.ok, false, "the run should have failed");
  return (outcome as { error: Error & Record<string, unknown> }).error;
}

/** Runs a chain under the virtual clock and notes its events. */
export function observed(
  options: ChainOptions,
  simulation: SimulationOptions = {},
): SimulationResult<RunResult> & { events: ChainEvent[] } {
  const events: ChainEvent[] = [];
  const chain = new Chain({ prompt: "Write.", ...options, onEvent: () => {} });
  const onEvent = (event: unknown): unknown => events.push(event as ChainEvent);
  return { ...simulated(chain, { ...simulation, onEvent }), events };
}

/** Looks at a run of a fresh chain under every driver. */
export function testRun(name: string, options: () => ChainOptions, check: (result: RunResult) => void): void {
  testEveryDriver(name, {
    *operation(): Operation<RunSummary> {
      const result = yield* new Chain({ prompt: "Write.", ...options() })._runOperation();
      check(result);
      return summaryOf(result);
    },
    check: (outcome) => {
      if (!outcome.ok) throw outcome.error;
    },
  });
}

/** What must be the same in every run of the same chain, whatever its ids and times. */
export interface RunSummary {
  stopReason: string;
  valid: boolean;
  returned: number;
  warnings: string[];
  iterations: {
    text: string | undefined;
    prompt: string | undefined;
    results: Record<string, [passed: boolean, issues: string[]]>;
    order: string[];
    feedback: [critic: string, verdict: boolean | undefined, issues: string[]][];
    documents: string[];
    memories: string;
  }[];
}

/** Draws the summary from a result. */
export function summaryOf({ stopReason, valid, thought, warnings, iterations }: RunResult): RunSummary {
  return {
    stopReason,
    valid,
    returned: thought.iteration,
    warnings: warnings.map(({ code }) => code),
    iterations: iterations.map((each) => ({
      text: each.text,
      prompt: each.modelPrompt,
      results: Object.fromEntries(
        Object.entries(each.validationResults).map((
          [key, { passed, issues }],
        ) => [key, [passed, [...issues]]]),
      ),
      order: Object.keys(each.validationResults),
      feedback: each.criticFeedback.map(({ critic, needsImprovement, issues }) => [
        critic,
        needsImprovement,
        issues.map(({ text }) => text),
      ]),
      documents: [...each.preGenerationContext, ...each.postGenerationContext].map(({ text }) => text),
      memories: JSON.stringify(each.metadata.critics ?? null),
    })),
  };
}
