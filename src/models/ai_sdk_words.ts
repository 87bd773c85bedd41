/**
 * Puts calls into the words of the Vercel AI SDK, and its answers and errors into Sifaka's.
 *
 * @module
 */

import { ModelApiError } from "../errors.ts";
import { estimateTokens } from "../text/token_estimate.ts";
import type { Message } from "../thought/message.ts";
import type { AiSdkAnswer, AiSdkRequest, AiSdkUsage, AiSdkWarning } from "./ai_sdk.ts";
import { unsupportedOptions } from "./call_options.ts";
import type { GenerateOptions, Generation } from "./generation.ts";
import { type CallSubject, refusalError } from "./http_errors.ts";
import { scrub, scrubJson } from "./scrub.ts";

/** A model, as errors name it. */
export interface AiSdkSubject {
  /** Its provider. */
  readonly provider: string;
  /** Its name. */
  readonly modelId: string;
}

/** The names that the SDK has for options of a call, where they differ. */
const NAMES: Readonly<Record<string, keyof GenerateOptions>> = {
  maxOutputTokens: "maxTokens",
  stopSequences: "stop",
};

/** Puts a call into the SDK's words; `extra` goes to the provider as its options. */
export function callOptions(
  messages: readonly Message[],
  options: GenerateOptions,
): Record<string, unknown> {
  const all: Record<string, unknown> = {
    prompt: messages.map(({ role, content }) => ({
      role,
      content: role === "system" ? content : [{ type: "text", text: content }],
    })),
    maxOutputTokens: options.maxTokens,
    temperature: options.temperature,
    topP: options.topP,
    topK: options.topK,
    presencePenalty: options.presencePenalty,
    frequencyPenalty: options.frequencyPenalty,
    seed: options.seed,
    stopSequences: options.stop && [...options.stop],
    responseFormat: options.responseFormat,
    providerOptions: options.extra,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Reads an answer, or what is known at the end of a stream. */
export function readAnswer(
  subject: AiSdkSubject,
  answer: AiSdkAnswer,
  { text, secrets }: { readonly text: string; readonly secrets: readonly string[] },
): Generation {
  const { finishReason } = answer;
  const reason = typeof finishReason === "object" ? finishReason?.unified : finishReason;
  const usage = readUsage(answer.usage ?? {});
  const body = answer.response?.body;
  return {
    text,
    finishReason: reason === "stop" || reason === "length"
      ? reason
      : reason === "content-filter"
      ? "filter"
      : "other",
    ...(usage === undefined ? {} : { usage }),
    model: answer.response?.modelId ?? subject.modelId,
    ...(body === undefined ? {} : { raw: scrubJson(secrets, body) }),
  };
}

/** The text of an answer: that of all its text parts. */
export function textOf(answer: AiSdkAnswer): string {
  const texts = (answer.content ?? []).filter((part) => part.type === "text");
  return texts.map((part) => String(part.text ?? "")).join("");
}

/** What a call consumed; `undefined` where nothing is known. */
export function readUsage({ inputTokens, outputTokens, cachedInputTokens }: AiSdkUsage): Generation["usage"] {
  const input = typeof inputTokens === "object"
    ? inputTokens
    : { total: inputTokens, cacheRead: cachedInputTokens };
  const completionTokens = typeof outputTokens === "object" ? outputTokens?.total : outputTokens;
  const { total: promptTokens, cacheRead, cacheWrite } = input ?? {};
  if (typeof promptTokens !== "number" && typeof completionTokens !== "number") return undefined;
  return {
    promptTokens: promptTokens ?? undefined,
    completionTokens: completionTokens ?? undefined,
    ...(cacheRead ? { cacheReadTokens: cacheRead } : {}),
    ...(cacheWrite ? { cacheWriteTokens: cacheWrite } : {}),
  };
}

/**
 * Refuses an answer for which options were dropped: what was not asked for in that way must not pass for it.
 *
 * @throws {ConfigurationError} With code `unsupported_option`, naming them.
 */
export function refuseDropped(subject: AiSdkSubject, warnings: readonly AiSdkWarning[] | undefined): void {
  const dropped = (warnings ?? [])
    .filter(({ type }) => type === "unsupported" || type === "unsupported-setting")
    .map(({ feature, setting }) => feature ?? setting ?? "")
    .filter((name) => name !== "")
    .map((name) => NAMES[name] ?? name);
  if (dropped.length > 0) throw unsupportedOptions(`${subject.provider}:${subject.modelId}`, dropped);
}

/** What is read of an error of the SDK. */
interface AiSdkError {
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  readonly isRetryable?: boolean;
  readonly url?: string;
}

/** Finds out what a failure means. */
export function explainError(
  subject: AiSdkSubject,
  { options, secrets }: AiSdkRequest,
  error: unknown,
  nowMs: number,
): unknown {
  if (!(error instanceof Error) && (typeof error !== "object" || error === null)) {
    return failed(subject, String(error), {});
  }
  const { statusCode, responseHeaders, responseBody, isRetryable, url } = error as AiSdkError;
  const message = error instanceof Error ? error.message : JSON.stringify(error);
  const called: CallSubject = {
    provider: subject.provider,
    model: subject.modelId,
    baseUrl: url ?? "",
    keyVariables: [],
    secrets,
  };
  const sent = JSON.stringify(options.prompt ?? "");
  const refusal = {
    headers: new Headers({ ...responseHeaders }),
    sizes: { requestCharacters: sent.length, estimatedPromptTokens: estimateTokens(sent) },
    nowMs,
  };
  if (statusCode !== undefined && statusCode >= 400) {
    return refusalError(called, { ...refusal, status: statusCode, body: responseBody || message });
  }
  // What a stream tells of in its middle is the provider's own object.
  if (!(error instanceof Error)) {
    return refusalError(called, { ...refusal, status: undefined, body: message });
  }
  return failed(subject, scrub(secrets, message), {
    // An answer that began well and could not be read, or that never came: either may pass.
    ...(statusCode === undefined ? {} : { code: "bad_response" }),
    retryable: isRetryable === true || statusCode !== undefined || isLostConnection(error),
    status: statusCode,
  });
}

/** Runtimes tell of a lost connection by a TypeError, which the SDK does not know on each of them. */
function isLostConnection(error: unknown): boolean {
  return error instanceof TypeError && /\b(request|fetch|network|connect)/i.test(error.message);
}

/** The error for a call that failed without a refusal by the provider. */
export function failed(
  { provider, modelId }: AiSdkSubject,
  reason: string,
  options: { readonly code?: string; readonly retryable?: boolean; readonly status?: number },
): ModelApiError {
  const { code = options.retryable ? "network" : "ai_sdk", retryable = false, status } = options;
  return new ModelApiError(`${provider}:${modelId} could not answer: ${reason}`, {
    code,
    component: modelId,
    operation: "generate",
    provider,
    retryable,
    status,
  });
}
