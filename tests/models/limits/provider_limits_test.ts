/** What limits promise: bounds of the user's own, pauses, sharing, and permits that come back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../../src/drivers/simulation.ts";
import { ConfigurationError, ModelApiError } from "../../../src/errors.ts";
import { Concurrency } from "../../../src/models/limits/concurrency.ts";
import { limited } from "../../../src/models/limits/limited.ts";
import type { Limiter } from "../../../src/models/limits/limiter.ts";
import { ProviderLimits, type ProviderLimitsOptions } from "../../../src/models/limits/provider_limits.ts";
import { OpenAiCompatibleModel } from "../../../src/models/mod.ts";
import { all, allSettled, timeout } from "../../../src/operation/combinators.ts";
import { now, type Operation, sleep } from "../../../src/operation/operation.ts";
import { Semaphore } from "../../../src/operation/semaphore.ts";

const ORIGIN = { provider: "test", model: "m", baseUrl: "http://127.0.0.1", apiKey: "key" };

function limiterWith(options: ProviderLimitsOptions): Limiter {
  return new ProviderLimits(options).limiterFor(ORIGIN);
}

function call<T extends object>(limiter: Limiter, ask: () => Operation<T>, tokens = 1): Operation<T> {
  return limited(limiter, { subject: "test:m", provider: "test", tokens }, ask);
}

/** Notes when it was sent, and takes no time. */
function noting(sentMs: number[]): () => Operation<object> {
  return function* () {
    sentMs.push(yield* now());
    return {};
  };
}

function run<T>(operation: Operation<T>, seed = 1): { value: T; elapsedMs: number } {
  const { outcome, elapsedMs } = simulate(operation, { seed });
  if (!outcome.ok) throw outcome.error;
  return { value: outcome.value, elapsedMs };
}

test("requestsPerMinute holds in every minute, and no longer than it must", () => {
  const limiter = limiterWith({ requestsPerMinute: 10, maxWaitMs: 300_000 });
  const sentMs: number[] = [];
  const { elapsedMs } = run(all(Array.from({ length: 35 }, () => call(limiter, noting(sentMs)))));
  assert.equal(sentMs.length, 35);
  for (let index = 10; index < 35; index++) assert.ok(sentMs[index]! - sentMs[index - 10]! >= 60_000);
  assert.equal(elapsedMs, 180_000);
});

test("tokensPerMinute holds in every minute; a call that is larger has a minute to itself", () => {
  const limiter = limiterWith({ tokensPerMinute: 100, maxWaitMs: 300_000 });
  const sentMs: number[] = [];
  run(all([60, 40, 250, 10].map((tokens) => call(limiter, noting(sentMs), tokens))));
  assert.deepEqual(sentMs.map((atMs) => atMs / 60_000), [0, 0, 1, 2]);
});

test("Retry-After stops every call of the model, not only the one that was refused", () => {
  const limiter = limiterWith({});
  const sentMs: number[] = [];
  const refused = new ModelApiError("busy", {
    code: "rate_limit",
    status: 429,
    retryable: true,
    retryAfterMs: 7_000,
  });
  const { value } = run(allSettled([
    call(limiter, function* (): Operation<object> {
      throw refused;
    }),
    call(limiter, noting(sentMs)),
    call(limiter, noting(sentMs)),
  ]));
  assert.deepEqual(value.map(({ ok }) => ok), [false, true, true]);
  assert.deepEqual(sentMs, [7_000, 7_000]);
});

test("a Retry-After that comes before all is there again is taken at its word", () => {
  const limiter = limiterWith({});
  const rateLimits = { tokens: { limit: 150_000, remaining: 0, resetMs: 360_000 } };
  const options = { code: "rate_limit", status: 429, retryable: true, metadata: { rateLimits } };
  limiter.failed(limiter.begin(9, 0), new ModelApiError("busy", { ...options, retryAfterMs: 3_000 }), 0);
  assert.equal(limiter.waitMs(9, 0), 3_000);
  assert.equal(limiter.waitMs(9, 3_000), 0);
  limiter.failed(limiter.begin(9, 3_000), new ModelApiError("busy", options), 3_000);
  assert.equal(limiter.waitMs(9, 3_000), 360_000);
});

test("a clock that was set back stops nobody", () => {
  const limiter = limiterWith({ requestsPerMinute: 1 });
  const atMs = 1_000_000_000;
  const ticket = limiter.begin(1, atMs);
  const rateLimits = { requests: { limit: 9, remaining: 0, resetMs: 50_000 } };
  const options = {
    code: "rate_limit",
    status: 429,
    retryable: true,
    retryAfterMs: 50_000,
    metadata: { rateLimits },
  };
  limiter.failed(ticket, new ModelApiError("busy", options), atMs);
  assert.equal(limiter.waitMs(1, atMs), 60_000);
  assert.equal(limiter.waitMs(1, atMs - 3_600_000), 0);
});

test("a call whose turn comes later than maxWaitMs fails at once and is not sent", () => {
  const limiter = limiterWith({ requestsPerMinute: 1, maxWaitMs: 1_000 });
  const sentMs: number[] = [];
  const { value, elapsedMs } = run(allSettled([1, 2].map(() => call(limiter, noting(sentMs)))));
  assert.equal(elapsedMs, 0);
  assert.equal(sentMs.length, 1);
  const { error } = value[1] as { error: ModelApiError };
  assert.deepEqual([error.code, error.retryable, error.retryAfterMs], ["rate_limit", false, 60_000]);
});

test("a call that is cancelled while it waits or works gives its permit back", () => {
  for (let seed = 0; seed < 20; seed++) {
    const limiter = limiterWith({ maxConcurrency: 2 });
    const slow = (): Operation<object> =>
      call(limiter, function* () {
        yield* sleep(500);
        return {};
      });
    const { value } = run(allSettled([1, 2, 3, 4, 5].map(() => timeout(20, slow()))), seed);
    assert.ok(value.every(({ ok }) => !ok));
    const { concurrency } = limiter;
    assert.deepEqual([concurrency.underWay, concurrency.waiting, concurrency.permits("blocking").free], [
      0,
      0,
      2,
    ]);
  }
});

test("models of one provider, address and key share permits; each name has a pace of its own", () => {
  const limits = new ProviderLimits();
  const limiter = limits.limiterFor(ORIGIN);
  assert.equal(limits.limiterFor({ ...ORIGIN }), limiter);
  const sibling = limits.limiterFor({ ...ORIGIN, model: "other" });
  assert.notEqual(sibling, limiter);
  assert.equal(sibling.concurrency, limiter.concurrency);
  for (
    const other of [{ apiKey: "k2" }, { baseUrl: "http://127.0.0.2" }, { provider: "p2" }, {
      apiKey: undefined,
    }]
  ) {
    assert.notEqual(limits.limiterFor({ ...ORIGIN, ...other }).concurrency, limiter.concurrency);
  }
});

test("limits forget providers that are at rest when there are too many", () => {
  const limits = new ProviderLimits();
  const first = limits.limiterFor(ORIGIN);
  first.concurrency.begin();
  for (let index = 0; index < 1_000; index++) limits.limiterFor({ ...ORIGIN, apiKey: `key-${index}` });
  assert.equal(limits.limiterFor(ORIGIN), first, "one with a call under way is kept");
});

test("concurrency grows with each answer until the first refusal, then slowly, and falls once a flight", () => {
  const concurrency = new Concurrency(4, 100);
  const calls = Array.from({ length: 4 }, () => concurrency.begin());
  concurrency.succeeded();
  assert.equal(concurrency.limit, 5);
  for (const number of calls) concurrency.refused(number);
  assert.equal(concurrency.limit, 3);
  concurrency.succeeded();
  assert.equal(concurrency.limit, 3);
});

test("concurrency never falls below one or grows over its bound, nor when it is not used", () => {
  const concurrency = new Concurrency(2, 3);
  for (let round = 0; round < 9; round++) {
    concurrency.refused(concurrency.begin());
    concurrency.end();
  }
  assert.equal(concurrency.limit, 1);
  const idle = new Concurrency(2, 3);
  idle.succeeded();
  assert.equal(idle.limit, 2);
  for (let round = 0; round < 9; round++) {
    idle.begin();
    idle.succeeded();
  }
  assert.equal(idle.limit, 3);
});

test("a semaphore that is resized keeps those who hold it and wakes those who wait", () => {
  const semaphore = new Semaphore(2);
  const woken: number[] = [];
  for (const number of [1, 2, 3, 4]) semaphore.acquire(() => woken.push(number));
  semaphore.resize(3);
  assert.deepEqual([woken, semaphore.free, semaphore.waiting, semaphore.permits], [[3], 0, 1, 3]);
  semaphore.resize(1);
  assert.equal(semaphore.free, -2);
  semaphore.release();
  semaphore.release();
  assert.deepEqual([woken, semaphore.free], [[3], 0]);
  semaphore.release();
  assert.deepEqual(woken, [3, 4]);
  assert.throws(
    () => semaphore.resize(0),
    /Cannot resize Semaphore as permits must be an integer of at least 1/,
  );
});

test("limits refuse options that are wrong, also where a model is given them", () => {
  const wrong = (make: () => unknown, message: RegExp): void =>
    assert.throws(make, (error: ConfigurationError) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, message);
      return true;
    });
  wrong(() => new ProviderLimits({ maxConcurrency: 0 }), /maxConcurrency must be/);
  wrong(
    () => new ProviderLimits({ maxConcurency: 2 } as ProviderLimitsOptions),
    /maxConcurency.*maxConcurrency/,
  );
  const model = { provider: "ollama", model: "m" };
  wrong(
    () => new OpenAiCompatibleModel({ ...model, limits: { requestsPerMinute: 0.5 } }),
    /limits\.requestsPerMinute must be/,
  );
  wrong(
    () => new OpenAiCompatibleModel({ ...model, timeouts: { connectMs: 0 } }),
    /timeouts\.connectMs must be/,
  );
});
