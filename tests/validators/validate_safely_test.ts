import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsync } from "../../src/drivers/async.ts";
import { runSync } from "../../src/drivers/sync.ts";
import { ChainError, ModelApiError, ValidatorError } from "../../src/errors.ts";
import { sleep } from "../../src/operation/operation.ts";
import { ValidationResult } from "../../src/thought/validation_result.ts";
import { LengthValidator } from "../../src/validators/length_validator.ts";
import { validateSafely } from "../../src/validators/validate_safely.ts";
import type { Validator, ValidatorContext } from "../../src/validators/validator.ts";
import { draft } from "./helpers.ts";

const THOUGHT = draft("text");

function sync(validator: Validator, context?: ValidatorContext): ValidationResult {
  return runSync(validateSafely(validator, THOUGHT, context));
}

test("validateSafely yields nothing for a validator that does not wait", () => {
  const operation = validateSafely(new LengthValidator({ minLength: 1 }), THOUGHT, { timeoutMs: 5 });
  const step = operation.next();
  assert.equal(step.done, true);
  assert.ok(step.value instanceof ValidationResult);
});

test("validateSafely puts what a plain object gives under its name", () => {
  const plain: Validator = {
    name: "plain",
    validate: () => ({ passed: false, issues: ["no"], validator: "other" }),
  };
  const result = sync(plain);
  assert.ok(result instanceof ValidationResult);
  assert.deepEqual([result.validator, result.message, result.issues], ["plain", "no", ["no"]]);
  const given = new ValidationResult({ validator: "plain", passed: true });
  assert.equal(sync({ name: "plain", validate: () => given }), given);
});

test("validateSafely calls the method that fits the driver", async () => {
  const both: Validator = {
    name: "both",
    validate: () => ({ passed: false, issues: ["sync"] }),
    _validateAsync: () => Promise.resolve({ passed: false, issues: ["async"] }),
  };
  assert.deepEqual(sync(both).issues, ["sync"]);
  assert.deepEqual((await runAsync(validateSafely(both, THOUGHT))).issues, ["async"]);
  const { validate, name } = both;
  assert.deepEqual((await runAsync(validateSafely({ name, validate }, THOUGHT))).issues, ["sync"]);
  const preferred: Validator = {
    ...both,
    *_validateOperation() {
      yield* sleep(1);
      return { passed: false, issues: ["operation"] };
    },
  };
  assert.deepEqual(sync(preferred).issues, ["operation"]);
});

test("validateSafely does not hide that a validator is asynchronous only", () => {
  const asynchronous: Validator = { name: "a", _validateAsync: () => Promise.resolve({ passed: true }) };
  assert.throws(() => sync(asynchronous), { code: "async_only" });
  assert.throws(() => sync({ name: "a", validate: (() => Promise.resolve({ passed: true })) as never }), {
    code: "promise_returned",
  });
});

test("validateSafely turns what is thrown into a result", () => {
  const throwing = (thrown: unknown) =>
    sync({
      name: "broken",
      validate: () => {
        throw thrown;
      },
    });
  const result = throwing(new TypeError("bad"));
  assert.deepEqual(result.error, { code: "internal", message: "bad" });
  assert.equal(result.message, "The check could not be made: bad");
  assert.deepEqual([result.passed, result.suggestions, result.score], [false, [], undefined]);
  assert.equal(throwing(undefined).error?.message, "undefined");
  assert.equal(throwing(new ValidatorError("x", { code: "extract_error" })).error?.code, "extract_error");
  assert.equal(throwing(new ModelApiError("x", { code: "rate_limit" })).error?.code, "internal");
  assert.equal(throwing(new DOMException("late", "TimeoutError")).error?.code, "timeout");
});

test("validateSafely reports what is no result", () => {
  const giving = (given: unknown) => sync({ name: "odd", validate: () => given as ValidationResult });
  for (
    const given of [undefined, null, 5, "no", {}, [1], { passed: "yes" }, { passed: true, issues: ["x"] }]
  ) {
    const result = giving(given);
    assert.equal(result.error?.code, "internal", JSON.stringify(given));
    assert.equal(result.passed, false);
  }
  assert.match(giving({ passed: true, isues: [] }).error!.message, /isues/);
});

test("validateSafely lets cancellation and the end of the run through", async () => {
  const throwing = (thrown: unknown): Validator => ({
    name: "v",
    validate: () => {
      throw thrown;
    },
  });
  const abort = new DOMException("stop", "AbortError");
  assert.throws(() => sync(throwing(abort)), abort);
  const ended = new ChainError("over");
  assert.throws(() => sync(throwing(ended)), ended);
  const reason = { why: "enough" };
  const signal = AbortSignal.abort(reason);
  assert.throws(() => sync(throwing(reason), { signal }), (error) => error === reason);
  const controller = new AbortController();
  const waiting: Validator = { name: "w", _validateAsync: () => new Promise(() => {}) };
  const running = runAsync(validateSafely(waiting, THOUGHT), { signal: controller.signal });
  controller.abort(new Error("stop it"));
  await assert.rejects(running, /stop it/);
});

test("validateSafely bounds the time and cancels what takes longer", async () => {
  let cleaned = 0;
  const slow: Validator = {
    name: "slow",
    *_validateOperation() {
      try {
        yield* sleep(60_000);
        return { passed: true };
      } finally {
        cleaned++;
      }
    },
  };
  const expected = { code: "timeout", message: "slow took longer than 5 ms" };
  assert.deepEqual(sync(slow, { timeoutMs: 5 }).error, expected);
  assert.deepEqual((await runAsync(validateSafely(slow, THOUGHT, { timeoutMs: 5 }))).error, expected);
  assert.equal(cleaned, 2);
  let aborted = false;
  const hanging: Validator = {
    name: "hanging",
    _validateAsync: (_, context) =>
      new Promise(() => context!.signal!.addEventListener("abort", () => aborted = true)),
  };
  const late = await runAsync(validateSafely(hanging, THOUGHT, { timeoutMs: 5 }));
  assert.equal(late.error?.code, "timeout");
  assert.equal(aborted, true);
});

test("validateSafely does not ask about a thought without a text", () => {
  let asked = 0;
  const validator: Validator = { name: "v", validate: () => ({ passed: asked++ === 0 }) };
  const result = runSync(validateSafely(validator, draft()));
  assert.deepEqual([result.error?.code, result.passed, asked], ["no_text", false, 0]);
});
