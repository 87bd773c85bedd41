/** What tests of validators share. */
import assert from "node:assert/strict";
import { runAsync } from "../../src/drivers/async.ts";
import { simulate } from "../../src/drivers/simulation.ts";
import { ConfigurationError } from "../../src/errors.ts";
import { Thought } from "../../src/thought/thought.ts";
import type { ValidationResult } from "../../src/thought/validation_result.ts";
import { OperationValidator } from "../../src/validators/validator.ts";

/** A thought with a text. */
export function draft(text?: string): Thought {
  return new Thought(text === undefined ? { prompt: "Write." } : { prompt: "Write.", text });
}

/**
 * Validates through every driver, expects the same of each, and gives it. What is done in the worker is not simulated, as the
 * simulation has none.
 */
export async function validate(
  validator: OperationValidator,
  text?: string,
  { inWorker = false }: { readonly inWorker?: boolean } = {},
): Promise<ValidationResult> {
  const thought = draft(text);
  const result = validator.validate(thought);
  assert.deepEqual(await validator._validateAsync(thought), result);
  if (!inWorker) {
    const { outcome } = simulate(validator._validateOperation(thought));
    assert.ok(outcome.ok);
    assert.deepEqual(outcome.value, result);
  }
  assert.ok(Object.isFrozen(result) && Object.isFrozen(result.issues) && Object.isFrozen(result.metadata));
  assert.equal(result.validator, validator.name);
  if (result.error === undefined) {
    assert.equal(result.passed, result.issues.length === 0);
    assert.equal(result.passed ? result.score === 1 : result.score! < 1 && result.score! >= 0, true);
    assert.equal(result.issues.length > 0, result.suggestions.length > 0);
  }
  return result;
}

/** Whether each text passes. */
export async function checkTable(
  validator: OperationValidator,
  table: readonly (readonly [text: string, passes: boolean])[],
  options?: { readonly inWorker?: boolean },
): Promise<void> {
  for (const [text, passes] of table) {
    const result = await validate(validator, text, options);
    assert.equal(result.error, undefined, result.error?.message);
    assert.equal(result.passed, passes, `${JSON.stringify(text.slice(0, 80))}: ${result.message}`);
  }
}

/** Expects that making a component fails, with a message like this. */
export function refuses(make: () => unknown, message: RegExp): void {
  assert.throws(make, (error) => {
    assert.ok(error instanceof ConfigurationError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

/** Texts of every validator's tests: nothing, white space, a megabyte of ASCII, a megabyte of emoji, halves of pairs. */
export const HARD_TEXTS: readonly string[] = [
  "",
  " \n\t ",
  "a".repeat(2 ** 20),
  "The quick brown fox. ".repeat(50_000),
  "👩‍👩‍👧".repeat(2 ** 17),
  "\ud800".repeat(1_000),
];

/** What every built-in validator must do. */
export async function checkContract(validator: OperationValidator): Promise<void> {
  const missing = validator.validate(draft());
  assert.equal(missing.error?.code, "no_text");
  assert.equal(missing.passed, false);
  assert.deepEqual(missing.suggestions, []);
  for (const text of HARD_TEXTS) {
    const startedMs = performance.now();
    const result = validator.validate(draft(text));
    assert.ok(performance.now() - startedMs < 8_000, JSON.stringify(text.slice(0, 20)));
    assert.equal(result.error, undefined, JSON.stringify(result.error));
    assert.deepEqual(validator.validate(draft(text)), result);
  }
  const text = "Same text, many times.";
  const parallel = await Promise.all(Array.from({ length: 5 }, () => validator._validateAsync(draft(text))));
  for (const result of parallel) assert.deepEqual(result, validator.validate(draft(text)));
  const reason = new Error("stop");
  await assert.rejects(validator._validateAsync(draft(text), { signal: AbortSignal.abort(reason) }), reason);
  assert.throws(() => validator.validate(draft(text), { signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(
    runAsync(validator._validateOperation(draft(text)), { signal: AbortSignal.abort(reason) }),
    reason,
  );
}
