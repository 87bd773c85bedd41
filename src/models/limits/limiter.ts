/**
 * The limits of one model at one provider: permits that all models of the provider share, and the pace of this model.
 *
 * @module
 */

import { ModelApiError } from "../../errors.ts";
import type { Concurrency } from "./concurrency.ts";
import { RateBucket } from "./rate_bucket.ts";
import type { RateFacts } from "./rate_headers.ts";
import { SlidingWindow } from "./sliding_window.ts";

/** A call under way. */
export interface Ticket {
  /** Its number among the provider's calls. */
  readonly call: number;
  /** What had been sent when it was. */
  readonly sent: Readonly<Record<keyof RateFacts, number>>;
}

/** Bounds that hold for one model. */
export interface Pace {
  /** The most requests in any minute. */
  readonly requestsPerMinute: number;
  /** The most tokens in any minute. */
  readonly tokensPerMinute: number;
  /** The longest wait for the clock that is begun, in milliseconds. */
  readonly maxWaitMs: number;
}

/** How far apart two figures of a provider may be that mean the same moment, in milliseconds. */
const SLACK_MS = 1_000;

/** How far a clock goes back when it is merely set right, in milliseconds. */
const SMALL_STEP_MS = 1_000;

/** Says when a call may be sent, and learns from what became of it. */
export class Limiter {
  /** The permits of its provider. */
  readonly concurrency: Concurrency;
  /** The longest wait for the clock that is begun, in milliseconds. */
  readonly maxWaitMs: number;
  readonly #told: Readonly<Record<keyof RateFacts, RateBucket>> = {
    requests: new RateBucket(),
    tokens: new RateBucket(),
  };
  readonly #set: Readonly<Record<keyof RateFacts, SlidingWindow>>;
  #pausedUntilMs = 0;
  #latestMs = -Infinity;

  /** Shares the permits of its provider and has a pace of its own. */
  constructor(concurrency: Concurrency, { requestsPerMinute, tokensPerMinute, maxWaitMs }: Pace) {
    this.concurrency = concurrency;
    this.maxWaitMs = maxWaitMs;
    this.#set = {
      requests: new SlidingWindow(requestsPerMinute),
      tokens: new SlidingWindow(tokensPerMinute),
    };
  }

  /** How long a call must still wait, in milliseconds; 0 when it may be sent now. */
  waitMs(tokens: number, nowMs: number): number {
    this.#watchClock(nowMs);
    return Math.ceil(Math.max(
      this.#pausedUntilMs - nowMs,
      this.#told.requests.waitMs(1, nowMs),
      this.#told.tokens.waitMs(tokens, nowMs),
      this.#set.requests.waitMs(1, nowMs),
      this.#set.tokens.waitMs(tokens, nowMs),
      0,
    ));
  }

  /** Counts a call that is sent now. */
  begin(tokens: number, nowMs: number): Ticket {
    for (const buckets of [this.#told, this.#set]) {
      buckets.requests.spend(1, nowMs);
      buckets.tokens.spend(tokens, nowMs);
    }
    const { requests, tokens: sent } = this.#told;
    return { call: this.concurrency.begin(), sent: { requests: requests.sent, tokens: sent.sent } };
  }

  /** Learns from an answer. */
  succeeded(ticket: Ticket, facts: RateFacts | undefined, nowMs: number): void {
    this.#observe(ticket, facts, nowMs);
    this.concurrency.succeeded();
  }

  /** Learns from a failure. Only a refusal for too much at once says anything of limits. */
  failed(ticket: Ticket, error: unknown, nowMs: number): void {
    if (!(error instanceof ModelApiError)) return;
    const facts = error.metadata.rateLimits as RateFacts | undefined;
    this.#observe(ticket, facts, nowMs);
    if (!isRefusal(error)) return;
    if (error.retryAfterMs !== undefined) {
      this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + error.retryAfterMs);
    }
    let usedUp = false;
    for (const kind of ["requests", "tokens"] as const) {
      const window = facts?.[kind];
      if (window === undefined || window.remaining >= 1) continue;
      usedUp = true;
      // A provider that asks for a try long before all is there again does not count in windows.
      if (window.resetMs <= (error.retryAfterMs ?? Infinity) + SLACK_MS) this.#told[kind].refused();
    }
    if (!usedUp) this.concurrency.refused(ticket.call);
  }

  /** A clock that was set back makes every time that was noted a time far ahead, which nobody must wait for. */
  #watchClock(nowMs: number): void {
    if (nowMs < this.#latestMs - SMALL_STEP_MS) {
      this.#pausedUntilMs = 0;
      this.#told.requests.forget();
      this.#told.tokens.forget();
    }
    this.#latestMs = nowMs;
  }

  #observe({ sent }: Ticket, facts: RateFacts | undefined, nowMs: number): void {
    if (facts?.requests) this.#told.requests.observe(facts.requests, nowMs, sent.requests);
    if (facts?.tokens) this.#told.tokens.observe(facts.tokens, nowMs, sent.tokens);
  }
}

/** Too many requests, and the two ways to say that all servers are busy. */
function isRefusal({ status, code, retryable }: ModelApiError): boolean {
  return retryable && (code === "rate_limit" || status === 429 || status === 503 || status === 529);
}
