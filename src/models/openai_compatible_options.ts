/**
 * The options of models behind OpenAI-compatible endpoints.
 *
 * @module
 */

import type { OptionSchemas } from "../options.ts";
import { ENDPOINT_OPTIONS, type EndpointOptions } from "./endpoint_options.ts";
import { PROVIDERS } from "./providers.ts";

/** Options of {@linkcode OpenAiCompatibleModel}. */
export interface OpenAiCompatibleOptions extends EndpointOptions {
  /** The provider, for example `"openai"`. */
  provider: string;
  /** OpenAI's organization. @default OPENAI_ORGANIZATION, then OPENAI_ORG_ID */
  organization?: string;
  /** OpenAI's project. @default OPENAI_PROJECT */
  project?: string;
  /** Which endpoint: chat completions, or the legacy completions for models that know no other. @default "chat" */
  api?: "chat" | "completions";
  /** Azure's `api-version`, for endpoints older than its v1; requests then go to the deployment's own address. */
  apiVersion?: string;
  /** Which of the providers behind Hugging Face's router answers, for example `"together"`. */
  inferenceProvider?: string;
}

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
  provider: {
    description: "The provider.",
    enum: Object.values(PROVIDERS).filter(({ dialect }) => dialect === "openai").map(({ id }) => id),
  },
  ...ENDPOINT_OPTIONS,
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
});
