/**
 * The generation step: asks the model, tries again what may pass, and turns to the fallback models.
 *
 * @module
 */

import { ConfigurationError, ModelApiError, ModelError, TimeoutError } from "../errors.ts";
import { generateForThought } from "../models/generate.ts";
import type { Generation, Message, Model } from "../models/model.ts";
import { retry, timeout } from "../operation/combinators.ts";
import { now, type Operation } from "../operation/operation.ts";
import { buildPrompt, promptText } from "../thought/prompt.ts";
import type { Thought } from "../thought/thought.ts";
import type { Usage } from "../thought/usage.ts";
import { type Run, tell } from "./run_state.ts";

/** A model as `provider:name`, or its name alone. */
export function modelId({ provider, name }: Model): string {
  return provider === undefined || provider === name ? name : `${provider}:${name}`;
}

/**
 * Gives a thought its text.
 *
 * @param run The run.
 * @param thought The thought, without a text.
 * @param given A text that stands for the model's, if there is one.
 * @returns An operation of the thought with its text, the prompt that was sent and what it consumed.
 * @throws {ModelError} When no model answers; it carries the last complete thought.
 */
export function* generate(run: Run, thought: Thought, given: string | undefined): Operation<Thought> {
  const { runId, settings, ledger } = run;
  const { iteration } = thought;
  if (given !== undefined) {
    yield* tell(run, { type: "generated", runId, iteration, text: given, model: "input", durationMs: 0 });
    return thought.withText(given);
  }
  const startedMs = yield* now();
  if (settings.observed) {
    yield* tell(run, { type: "generation-started", runId, iteration, model: modelId(settings.models[0]!) });
  }
  const messages = buildPrompt(thought, settings.promptBudget);
  const { generation, usage, model } = yield* askModels(run, thought, messages);
  const durationMs = (yield* now()) - startedMs;
  ledger.addStep("generation", durationMs);
  ledger.addCall(modelId(model), durationMs, false);
  ledger.addUsage(usage);
  if (settings.observed) {
    yield* tell(run, {
      type: "generated",
      runId,
      iteration,
      text: generation.text,
      model: modelId(model),
      usage,
      durationMs,
    });
  }
  return thought.withGeneratedText(generation.text, promptText(messages), {
    model: generation.model,
    finishReason: generation.finishReason,
    usage,
    durationMs,
  });
}

interface Answer {
  readonly generation: Generation;
  readonly usage: Usage;
  readonly model: Model;
}

function* askModels(run: Run, thought: Thought, messages: readonly Message[]): Operation<Answer> {
  const { models, timeouts: { generateMs } } = run.settings;
  let calls = 0;
  let failure: unknown;
  for (const model of models) {
    const asked = retry(
      {
        ...run.settings.retry,
        onRetry: (error, attempt, waitMs) => tellRetry(run, thought, error, attempt, waitMs),
      },
      () => {
        calls++;
        return generateForThought(model, thought, messages);
      },
    );
    try {
      const generation = yield* generateMs === undefined
        ? asked
        : timeout(generateMs, asked, "The generation");
      return { generation, usage: usageOf(calls, generation), model };
    } catch (error) {
      if (!isFailureOfModel(error)) throw error;
      run.ledger.addCall(modelId(model), 0, true);
      failure = error;
    }
  }
  run.ledger.addUsage({ modelCalls: calls, callsWithoutUsage: calls });
  throw withThought(failure, run.ledger.iterations.at(-1), models.at(-1)!);
}

/** Failed attempts are calls whose consumption nobody told. */
function usageOf(calls: number, { usage }: Generation): Usage {
  const untold = usage === undefined ? calls : calls - 1;
  return { modelCalls: calls, ...(untold > 0 && { callsWithoutUsage: untold }), ...usage };
}

function* tellRetry(
  run: Run,
  { iteration }: Thought,
  error: unknown,
  attempt: number,
  waitMs: number,
): Operation<void> {
  const message = error instanceof Error ? error.message : String(error);
  yield* tell(run, { type: "retry", runId: run.runId, iteration, attempt, waitMs, message });
}

/** A wrong configuration is wrong for every model and must not be hidden behind another one's answer. */
function isFailureOfModel(error: unknown): boolean {
  return !(error instanceof ConfigurationError);
}

/** The same error, with its class and facts, and the last complete thought in it. */
function withThought(error: unknown, thought: Thought | undefined, model: Model): ModelError {
  const facts = { step: "generate", ...(thought === undefined ? {} : { thought }) };
  if (error instanceof ModelApiError) {
    const { code, status, retryable, retryAfterMs, provider, requestId, component, suggestions, metadata } =
      error;
    const known = {
      code,
      status,
      retryable,
      retryAfterMs,
      provider,
      requestId,
      component,
      suggestions,
      metadata,
    };
    return new ModelApiError(error.message, { ...known, ...facts, operation: "generate", cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new ModelError(`${modelId(model)} could not answer: ${reason}`, {
    code: error instanceof TimeoutError ? "timeout" : "model_failed",
    operation: "generate",
    ...facts,
    cause: error,
  });
}
