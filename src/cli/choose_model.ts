/**
 * Which model writes, where none is named.
 *
 * @module
 */

import { findBaseUrl } from "../models/endpoint.ts";
import { PROVIDERS } from "../models/providers.ts";
import { readEnvironment } from "../runtime/env.ts";
import { probe } from "../runtime/probe.ts";

/** A model, and why it was taken. */
export interface ModelChoice {
  /** The model, as `provider:name`. */
  readonly spec: string;
  /** Why, as the end of a sentence. */
  readonly reason: string;
}

/** The model of each provider that is taken where only its key is known. */
const DEFAULT_MODELS: Readonly<Record<string, string>> = {
  openai: "gpt-6.1-terra",
  anthropic: "claude-sonnet-5-5",
  gemini: "gemini-flash-latest",
  huggingface: "meta-llama/Llama-3.3-70B-Instruct",
  openrouter: "openrouter/auto",
  mistral: "mistral-small-latest",
  groq: "openai/gpt-oss-120b",
  deepseek: "deepseek-v4-flash",
  xai: "grok-4.3",
};

const PROBE_MS = 1_000;

/**
 * Takes the first provider whose key is set, then a local Ollama that answers, then the editor.
 *
 * @param signal Ends the looking early.
 * @returns The model and why.
 */
export async function chooseModel(signal: AbortSignal): Promise<ModelChoice> {
  const denied: string[] = [];
  for (const [id, name] of Object.entries(DEFAULT_MODELS)) {
    for (const variable of PROVIDERS[id]!.keyVariables) {
      const reading = readEnvironment(variable);
      if (reading.state === "set" && reading.value.trim() !== "") {
        return { spec: `${id}:${name}`, reason: `${variable} is set` };
      }
      if (reading.state === "denied") denied.push(variable);
    }
  }
  const keys = denied.length > 0 ? "no key may be read or is set" : "no provider's key is set";
  const { model, reason } = await askOllama(signal);
  if (model !== undefined) return { spec: `ollama:${model}`, reason: `${keys}, and ${reason}` };
  return { spec: "editor", reason: `${keys}, and ${reason}` };
}

async function askOllama(signal: AbortSignal): Promise<{ model?: string; reason: string }> {
  const baseUrl = findBaseUrl(PROVIDERS.ollama!, "the Ollama model", undefined);
  const { host } = new URL(baseUrl);
  const answer = await probe(`${baseUrl}/models`, { timeoutMs: PROBE_MS, signal });
  if (answer.state === "denied") return { reason: `Deno may not look for Ollama at ${host}` };
  if (answer.state === "silent") return { reason: `no Ollama answers at ${host}` };
  const { data } = Object(answer.body) as { data?: readonly { id?: unknown }[] };
  const model = Array.isArray(data)
    ? data.map((entry) => entry?.id).find((id) => typeof id === "string")
    : undefined;
  if (typeof model !== "string") return { reason: `the Ollama at ${host} has no model yet` };
  return { model, reason: `Ollama answers at ${host}` };
}
