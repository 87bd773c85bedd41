/** Limits, times and cancellation over real connections on loopback, in both drivers. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Chain } from "../../../src/chain/chain.ts";
import { runAsync } from "../../../src/drivers/async.ts";
import { runSync } from "../../../src/drivers/sync.ts";
import { ModelApiError, TimeoutError } from "../../../src/errors.ts";
import {
  generateOperation,
  OpenAiCompatibleModel,
  type OpenAiCompatibleOptions,
  ProviderLimits,
} from "../../../src/models/mod.ts";
import { all, race } from "../../../src/operation/combinators.ts";
import { type Operation, sleep } from "../../../src/operation/operation.ts";
import { type MockProvider, type Scenario, startProvider } from "../../helpers/mock_provider.ts";

const server: MockProvider = await startProvider();
after(() => server.stop());

const DRIVERS: readonly (readonly [string, <T>(make: () => Operation<T>) => Promise<T>])[] = [
  ["sync", <T>(make: () => Operation<T>) => Promise.resolve().then(() => runSync(make()))],
  ["async", <T>(make: () => Operation<T>) => runAsync(make())],
];

function model(scenario: Scenario, options: Partial<OpenAiCompatibleOptions> = {}): OpenAiCompatibleModel {
  const baseUrl = server.url(scenario);
  return new OpenAiCompatibleModel({
    provider: "openai",
    model: "m",
    apiKey: "sk-test-01234567",
    baseUrl,
    ...options,
  });
}

for (const [driver, run] of DRIVERS) {
  test(`forty calls end at a provider that allows three at once, with few refusals (${driver})`, async () => {
    await server.clear();
    const made = model({ refuseOver: 3, delayMs: 5 }, {
      retry: { attempts: 20, baseMs: 40 },
      limits: { initialConcurrency: 4 },
    });
    const calls = () => all(Array.from({ length: 40 }, () => generateOperation(made, "Greet me")));
    assert.equal((await run(calls)).length, 40);
    const refusals = (await server.requests()).length - 40;
    assert.ok(refusals <= 20, `${refusals} refusals`);
  });

  test(`models share the permits of one ProviderLimits, and never exceed them (${driver})`, async () => {
    await server.clear();
    const limits = new ProviderLimits({ maxConcurrency: 2 });
    const models = ["a", "b", "c"].map((name) => model({ together: 2 }, { model: name, limits }));
    await run(() =>
      all(models.flatMap((made) => [1, 2, 3, 4].map(() => generateOperation(made, "Greet me"))))
    );
    const most = Math.max(...(await server.requests()).map(({ sideBySide }) => sideBySide));
    assert.equal(most, 2);
  });

  test(`a model reports what the headers say of its limits, and heeds it (${driver})`, async () => {
    const headers = {
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "200h",
    };
    await server.clear();
    const made = model({ headers });
    const { rateLimits } = await run(() => generateOperation(made, "Greet me"));
    assert.deepEqual(rateLimits, { requests: { limit: 60, remaining: 0, resetMs: 720_000_000 } });
    await assert.rejects(run(() => generateOperation(made, "Greet me")), (error: ModelApiError) => {
      assert.deepEqual([error.code, error.retryable, error.metadata.sent], ["rate_limit", false, false]);
      return true;
    });
    assert.equal((await server.requests()).length, 1);
  });

  test(`a refusal that asks for a longer wait than is wanted goes to the fallback model (${driver})`, async () => {
    const refused = (seconds: number, maxWaitMs?: number) =>
      model({ status: 429, headers: { "retry-after": String(seconds) }, body: "{}" }, {
        limits: { maxWaitMs },
        retry: { attempts: 3, baseMs: 1 },
      });
    for (const patient of [refused(86_400), refused(1, 500)]) {
      await server.clear();
      const chain = new Chain({ model: patient, fallbackModels: [model({})], prompt: "Greet me." });
      assert.equal((await run(() => chain._runOperation())).thought.text, "Hello from the server.");
      assert.equal((await server.requests()).length, 2);
    }
    await assert.rejects(
      run(() => generateOperation(refused(86_400), "Greet me")),
      (error: ModelApiError) => {
        assert.deepEqual([error.code, error.status, error.retryable], ["rate_limit", 429, false]);
        assert.deepEqual([error.retryAfterMs, error.metadata.maxWaitMs], [86_400_000, 120_000]);
        assert.match(error.suggestions.join(), /asks to wait for 86400000 ms.*limits\.maxWaitMs/);
        return true;
      },
    );
  });

  const times: readonly [string, Scenario, object, string][] = [
    ["connect", { hang: true }, { timeouts: { connectMs: 300 } }, "connect_timeout"],
    ["firstToken", { silentAfter: 0 }, { timeouts: { firstTokenMs: 300 } }, "first_token_timeout"],
    ["betweenTokens", { silentAfter: 1 }, { timeouts: { betweenTokensMs: 300 } }, "between_tokens_timeout"],
    ["call", { hang: true }, { timeoutMs: 300 }, "timeout"],
  ];
  for (const [which, scenario, options, code] of times) {
    test(`a call that exceeds its ${which} time says so and leaves the server (${driver})`, async () => {
      await server.clear();
      await assert.rejects(
        run(() => generateOperation(model(scenario, options), "Greet me")),
        (error: ModelApiError) => {
          assert.ok(error instanceof ModelApiError && error.cause instanceof TimeoutError, String(error));
          assert.deepEqual([error.code, error.cause.code, error.retryable], [code, code, true]);
          assert.deepEqual(error.metadata, { timeout: which, timeoutMs: 300 });
          return true;
        },
      );
      await server.untilAborted();
      assert.equal((await server.requests()).length, 1);
    });
  }

  test(`a call with bounds of its parts gives the text and the usage of a whole one (${driver})`, async () => {
    await server.clear();
    const timeouts = { connectMs: 5_000, firstTokenMs: 5_000, betweenTokensMs: 5_000 };
    const generation = await run(() => generateOperation(model({}, { timeouts }), "Greet me"));
    assert.equal(generation.text, "Hello from the server.");
    assert.deepEqual(generation.usage, { promptTokens: 11, completionTokens: 7 });
  });

  test(`a call that is cancelled half-way closes its connection (${driver})`, async () => {
    for (
      const [scenario, options] of [
        [{ hang: true }, {}],
        [{ endless: true, pieceDelayMs: 2 }, { timeouts: { firstTokenMs: 5_000 } }],
      ] as const
    ) {
      await server.clear();
      const made = model(scenario, options);
      const left = await run(() => race([generateOperation(made, "Greet me"), sleep(500)]));
      assert.equal(left, undefined);
      await server.untilAborted();
      assert.equal((await server.requests()).length, 1);
      const counts: number[] = [];
      for (let round = 0; round < 3; round++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        counts.push((await server.requests())[0]!.chunksSent);
      }
      assert.equal(counts[2], counts[1]);
    }
  });

  test(`a stream that its reader leaves closes its connection (${driver})`, async () => {
    await server.clear();
    const made = model({ endless: true, pieceDelayMs: 2 });
    if (driver === "sync") { for (const _ of made.stream("Greet me")) break; }
    else for await (const _ of made._streamAsync("Greet me")) break;
    await server.untilAborted();
  });

  test(`one attempt is one request (${driver})`, async () => {
    for (
      const scenario of [{ status: 500, body: "{}" }, { status: 429, body: "{}" }, {
        cutBody: true,
        body: "{",
      }]
    ) {
      await server.clear();
      const chain = new Chain({ model: model(scenario), prompt: "Greet me.", retry: { attempts: 1 } });
      await assert.rejects(run(() => chain._runOperation()), ModelApiError);
      assert.equal((await server.requests()).length, 1);
    }
  });

  test(`the time of a whole run ends the call under way (${driver})`, async () => {
    await server.clear();
    const chain = new Chain({
      model: model({ hang: true }),
      prompt: "Greet me.",
      timeouts: { totalMs: 500 },
    });
    await assert.rejects(run(() => chain._runOperation()), (error: TimeoutError) => {
      assert.ok(error instanceof TimeoutError);
      assert.deepEqual([error.code, error.metadata.timeoutMs], ["deadline", 500]);
      return true;
    });
    await server.untilAborted();
  });
}

test("code that blocks does not wait for the permits of code on the event loop", async () => {
  await server.clear();
  const made = model({ delayMs: 30 }, { limits: { maxConcurrency: 1 } });
  const asked = made._generateAsync("Greet me");
  assert.equal(made.generate("Greet me"), "Hello from the server.");
  assert.equal(await asked, "Hello from the server.");
});
