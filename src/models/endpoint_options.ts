/**
 * The options that all models behind a provider's endpoint share.
 *
 * @module
 */

import type { RetryPolicy } from "../operation/combinators.ts";
import type { OptionSchemas } from "../options.ts";
import { CAPABILITIES_OPTION, SAMPLING_OPTIONS } from "./call_options.ts";
import { CALL_TIMEOUTS_OPTION, type CallTimeouts } from "./call_timeouts.ts";
import type { GenerateOptions, ModelCapabilities } from "./generation.ts";
import { LIMITS_OPTION, type ProviderLimits, type ProviderLimitsOptions } from "./limits/provider_limits.ts";
import { type ModelPrice, PRICE_OPTION } from "./price.ts";

/** The options of a call that a model takes as its defaults. */
export type SamplingOptions = Omit<
  GenerateOptions,
  "systemPrompt" | "responseFormat" | "timeoutMs" | "signal" | "fresh"
>;

/** What all models behind a provider's endpoint take. */
export interface EndpointOptions extends SamplingOptions {
  /** The model's name, for example `"gpt-6.1-terra"`; on Azure, the deployment's. */
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
  /** Bounds of parts of a call; with one of them, every call is made as a stream, whose parts can be seen. @default none */
  timeouts?: CallTimeouts;
  /** How much may be asked of the provider at once and in a minute. @default limits of this model's own, which learn */
  limits?: ProviderLimits | ProviderLimitsOptions;
  /** The largest answer that is read, in bytes. @default 16777216 */
  maxResponseBytes?: number;
  /**
   * How a call is repeated that failed in a way that may pass. A chain repeats calls by its own policy, so this is for calls
   * made outside of one. @default one attempt
   */
  retry?: Omit<RetryPolicy, "onRetry" | "isRetryable">;
  /** Corrects what is assumed of the model. */
  capabilities?: Partial<ModelCapabilities>;
  /** What its tokens cost. @default the list price, where it is known and the provider is called at its own address */
  price?: ModelPrice;
  /** Counts tokens exactly. @default an estimate */
  tokenizer?: (text: string) => number;
}

/** The largest answer that is read where nothing else is said, in bytes. */
export const MAX_RESPONSE_BYTES: number = 16 * 1024 * 1024;

/** What all models behind a provider's endpoint accept. */
export const ENDPOINT_OPTIONS: OptionSchemas = Object.freeze({
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
  timeouts: CALL_TIMEOUTS_OPTION,
  limits: LIMITS_OPTION,
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
  capabilities: CAPABILITIES_OPTION,
  price: PRICE_OPTION,
  tokenizer: {
    description: "Counts tokens exactly.",
    codeOnly: true,
    accepts: (value) => typeof value === "function",
    accepted: "a function",
  },
  ...SAMPLING_OPTIONS,
});
