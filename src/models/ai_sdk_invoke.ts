/**
 * Calls a model of the Vercel AI SDK, in whichever thread it lives.
 *
 * @module
 */

import { ConfigurationError, ModelApiError } from "../errors.ts";
import type { RemoteContext } from "../operation/effects.ts";
import { currentTimeMs } from "../runtime/clock.ts";
import type { AiSdkAnswer, AiSdkModel, AiSdkPart, AiSdkRequest } from "./ai_sdk.ts";
import { explainError, failed, readAnswer, readUsage, refuseDropped, textOf } from "./ai_sdk_words.ts";
import type { CompletionChunk } from "./endpoint_request.ts";
import type { Generation } from "./generation.ts";

/**
 * Asks for a text.
 *
 * @param model The model.
 * @param request What to ask.
 * @param context Aborts the call.
 * @returns The answer.
 * @throws {ModelApiError} When the call fails in any way.
 * @throws {ConfigurationError} When the model dropped an option of the call.
 */
export async function generateWith(
  model: AiSdkModel,
  request: AiSdkRequest,
  { signal }: RemoteContext,
): Promise<Generation> {
  try {
    const answer = await model.doGenerate(words(request, signal)) as AiSdkAnswer;
    refuseDropped(model, answer.warnings);
    return readAnswer(model, answer, { text: textOf(answer), secrets: request.secrets });
  } catch (error) {
    throw explain(model, request, error, signal);
  }
}

/**
 * Asks for a text piece by piece.
 *
 * @param model The model.
 * @param request What to ask.
 * @param context Aborts the call.
 * @returns The pieces, then one chunk with what is known at the end.
 * @throws {ModelApiError} When the call fails in any way, or the stream ends before the text does.
 * @throws {ConfigurationError} When the model dropped an option of the call.
 */
export async function* streamWith(
  model: AiSdkModel,
  request: AiSdkRequest,
  { signal }: RemoteContext,
): AsyncGenerator<CompletionChunk, void, undefined> {
  let text = "";
  let modelId: string | undefined;
  let finish: AiSdkPart | undefined;
  try {
    const { stream } = await model.doStream(words(request, signal)) as {
      stream: ReadableStream<AiSdkPart>;
    };
    for await (const part of partsOf(stream)) {
      if (part.type === "error") throw part.error;
      refuseDropped(model, part.warnings);
      if (part.type === "finish") finish = part;
      modelId = part.modelId ?? modelId;
      if (part.type !== "text-delta" || typeof part.delta !== "string" || part.delta === "") continue;
      text += part.delta;
      yield { type: "piece", text: part.delta };
    }
    if (signal.aborted) throw signal.reason;
    if (finish === undefined || !isEnd(finish)) {
      throw failed(model, "it broke off in the middle of its answer", {
        code: "broken_off",
        retryable: true,
      });
    }
  } catch (error) {
    const lost = text !== "" && error instanceof Error && !isRefusal(error) && !signal.aborted;
    throw explain(model, request, lost ? brokenOff(model, error) : error, signal);
  }
  const { finishReason, usage } = finish;
  yield {
    type: "end",
    generation: readAnswer(model, { finishReason, usage, response: { modelId } }, { text, secrets: [] }),
  };
}

/** The call's options, of a type that every version of the specification takes. */
function words({ options }: AiSdkRequest, abortSignal: AbortSignal): never {
  return { ...options, abortSignal } as never;
}

function isRefusal(error: Error): boolean {
  return Number((error as { readonly statusCode?: number }).statusCode) >= 400;
}

function brokenOff(model: AiSdkModel, error?: unknown): unknown {
  if (error instanceof ModelApiError || error instanceof ConfigurationError) return error;
  const said = error instanceof Error ? `: ${error.message}` : "";
  return failed(model, `it broke off in the middle of its answer${said}`, {
    code: "broken_off",
    retryable: true,
  });
}

/**
 * Whether a stream ended as the provider meant it to. The SDK ends one that was cut off like any other, but then it knows
 * neither why nor what was consumed.
 */
function isEnd({ finishReason, usage }: AiSdkPart): boolean {
  const { unified, raw } = typeof finishReason === "object"
    ? finishReason
    : { unified: finishReason, raw: finishReason === "unknown" ? undefined : finishReason };
  if (unified === "error") return false;
  return raw !== undefined || readUsage(usage ?? {}) !== undefined;
}

/** Not every runtime lets a stream be iterated itself. */
async function* partsOf(stream: ReadableStream<AiSdkPart>): AsyncGenerator<AiSdkPart, void, undefined> {
  const reader = stream.getReader();
  let done = false;
  try {
    for (;;) {
      const step = await reader.read();
      done = step.done;
      if (step.done) return;
      yield step.value;
    }
  } finally {
    if (!done) await reader.cancel().catch(() => undefined);
  }
}

function explain(model: AiSdkModel, request: AiSdkRequest, error: unknown, signal: AbortSignal): unknown {
  if (error instanceof ModelApiError || error instanceof ConfigurationError) return error;
  if (signal.aborted) return signal.reason;
  return explainError(model, request, error, currentTimeMs());
}
