/**
 * The criticism step: all critics side by side, their feedback in configuration order, their memory kept in the thought.
 *
 * @module
 */

import type { Critic, CriticContext, CriticMemory } from "../critics/critic.ts";
import { critiqueSafely } from "../critics/critique_safely.ts";
import { CriticError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { all } from "../operation/combinators.ts";
import { now, type Operation } from "../operation/operation.ts";
import type { CriticFeedback } from "../thought/critic_feedback.ts";
import type { Document } from "../thought/document.ts";
import type { Thought } from "../thought/thought.ts";
import { asksForChange } from "./policy.ts";
import { criticDocuments } from "./retrieve.ts";
import { type Run, tell, warn } from "./run_state.ts";
import type { Named } from "./settings.ts";

/**
 * Asks all critics about a thought.
 *
 * @param run The run.
 * @param thought The thought, validated.
 * @returns An operation of the thought with all feedback and what the critics remember.
 * @throws {CriticError} When a critic breaks and `onCriticError` is `"throw"`.
 */
export function* criticise(run: Run, thought: Thought): Operation<Thought> {
  const { settings, ledger } = run;
  const documents = settings.criticRetrievers.length > 0 ? yield* criticDocuments(run, thought) : [];
  const startedMs = yield* now();
  const memories = rememberedBy(thought);
  const questions = settings.critics.map((critic) => ask(run, thought, critic, documents, memories));
  const feedback = yield* all(questions, { name: "critique", concurrency: settings.maxConcurrency });
  const durationMs = (yield* now()) - startedMs;
  ledger.addStep("criticism", durationMs);
  const criticised = thought.withCriticFeedback(feedback);
  if (settings.observed) {
    const asking = feedback.filter(asksForChange).length;
    yield* tell(run, {
      type: "criticised",
      runId: run.runId,
      iteration: thought.iteration,
      asking,
      durationMs,
    });
  }
  return Object.keys(memories).length === 0 ? criticised : criticised.withMetadata({ critics: memories });
}

type Memories = Record<string, JsonValue>;

function rememberedBy(thought: Thought): Memories {
  const kept = thought.metadata.critics;
  return Object.assign(Object.create(null), kept) as Memories;
}

function* ask(
  run: Run,
  thought: Thought,
  { name, component }: Named<Critic>,
  documents: readonly Document[],
  memories: Memories,
): Operation<CriticFeedback> {
  const memory: CriticMemory = { value: memories[name] };
  const { critiqueMs } = run.settings.timeouts;
  const context: CriticContext = { timeoutMs: critiqueMs, documents, memory, criticName: name };
  const feedback = yield* critiqueSafely(component, thought, context);
  if (memory.value !== undefined) memories[name] = memory.value;
  run.ledger.addCall(name, feedback.durationMs ?? 0, feedback.error !== undefined);
  run.ledger.addUsage(feedback.usage);
  if (run.settings.observed) {
    yield* tell(run, {
      type: "critic-finished",
      runId: run.runId,
      iteration: thought.iteration,
      name,
      feedback,
    });
  }
  if (feedback.error !== undefined) yield* handleBroken(run, name, feedback.error);
  return feedback;
}

function* handleBroken(run: Run, name: string, error: { code: string; message: string }): Operation<void> {
  const message = `${name} could not examine the text: ${error.message}`;
  if (run.settings.onCriticError === "throw") {
    throw new CriticError(message, { code: error.code, component: name, operation: "critique" });
  }
  yield* warn(run, "critic_failed", message);
}
