import assert from "node:assert/strict";
import { test } from "node:test";
import { type CallSubject, networkError, refusalError } from "../../src/models/http_errors.ts";

const SUBJECT: CallSubject = {
  provider: "openai",
  model: "gpt-test",
  baseUrl: "http://127.0.0.1:9/v1",
  keyVariables: ["OPENAI_API_KEY"],
  secrets: ["sk-secret"],
};

function refusal(status: number | undefined, body: unknown, headers: Record<string, string> = {}) {
  return refusalError(SUBJECT, {
    status,
    headers: new Headers(headers),
    body: typeof body === "string" ? body : JSON.stringify(body),
    sizes: { requestCharacters: 10, estimatedPromptTokens: 3 },
    nowMs: Date.UTC(2026, 0, 1),
  });
}

const CLASSES: readonly (readonly [number | undefined, unknown, string, boolean])[] = [
  [401, {}, "auth", false],
  [403, {}, "auth", false],
  [402, { error: { message: "Insufficient Balance" } }, "quota", false],
  [404, {}, "model_not_found", false],
  [400, { error: { message: "bad field" } }, "bad_request", false],
  [422, { detail: "bad field" }, "bad_request", false],
  [400, { error: { code: "context_length_exceeded" } }, "context_length", false],
  [413, "too large", "context_length", false],
  [400, { error: { code: "content_filter" } }, "content_filter", false],
  [408, {}, "timeout", true],
  [409, {}, "conflict", true],
  [429, {}, "rate_limit", true],
  [429, { error: { code: "insufficient_quota" } }, "quota", false],
  [500, {}, "server_error", true],
  [529, {}, "server_error", true],
  [undefined, { type: "server_error", message: "overloaded" }, "server_error", true],
  [undefined, { code: "rate_limit_exceeded", message: "slow down" }, "rate_limit", true],
];

for (const [status, body, code, retryable] of CLASSES) {
  test(`status ${status} with ${JSON.stringify(body)} is ${code}`, () => {
    const error = refusal(status, body);
    assert.equal(error.code, code);
    assert.equal(error.retryable, retryable);
    assert.equal(error.status, status);
  });
}

test("Retry-After is read in seconds, in milliseconds and as a date", () => {
  assert.equal(refusal(429, {}, { "retry-after": "1.5" }).retryAfterMs, 1500);
  assert.equal(refusal(429, {}, { "retry-after": "9", "retry-after-ms": "250" }).retryAfterMs, 250);
  assert.equal(refusal(429, {}, { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }).retryAfterMs, 30_000);
  assert.equal(refusal(429, {}, { "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }).retryAfterMs, 0);
  for (const text of ["soon", "", "-4"]) {
    assert.equal(refusal(429, {}, { "retry-after": text }).retryAfterMs, undefined);
  }
  assert.equal(refusal(503, { error: "loading", estimated_time: 20.5 }).retryAfterMs, 20_500);
});

test("the message is found in every shape that providers use", () => {
  const shapes = [
    { error: { message: "no" } },
    { error: "no" },
    { message: "no" },
    { detail: "no" },
    [{ error: { message: "no", status: "INVALID_ARGUMENT" } }],
    "no",
  ];
  for (const shape of shapes) {
    assert.equal(refusal(400, shape).message, "openai:gpt-test refused the call with status 400: no");
  }
  assert.equal(refusal(400, "").message, "openai:gpt-test refused the call with status 400");
});

test("secrets never reach a message, a cause or metadata", () => {
  assert.ok(
    !refusal(401, { error: { message: "bad key sk-secret", code: "sk-secret" } }).message.includes(
      "sk-secret",
    ),
  );
  assert.ok(!JSON.stringify(refusal(400, { error: { code: "sk-secret" } }).metadata).includes("sk-secret"));
  const error = networkError(
    SUBJECT,
    new TypeError("fetch failed", { cause: new Error("sk-secret refused") }),
  );
  assert.ok(!error.message.includes("sk-secret"));
  assert.ok(!String((error.cause as Error).message).includes("sk-secret"));
});

test("a secret that stands where a quotation ends is not shown in part", () => {
  const { message } = refusal(400, { error: { message: `${"x".repeat(495)} sk-secret` } });
  assert.doesNotMatch(message, /sk-/);
});

test("a secret in a header of the answer is not shown", () => {
  assert.equal(refusal(400, {}, { "x-request-id": "for sk-secret" }).requestId, "for ***");
});

test("a permission that Deno denies is not retried and names the flag", () => {
  const cause = Object.assign(new Error('Requires net access to "127.0.0.1:9"'), { name: "NotCapable" });
  const error = networkError(SUBJECT, new Error("Connection error.", { cause }));
  assert.equal(error.code, "network_denied");
  assert.equal(error.retryable, false);
  assert.deepEqual(error.suggestions, ["Let Deno reach it: --allow-net=127.0.0.1:9"]);
});
