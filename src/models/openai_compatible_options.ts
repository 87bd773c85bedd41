/**
 * The options of models behind OpenAI-compatible endpoints.
 *
 * @module
 */

import type { RetryPolicy } from "../operation/combinators.ts";
import type { OptionSchemas } from "../options.ts";
import { SAMPLING_OPTIONS } from "./call_options.ts";
import type { GenerateOptions, ModelCapabilities } from "./generation.ts";
import { PROVIDERS } from "./providers.ts";

/** The options of a call that a model takes as its defaults. */
export type SamplingOptions = Omit<
  GenerateOptions,
  "systemPrompt" | "responseFormat" | "timeoutMs" | "signal"
>;

/** Options of {@linkcode OpenAiCompatibleModel}. */
export interface OpenAiCompatibleOptions extends SamplingOptions {
  /** The provider, for example `"openai"`. */
  provider: string;
  /** The model's name, for example `"gpt-5-mini"`; on Azure, the deployment's. */
  model: string;
  /** The key. @default the provider's environment variable */
  apiKey?: string;
  /** The environment variable that holds the key. @default the provider's own */
  apiKeyEnv?: string;
  /** Where the provider answers. @default the provider's own address, or its environment variable's */
  baseUrl?: string;
  /** Further headers of every request. */
  headers?: Readonly<Record<string, string>>;
  /** The longest a call may take, in milliseconds; in a stream, the wait for a piece. @default 60000, for Ollama 120000 */
  timeoutMs?: number;
  /** The largest answer that is read, in bytes. @default 16777216 */
  maxResponseBytes?: number;
  /**
   * How a call is repeated that failed in a way that may pass. A chain repeats calls by its own policy, so this is for calls
   * made outside of one. @default one attempt
   */
  retry?: Omit<RetryPolicy, "onRetry" | "isRetryable">;
  /** OpenAI's organization. @default OPENAI_ORGANIZATION, then OPENAI_ORG_ID */
  organization?: string;
  /** OpenAI's project. @default OPENAI_PROJECT */
  project?: string;
  /** Which endpoint: chat completions, or the legacy completions for models that know no other. @default "chat" */
  api?: "chat" | "completions";
  /** Azure's `api-version`, for endpoints older than its v1. */
  apiVersion?: string;
  /** Which of the providers behind Hugging Face's router answers, for example `"together"`. */
  inferenceProvider?: string;
  /** Corrects what is assumed of the model. */
  capabilities?: Partial<ModelCapabilities>;
  /** Counts tokens exactly. @default an estimate */
  tokenizer?: (text: string) => number;
}

/** The largest answer that is read where nothing else is said, in bytes. */
export const MAX_RESPONSE_BYTES: number = 16 * 1024 * 1024;

/**
 * What {@linkcode OpenAiCompatibleModel} accepts.
 *
 * @example
 * ```ts
 * import { OPENAI_COMPATIBLE_OPTIONS } from "@sifaka/sifaka/models";
 *
 * console.log(Object.keys(OPENAI_COMPATIBLE_OPTIONS).length > 0); // true
 * ```
 */
export const OPENAI_COMPATIBLE_OPTIONS: OptionSchemas = Object.freeze({
  provider: { description: "The provider.", enum: Object.keys(PROVIDERS) },
  model: { description: "The model's name; on Azure, the deployment's.", type: "string", minLength: 1 },
  apiKey: { description: "The key, unless the provider's environment variable holds it.", type: "string" },
  apiKeyEnv: { description: "The environment variable that holds the key.", type: "string", minLength: 1 },
  baseUrl: { description: "Where the provider answers.", type: "string", minLength: 1 },
  headers: {
    description: "Further headers of every request.",
    type: "object",
    additionalProperties: { type: "string" },
  },
  timeoutMs: {
    description: "The longest a call may take, in milliseconds.",
    type: "number",
    exclusiveMinimum: 0,
    default: 60_000,
  },
  maxResponseBytes: {
    description: "The largest answer that is read, in bytes.",
    type: "integer",
    minimum: 1,
    default: MAX_RESPONSE_BYTES,
  },
  retry: {
    description: "How a call outside of a chain is repeated that failed in a way that may pass.",
    type: "object",
    properties: {
      attempts: { type: "integer", minimum: 1, maximum: 100 },
      baseMs: { type: "number", minimum: 0 },
      maxMs: { type: "number", minimum: 0 },
      jitter: { type: "boolean" },
    },
  },
  organization: { description: "OpenAI's organization.", type: "string", minLength: 1 },
  project: { description: "OpenAI's project.", type: "string", minLength: 1 },
  api: {
    description: "Chat completions, or the legacy completions endpoint.",
    enum: ["chat", "completions"],
    default: "chat",
  },
  apiVersion: {
    description: "Azure's api-version, for endpoints older than its v1.",
    type: "string",
    minLength: 1,
  },
  inferenceProvider: {
    description: "Which of the providers behind Hugging Face's router answers.",
    type: "string",
    minLength: 1,
  },
  capabilities: {
    description: "Corrects what is assumed of the model.",
    type: "object",
    properties: {
      structuredOutput: { type: "boolean" },
      systemRole: { type: "boolean" },
      seed: { type: "boolean" },
      maxContextTokens: { type: "integer", minimum: 1 },
    },
  },
  tokenizer: {
    description: "Counts tokens exactly.",
    codeOnly: true,
    accepts: (value) => typeof value === "function",
    accepted: "a function",
  },
  ...SAMPLING_OPTIONS,
});
