/**
 * Calls Anthropic's API through Anthropic's SDK. Reached by URL alone, so that the SDK is loaded with the first call and not
 * with Sifaka; under `runSync` it runs in the I/O worker.
 *
 * The methods of the SDK for messages write to the console about models that end soon, so requests go through its client.
 *
 * @module
 */

import Anthropic from "@anthropic-ai/sdk";
import type { RemoteContext } from "../operation/effects.ts";
import { bound, boundedFetch, type Seen, warmFetch } from "../runtime/bounded_fetch.ts";
import { hidingEnvironment } from "../runtime/without_environment.ts";
import { withRateLimits } from "./answer_limits.ts";
import { ClientCache } from "./client_cache.ts";
import type { CompletionChunk, CompletionRequest, EndpointRequest } from "./endpoint_request.ts";
import type { Generation } from "./generation.ts";
import { brokenOff, explainFailure, LONGEST_TIMEOUT_MS, unreadable, unseen } from "./sdk_failures.ts";
import { scrub, scrubJson } from "./scrub.ts";

/** The part of an answer that is read. */
interface Answer {
  readonly model?: string;
  readonly content?: readonly { readonly type?: string; readonly text?: unknown }[];
  readonly stop_reason?: string | null;
  readonly usage?: AnswerUsage;
}

interface AnswerUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
}

/** The part of an event of a stream that is read. */
interface StreamEvent {
  readonly type?: string;
  readonly message?: Answer;
  readonly delta?: { readonly type?: string; readonly text?: unknown; readonly stop_reason?: string | null };
  readonly usage?: AnswerUsage;
}

/**
 * Makes ready for calls, so that none has to wait: loads this module and its SDK, and what runtimes load with the first `fetch`.
 *
 * @param request To the endpoint that will be called; nothing is sent.
 */
export async function ready(request: EndpointRequest): Promise<void> {
  clients.of(request);
  await warmFetch();
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
    const answer = await clients.of(request).post<Answer>("/v1/messages", {
      body: request.body,
      ...sent(request, seen, context),
    });
    if (!Array.isArray(answer?.content)) {
      throw unreadable(request, seen, "answered with something that is no message");
    }
    const text = answer.content.map((block) => block?.type === "text" ? String(block.text ?? "") : "").join(
      "",
    );
    return withRateLimits(seen, {
      ...generation(request, answer, text),
      raw: scrubJson(request.secrets, answer),
    });
  } catch (error) {
    throw explainFailure(request, seen, error, context.signal, bodyOf);
  }
}

/**
 * Asks for a text piece by piece.
 *
 * @param request What to ask, and whom.
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
  let answer: Answer = {};
  let ended = false;
  try {
    const stream = await clients.of(request).post<AsyncIterable<StreamEvent>>("/v1/messages", {
      body: { ...request.body, stream: true },
      ...sent(request, seen, { signal: context.signal, isStreamed: true }),
      stream: true,
    });
    yield { type: "open" };
    for await (const event of stream) {
      answer = advance(answer, event);
      ended ||= event.type === "message_stop";
      const { delta } = event;
      const piece = delta?.type === "text_delta" && typeof delta.text === "string" ? delta.text : "";
      text += piece;
      if (piece !== "") yield { type: "piece", text: piece };
    }
    // The SDK ends an aborted stream as if it were complete.
    if (context.signal.aborted) throw context.signal.reason;
    if (!ended) {
      throw answer.usage === undefined && text === ""
        ? noStream(request, seen)
        : brokenOff(request, seen, "");
    }
  } catch (error) {
    throw explainFailure(request, seen, error, context.signal, bodyOf);
  }
  yield { type: "end", generation: withRateLimits(seen, generation(request, answer, text)) };
}

/**
 * Counts the tokens of a prompt.
 *
 * @param request The prompt, as a request for a text.
 * @param context Aborts the request.
 * @returns How many.
 * @throws {ModelApiError} When the call fails in any way.
 */
export async function countTokens(request: CompletionRequest, context: RemoteContext): Promise<number> {
  const seen = unseen();
  const { model, system, messages, output_config } = request.body;
  try {
    const answer = await clients.of(request).post<{ input_tokens?: unknown }>("/v1/messages/count_tokens", {
      body: { model, system, messages, output_config },
      ...sent(request, seen, context),
    });
    const count = answer?.input_tokens;
    if (typeof count !== "number") {
      throw unreadable(request, seen, "answered with something that is no count");
    }
    return count;
  } catch (error) {
    throw explainFailure(request, seen, error, context.signal, bodyOf);
  }
}

/**
 * Lists the models that the endpoint offers.
 *
 * @param request Whom to ask.
 * @param context Aborts the request.
 * @returns Their names.
 * @throws {ModelApiError} When the call fails in any way.
 */
export async function listModels(request: EndpointRequest, context: RemoteContext): Promise<string[]> {
  const seen = unseen();
  try {
    const names: string[] = [];
    for await (
      const model of clients.of(request).models.list({ limit: 1000 }, sent(request, seen, context))
    ) {
      names.push(String(model.id));
    }
    return names;
  } catch (error) {
    throw explainFailure(request, seen, error, context.signal, bodyOf);
  }
}

function sent(
  { maxResponseBytes }: EndpointRequest,
  seen: Seen,
  { signal, isStreamed = false }: { readonly signal: AbortSignal; readonly isStreamed?: boolean },
): Pick<Anthropic.RequestOptions, "signal" | "fetchOptions"> {
  return { signal, fetchOptions: bound({ maxBytes: maxResponseBytes, seen, isStreamed }) };
}

const clients = new ClientCache(makeClient);

/** A client that takes nothing from its surroundings: every setting that it would look up in the environment is given. */
function makeClient(request: EndpointRequest): Anthropic {
  return hidingEnvironment(() =>
    new Anthropic({
      apiKey: request.apiKey ?? "none",
      authToken: null,
      webhookKey: null,
      baseURL: request.baseUrl,
      defaultHeaders: { ...request.headers },
      maxRetries: 0,
      timeout: LONGEST_TIMEOUT_MS,
      logLevel: "off",
      openTelemetry: false,
      // Only a page needs leave to use a key, and only there the API is told of it.
      dangerouslyAllowBrowser: "document" in globalThis,
      fetch: boundedFetch,
    })
  );
}

/** What is known of an answer after a further event of its stream. Counts in later events replace earlier ones. */
function advance(answer: Answer, { type, message, delta, usage }: StreamEvent): Answer {
  if (type === "message_start") return { model: message?.model, usage: message?.usage };
  if (type !== "message_delta") return answer;
  const counted = Object.entries(usage ?? {}).filter(([, count]) => typeof count === "number");
  return {
    ...answer,
    stop_reason: delta?.stop_reason ?? answer.stop_reason,
    usage: { ...answer.usage, ...Object.fromEntries(counted) },
  };
}

const FINISH: ReadonlyMap<unknown, Generation["finishReason"]> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "filter"],
]);

function generation(request: CompletionRequest, answer: Answer, text: string): Generation {
  const usage = usageOf(answer.usage);
  return {
    text,
    finishReason: FINISH.get(answer.stop_reason) ?? "other",
    ...(usage === undefined ? {} : { usage }),
    model: typeof answer.model === "string" ? scrub(request.secrets, answer.model) : request.model,
  };
}

/** The API counts tokens of its cache apart from the others that were sent. */
function usageOf(usage: AnswerUsage | undefined): Generation["usage"] {
  if (typeof usage?.input_tokens !== "number") return undefined;
  const cacheReadTokens = usage.cache_read_input_tokens ?? 0;
  const cacheWriteTokens = usage.cache_creation_input_tokens ?? 0;
  return {
    promptTokens: usage.input_tokens + cacheReadTokens + cacheWriteTokens,
    completionTokens: usage.output_tokens ?? undefined,
    ...(cacheReadTokens > 0 ? { cacheReadTokens } : {}),
    ...(cacheWriteTokens > 0 ? { cacheWriteTokens } : {}),
  };
}

function noStream(request: CompletionRequest, seen: Seen): unknown {
  return unreadable(request, seen, "answered with something that is no stream");
}

/** What an error of the SDK quotes, where it was made from an event of a stream. */
function bodyOf(error: unknown): unknown {
  return error instanceof Anthropic.APIError ? error.error : undefined;
}
