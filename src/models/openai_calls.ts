/**
 * Calls an OpenAI-compatible endpoint through OpenAI's SDK. Reached by URL alone, so that the SDK is loaded with the first
 * call and not with Sifaka; under `runSync` it runs in the I/O worker.
 *
 * @module
 */

import OpenAI from "openai";
import type { RemoteContext } from "../operation/effects.ts";
import { bound, boundedFetch, type Seen, warmFetch } from "../runtime/bounded_fetch.ts";
import { hidingEnvironment } from "../runtime/without_environment.ts";
import { withRateLimits } from "./answer_limits.ts";
import { ClientCache } from "./client_cache.ts";
import type { CompletionChunk, CompletionRequest, EndpointRequest } from "./endpoint_request.ts";
import type { Generation } from "./generation.ts";
import { answerError } from "./http_errors.ts";
import { type AnswerPart, joined, NOTHING_SAID, readChunk, readCompletion } from "./read_answer.ts";
import {
  brokenOff,
  explainFailure,
  LONGEST_TIMEOUT_MS,
  toldInside,
  unreadable,
  unseen,
} from "./sdk_failures.ts";
import { scrub, scrubJson } from "./scrub.ts";

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
    const answer: unknown = await post(request, seen, context.signal, request.body);
    return withRateLimits(seen, readAnswer(request, seen, answer));
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
  let said = NOTHING_SAID;
  try {
    const stream = await post(request, seen, context.signal, { ...request.body, stream: true });
    if (!isStream(stream)) throw unreadable(request, seen, "answered with something that is no stream");
    yield { type: "open" };
    for await (const chunk of stream as AsyncIterable<unknown>) {
      const part = readChunk(chunk);
      if (part === undefined) {
        throw unreadable(request, seen, "answered with something that is no completion");
      }
      said = joined(said, part);
      if (part.text !== "") yield { type: "piece", text: part.text };
    }
    if (said.finish === undefined && !seen.isDone) throw brokenOff(request, seen, "");
    requireAnswer(request, seen, said);
  } catch (error) {
    throw explainFailure(request, seen, error, context.signal, bodyOf);
  }
  yield { type: "end", generation: withRateLimits(seen, generation(request, said)) };
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
    const page = await clients.of(request).models.list(sent(request, seen, context));
    if (!Array.isArray(page.data)) {
      throw unreadable(request, seen, "answered with something that is no list of models");
    }
    return (page.data as readonly ({ readonly id?: unknown } | null)[])
      .flatMap((model) => typeof model?.id === "string" ? [model.id] : []);
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
  const openai = clients.of(request);
  const options = sent(request, seen, { signal, isStreamed: body.stream === true });
  // The body was built field by field for this provider, which may know fields that the SDK's types do not.
  const fields = body as never;
  return request.api === "chat"
    ? await openai.chat.completions.create(fields, options) as unknown as object
    : await openai.completions.create(fields, options) as unknown as object;
}

function sent(
  { maxResponseBytes }: EndpointRequest,
  seen: Seen,
  { signal, isStreamed = false }: { readonly signal: AbortSignal; readonly isStreamed?: boolean },
): OpenAI.RequestOptions {
  return { signal, fetchOptions: bound({ maxBytes: maxResponseBytes, seen, isStreamed }) };
}

const clients = new ClientCache(makeClient);

/** A client that takes nothing from its surroundings: every setting that it would look up in the environment is given. */
function makeClient(request: EndpointRequest): OpenAI {
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
      fetch: boundedFetch,
    })
  );
}

function readAnswer(request: CompletionRequest, seen: Seen, answer: unknown): Generation {
  const said = readCompletion(answer);
  if (said === undefined) {
    // A router has begun to answer before it knows of the failure of the provider behind it.
    const { error } = Object(answer) as { readonly error?: unknown };
    throw typeof error === "object" && error !== null
      ? toldInside(request, seen, error)
      : unreadable(request, seen, "answered with something that is no completion");
  }
  requireAnswer(request, seen, said);
  return { ...generation(request, said), raw: scrubJson(request.secrets, answer) };
}

/** What the protocol and its dialects say of a text that ends. */
const FINISH: ReadonlyMap<string | undefined, Generation["finishReason"]> = new Map([
  ["stop", "stop"],
  ["length", "length"],
  // Mistral's word for the end of the context.
  ["model_length", "length"],
  ["content_filter", "filter"],
]);

/** What OpenRouter and Mistral, and DeepSeek, say of a text that they could not end. */
const UNFINISHED: ReadonlySet<string | undefined> = new Set(["error", "insufficient_system_resource"]);

/** A refusal in place of a text is no answer, and neither is the beginning of one. */
function requireAnswer(request: CompletionRequest, seen: Seen, { text, refusal, finish }: AnswerPart): void {
  if (UNFINISHED.has(finish)) throw brokenOff(request, seen, `it ended with ${finish}`);
  if (text !== "" || refusal === "") return;
  throw answerError(request, "refused to answer", refusal, {
    code: "content_filter",
    retryable: false,
    status: seen.status,
    headers: seen.headers,
  });
}

function generation(request: CompletionRequest, { text, finish, usage, model }: AnswerPart): Generation {
  const { costUsd, ...tokens } = usage ?? {};
  return {
    text,
    finishReason: FINISH.get(finish) ?? "other",
    ...(usage === undefined ? {} : {
      usage: {
        ...tokens,
        ...(request.provider === "openrouter" && costUsd !== undefined ? { costUsd } : {}),
      },
    }),
    model: model === undefined ? request.model : scrub(request.secrets, model),
  };
}

/** What an error of the SDK quotes, where it was made from a piece of a stream. */
function bodyOf(error: unknown): unknown {
  return error instanceof OpenAI.APIError ? error.error : undefined;
}

function isStream(value: object): boolean {
  return typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === "function";
}
