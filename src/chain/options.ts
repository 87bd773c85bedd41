/**
 * What a chain can be told, and the checks on it.
 *
 * @module
 */

import type { Critic } from "../critics/critic.ts";
import type { InWorker } from "../drivers/options.ts";
import type { Model } from "../models/model.ts";
import type { OptionSchema, OptionSchemas } from "../options.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import type { Storage } from "../storage/storage.ts";
import type { PromptBudget } from "../thought/prompt.ts";
import type { Validator } from "../validators/validator.ts";
import type { ChainEvent } from "./events.ts";
import { type Budget, BUDGET_OPTIONS, type ChainBudget } from "./shared_budget.ts";

/** Bounds of time, each in milliseconds; none where left out. */
export interface ChainTimeouts {
  /** One generation, its retries included. */
  generateMs?: number;
  /** One validator. */
  validateMs?: number;
  /** One critic. */
  critiqueMs?: number;
  /** One retriever. */
  retrieveMs?: number;
  /** The whole run; past it the best text so far is returned, with `stopReason: "deadline"`. */
  totalMs?: number;
}

/** How transient failures of a model or retriever are tried again. */
export interface ChainRetry {
  /** How often to try in all; 1 means once. @default 3 */
  attempts?: number;
  /** The longest first wait, in milliseconds. @default 500 */
  baseMs?: number;
  /** The longest wait of our own choice, in milliseconds. @default 30000 */
  maxMs?: number;
  /** Whether waits are drawn at random up to their bound. @default true */
  jitter?: boolean;
}

/** Options of a {@linkcode Chain}. */
export interface ChainOptions {
  /** Writes the texts: a model, or a spec such as `"openai:gpt-6.1-terra"`. */
  model?: Model | string;
  /** The task. */
  prompt?: string;
  /** What the model is, in the system role. */
  systemPrompt?: string;
  /** A text to improve: it stands as the first iteration's text, and the model is first asked for its improvement. */
  input?: string;
  /** Names the chain in its store. @default drawn at random */
  chainId?: string;
  /** Check every text. @default [] */
  validators?: readonly Validator[];
  /** Say how to improve a text. @default [] */
  critics?: readonly Critic[];
  /** Find documents for the model. @default [] */
  modelRetrievers?: readonly Retriever[];
  /** Find documents for the critics. @default [] */
  criticRetrievers?: readonly Retriever[];
  /** Keeps every thought. @default none */
  storage?: Storage;
  /** How many times the text may be written again, 0 to 100. @default 3 */
  maxImprovementIterations?: number;
  /** Whether a text that is not valid is improved. @default true */
  applyImproversOnValidationFailure?: boolean;
  /** Whether critics also see valid texts. @default false */
  alwaysApplyCritics?: boolean;
  /** Whether critics see the last text although nothing follows. @default the value of `alwaysApplyCritics` */
  critiqueFinal?: boolean;
  /** Whether the same text twice ends the run. @default true */
  stopOnNoProgress?: boolean;
  /** Which iteration is returned. @default "best" */
  select?: "best" | "last";
  /** What a validator that breaks means. @default "fail" */
  onValidatorError?: "fail" | "throw" | "pass";
  /** What a critic that breaks means. @default "skip" */
  onCriticError?: "skip" | "throw";
  /** What a retriever that breaks means, unless it is `required`. @default "skip" */
  onRetrieverError?: "skip" | "throw";
  /** What a failed write means. @default "warn" */
  onStorageError?: "warn" | "throw";
  /** What a model that fails after its first complete iteration means. @default "throw" */
  onModelError?: "throw" | "return-best";
  /** What it means that no text was valid in the end. @default "return" */
  onExhausted?: "return" | "throw";
  /** How many validators, critics or retrievers may be under way at once. @default 8 */
  maxConcurrency?: number;
  /** Bounds of time. */
  timeouts?: ChainTimeouts;
  /** How transient failures are tried again. */
  retry?: ChainRetry;
  /** Tried in order when a model has failed after its retries. @default [] */
  fallbackModels?: readonly (Model | string)[];
  /** What each run may consume, or a budget that runs share. @default no bound */
  budget?: ChainBudget | Budget;
  /** Whether models are asked for their texts piece by piece, and `onEvent` is told each (`generation-chunk`). @default false */
  stream?: boolean;
  /** What an improvement prompt may hold. */
  promptBudget?: PromptBudget;
  /** Cancels runs. */
  signal?: AbortSignal;
  /** Told what happens. */
  onEvent?: (event: ChainEvent) => void;
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

/** A storage of one's own may have plain methods, their twins, or operations. */
function isStorage(value: unknown): boolean {
  const { _operations, get, _getAsync, set, _setAsync } = Object(value) as Partial<Storage>;
  return isObject(_operations) ||
    [get ?? _getAsync, set ?? _setAsync].every((method) => typeof method === "function");
}

const component = (description: string, accepted: string) => ({
  description,
  codeOnly: true,
  accepts: Array.isArray,
  accepted,
});
const SIGNAL: OptionSchema = {
  description: "Cancels runs.",
  codeOnly: true,
  accepts: (value) => isObject(value) && typeof (value as AbortSignal).aborted === "boolean",
  accepted: "an AbortSignal",
};
const duration = (description: string) => ({ type: "number" as const, exclusiveMinimum: 0, description });

/** The options of a chain that a configuration file can give under `options:`. */
export const CHAIN_FILE_OPTIONS: OptionSchemas = {
  chainId: { type: "string", minLength: 1, description: "Names the chain in its store." },
  maxImprovementIterations: {
    type: "integer",
    minimum: 0,
    maximum: 100,
    default: 3,
    description: "How many times the text may be written again.",
  },
  applyImproversOnValidationFailure: {
    type: "boolean",
    default: true,
    description: "Whether a text that is not valid is improved.",
  },
  alwaysApplyCritics: {
    type: "boolean",
    default: false,
    description: "Whether critics also see valid texts.",
  },
  critiqueFinal: {
    type: "boolean",
    description: "Whether critics see the last text although nothing follows.",
  },
  stopOnNoProgress: {
    type: "boolean",
    default: true,
    description: "Whether the same text twice ends the run.",
  },
  select: { enum: ["best", "last"], default: "best", description: "Which iteration is returned." },
  onValidatorError: {
    enum: ["fail", "throw", "pass"],
    default: "fail",
    description: "What a validator that breaks means.",
  },
  onCriticError: {
    enum: ["skip", "throw"],
    default: "skip",
    description: "What a critic that breaks means.",
  },
  onRetrieverError: {
    enum: ["skip", "throw"],
    default: "skip",
    description: "What a retriever that breaks means.",
  },
  onStorageError: { enum: ["warn", "throw"], default: "warn", description: "What a failed write means." },
  onModelError: {
    enum: ["throw", "return-best"],
    default: "throw",
    description: "What a model that fails after a complete iteration means.",
  },
  onExhausted: {
    enum: ["return", "throw"],
    default: "return",
    description: "What it means that no text was valid in the end.",
  },
  maxConcurrency: {
    type: "integer",
    minimum: 1,
    default: 8,
    description: "How many validators, critics or retrievers may be under way at once.",
  },
  timeouts: {
    type: "object",
    description: "Bounds of time, in milliseconds.",
    properties: {
      generateMs: duration("One generation, its retries included."),
      validateMs: duration("One validator."),
      critiqueMs: duration("One critic."),
      retrieveMs: duration("One retriever."),
      totalMs: duration("The whole run."),
    },
  },
  retry: {
    type: "object",
    description: "How transient failures are tried again.",
    properties: {
      attempts: { type: "integer", minimum: 1, default: 3, description: "How often to try in all." },
      baseMs: {
        type: "number",
        minimum: 0,
        default: 500,
        description: "The longest first wait, in milliseconds.",
      },
      maxMs: {
        type: "number",
        minimum: 0,
        default: 30_000,
        description: "The longest wait, in milliseconds.",
      },
      jitter: { type: "boolean", default: true, description: "Whether waits are drawn at random." },
    },
  },
  budget: {
    type: "object",
    description: "What a run may consume.",
    properties: BUDGET_OPTIONS,
  },
  promptBudget: {
    type: "object",
    description: "What an improvement prompt may hold.",
    properties: {
      maxTokens: { type: "integer", minimum: 1, description: "The longest prompt, in tokens." },
      maxDocuments: { type: "integer", minimum: 0, default: 5, description: "The most documents." },
      maxIssuesPerSource: {
        type: "integer",
        minimum: 1,
        default: 20,
        description: "The most issues of one source.",
      },
    },
  },
};

/** What one run may change. */
export interface ChainRunOptions {
  /** The task of this run, instead of the chain's. */
  prompt?: string;
  /** What the model is in this run, instead of the chain's. */
  systemPrompt?: string;
  /** The text that this run improves, instead of the chain's. */
  input?: string;
  /** Cancels this run; its reason is thrown. The chain's own signal does so too. */
  signal?: AbortSignal;
  /**
   * Names this run in the chain's storage. A name that is new there begins a run; one that was interrupted or failed goes on,
   * and what it had finished is not called again; a finished one gives its result again and calls nothing.
   */
  runId?: string;
  /** Whether a run may go on although the chain has changed; what still fits of its record is kept. @default false */
  force?: boolean;
  /** JSON values kept with a recorded run for whoever lists it, in its `facts`; no secrets. */
  notes?: Readonly<Record<string, unknown>>;
  /**
   * Whether the asynchronous twin makes remote calls on the I/O worker, as `run` always does, and not on the caller's event loop:
   * many runs at once then have a second processor. With `atOnce` the worker makes no more calls of this thread at once than so many.
   * @default false
   */
  inWorker?: InWorker;
}

/** What a run may change of its chain's texts. */
export type ChainTexts = Pick<ChainRunOptions, "prompt" | "systemPrompt" | "input">;

/** The options of a run. */
export const CHAIN_RUN_OPTIONS: OptionSchemas = {
  prompt: { type: "string", minLength: 1, description: "The task of this run." },
  systemPrompt: { type: "string", minLength: 1, description: "What the model is in this run." },
  input: { type: "string", description: "The text that this run improves." },
  signal: SIGNAL,
  runId: { type: "string", minLength: 1, description: "Names this run in the chain's storage." },
  force: { type: "boolean", default: false, description: "Whether a changed chain may go on with the run." },
  notes: { type: "object", additionalProperties: true, description: "Kept with a recorded run." },
  inWorker: {
    default: false,
    description: "Whether the asynchronous twin makes remote calls on the I/O worker.",
    anyOf: [
      { type: "boolean" },
      {
        type: "object",
        properties: { atOnce: { type: "integer", minimum: 1, description: "The most calls at once." } },
        required: ["atOnce"],
      },
    ],
  },
};

/** All options of a chain. */
export const CHAIN_OPTIONS: OptionSchemas = {
  model: {
    description: "Writes the texts.",
    codeOnly: true,
    accepts: (value) => isObject(value) || (typeof value === "string" && value.trim() !== ""),
    accepted: 'a model or a spec such as "openai:gpt-6.1-terra"',
  },
  prompt: { type: "string", minLength: 1, description: "The task." },
  systemPrompt: { type: "string", minLength: 1, description: "What the model is, in the system role." },
  input: { type: "string", description: "A text to improve." },
  validators: component("Check every text.", "an array of validators"),
  critics: component("Say how to improve a text.", "an array of critics"),
  modelRetrievers: component("Find documents for the model.", "an array of retrievers"),
  criticRetrievers: component("Find documents for the critics.", "an array of retrievers"),
  storage: {
    description: "Keeps every thought.",
    codeOnly: true,
    accepts: isStorage,
    accepted: "a storage, with methods get and set",
  },
  fallbackModels: component("Tried in order when a model has failed.", "an array of models or specs"),
  stream: {
    type: "boolean",
    default: false,
    description: "Whether texts are asked for piece by piece, and each piece is told.",
  },
  signal: SIGNAL,
  onEvent: {
    description: "Told what happens.",
    codeOnly: true,
    accepts: (value) => typeof value === "function",
    accepted: "a function",
  },
  ...CHAIN_FILE_OPTIONS,
};
