/**
 * What crosses to the modules that call providers' endpoints, and back.
 *
 * @module
 */

import type { Generation } from "./generation.ts";
import type { CallSubject } from "./http_errors.ts";

/** One request, as it crosses to the worker. */
export interface EndpointRequest extends CallSubject {
  /** The key; left out where none is sent. */
  readonly apiKey: string | undefined;
  /** How the key travels. */
  readonly auth: "bearer" | "api-key";
  /** Further headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Further query parameters. */
  readonly query: Readonly<Record<string, string>>;
  /** OpenAI's organization. */
  readonly organization: string | undefined;
  /** OpenAI's project. */
  readonly project: string | undefined;
  /** The largest answer that is read, in bytes. */
  readonly maxResponseBytes: number;
}

/** A request for a text. */
export interface CompletionRequest extends EndpointRequest {
  /** Which endpoint. */
  readonly api: "chat" | "completions";
  /** The body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * What a stream of {@linkcode streamCompletion} hands on: that the provider has begun to answer, pieces of the text, and what is
 * known at its end.
 */
export type CompletionChunk =
  | { readonly type: "open" }
  | { readonly type: "piece"; readonly text: string }
  | { readonly type: "end"; readonly generation: Generation };
