/**
 * A call that waits for its turn.
 *
 * Every decision is the answer to an effect, and the structure depends on those answers alone: so a journal can answer for
 * them, and a simulation owns the waiting. What a journal answers was not sent by this process, and teaches the limits nothing.
 *
 * @module
 */

import { ModelApiError } from "../../errors.ts";
import { hostAgain, now, type Operation, sleep } from "../../operation/operation.ts";
import type { Waiter } from "./concurrency.ts";
import type { Limiter, Ticket } from "./limiter.ts";
import type { RateFacts } from "./rate_headers.ts";
import { finalIfTooLong } from "./too_long_a_wait.ts";

/** What a call is known to be before it is sent. */
export interface LimitedCall {
  /** Whose call it is, for the error. */
  readonly subject: string;
  /** The provider, for the error. */
  readonly provider: string;
  /** How many tokens it is expected to take, sent and received. */
  readonly tokens: number;
}

/** Tells the drivers apart. */
const WAITER = {
  kind: "host",
  sync: (): Waiter => "blocking",
  async: (): Waiter => "waiting",
  repeatable: true,
} as const;

/**
 * Runs a call when the limits allow it.
 *
 * @typeParam T What the call gives.
 * @param limiter The limits.
 * @param about What is known of the call.
 * @param call Makes the call's operation. It is told the facts by `learn` where they come before its end.
 * @returns An operation of what the call gives.
 * @throws {ModelApiError} With code `rate_limit` when its turn would come later than `maxWaitMs`. A refusal that asks for a longer
 * wait is not retryable either.
 */
export function* limited<T extends { readonly rateLimits?: RateFacts }>(
  limiter: Limiter,
  about: LimitedCall,
  call: () => Operation<T>,
): Operation<T> {
  const waiter = (yield WAITER) as Waiter;
  const permits = limiter.concurrency.permits(waiter);
  yield { kind: "acquire", semaphore: permits };
  const held: { ticket?: Ticket } = {};
  try {
    yield* untilTurn(limiter, about, held);
    try {
      const value = yield* call();
      const nowMs = yield* now();
      if (held.ticket) limiter.succeeded(held.ticket, value.rateLimits, nowMs);
      return value;
    } catch (error) {
      const nowMs = yield* now();
      if (held.ticket) limiter.failed(held.ticket, error, nowMs);
      throw finalIfTooLong(error, limiter.maxWaitMs, "raise `limits.maxWaitMs`, or name `fallbackModels`");
    }
  } finally {
    if (held.ticket) limiter.concurrency.end();
    permits.release();
  }
}

/** Waits for the turn by the clock. Others may take the place meanwhile, so it asks again. */
function* untilTurn(limiter: Limiter, about: LimitedCall, held: { ticket?: Ticket }): Operation<void> {
  for (;;) {
    const atMs = yield* now();
    const waitMs = yield* hostAgain(() => {
      const waitMs = limiter.waitMs(about.tokens, atMs);
      if (waitMs === 0) held.ticket = limiter.begin(about.tokens, atMs);
      return waitMs;
    });
    if (waitMs === 0) return;
    if (waitMs > limiter.maxWaitMs) throw tooLong(about, limiter.maxWaitMs, waitMs);
    yield* sleep(waitMs);
  }
}

function tooLong({ subject, provider }: LimitedCall, maxWaitMs: number, waitMs: number): ModelApiError {
  return new ModelApiError(
    `${subject} was not asked, as its limits allow no call within ${maxWaitMs} ms: the next is due in ${waitMs} ms`,
    {
      code: "rate_limit",
      operation: "generate",
      provider,
      retryable: false,
      retryAfterMs: waitMs,
      metadata: { maxWaitMs, sent: false },
      suggestions: ["Raise `limits.maxWaitMs`, name `fallbackModels`, or ask for less at once."],
    },
  );
}
