/**
 * When critics are applied, when a run stops, and which of its texts is the best: pure functions of what happened.
 *
 * @module
 */

import type { CriticFeedback } from "../thought/critic_feedback.ts";
import type { Thought } from "../thought/thought.ts";
import type { ValidationResult } from "../thought/validation_result.ts";

/**
 * Why a run stopped. `passed`: all validators passed and no critic was asked. `satisfied`: they passed and no critic asks for
 * change. `max-iterations`: all improvements are used. `critics-disabled`: the text is not valid and nothing may act on it.
 * `critics-failed`: the text is valid and every critic failed. `budget`: a budget is spent. `no-progress`: the model
 * gave the same text again. `deadline`: the run's time is over. `model-failed`: no model answered and the best text so far is
 * returned.
 */
export type StopReason =
  | "passed"
  | "satisfied"
  | "max-iterations"
  | "critics-disabled"
  | "critics-failed"
  | "budget"
  | "no-progress"
  | "deadline"
  | "model-failed";

/** What the policy needs to know of a chain. */
export interface PolicySettings {
  /** The critics; only their number counts. */
  readonly critics: readonly unknown[];
  /** How many improvements are allowed. */
  readonly maxImprovementIterations: number;
  /** Whether a text that is not valid may be improved. */
  readonly applyImproversOnValidationFailure: boolean;
  /** Whether critics also see valid texts. */
  readonly alwaysApplyCritics: boolean;
  /** Whether critics see the last text although nothing follows. */
  readonly critiqueFinal: boolean;
  /** Whether the same text twice ends the run. */
  readonly stopOnNoProgress: boolean;
}

/**
 * Tells whether critics are to be asked about a text.
 *
 * @param settings The chain's.
 * @param state What is known of the text.
 * @returns Whether to ask them.
 */
export function criticsApply(
  settings: PolicySettings,
  state: { readonly valid: boolean; readonly iteration: number },
): boolean {
  if (settings.critics.length === 0) return false;
  if (!settings.alwaysApplyCritics && (state.valid || !settings.applyImproversOnValidationFailure)) {
    return false;
  }
  return state.iteration < settings.maxImprovementIterations || settings.critiqueFinal;
}

/**
 * Tells whether a run stops after an iteration.
 *
 * @param settings The chain's.
 * @param thought The iteration, validated, and criticised when critics were asked.
 * @param criticised Whether critics were asked.
 * @returns Why it stops, or `undefined` when it goes on.
 */
export function stopAfter(
  settings: PolicySettings,
  thought: Thought,
  criticised: boolean,
): StopReason | undefined {
  const valid = passes(thought);
  if (criticised) {
    const answered = thought.criticFeedback.filter((feedback) => feedback.error === undefined);
    if (valid && answered.length === 0) return "critics-failed";
    if (valid && !answered.some(asksForChange)) return "satisfied";
  } else if (valid) return "passed";
  else if (!mayAct(settings)) return "critics-disabled";
  if (settings.stopOnNoProgress && repeatsItsParent(thought)) return "no-progress";
  return thought.iteration >= settings.maxImprovementIterations ? "max-iterations" : undefined;
}

/** Whether anything may improve a text that is not valid. */
function mayAct({ applyImproversOnValidationFailure, alwaysApplyCritics, critics }: PolicySettings): boolean {
  return applyImproversOnValidationFailure || (alwaysApplyCritics && critics.length > 0);
}

/** Whether feedback is a verdict that the text must change. */
export function asksForChange(feedback: CriticFeedback): boolean {
  return feedback.error === undefined && feedback.needsImprovement === true;
}

/** Whether every validator passed; true where there are none. */
export function passes(thought: Thought): boolean {
  for (const name in thought.validationResults) {
    if (!thought.validationResults[name]!.passed) return false;
  }
  return true;
}

function repeatsItsParent(thought: Thought): boolean {
  const parent = thought.revision?.text;
  return parent !== undefined && thought.text !== undefined && sameWords(parent, thought.text);
}

function sameWords(a: string, b: string): boolean {
  return a === b || a.trim().replace(/\s+/g, " ") === b.trim().replace(/\s+/g, " ");
}

/**
 * Picks the best iteration: the fewest validators failed, then the higher mean validator score, then the higher mean critic
 * score, then the latest.
 *
 * @param iterations Complete iterations, oldest first; at least one.
 * @returns The best.
 */
export function bestOf(iterations: readonly Thought[]): Thought {
  return iterations.reduce((best, thought) => compare(thought, best) >= 0 ? thought : best);
}

function compare(a: Thought, b: Thought): number {
  if (a === b) return 0;
  return failures(b) - failures(a) || difference(meanValidation(a), meanValidation(b)) ||
    difference(meanCriticism(a), meanCriticism(b));
}

/** A score that is not known is neither better nor worse than another. */
function difference(a: number | undefined, b: number | undefined): number {
  return a === undefined || b === undefined ? 0 : a - b;
}

function failures(thought: Thought): number {
  return Object.values(thought.validationResults).filter((result) => !result.passed).length;
}

function meanValidation(thought: Thought): number | undefined {
  return mean(Object.values(thought.validationResults).map(scoreOf));
}

function scoreOf(result: ValidationResult): number | undefined {
  return result.score ?? (result.passed ? 1 : result.error ? 0 : undefined);
}

function meanCriticism(thought: Thought): number | undefined {
  return mean(
    thought.criticFeedback.filter((feedback) => feedback.error === undefined).map(({ score }) => score),
  );
}

function mean(scores: readonly (number | undefined)[]): number | undefined {
  const known = scores.filter((score) => score !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, score) => sum + score, 0) / known.length;
}
