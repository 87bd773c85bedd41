/**
 * The Self-Refine loop on its own, without a chain: feedback and revision in turn.
 *
 * @module
 */

import { CriticError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import type { CriticFeedback } from "../thought/critic_feedback.ts";
import type { Thought } from "../thought/thought.ts";
import { sumUsage, type Usage } from "../thought/usage.ts";
import { sameWords } from "./clean_revision.ts";
import type { CriticSession } from "./session.ts";

/** One version of the text. */
export interface RefinedVersion {
  /** The version as a thought, with the ones before it in its history. */
  readonly thought: Thought;
  /** What was said about it; `undefined` for a last version that nothing was said about. */
  readonly feedback: CriticFeedback | undefined;
}

/**
 * Why a refinement ended. `stop`: the feedback says another round would not help. `passed`: the score was reached.
 * `no-change`: the revision is the same text. `max-iterations` and `budget`: no rounds or calls are left.
 * `unusable-revision`: the model gave no text.
 */
export type RefineStop = "stop" | "passed" | "no-change" | "max-iterations" | "budget" | "unusable-revision";

/** What a refinement gave. */
export interface RefineResult {
  /** The best version. */
  readonly text: string;
  /** The best version as a thought. */
  readonly thought: Thought;
  /** The score of the best version, 0 to 1, when it has one. */
  readonly score: number | undefined;
  /** Every version, oldest first; the first is the text that was given. */
  readonly versions: readonly RefinedVersion[];
  /** Why it ended. */
  readonly stopReason: RefineStop;
  /** What all calls consumed. */
  readonly usage: Usage;
}

/** What the loop needs of the critic. */
export interface RefineSteps {
  /** Gives feedback. */
  readonly examine: (session: CriticSession) => Operation<CriticFeedback>;
  /** Writes the next version. */
  readonly revise: (session: CriticSession, feedback: CriticFeedback) => Operation<string>;
  /** From this score on the text is good enough. */
  readonly passScore: number;
  /** The most rounds. */
  readonly maxIterations: number;
}

/**
 * Refines a text.
 *
 * @param first The session about the text to begin with.
 * @param steps What the critic does in each round.
 * @returns An operation of the best version and all others.
 */
export function* refineLoop(first: CriticSession, steps: RefineSteps): Operation<RefineResult> {
  const versions: RefinedVersion[] = [];
  const usages: Usage[] = [];
  let session = first;
  let stopReason: RefineStop | undefined;
  for (let round = 0; stopReason === undefined; round++) {
    if (round === steps.maxIterations || session.callsLeft < 1) {
      versions.push({ thought: session.thought, feedback: undefined });
      stopReason = round === steps.maxIterations ? "max-iterations" : "budget";
      break;
    }
    const feedback = yield* steps.examine(session);
    const thought = session.thought.addCriticFeedback(feedback);
    versions.push({ thought, feedback });
    stopReason = stopFor(feedback, steps.passScore) ?? (session.callsLeft < 1 ? "budget" : undefined);
    const revised = stopReason === undefined ? yield* tryToRevise(session, feedback, steps) : undefined;
    usages.push(session.calls.usage);
    if (stopReason !== undefined) break;
    if (revised === undefined) stopReason = "unusable-revision";
    else if (sameWords(revised, session.text)) stopReason = "no-change";
    else session = session.about(nextVersion(thought, first.thought, revised));
  }
  const best = bestVersion(versions);
  return {
    text: best.thought.text!,
    thought: best.thought,
    score: best.feedback?.score,
    versions,
    stopReason: stopReason ?? "max-iterations",
    usage: sumUsage(usages),
  };
}

function stopFor(feedback: CriticFeedback, passScore: number): RefineStop | undefined {
  if (feedback.metadata.stop === true) return "stop";
  if (feedback.score !== undefined && feedback.score >= passScore) return "passed";
  return feedback.needsImprovement === false ? "stop" : undefined;
}

function* tryToRevise(
  session: CriticSession,
  feedback: CriticFeedback,
  steps: RefineSteps,
): Operation<string | undefined> {
  try {
    return yield* steps.revise(session, feedback);
  } catch (error) {
    // What has been refined so far is worth more than the failure to go on.
    if (error instanceof CriticError && error.code === "unusable_revision") return undefined;
    throw error;
  }
}

/** Ids and times are derived from the first version: nothing random enters a refinement. */
function nextVersion(thought: Thought, first: Thought, text: string): Thought {
  const number = thought.iteration - first.iteration + 1;
  return thought
    .nextIteration({ id: `${first.id}.${number}`, timestamp: first.timestamp, keepPreContext: true })
    .withText(text);
}

/**
 * The best version: the highest score, the later of equals. A last version without a score is a revision of the one before: it
 * is the best if that one was, and otherwise not, since a score that dropped says that the rounds went astray. Where nothing
 * has a score, the last is the best.
 */
function bestVersion(versions: readonly RefinedVersion[]): RefinedVersion {
  const last = versions.at(-1)!;
  let best: RefinedVersion | undefined;
  for (const version of versions) {
    const score = version.feedback?.score;
    if (score !== undefined && score >= (best?.feedback?.score ?? 0)) best = version;
  }
  if (best === undefined) return last;
  return last.feedback === undefined && best === versions.at(-2) ? last : best;
}
