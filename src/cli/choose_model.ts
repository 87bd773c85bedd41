/**
 * Which model writes, where none is named.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { findBaseUrl } from "../models/endpoint.ts";
import { PROVIDERS } from "../models/providers.ts";
import { readEnvironment } from "../runtime/env.ts";
import { probe } from "../runtime/probe.ts";
import type { CommandContext } from "./command.ts";

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

/** What is left where there is no language model: it improves a text and writes none. */
export const EDITOR = "editor";
/** What one does to have a language model. */
export const MODEL_ADVICE =
  "Set a provider's key (`sifaka models` lists their names), start Ollama, or name a model by -m.";
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
  return { spec: EDITOR, reason: `${keys}, and ${reason}` };
}

/**
 * Takes the model that writes where none is named, and says which and why.
 *
 * @param context The command's.
 * @param hasText Whether there is a text to improve.
 * @returns The model, as `provider:name`.
 * @throws {ConfigurationError} When only the editor is left, and there is no text that it could edit.
 */
export async function takeModel({ log, signal }: CommandContext, hasText: boolean): Promise<string> {
  const { spec, reason } = await chooseModel(signal);
  if (spec === EDITOR && !hasText) {
    throw new ConfigurationError(`There is no language model to write with: ${reason}`, {
      code: "no_model",
      suggestions: [
        MODEL_ADVICE,
        "The built-in editor writes nothing of its own, but improves a text: give one by -i FILE or `input:`.",
      ],
    });
  }
  log.notice(`model: ${spec}, as ${reason}`);
  return spec;
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
