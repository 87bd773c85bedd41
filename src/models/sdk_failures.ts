/**
 * What a failed call means, whichever SDK made it. What the SDK says of it is not used where the answer itself was seen.
 *
 * @module
 */

import { ModelApiError } from "../errors.ts";
import type { Seen } from "../runtime/bounded_fetch.ts";
import { currentTimeMs } from "../runtime/clock.ts";
import { estimateTokens } from "../text/token_estimate.ts";
import type { CompletionRequest, EndpointRequest } from "./endpoint_request.ts";
import { answerError, type HttpRefusal, networkError, refusalError } from "./http_errors.ts";

/** A time that no call reaches, for SDKs that bound time themselves: here the operation that makes the call does, by aborting it. */
export const LONGEST_TIMEOUT_MS: number = 2 ** 31 - 1;

/** Nothing seen yet. */
export function unseen(): Seen {
  return { head: "", isDone: false, tooLarge: false };
}

/**
 * Finds out what a failure means.
 *
 * @param request What was asked.
 * @param seen What was seen of the answer.
 * @param error What the SDK threw.
 * @param signal The call's; a call that was aborted ends with its reason.
 * @param bodyOf Gives what an error of the SDK quotes from inside a stream.
 * @returns What to throw.
 */
export function explainFailure(
  request: EndpointRequest,
  seen: Seen,
  error: unknown,
  signal: AbortSignal,
  bodyOf: (error: unknown) => unknown,
): unknown {
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
  const body = bodyOf(error);
  if (body !== undefined) return toldInside(request, seen, body);
  if (seen.status !== undefined) {
    return brokenOff(request, seen, error instanceof Error ? error.message : String(error));
  }
  return networkError(request, error);
}

/** The error that an answer tells of in place of a text. */
export function toldInside(request: EndpointRequest, seen: Seen, body: unknown): ModelApiError {
  return refusalError(request, { ...refusal(request, seen, JSON.stringify(body)), status: undefined });
}

/** The error for an answer that is not what was asked for. */
export function unreadable(request: EndpointRequest, seen: Seen, reason: string): ModelApiError {
  return answerError(request, reason, seen.head, {
    code: "bad_response",
    retryable: true,
    status: seen.status,
    headers: seen.headers,
  });
}

/** The error for an answer that ends before it is complete. */
export function brokenOff(request: EndpointRequest, seen: Seen, reason: string): ModelApiError {
  return answerError(request, "broke off in the middle of its answer", reason, {
    code: "broken_off",
    retryable: true,
    status: seen.status,
    headers: seen.headers,
  });
}

function refusal(request: EndpointRequest, seen: Seen, body: string): HttpRefusal {
  const sent = JSON.stringify((request as Partial<CompletionRequest>).body ?? {});
  return {
    status: seen.status,
    headers: seen.headers ?? new Headers(),
    body,
    sizes: { requestCharacters: sent.length, estimatedPromptTokens: estimateTokens(sent) },
    nowMs: currentTimeMs(),
  };
}
