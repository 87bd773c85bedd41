/**
 * The options that every critic with a model has.
 *
 * @module
 */

import { createModel } from "../models/create_model.ts";
import type { Model } from "../models/model.ts";
import { DEFAULT_RETRY } from "../operation/combinators.ts";
import { optionError, type OptionSchema, type OptionSchemas } from "../options.ts";
import { type CriticMemoryStore, MEMORY_STORE_SCHEMA } from "./shared_memory.ts";

/** How transient failures of a model are tried again. */
export interface CriticRetry {
  /** How often to try in all; 1 means no second try. @default 3 */
  readonly attempts?: number;
  /** The longest first wait, in milliseconds; it doubles with each attempt. @default 500 */
  readonly baseMs?: number;
  /** The longest wait of our own choice, in milliseconds. @default 30000 */
  readonly maxMs?: number;
  /** Whether to draw each wait between 0 and its bound. @default true */
  readonly jitter?: boolean;
}

/** What a critic may spend on one critique, improvement or refinement. */
export interface CriticBudget {
  /** The most model calls, repairs and retries included; at least 1. @default no bound */
  readonly maxModelCalls?: number;
}

/**
 * Prompts of one's own instead of the built-in ones. They may use `{prompt}` (the task), `{text}` (the draft, required),
 * `{context}` (documents), `{critique}` (earlier feedback) and `{role}` (the system prompt); `{{` and `}}` are literal braces.
 */
export interface CriticTemplates {
  /** Asks for the critique. The form of the answer is added to it. */
  readonly critique?: string;
  /** Asks for the improved text. */
  readonly improve?: string;
}

/** The options that every critic with a model has. */
export interface CommonCriticOptions {
  /** Who examines the text: a model, or a spec such as `"openai:gpt-6.1-terra"`. */
  readonly model: Model | string;
  /** What feedback and memory are filed under. @default the class's name */
  readonly name?: string;
  /** Randomness, 0 to 2. @default the critic's own */
  readonly temperature?: number;
  /** The longest answer, in tokens. @default the model's own */
  readonly maxTokens?: number;
  /** The role, in the system role of every call. @default the critic's own */
  readonly systemPrompt?: string;
  /** Prompts of one's own. @default the built-in ones */
  readonly templates?: CriticTemplates;
  /** The most reference documents in a prompt. @default 5 */
  readonly maxContextDocuments?: number;
  /** How often to ask again when an answer cannot be read. @default 1 */
  readonly maxRepairs?: number;
  /** The longest one critique or improvement may take, in milliseconds. @default no bound */
  readonly timeoutMs?: number;
  /** How many calls of one critique may be in flight. @default 4 */
  readonly modelCallConcurrency?: number;
  /** What it may spend. @default no bound */
  readonly budget?: CriticBudget;
  /** How transient failures are tried again. */
  readonly retry?: CriticRetry;
  /** Shares what the critic remembers across runs, by a key. @default it remembers within a run alone */
  readonly memoryStore?: CriticMemoryStore;
}

/** One template. */
export const TEMPLATE_SCHEMA: OptionSchema = Object.freeze({ type: "string", minLength: 1 });

/** From which score on something is good enough. */
export function passScoreSchema(
  defaultScore: number,
  description: string = "From this score on the text is good enough.",
): OptionSchema {
  return { description, type: "number", minimum: 0, maximum: 1, default: defaultScore };
}

/** The templates of a critic that asks several questions, of which none could do without the others' form. */
export const IMPROVE_TEMPLATE: OptionSchema = Object.freeze<OptionSchema>({
  description: "A prompt of one's own for the improved text; {text} is required.",
  type: "object",
  properties: { improve: { ...TEMPLATE_SCHEMA, description: "Asks for the improved text." } },
});

/** A model, or a spec. */
export const MODEL_SCHEMA: OptionSchema = Object.freeze<OptionSchema>({
  anyOf: [{ type: "string", minLength: 1 }, { codeOnly: true, accepts: isModel, accepted: "a model" }],
});

/** A retriever, which only code can give; in a configuration, a chain's critic retrievers take its place. */
export const RETRIEVER_SCHEMA: OptionSchema = Object.freeze<OptionSchema>({
  codeOnly: true,
  accepts: (value) => {
    const retriever = Object(value) as Record<string, unknown>;
    return ["retrieve", "_retrieveAsync", "_retrieveOperation"].some((method) =>
      typeof retriever[method] === "function"
    );
  },
  accepted: "a retriever",
});

/**
 * What all critics with a model accept.
 *
 * @example
 * ```ts
 * import { COMMON_CRITIC_OPTIONS } from "@sifaka/sifaka/critics";
 *
 * console.log(Object.keys(COMMON_CRITIC_OPTIONS).length > 0); // true
 * ```
 */
export const COMMON_CRITIC_OPTIONS: OptionSchemas = Object.freeze({
  model: {
    ...MODEL_SCHEMA,
    description: "Who examines the text: a model, or a spec such as openai:gpt-6.1-terra.",
  },
  name: { description: "What feedback and memory are filed under.", type: "string", minLength: 1 },
  temperature: { description: "Randomness.", type: "number", minimum: 0, maximum: 2 },
  maxTokens: { description: "The longest answer, in tokens.", type: "integer", minimum: 1 },
  systemPrompt: { description: "The role, in the system role of every call.", type: "string", minLength: 1 },
  templates: {
    description: "Prompts of one's own; {text} is required in each.",
    type: "object",
    properties: {
      critique: { ...TEMPLATE_SCHEMA, description: "Asks for the critique." },
      improve: { ...TEMPLATE_SCHEMA, description: "Asks for the improved text." },
    },
  },
  maxContextDocuments: {
    description: "The most reference documents in a prompt.",
    type: "integer",
    minimum: 0,
    maximum: 100,
    default: 5,
  },
  maxRepairs: {
    description: "How often to ask again when an answer cannot be read.",
    type: "integer",
    minimum: 0,
    maximum: 10,
    default: 1,
  },
  timeoutMs: {
    description: "The longest one critique may take, in milliseconds.",
    type: "integer",
    minimum: 1,
  },
  modelCallConcurrency: {
    description: "How many calls of one critique may be in flight.",
    type: "integer",
    minimum: 1,
    maximum: 256,
    default: 4,
  },
  budget: {
    description: "What one critique may spend.",
    type: "object",
    properties: { maxModelCalls: { description: "The most model calls.", type: "integer", minimum: 1 } },
  },
  memoryStore: {
    ...MEMORY_STORE_SCHEMA,
    description: "Shares what the critic remembers across runs, by a key.",
  },
  retry: {
    description: "How transient failures are tried again.",
    type: "object",
    properties: {
      attempts: { type: "integer", minimum: 1, maximum: 20, default: DEFAULT_RETRY.attempts },
      baseMs: { type: "number", minimum: 0, default: DEFAULT_RETRY.baseMs },
      maxMs: { type: "number", minimum: 0, default: DEFAULT_RETRY.maxMs },
      jitter: { type: "boolean", default: DEFAULT_RETRY.jitter },
    },
  },
});

/** What the options come to. */
export interface CriticSettings {
  /** Who is asked. */
  readonly model: Model;
  /** Randomness. */
  readonly temperature: number;
  /** Whether the user chose it; the critic's own is left out where a model refuses the option. */
  readonly isTemperatureChosen: boolean;
  /** The longest answer, in tokens. */
  readonly maxTokens: number | undefined;
  /** The role. */
  readonly systemPrompt: string;
  /** The most reference documents. */
  readonly maxContextDocuments: number;
  /** The most repairs of one call. */
  readonly maxRepairs: number;
  /** The longest one critique may take. */
  readonly timeoutMs: number | undefined;
  /** Calls in flight. */
  readonly modelCallConcurrency: number;
  /** The most calls; Infinity for no bound. */
  readonly maxModelCalls: number;
  /** How transient failures are tried again. */
  readonly retry: Required<CriticRetry>;
  /** What is shared across runs. */
  readonly memoryStore: CriticMemoryStore | undefined;
}

/**
 * Settles checked options.
 *
 * @param component The critic, as an error names it.
 * @param options Options that `checkOptions` has passed.
 * @param defaults The critic's own temperature and role.
 * @returns The settings, frozen.
 * @throws {ConfigurationError} When there is no model, or its spec is wrong.
 */
export function settleOptions(
  component: string,
  options: CommonCriticOptions,
  defaults: { readonly temperature: number; readonly systemPrompt: string },
): CriticSettings {
  if (options.model === undefined) {
    throw optionError(component, [{
      path: ["model"],
      message: 'model is required: give a model, or a spec such as "openai:gpt-6.1-terra"',
    }]);
  }
  return Object.freeze({
    model: settleModel(options.model),
    temperature: options.temperature ?? defaults.temperature,
    isTemperatureChosen: options.temperature !== undefined,
    maxTokens: options.maxTokens,
    systemPrompt: options.systemPrompt ?? defaults.systemPrompt,
    maxContextDocuments: options.maxContextDocuments ?? 5,
    maxRepairs: options.maxRepairs ?? 1,
    timeoutMs: options.timeoutMs,
    modelCallConcurrency: options.modelCallConcurrency ?? 4,
    memoryStore: options.memoryStore,
    maxModelCalls: options.budget?.maxModelCalls ?? Infinity,
    retry: Object.freeze({
      attempts: options.retry?.attempts ?? DEFAULT_RETRY.attempts,
      baseMs: options.retry?.baseMs ?? DEFAULT_RETRY.baseMs,
      maxMs: options.retry?.maxMs ?? DEFAULT_RETRY.maxMs,
      jitter: options.retry?.jitter ?? DEFAULT_RETRY.jitter,
    }),
  });
}

/** Makes a model of a spec; a model is one already. */
export function settleModel(model: Model | string): Model {
  return typeof model === "string" ? createModel(model) : model;
}

function isModel(value: unknown): boolean {
  const model = Object(value) as Record<string, unknown>;
  return ["generate", "_generateAsync", "_generateOperation"].some((method) =>
    typeof model[method] === "function"
  );
}
