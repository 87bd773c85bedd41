/**
 * The reward of Reflexion: whether an attempt succeeded, how well it did, and why.
 *
 * @module
 */

import { CriticError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import { show } from "../options.ts";
import type { Thought } from "../thought/thought.ts";
import { checkLine, failedChecks } from "./critique_prompt.ts";

/** What an evaluator says of an attempt. */
export interface ReflexionReward {
  /** Whether it succeeded. @default whether `score` reaches the critic's `passScore` */
  readonly passed?: boolean;
  /** How well it did, 0 to 1. */
  readonly score?: number;
  /** Why, a sentence each. */
  readonly reasons?: readonly string[];
}

/** An evaluator of one's own: whether the attempt succeeded, or its score from 0 to 1, or both with reasons. */
export type ReflexionEvaluator = (
  thought: Thought,
) => boolean | number | ReflexionReward | Operation<boolean | number | ReflexionReward>;

/** A reward in which everything is settled. */
export interface SettledReward {
  /** Who gave it. */
  readonly by: "validators" | "llm" | "function";
  /** Whether the attempt succeeded; `undefined` when that could not be told. */
  readonly passed: boolean | undefined;
  /** How well it did, 0 to 1. */
  readonly score: number | undefined;
  /** Why. */
  readonly reasons: readonly string[];
}

/**
 * Takes the validators' results for the reward.
 *
 * @param thought The attempt.
 * @returns The reward: passed when all did, with the mean of the scores (1 or 0 where a result has none). Where none failed and
 * one broke, that cannot be told. `undefined` when no validator judged the text.
 */
export function rewardOfValidators(thought: Thought): SettledReward | undefined {
  const all = Object.values(thought.validationResults);
  const judged = all.filter((result) => result.error === undefined);
  if (judged.length === 0) return undefined;
  const failed = failedChecks(thought);
  const broken = all.filter((result) => result.error !== undefined);
  const scores = judged.map((result) => result.score ?? (result.passed ? 1 : 0));
  return {
    by: "validators",
    passed: failed.length > 0 ? false : broken.length > 0 ? undefined : true,
    score: scores.reduce((sum, score) => sum + score, 0) / scores.length,
    reasons: failed.length > 0
      ? failed.map(checkLine)
      : broken.map(({ validator }) => `${validator} could not check it`),
  };
}

/**
 * Asks an evaluator of one's own.
 *
 * @param name The critic, for errors.
 * @param evaluator The function.
 * @param thought The attempt.
 * @param passScore From this score on it succeeded.
 * @returns An operation of the reward.
 * @throws {CriticError} With code `bad_reward` when the function gives something else.
 */
export function* rewardOfFunction(
  name: string,
  evaluator: ReflexionEvaluator,
  thought: Thought,
  passScore: number,
): Operation<SettledReward> {
  const given = evaluator(thought);
  const value = isOperation(given) ? yield* given : given;
  const reward: ReflexionReward = typeof value === "boolean"
    ? { passed: value }
    : typeof value === "number"
    ? { score: value }
    : Object(value) as ReflexionReward;
  const { passed, score, reasons = [] } = reward;
  const isScore = score === undefined || (typeof score === "number" && score >= 0 && score <= 1);
  if (!isScore || (passed === undefined && score === undefined) || !Array.isArray(reasons)) {
    throw new CriticError(
      `${name} cannot use the reward as the evaluator must give a boolean, a score from 0 to 1, or both: it gave ${
        show(value)
      }`,
      {
        code: "bad_reward",
        component: name,
        suggestions: ["An evaluator that waits is a generator function: write `yield*`, not `await`."],
      },
    );
  }
  return { by: "function", passed: passed ?? score! >= passScore, score, reasons: reasons.map(String) };
}

function isOperation<T>(value: T | Operation<T>): value is Operation<T> {
  return typeof (Object(value) as { next?: unknown }).next === "function";
}

/** The reward in words, for the prompt of the reflection. */
export function rewardText(reward: SettledReward): string {
  const score = reward.score === undefined
    ? ""
    : ` Its score is ${reward.score.toFixed(2)} on a scale from 0 to 1.`;
  const reasons = reward.reasons.map((reason) => reason.startsWith("- ") ? reason : `- ${reason}`);
  return `The attempt ${reward.passed ? "succeeded" : "failed"}.${score}${
    reasons.length === 0 ? "" : `\nWhy:\n${reasons.join("\n")}`
  }`;
}
