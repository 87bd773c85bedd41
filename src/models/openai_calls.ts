/**
 * Calls an OpenAI-compatible endpoint through OpenAI's SDK. Reached by URL alone, so that the SDK is loaded with the first
 * call and not with Sifaka; under `runSync` it runs in the I/O worker.
 *
 * @module
 */

import OpenAI from "openai";
import type { RemoteContext } from "../operation/effects.ts";
import { boundedFetch, type Seen } from "../runtime/bounded_fetch.ts";
import { hidingEnvironment } from "../runtime/without_environment.ts";
import type { CompletionChunk, CompletionRequest, EndpointRequest } from "./endpoint_request.ts";
import type { Generation } from "./generation.ts";
import { answerError } from "./http_errors.ts";
import { brokenOff, explainFailure, LONGEST_TIMEOUT_MS, unreadable, unseen } from "./sdk_failures.ts";

/** The part of an answer, or of a piece of one, that is read. */
interface Answer {
  readonly model?: string;
  readonly choices?: readonly Choice[];
  readonly usage?: AnswerUsage | null;
}

interface AnswerUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null } | null;
  /** DeepSeek's name for it. */
  readonly prompt_cache_hit_tokens?: number;
  /** OpenRouter says what the call cost, in US dollars. */
  readonly cost?: number | null;
}

interface Choice {
  readonly message?: { readonly content?: unknown; readonly refusal?: string | null };
  readonly delta?: { readonly content?: unknown };
  readonly text?: unknown;
  readonly finish_reason?: string | null;
}

/**
 * Asks for a text.
 *
 * @param request What to ask, and whom.
 * @param context Aborts the request.
 * @returns The answer.
 * @throws {ModelApiError} When the call fails in any way.
 */
export async function complete(request: CompletionRequest, context: RemoteContext): Promise<Generation> {
  const seen = unseen();
  try {
    const answer = await post(request, seen, context.signal, request.body) as unknown as Answer;
    return readAnswer(request, seen, answer);
  } catch (error) {
    throw explainFailure(request, seen, error, context.signal, bodyOf);
  }
}

/**
 * Asks for a text piece by piece.
 *
 * @param request What to ask, and whom; its body asks for a stream.
 * @param context Aborts the request.
 * @returns The pieces, then one chunk with what is known at the end.
 * @throws {ModelApiError} When the call fails in any way, or the connection ends before the text does.
 */
export async function* streamCompletion(
  request: CompletionRequest,
  context: RemoteContext,
): AsyncGenerator<CompletionChunk, void, undefined> {
  const seen = unseen();
  let text = "";
  let last: Answer = {};
  let finish: string | undefined;
  try {
    const stream = await post(request, seen, context.signal, { ...request.body, stream: true });
    if (!isStream(stream)) throw unreadable(request, seen, "answered with something that is no stream");
    for await (const chunk of stream as AsyncIterable<Answer>) {
      const choice = chunk.choices?.[0];
      last = { model: chunk.model ?? last.model, usage: chunk.usage ?? last.usage };
      finish = choice?.finish_reason ?? finish;
      const piece = textOf(choice?.delta?.content ?? choice?.text);
      text += piece;
      if (piece !== "") yield { type: "piece", text: piece };
    }
    if (finish === undefined && !seen.tail.includes("[DONE]")) throw brokenOff(request, seen, "");
  } catch (error) {
    throw explainFailure(request, seen, error, context.signal, bodyOf);
  }
  yield { type: "end", generation: generation(request, last, text, finish) };
}

/**
 * Lists the models that an endpoint offers.
 *
 * @param request Whom to ask.
 * @param context Aborts the request.
 * @returns Their names.
 * @throws {ModelApiError} When the call fails in any way.
 */
export async function listModels(request: EndpointRequest, context: RemoteContext): Promise<string[]> {
  const seen = unseen();
  try {
    const page = await client(request, seen).models.list({ signal: context.signal });
    if (!Array.isArray(page.data)) {
      throw unreadable(request, seen, "answered with something that is no list of models");
    }
    return page.data.map((model) => String(model.id));
  } catch (error) {
    throw explainFailure(request, seen, error, context.signal, bodyOf);
  }
}

async function post(
  request: CompletionRequest,
  seen: Seen,
  signal: AbortSignal,
  body: Readonly<Record<string, unknown>>,
): Promise<object> {
  const openai = client(request, seen);
  // The body was built field by field for this provider, which may know fields that the SDK's types do not.
  const fields = body as never;
  return request.api === "chat"
    ? await openai.chat.completions.create(fields, { signal }) as unknown as object
    : await openai.completions.create(fields, { signal }) as unknown as object;
}

/** A client that takes nothing from its surroundings: every setting that it would look up in the environment is given. */
function client(request: EndpointRequest, seen: Seen): OpenAI {
  const { apiKey } = request;
  const keyHeaders = apiKey === undefined
    ? { Authorization: null }
    : request.auth === "api-key"
    ? { Authorization: null, "api-key": apiKey }
    : {};
  return hidingEnvironment(() =>
    new OpenAI({
      apiKey: apiKey ?? "none",
      adminAPIKey: null,
      webhookSecret: null,
      organization: request.organization ?? null,
      project: request.project ?? null,
      baseURL: request.baseUrl,
      defaultHeaders: { ...keyHeaders, ...request.headers },
      defaultQuery: { ...request.query },
      maxRetries: 0,
      // Time is bounded by the operation that makes the call, which aborts it.
      timeout: LONGEST_TIMEOUT_MS,
      logLevel: "off",
      dangerouslyAllowBrowser: true,
      fetch: boundedFetch(request.maxResponseBytes, seen),
    })
  );
}

function readAnswer(request: CompletionRequest, seen: Seen, answer: Answer): Generation {
  const choice = answer?.choices?.[0];
  if (choice === undefined) throw unreadable(request, seen, "answered with something that is no completion");
  const text = textOf(choice.message?.content ?? choice.text);
  if (text === "" && choice.message?.refusal) {
    throw answerError(request, "refused to answer", choice.message.refusal, {
      code: "content_filter",
      retryable: false,
      status: seen.status,
      headers: seen.headers,
    });
  }
  return { ...generation(request, answer, text, choice.finish_reason ?? undefined), raw: answer };
}

function generation(
  request: CompletionRequest,
  answer: Answer,
  text: string,
  finish: string | undefined,
): Generation {
  const usage = usageOf(request, answer.usage ?? {});
  return {
    text,
    finishReason: finish === "stop" || finish === "length"
      ? finish
      : finish === "content_filter"
      ? "filter"
      : "other",
    ...(usage === undefined ? {} : { usage }),
    model: answer.model ?? request.model,
  };
}

function usageOf({ provider }: CompletionRequest, usage: AnswerUsage): Generation["usage"] {
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens, cost } = usage;
  if (promptTokens === undefined && completionTokens === undefined) return undefined;
  const cacheReadTokens = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? 0;
  return {
    promptTokens,
    completionTokens,
    ...(cacheReadTokens > 0 ? { cacheReadTokens } : {}),
    ...(provider === "openrouter" && typeof cost === "number" ? { costUsd: cost } : {}),
  };
}

/** What an error of the SDK quotes, where it was made from a piece of a stream. */
function bodyOf(error: unknown): unknown {
  return error instanceof OpenAI.APIError ? error.error : undefined;
}

/** The text of a content, which some servers give as a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => textOf((part as { text?: unknown } | null)?.text)).join("");
}

function isStream(value: object): boolean {
  return typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === "function";
}
