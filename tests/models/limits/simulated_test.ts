/** Limits under a virtual clock: a provider that bounds calls at once and in a second, asked two hundred times. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../../src/drivers/simulation.ts";
import { ModelApiError } from "../../../src/errors.ts";
import { limited } from "../../../src/models/limits/limited.ts";
import { ProviderLimits, type ProviderLimitsOptions } from "../../../src/models/limits/provider_limits.ts";
import type { RateFacts } from "../../../src/models/limits/rate_headers.ts";
import { all, retry } from "../../../src/operation/combinators.ts";
import { type Operation, remote, sleep } from "../../../src/operation/operation.ts";

const ORIGIN = { provider: "test", model: "m", baseUrl: "http://127.0.0.1", apiKey: "key" };
const ABOUT = { subject: "test:m", provider: "test", tokens: 100 };
const CALLS = 200;
const ANSWER_MS = 100;
const AT_ONCE = 10;
const PER_SECOND = 60;

/** How the provider counts, and what it says of it. */
interface Provider {
  readonly counts: "steadily" | "in windows" | "not";
  readonly headers: boolean;
}

/** A provider that counts, with the figures of a run. */
class CountingProvider {
  refusals = 0;
  mostAtOnce = 0;
  #underWay = 0;
  #tokens = PER_SECOND;
  #atMs = 0;
  readonly #kind: Provider;

  constructor(kind: Provider) {
    this.#kind = kind;
  }

  /** The request arrives. */
  begin(nowMs: number): RateFacts | undefined {
    this.#fill(nowMs);
    if (this.#underWay >= AT_ONCE) throw this.#refusal("too many at once", nowMs, false);
    if (this.#kind.counts !== "not" && this.#tokens < 1) {
      throw this.#refusal("too many in a second", nowMs, true);
    }
    this.#tokens--;
    this.#underWay++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
    return this.#facts(nowMs);
  }

  end(): void {
    this.#underWay--;
  }

  #fill(nowMs: number): void {
    if (this.#kind.counts === "in windows") {
      if (Math.floor(nowMs / 1_000) > Math.floor(this.#atMs / 1_000)) this.#tokens = PER_SECOND;
    } else this.#tokens = Math.min(PER_SECOND, this.#tokens + (nowMs - this.#atMs) * PER_SECOND / 1_000);
    this.#atMs = nowMs;
  }

  #facts(nowMs: number): RateFacts | undefined {
    if (!this.#kind.headers || this.#kind.counts === "not") return undefined;
    const resetMs = this.#kind.counts === "in windows"
      ? 1_000 - nowMs % 1_000
      : Math.ceil((PER_SECOND - this.#tokens) * 1_000 / PER_SECOND);
    return { requests: { limit: PER_SECOND, remaining: Math.floor(this.#tokens), resetMs } };
  }

  #refusal(message: string, nowMs: number, rate: boolean): ModelApiError {
    this.refusals++;
    const rateLimits = this.#facts(nowMs);
    return new ModelApiError(message, {
      code: "rate_limit",
      status: 429,
      retryable: true,
      ...(rate ? { retryAfterMs: this.#kind.counts === "in windows" ? 1_000 - nowMs % 1_000 : 100 } : {}),
      metadata: { ...(rateLimits && { rateLimits }) },
    });
  }
}

/** Asks the provider; its answer takes its time, and a refusal none. */
function* ask(provider: CountingProvider): Operation<{ rateLimits?: RateFacts }> {
  const rateLimits = yield* remote<RateFacts | undefined>({ module: "test:provider", name: "begin" });
  try {
    yield* sleep(ANSWER_MS);
  } finally {
    provider.end();
  }
  return rateLimits ? { rateLimits } : {};
}

function askOften(kind: Provider, options: ProviderLimitsOptions | undefined, seed: number) {
  const provider = new CountingProvider(kind);
  const limiter = options && new ProviderLimits(options).limiterFor(ORIGIN);
  const calls = Array.from({ length: CALLS }, () =>
    retry(
      { attempts: 100, baseMs: 500 },
      () => limiter === undefined ? ask(provider) : limited(limiter, ABOUT, () => ask(provider)),
    ));
  const { outcome, elapsedMs } = simulate(all(calls), {
    seed,
    latencyMs: [0, 0],
    remote: (_ref, _args, { nowMs }) => provider.begin(nowMs),
  });
  if (!outcome.ok) throw outcome.error;
  return { refusals: provider.refusals, elapsedMs, mostAtOnce: provider.mostAtOnce };
}

/** What is possible: the first second's calls at once, as far as the bounds allow, and the rest as they come. */
const IDEAL_MS: Readonly<Record<Provider["counts"], number>> = {
  "not": CALLS / AT_ONCE * ANSWER_MS,
  "steadily": (CALLS - PER_SECOND) / PER_SECOND * 1_000 + ANSWER_MS,
  "in windows": Math.floor((CALLS - 1) / PER_SECOND) * 1_000 + 2 * ANSWER_MS,
};

for (const counts of ["not", "steadily", "in windows"] as const) {
  for (const headers of counts === "not" ? [false] : [true, false]) {
    test(`limits learn a provider that counts ${counts}, ${headers ? "with" : "without"} headers`, () => {
      for (const seed of [1, 2, 3]) {
        const free = askOften({ counts, headers }, undefined, seed);
        const kept = askOften({ counts, headers }, {}, seed);
        const figures = `seed ${seed}: ${JSON.stringify({ free, kept, idealMs: IDEAL_MS[counts] })}`;
        assert.ok(free.refusals > 300, figures);
        assert.ok(kept.refusals <= 16, figures);
        assert.ok(kept.elapsedMs <= 1.5 * IDEAL_MS[counts], figures);
        assert.ok(kept.mostAtOnce <= AT_ONCE, figures);
      }
    });
  }
}
