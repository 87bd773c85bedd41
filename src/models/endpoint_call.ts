/**
 * One call of a provider's endpoint: its turn, its times, its attempts.
 *
 * @module
 */

import { ModelApiError } from "../errors.ts";
import { retry, type RetryPolicy } from "../operation/combinators.ts";
import type { RemoteRef } from "../operation/effects.ts";
import { type Operation, remote, remoteStream } from "../operation/operation.ts";
import { estimateTokens } from "../text/token_estimate.ts";
import type { CallTimeouts } from "./call_timeouts.ts";
import type { CompletionChunk, CompletionRequest } from "./endpoint_request.ts";
import { type CallTime, describeModel, withinTime } from "./generate.ts";
import type { Generation } from "./generation.ts";
import { limited } from "./limits/limited.ts";
import type { Limiter } from "./limits/limiter.ts";

/** What is the same for every request of a model. */
export interface EndpointCall {
  /** The model, for errors. */
  readonly model: { readonly name: string; readonly provider: string };
  /** Finds the functions that call the provider. */
  readonly calls: (name: "complete" | "streamCompletion") => RemoteRef;
  /** The longest the call may take, in milliseconds; in a stream that is read, the longest wait for a piece. */
  readonly timeoutMs: number;
  /** Bounds of its parts. */
  readonly timeouts: CallTimeouts;
  /** How it is repeated. */
  readonly retry: RetryPolicy | undefined;
  /** When it may be sent. */
  readonly limiter: Limiter;
}

/**
 * Asks for a text as a whole.
 *
 * @param call The call.
 * @param request Makes the request, for an answer in pieces or as a whole.
 * @returns An operation of the answer.
 * @throws {ModelApiError} When the last attempt fails.
 */
export function* generateAt(
  call: EndpointCall,
  request: (streamed: boolean) => CompletionRequest,
): Operation<Generation> {
  const streamed = Object.values(call.timeouts).some((durationMs) => durationMs !== undefined);
  const made = request(streamed);
  const ask = (): Operation<Generation> =>
    streamed ? readStream(call, made, Infinity, ignore) : remote<Generation>(call.calls("complete"), made);
  return yield* retry(
    { attempts: 1, ...call.retry },
    () => inTurn(call, made, () => withinTime(call.model, call.timeoutMs, ask())),
  );
}

/**
 * Asks for a text piece by piece. It is not repeated: the reader may have the beginning already.
 *
 * @param call The call.
 * @param request The request, for an answer in pieces.
 * @param produce Hands on a piece.
 * @returns An operation of the answer.
 * @throws {ModelApiError} When it fails.
 */
export function streamFrom(
  call: EndpointCall,
  request: CompletionRequest,
  produce: (piece: string) => Operation<void>,
): Operation<Generation> {
  return inTurn(call, request, () => readStream(call, request, call.timeoutMs, produce));
}

function inTurn(
  { model, limiter }: EndpointCall,
  request: CompletionRequest,
  ask: () => Operation<Generation>,
): Operation<Generation> {
  const about = { subject: describeModel(model), provider: model.provider, tokens: expectedTokens(request) };
  return limited(limiter, about, ask);
}

/** What providers count before they know better: what is sent, and the longest answer that was asked for. */
function expectedTokens({ body }: CompletionRequest): number {
  const { messages, prompt, max_tokens, max_completion_tokens } = body;
  const longest = Number(max_completion_tokens ?? max_tokens ?? 0);
  return estimateTokens(JSON.stringify(messages ?? prompt ?? "")) + (Number.isFinite(longest) ? longest : 0);
}

function* readStream(
  { model, calls, timeouts }: EndpointCall,
  request: CompletionRequest,
  timeoutMs: number,
  produce: (piece: string) => Operation<void>,
): Operation<Generation> {
  const { connectMs, firstTokenMs, betweenTokensMs } = timeouts;
  const durations = { connect: connectMs, firstToken: firstTokenMs, betweenTokens: betweenTokensMs };
  const stream = yield* remoteStream<CompletionChunk>(calls("streamCompletion"), request);
  let phase: keyof typeof durations = "connect";
  try {
    for (;;) {
      const bound: number | undefined = durations[phase];
      const which: CallTime = bound === undefined ? "call" : phase;
      const durationMs: number | undefined = bound ?? (timeoutMs === Infinity ? undefined : timeoutMs);
      const { done, value: chunk }: IteratorResult<CompletionChunk, undefined> = yield* withinTime(
        model,
        durationMs,
        stream.next(),
        which,
      );
      if (done) {
        throw new ModelApiError(`${describeModel(model)} broke off in the middle of its answer`, {
          code: "broken_off",
        });
      }
      if (chunk.type === "end") return chunk.generation;
      phase = chunk.type === "open" ? "firstToken" : "betweenTokens";
      if (chunk.type === "piece") yield* produce(chunk.text);
    }
  } finally {
    yield* stream.close();
  }
}

function* ignore(): Operation<void> {}
