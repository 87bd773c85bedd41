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
import type { Usage } from "../thought/usage.ts";
import { CriticCalls } from "./budget.ts";
import { asksForChange } from "./policy.ts";
import { askedByCritic, criticDocuments } from "./retrieve.ts";
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
  const memories = settings.critics.map(({ name }): CriticMemory => ({ value: rememberedBy(thought, name) }));
  const questions = settings.critics.map((critic, index) =>
    ask(run, thought, critic, documents, memories[index]!)
  );
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
  return withMemories(criticised, settings.critics, memories);
}

function rememberedBy({ metadata }: Thought, name: string): JsonValue | undefined {
  const kept = metadata.critics;
  if (typeof kept !== "object" || kept === null || Array.isArray(kept) || !Object.hasOwn(kept, name)) {
    return undefined;
  }
  return (kept as Readonly<Record<string, JsonValue>>)[name];
}

/** Keeps what the critics remember in their order, not in that in which they finished. */
function withMemories(
  thought: Thought,
  critics: readonly Named<Critic>[],
  memories: readonly CriticMemory[],
): Thought {
  const kept = critics.flatMap(({ name }, index): [string, JsonValue][] => {
    const { value } = memories[index]!;
    return value === undefined ? [] : [[name, value]];
  });
  return kept.length === 0 ? thought : thought.withMetadata({ critics: Object.fromEntries(kept) });
}

function* ask(
  run: Run,
  thought: Thought,
  { name, component }: Named<Critic>,
  documents: readonly Document[],
  memory: CriticMemory,
): Operation<CriticFeedback> {
  const { ledger, settings } = run;
  const calls = new CriticCalls(run, name);
  const timeoutMs = settings.timeouts.critiqueMs;
  let usage: Usage | undefined;
  let feedback: CriticFeedback;
  try {
    const context: CriticContext = {
      timeoutMs,
      documents,
      memory,
      criticName: name,
      calls,
      warn: (code, message) => warn(run, code, message, name),
      ...(settings.criticRetrievers.length === 0 ? {} : {
        retrieve: (query) => askedByCritic(run, thought, query),
      }),
    };
    feedback = yield* critiqueSafely(component, thought, context);
    usage = usageOf(feedback);
    yield* calls.settle(usage);
  } finally {
    // Cancelled at the end of the run's time, its calls were made all the same.
    ledger.addUsage(usage ?? calls.usage);
  }
  ledger.addCall(name, feedback.durationMs ?? 0, feedback.error !== undefined);
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

function usageOf({ usage, modelCalls }: CriticFeedback): Usage | undefined {
  return usage ?? (modelCalls > 0 ? { modelCalls } : undefined);
}

function* handleBroken(run: Run, name: string, error: { code: string; message: string }): Operation<void> {
  const message = `${name} could not examine the text: ${error.message}`;
  // A run ends in order when its budget is spent.
  const overBudget = error.code === "budget" && run.ledger.cutShort;
  if (run.settings.onCriticError === "throw" && !overBudget) {
    throw new CriticError(message, { code: error.code, component: name, operation: "critique" });
  }
  yield* warn(run, "critic_failed", message);
}
