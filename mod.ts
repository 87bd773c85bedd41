/**
 * Language models write text that is almost right. Sifaka makes it right: a {@linkcode Chain} generates a text, validators
 * check it, critics say how to improve it, and the model writes the next iteration, until the text is valid or the budget is
 * spent.
 *
 * Every method is synchronous and still does its waiting side by side; code on an event loop calls the `_…Async` twins.
 *
 * @example
 * ```ts
 * import { Chain } from "@sifaka/sifaka";
 * import { ReflexionCritic } from "@sifaka/sifaka/critics";
 * import { MockModel } from "@sifaka/sifaka/models";
 * import { LengthValidator } from "@sifaka/sifaka/validators";
 *
 * const model = new MockModel({ responses: ["Too short.", "{}", "Now it is long enough to pass the check."] });
 * const chain = new Chain({ model, prompt: "Write a story about AI", maxImprovementIterations: 2 });
 * chain.validateWith(new LengthValidator({ minLength: 20, maxLength: 500 }));
 * chain.improveWith(new ReflexionCritic({ model, maxRepairs: 0 }));
 *
 * const result = chain.run(); // no await
 * console.log(result.text); // "Now it is long enough to pass the check."
 * ```
 *
 * @module
 */

export { Chain } from "./src/chain/chain.ts";
export { Component } from "./src/component.ts";
export type {
  ChainEvent,
  CriticFinishedEvent,
  CriticisedEvent,
  GeneratedEvent,
  GenerationChunkEvent,
  GenerationStartedEvent,
  IterationFacts,
  RetrievedEvent,
  RetryEvent,
  RunFacts,
  RunFinishedEvent,
  RunStartedEvent,
  StoredEvent,
  ValidatedEvent,
  ValidatorFinishedEvent,
  WarningEvent,
} from "./src/chain/events.ts";
export type { ComponentPerformance, PerformanceSummary, RunWarning, StepName } from "./src/chain/ledger.ts";
export { Budget, BUDGET_OPTIONS, type BudgetUse, type ChainBudget } from "./src/chain/shared_budget.ts";
export type { ChainOptions, ChainRetry, ChainRunOptions, ChainTimeouts } from "./src/chain/options.ts";
export type { StopReason } from "./src/chain/policy.ts";
export type { RunResult } from "./src/chain/run.ts";
export type { CallLedger } from "./src/critics/call_ledger.ts";
export {
  type CallEstimate,
  type Critic,
  type CriticContext,
  type CriticMemory,
  OperationCritic,
} from "./src/critics/critic.ts";
export {
  type CritiqueFunction,
  defineCritic,
  type DefinedCritic,
  type PartialFeedback,
} from "./src/critics/define_critic.ts";
export { iterateAsync, runAsync } from "./src/drivers/async.ts";
export type { EffectRecord, JournalOptions, RecordLog } from "./src/drivers/effect_record.ts";
export type { InWorker, RunOptions } from "./src/drivers/options.ts";
export { iterateSync, runSync } from "./src/drivers/sync.ts";
export {
  ChainError,
  ChainExhaustedError,
  ClassifierError,
  ConfigurationError,
  CriticError,
  formatError,
  ModelApiError,
  type ModelApiErrorOptions,
  ModelError,
  RetrieverError,
  SifakaError,
  type SifakaErrorOptions,
  StorageError,
  type ThoughtErrorOptions,
  TimeoutError,
  ValidatorError,
  WorkerLostError,
} from "./src/errors.ts";
export type { JsonValue } from "./src/json.ts";
export { type DefinedAnswer, type DefinedModel, defineModel } from "./src/models/define_model.ts";
export {
  type GenerateOptions,
  type Generation,
  type Message,
  type Model,
  type ModelCapabilities,
  OperationModel,
  type Prompt,
  type TokenCount,
  type Usage,
} from "./src/models/model.ts";
export { handChunks } from "./src/operation/chunks.ts";
export {
  all,
  allSettled,
  DEFAULT_RETRY,
  type JoinOptions,
  limit,
  named,
  type OperationValue,
  type OperationValues,
  race,
  retry,
  type RetryPolicy,
  timeout,
} from "./src/operation/combinators.ts";
export type * from "./src/operation/effects.ts";
export {
  emit,
  host,
  now,
  type Operation,
  produce,
  random,
  randomId,
  remote,
  type RemoteStream,
  remoteStream,
  sleep,
} from "./src/operation/operation.ts";
export type { Outcome } from "./src/operation/outcome.ts";
export { Semaphore } from "./src/operation/semaphore.ts";
export type { OptionProblem, OptionSchema, OptionSchemas, OptionType } from "./src/options.ts";
export {
  type DefinedResults,
  type DefinedRetriever,
  defineRetriever,
  type DefineRetrieverOptions,
} from "./src/retrievers/define_retriever.ts";
export { OperationRetriever, type RetrieveOptions, type Retriever } from "./src/retrievers/retriever.ts";
export {
  type ClearOptions,
  type KeysOptions,
  OperationStorage,
  type SearchHit,
  type SearchOptions,
  type SetOptions,
  type Storage,
  type StorageCallOptions,
  type StorageOperations,
} from "./src/storage/storage.ts";
export {
  CriticFeedback,
  type CriticFeedbackInit,
  type FeedbackItem,
  type FeedbackLabel,
  type FeedbackParse,
  type Severity,
} from "./src/thought/critic_feedback.ts";
export { Document, type DocumentInit } from "./src/thought/document.ts";
export type { Failure } from "./src/thought/failure.ts";
export type { JsonObject } from "./src/thought/frozen.ts";
export type { FinishReason, GenerationInfo } from "./src/thought/generation_info.ts";
export {
  buildPrompt,
  buildRevisionPrompt,
  type PromptBudget,
  type PromptOptions,
  promptText,
} from "./src/thought/prompt.ts";
export { referenceTo, type ThoughtReference } from "./src/thought/reference.ts";
export type { Revision } from "./src/thought/revision.ts";
export {
  type NextIterationOptions,
  Thought,
  type ThoughtInit,
  type ValidationResults,
} from "./src/thought/thought.ts";
export { sumUsage } from "./src/thought/usage.ts";
export {
  type ResultLabel,
  ValidationResult,
  type ValidationResultInit,
} from "./src/thought/validation_result.ts";
export { defineValidator, type ValidateFunction, type Verdict } from "./src/validators/define_validator.ts";
export { OperationValidator, type Validator, type ValidatorContext } from "./src/validators/validator.ts";
