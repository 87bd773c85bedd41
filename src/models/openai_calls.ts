/**
 * Calls an OpenAI-compatible endpoint through OpenAI's SDK. Reached by URL alone, so that the SDK is loaded with the first
 * call and not with Sifaka; under `runSync` it runs in the I/O worker.
 *
 * @module
 */

import OpenAI from "openai";
import { ModelApiError } from "../errors.ts";
import type { RemoteContext } from "../operation/effects.ts";
import { currentTimeMs } from "../runtime/clock.ts";
import { estimateTokens } from "../text/token_estimate.ts";
import { boundedFetch, type Seen } from "../runtime/bounded_fetch.ts";
import type { CompletionChunk, CompletionRequest, EndpointRequest } from "./endpoint_request.ts";
import type { Generation } from "./generation.ts";
import { answerError, networkError, refusalError } from "./http_errors.ts";

/** The part of an answer, or of a piece of one, that is read. */
interface Answer {
  readonly model?: string;
  readonly choices?: readonly Choice[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
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
  const seen: Seen = { head: "", tail: "", tooLarge: false };
  try {
    const answer = await post(request, seen, context.signal, request.body) as unknown as Answer;
    return readAnswer(request, seen, answer);
  } catch (error) {
    throw explain(request, seen, error, context.signal);
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
  const seen: Seen = { head: "", tail: "", tooLarge: false };
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
    throw explain(request, seen, error, context.signal);
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
  const seen: Seen = { head: "", tail: "", tooLarge: false };
  try {
    const page = await client(request, seen).models.list({ signal: context.signal });
    if (!Array.isArray(page.data)) {
      throw unreadable(request, seen, "answered with something that is no list of models");
    }
    return page.data.map((model) => String(model.id));
  } catch (error) {
    throw explain(request, seen, error, context.signal);
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
  return withoutEnvironment(() =>
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

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Hides the environment while the SDK's client is made. The client looks for `OPENAI_CUSTOM_HEADERS` and there is no option
 * against it: under Deno that would stop the program with a question, and anywhere it would send headers meant for OpenAI to
 * every other provider.
 */
function withoutEnvironment<T>(make: () => T): T {
  const own = Object.getOwnPropertyDescriptor(globalThis, "process");
  if (own?.configurable !== true) return make();
  Object.defineProperty(globalThis, "process", { value: { env: {} }, configurable: true, writable: true });
  try {
    return make();
  } finally {
    Object.defineProperty(globalThis, "process", own);
  }
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
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = answer.usage ?? {};
  return {
    text,
    finishReason: finish === "stop" || finish === "length"
      ? finish
      : finish === "content_filter"
      ? "filter"
      : "other",
    ...(promptTokens === undefined && completionTokens === undefined
      ? {}
      : { usage: { promptTokens, completionTokens } }),
    model: answer.model ?? request.model,
  };
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

function unreadable(request: EndpointRequest, seen: Seen, reason: string): ModelApiError {
  return answerError(request, reason, seen.head, {
    code: "bad_response",
    retryable: true,
    status: seen.status,
    headers: seen.headers,
  });
}

/** Finds out what a failure means. What the SDK says of it is not used where the answer itself was seen. */
function explain(request: EndpointRequest, seen: Seen, error: unknown, signal: AbortSignal): unknown {
  if (error instanceof ModelApiError) return error;
  if (signal.aborted) return signal.reason;
  if (seen.tooLarge) {
    return answerError(request, `answered with more than ${request.maxResponseBytes} bytes`, "", {
      code: "response_too_large",
      retryable: false,
      status: seen.status,
      headers: seen.headers,
    });
  }
  if (seen.status !== undefined && seen.status >= 400) {
    return refusalError(request, refusal(request, seen, seen.head));
  }
  if (error instanceof SyntaxError) return unreadable(request, seen, "answered with broken JSON");
  if (error instanceof OpenAI.APIError && error.error !== undefined) {
    return refusalError(request, {
      ...refusal(request, seen, JSON.stringify(error.error)),
      status: undefined,
    });
  }
  if (seen.status !== undefined) {
    return brokenOff(request, seen, error instanceof Error ? error.message : String(error));
  }
  return networkError(request, error);
}

function brokenOff(request: EndpointRequest, seen: Seen, reason: string): ModelApiError {
  return answerError(request, "broke off in the middle of its answer", reason, {
    code: "broken_off",
    retryable: true,
    status: seen.status,
    headers: seen.headers,
  });
}

function refusal(request: EndpointRequest, seen: Seen, body: string): Parameters<typeof refusalError>[1] {
  const sent = JSON.stringify((request as Partial<CompletionRequest>).body ?? {});
  return {
    status: seen.status,
    headers: seen.headers ?? new Headers(),
    body,
    sizes: { requestCharacters: sent.length, estimatedPromptTokens: estimateTokens(sent) },
    nowMs: currentTimeMs(),
  };
}
