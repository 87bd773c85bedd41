/**
 * Reads what a server answered in OpenAI's protocol. A server may send anything: what is not of the type that the protocol
 * names is left out, and never handed on.
 *
 * @module
 */

import type { Generation } from "./generation.ts";

/** What an answer says, or one chunk of a streamed answer. */
export interface AnswerPart {
  /** The text; empty where it says none. */
  readonly text: string;
  /** Why the model refuses to answer; empty where it does not. */
  readonly refusal: string;
  /** Why the text ends here; `undefined` where it goes on, or nobody says. */
  readonly finish: string | undefined;
  /** The model that answered. */
  readonly model: string | undefined;
  /** What it consumed. */
  readonly usage: Generation["usage"];
}

/** What was said before the first chunk of a stream. */
export const NOTHING_SAID: AnswerPart = Object.freeze({
  text: "",
  refusal: "",
  finish: undefined,
  model: undefined,
  usage: undefined,
});

/**
 * Adds a chunk to what a stream has said so far.
 *
 * @param said What it has said.
 * @param chunk What it says now.
 * @returns Both.
 */
export function joined(said: AnswerPart, chunk: AnswerPart): AnswerPart {
  return {
    text: said.text + chunk.text,
    refusal: said.refusal + chunk.refusal,
    finish: chunk.finish ?? said.finish,
    model: chunk.model ?? said.model,
    usage: chunk.usage ?? said.usage,
  };
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a whole answer, or a chunk of a streamed one.
 *
 * @param answer What the server sent, parsed.
 * @returns What it says; `undefined` when it is no object.
 */
export function readChunk(answer: unknown): AnswerPart | undefined {
  if (!isFields(answer)) return undefined;
  const choice = firstOf(answer.choices) ?? {};
  const said = fieldsOf(choice.delta ?? choice.message);
  return {
    text: textOf(said.content ?? choice.text),
    refusal: stringOf(said.refusal) ?? "",
    finish: stringOf(choice.finish_reason),
    model: stringOf(answer.model),
    usage: usageOf(fieldsOf(answer.usage)),
  };
}

/**
 * Reads a whole answer.
 *
 * @param answer What the server sent, parsed.
 * @returns What it says; `undefined` when it is no completion.
 */
export function readCompletion(answer: unknown): AnswerPart | undefined {
  return isFields(answer) && firstOf(answer.choices) ? readChunk(answer) : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function firstOf(choices: unknown): Fields | undefined {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isFields(first) ? first : undefined;
}

/** A text that says something; some servers send an empty one for none. */
function stringOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The text of a content, which some servers give as a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: unknown) => typeof part === "string" ? part : stringOf(fieldsOf(part).text) ?? "")
    .join("");
}

/** What it consumed; OpenRouter adds what that cost, in US dollars. */
function usageOf(usage: Fields): Generation["usage"] {
  const promptTokens = countOf(usage.prompt_tokens);
  const completionTokens = countOf(usage.completion_tokens);
  if (promptTokens === undefined && completionTokens === undefined) return undefined;
  const { cached_tokens: cached } = fieldsOf(usage.prompt_tokens_details);
  // The second one is DeepSeek's name for it.
  const cacheReadTokens = countOf(cached) ?? countOf(usage.prompt_cache_hit_tokens) ?? 0;
  const cost = Number.isFinite(usage.cost) && (usage.cost as number) >= 0 ? usage.cost as number : undefined;
  return {
    promptTokens,
    completionTokens,
    ...(cacheReadTokens > 0 ? { cacheReadTokens } : {}),
    ...(cost === undefined ? {} : { costUsd: cost }),
  };
}

function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}
