import assert from "node:assert/strict";
import { test } from "node:test";
import { readRateHeaders } from "../../../src/models/limits/rate_headers.ts";

const NOW_MS = Date.parse("2026-11-23T10:00:00Z");

function read(headers: Record<string, string>): unknown {
  return readRateHeaders(new Headers(headers), NOW_MS);
}

function openAi(reset: string): Record<string, string> {
  return { "x-ratelimit-remaining-requests": "5", "x-ratelimit-reset-requests": reset };
}

test("rate headers of OpenAI's family are read, requests and tokens", () => {
  assert.deepEqual(
    read({
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "59",
      "x-ratelimit-reset-requests": "1s",
      "x-ratelimit-limit-tokens": "150000",
      "x-ratelimit-remaining-tokens": "149984",
      "x-ratelimit-reset-tokens": "6m0s",
    }),
    {
      requests: { limit: 60, remaining: 59, resetMs: 1_000 },
      tokens: { limit: 150_000, remaining: 149_984, resetMs: 360_000 },
    },
  );
});

test("rate headers of Anthropic are read, with dates", () => {
  assert.deepEqual(
    read({
      "anthropic-ratelimit-requests-limit": "50",
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-23T10:00:30Z",
      "anthropic-ratelimit-tokens-remaining": "1000",
      "anthropic-ratelimit-tokens-reset": "2026-11-23T09:59:00Z",
    }),
    { requests: { limit: 50, remaining: 0, resetMs: 30_000 }, tokens: { remaining: 1_000, resetMs: 0 } },
  );
});

const RESETS: readonly [string, number | undefined][] = [
  ["17ms", 17],
  ["2m59.56s", 179_560],
  ["1h", 3_600_000],
  ["7.66s", 7_660],
  ["12", 12_000],
  [String(NOW_MS + 4_000), 4_000],
  [String(NOW_MS / 1_000 + 4), 4_000],
  ["soon", undefined],
  ["1x", undefined],
  ["", undefined],
  ["-5", undefined],
  ["999d", undefined],
];

for (const [text, resetMs] of RESETS) {
  test(`a reset of ${JSON.stringify(text)} is ${resetMs === undefined ? "left out" : `${resetMs} ms`}`, () => {
    assert.deepEqual(
      read(openAi(text)),
      resetMs === undefined ? undefined : { requests: { remaining: 5, resetMs } },
    );
  });
}

test("rate headers that are incomplete or no numbers are left out", () => {
  assert.equal(read({}), undefined);
  assert.equal(read({ "x-ratelimit-remaining-requests": "5" }), undefined);
  assert.equal(
    read({ "x-ratelimit-remaining-requests": "many", "x-ratelimit-reset-requests": "1s" }),
    undefined,
  );
  assert.equal(
    read({ "x-ratelimit-remaining-requests": "-1", "x-ratelimit-reset-requests": "1s" }),
    undefined,
  );
});
