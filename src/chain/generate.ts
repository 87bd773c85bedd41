/**
 * The generation step: asks the model, tries again what may pass, and turns to the fallback models.
 *
 * @module
 */

import {
  ChainError,
  ConfigurationError,
  ModelApiError,
  ModelError,
  SifakaError,
  TimeoutError,
} from "../errors.ts";
import { generateForThought, streamForThought } from "../models/generate.ts";
import type { GenerateOptions, Generation, Message, Model } from "../models/model.ts";
import { retry, timeout } from "../operation/combinators.ts";
import { now, type Operation } from "../operation/operation.ts";
import { buildPrompt, promptText } from "../thought/prompt.ts";
import type { Thought } from "../thought/thought.ts";
import type { Usage } from "../thought/usage.ts";
import { budgetSpent, isSpent, takeCall, takeUsage } from "./budget.ts";
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
  const messages = promptOf(run, thought);
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

/** The conversation to send; where it cannot be built, the error carries what the run had finished. */
function promptOf({ settings, ledger }: Run, thought: Thought): Message[] {
  try {
    return buildPrompt(thought, settings.promptBudget);
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    const { code, step, metadata, suggestions } = error;
    const last = ledger.iterations.at(-1);
    throw new ChainError(error.message, { code, step, metadata, suggestions, thought: last, cause: error });
  }
}

interface Answer {
  readonly generation: Generation;
  readonly usage: Usage;
  readonly model: Model;
}

function* askModels(run: Run, thought: Thought, messages: readonly Message[]): Operation<Answer> {
  const { models } = run.settings;
  const attempts: Attempts = { made: 0 };
  let failure: unknown;
  let answered = false;
  try {
    for (const model of models) {
      if (attempts.made > 0 && (yield* isCutShort(run))) break;
      try {
        const generation = yield* askOne({ run, thought, messages, model, attempts });
        answered = true;
        return { generation, usage: usageOf(attempts.made, generation), model };
      } catch (error) {
        if (!isFailureOfModel(error) || attempts.made === 0) throw error;
        run.ledger.addCall(modelId(model), 0, true);
        failure = withThought(error, run.ledger.iterations.at(-1), model);
      }
    }
  } finally {
    // Failed, or cancelled at the end of the run's time: the calls were made all the same.
    if (!answered) run.ledger.addUsage({ modelCalls: attempts.made, callsWithoutUsage: attempts.made });
  }
  throw failure;
}

/** The model calls that one text has taken so far. */
interface Attempts {
  made: number;
}

/** What one model is asked. */
interface Question {
  readonly run: Run;
  readonly thought: Thought;
  readonly messages: readonly Message[];
  readonly model: Model;
  readonly attempts: Attempts;
}

function askOne(question: Question): Operation<Generation> {
  const { run, thought, model } = question;
  const { retry: policy, timeouts: { generateMs } } = run.settings;
  const asked = retry(
    {
      ...policy,
      isRetryable: (error) => isTransient(error) && !run.ledger.cutShort,
      onRetry: (error, attempt, waitMs) => tellRetry(run, thought, error, attempt, waitMs),
    },
    (attempt) => attempt < policy.attempts ? askWithinBudget(question, attempt) : askOnce(question, attempt),
  );
  return generateMs === undefined ? asked : timeout(generateMs, asked, `A generation by ${modelId(model)}`);
}

/** An attempt after which there are others, unless the budget is spent. */
function* askWithinBudget(question: Question, attempt: number): Operation<Generation> {
  try {
    return yield* askOnce(question, attempt);
  } catch (error) {
    if (isTransient(error)) yield* isCutShort(question.run);
    throw error;
  }
}

function* askOnce(question: Question, attempt: number): Operation<Generation> {
  const { run, thought, messages, model, attempts } = question;
  const options: GenerateOptions = attempt > 1 ? { fresh: true } : {};
  // Others may have spent what is shared since it was looked at last.
  if (!(yield* takeCall(run))) throw budgetSpent(run);
  attempts.made++;
  const generation = yield* run.settings.stream
    ? streamForThought(model, thought, messages, options, (text) => tellChunk(question, text))
    : generateForThought(model, thought, messages, options);
  yield* takeUsage(run, generation.usage);
  return generation;
}

function* tellChunk({ run, thought, attempts }: Question, text: string): Operation<void> {
  const { iteration } = thought;
  yield* tell(run, { type: "generation-chunk", runId: run.runId, iteration, attempt: attempts.made, text });
}

/** Whether no call is left for another attempt, which the ledger remembers. */
function* isCutShort(run: Run): Operation<boolean> {
  const spent = yield* isSpent(run, 1);
  if (spent) run.ledger.cutShort = true;
  return spent;
}

function isTransient(error: unknown): boolean {
  return (error as { retryable?: unknown } | null)?.retryable === true;
}

/** Failed attempts are calls whose consumption nobody told. */
function usageOf(calls: number, { usage }: Generation): Usage {
  const untold = usage === undefined ? calls : calls - 1;
  if (untold === 0) return { modelCalls: calls, ...usage };
  // The price of a part must not be read as the price of the whole.
  const { costUsd: _, ...tokens } = usage ?? {};
  return { modelCalls: calls, ...tokens, callsWithoutUsage: untold };
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
  const facts = { operation: "generate", step: "generate", thought, cause: error };
  if (error instanceof ModelApiError) {
    const { code, component, suggestions, metadata, status, retryable, retryAfterMs, provider, requestId } =
      error;
    const api = { status, retryable, retryAfterMs, provider, requestId };
    return new ModelApiError(error.message, { code, component, suggestions, metadata, ...api, ...facts });
  }
  if (error instanceof SifakaError && !(error instanceof TimeoutError)) {
    const { code, component, suggestions, metadata } = error;
    return new ModelError(error.message, { code, component, suggestions, metadata, ...facts });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new ModelError(`${modelId(model)} could not answer: ${reason}`, {
    code: error instanceof TimeoutError ? "timeout" : "model_failed",
    component: model.name,
    ...facts,
  });
}
