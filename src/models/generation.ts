/**
 * What a call to a model takes and gives.
 *
 * @module
 */

import type { Message } from "../thought/message.ts";
import type { Usage } from "../thought/usage.ts";
import type { RateFacts } from "./limits/rate_headers.ts";

/** What to generate from: one user message, or a whole conversation. */
export type Prompt = string | readonly Message[];

/** Options of one call. An option that the model does not support is an error, never dropped. */
export interface GenerateOptions {
  /** Randomness, 0 to 2. */
  temperature?: number;
  /** The longest answer, in tokens, at least 1. */
  maxTokens?: number;
  /** Nucleus sampling, above 0 up to 1. */
  topP?: number;
  /** Only the k likeliest tokens, at least 1. */
  topK?: number;
  /** Texts that end the answer. */
  stop?: readonly string[];
  /** Asks for the same answer to the same question. */
  seed?: number;
  /** Above 0 discourages what has been said already; −2 to 2. */
  presencePenalty?: number;
  /** Above 0 discourages what has been said often; −2 to 2. */
  frequencyPenalty?: number;
  /** Goes into the system role, before the prompt. */
  systemPrompt?: string;
  /** Asks for JSON that follows a JSON Schema, by the provider's own means. */
  responseFormat?: { readonly type: "json"; readonly schema: Readonly<Record<string, unknown>> };
  /** The longest one call may take, in milliseconds; in a stream, the longest wait for a piece. @default 60000 */
  timeoutMs?: number;
  /** Passed to the provider untouched. */
  extra?: Readonly<Record<string, unknown>>;
  /** Asks the model anew where an answer to the same call is kept; see `cached`. Others pass it over. @default false */
  fresh?: boolean;
  /** Cancels the call. Inside a chain the chain's own signal does that. */
  signal?: AbortSignal;
}

/** What a model answered. */
export interface Generation {
  /** The text. */
  readonly text: string;
  /** Why it ended. */
  readonly finishReason: "stop" | "length" | "filter" | "other";
  /** What it consumed. */
  readonly usage?: Omit<Usage, "modelCalls">;
  /** The model that the provider says answered. */
  readonly model: string;
  /** What the provider said of its limits. */
  readonly rateLimits?: RateFacts;
  /** The provider's own answer, for those who need more. */
  readonly raw?: unknown;
}

/** What a model can do. */
export interface ModelCapabilities {
  /** Whether `responseFormat` is supported. */
  readonly structuredOutput: boolean;
  /** Whether it knows a system role. */
  readonly systemRole: boolean;
  /** Whether it honours `seed`. */
  readonly seed: boolean;
  /** The largest context, in tokens. */
  readonly maxContextTokens?: number;
}

/** A number of tokens, and whether it is known or estimated. */
export interface TokenCount {
  /** How many. */
  readonly tokens: number;
  /** Whether a tokenizer counted them; an estimate otherwise. */
  readonly exact: boolean;
}
