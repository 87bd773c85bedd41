import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type GuardrailsOptions, GuardrailsValidator } from "../../src/validators/guardrails_validator.ts";
import type { ValidationResult } from "../../src/thought/validation_result.ts";
import { type MockProvider, type Scenario, startProvider } from "../helpers/mock_provider.ts";
import { draft, refuses, validate } from "./helpers.ts";

const KEY = "gr-key-0123456789";
const TEXT = "🦊 Write to ann@example.com.";
let provider: MockProvider;

before(async () => void (provider = await startProvider()));
after(() => provider.stop());

function guard(scenario: Scenario, options: object = {}, more: GuardrailsOptions = {}): GuardrailsValidator {
  const server = { baseUrl: provider.url(scenario), guardName: "no pii/é", ...options };
  return new GuardrailsValidator({ server, ...more });
}

function ask(
  scenario: Scenario,
  options: object = {},
  more: GuardrailsOptions = {},
): Promise<ValidationResult> {
  return validate(guard(scenario, options, more), TEXT, { inWorker: true });
}

test("a guard on a server is asked by its name, with the key, and lets a text pass", async () => {
  await provider.clear();
  const result = await ask({
    json: { callId: "1", validationPassed: true, validatedOutput: TEXT, error: null },
  }, {
    apiKey: KEY,
  });
  assert.deepEqual([result.passed, result.metadata], [true, {}]);
  const [request, again] = await provider.requests();
  assert.equal(request!.method, "POST");
  assert.equal(request!.path, "/v1/guards/no%20pii%2F%C3%A9/validate");
  assert.equal(request!.headers.authorization, `Bearer ${KEY}`);
  assert.deepEqual(request!.body, { llmOutput: TEXT });
  assert.deepEqual(again!.body, request!.body);
});

test("a guard on a server says what is wrong, and where, and what it found is masked", async () => {
  const json = {
    validationPassed: false,
    validatedOutput: "🦊 Write to <EMAIL>.",
    validationSummaries: [
      {
        validatorName: "DetectPII",
        validatorStatus: "fail",
        failureReason: "The text has PII: ann@example.com",
        errorSpans: [{ start: 11, end: 26, reason: "PII" }],
      },
      { validatorName: "Length", validatorStatus: "pass" },
      { validatorName: "Tone", validatorStatus: "fail", failureReason: "too loud", errorSpans: null },
    ],
  };
  const result = await ask({ json }, {}, { onFail: "fix" });
  assert.equal(result.message, "The guard finds 2 faults.");
  assert.deepEqual(result.issues, [
    "Line 1, column 12: DetectPII: The text has PII: a********.",
    "Tone: too loud.",
  ]);
  assert.equal(result.metadata.redacted, "🦊 Write to <EMAIL>.");
  assert.deepEqual((await ask({ json })).metadata, {});
});

test("a validator on the server that throws gives a verdict, too", async () => {
  const result = await ask({ status: 400, json: { detail: "Validation failed for field with errors: …" } });
  assert.deepEqual([result.passed, result.error], [false, undefined]);
  assert.deepEqual(result.issues, ["The guard does not let the text pass."]);
});

test("a guard on a server that gives no verdict is an error, and never a pass", async () => {
  const table: [Scenario, RegExp][] = [
    [
      { status: 401, json: { detail: "no" } },
      /refused the key \(status 401\): set server\.apiKey or GUARDRAILS_API_KEY/,
    ],
    [{ status: 404, json: {} }, /knows no such guard \(status 404\)/],
    [{ status: 400, json: { detail: "bad" } }, /answered with status 400/],
    [{ status: 500, body: "oops" }, /answered with status 500/],
    [{ status: 301, headers: { location: "http://127.0.0.1:1/" }, body: "" }, /cannot be reached/],
    [{ body: "not JSON" }, /gave no verdict/],
    [{ body: "null" }, /gave no verdict/],
    [{ json: { validationPassed: "yes" } }, /gave no verdict/],
    [{ json: { validationPassed: true, error: "validator missing" } }, /gave no verdict/],
    [{ body: '{"validationPassed": true', cutBody: true }, /cannot be reached|gave no verdict/],
  ];
  for (const [scenario, message] of table) {
    const { passed, error } = guard(scenario, { apiKey: KEY }).validate(draft(TEXT));
    assert.deepEqual([passed, error?.code], [false, "guard_unavailable"], JSON.stringify(scenario));
    assert.match(error!.message, message);
    assert.ok(!error!.message.includes(KEY));
  }
  const late = await guard({ hang: true }, { timeoutMs: 50 })._validateAsync(draft(TEXT));
  assert.match(late.error!.message, /gave no answer within 50 ms/);
  const gone = new GuardrailsValidator({ server: { baseUrl: "http://127.0.0.1:1", guardName: "g" } });
  assert.equal(gone.validate(draft(TEXT)).error?.code, "guard_unavailable");
});

test("a guard on a server is refused with no address, a user in it, or a key that is required and missing", () => {
  const make = (server: object) => () => new GuardrailsValidator({ server: server as never });
  refuses(make({ guardName: "g" }), /server\.baseUrl is required/);
  refuses(make({ baseUrl: "http://x" }), /server\.guardName is required/);
  refuses(make({ baseUrl: "localhost:8000", guardName: "g" }), /must begin with http/);
  assert.throws(
    make({ baseUrl: "http://ann:hunter2@x", guardName: "g" }),
    ({ message }: Error) => /no user/.test(message) && !message.includes("hunter2"),
  );
  refuses(make({ baseUrl: "http://x", guardName: "g", requireKey: true }), /GUARDRAILS_API_KEY/);
  refuses(
    () => new GuardrailsValidator({ checks: ["pii"], server: { baseUrl: "http://x", guardName: "g" } }),
    /exactly one of checks, guard and server/,
  );
});
