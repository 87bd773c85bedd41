/**
 * The validation step: all validators side by side, their results in configuration order.
 *
 * @module
 */

import { ValidatorError } from "../errors.ts";
import { all } from "../operation/combinators.ts";
import type { Effect } from "../operation/effects.ts";
import { now, type Operation } from "../operation/operation.ts";
import { finished, resume } from "../operation/resume.ts";
import type { Thought } from "../thought/thought.ts";
import { ValidationResult } from "../thought/validation_result.ts";
import { validateSafely } from "../validators/validate_safely.ts";
import type { ValidatorContext } from "../validators/validator.ts";
import type { RunWarning } from "./ledger.ts";
import { passes } from "./policy.ts";
import { type Run, tell } from "./run_state.ts";

/**
 * Validates the text of a thought.
 *
 * A validator that does not wait has spoken after its first step; only the others become children that run side by side.
 *
 * @param run The run.
 * @param thought The thought, with a text.
 * @returns An operation of the thought with all results.
 * @throws {ValidatorError} When a validator breaks and `onValidatorError` is `"throw"`.
 */
export function* validate(run: Run, thought: Thought): Operation<Thought> {
  const { settings, ledger } = run;
  const { validators, observed } = settings;
  const startedMs = yield* now();
  const context: ValidatorContext = { timeoutMs: settings.timeouts.validateMs };
  const results: ValidationResult[] = new Array(validators.length);
  let waiting: Map<number, Waiting> | undefined;
  let validated: Thought;
  try {
    for (let index = 0; index < validators.length; index++) {
      const { name, component } = validators[index]!;
      const operation = validateSafely(component, thought, context);
      const first = operation.next();
      if (first.done) results[index] = judge(run, name, first.value, 0);
      else (waiting ??= new Map()).set(index, { name, operation, first });
    }
    if (observed) yield* tellResults(run, thought, results);
    validated = thought.withValidationResults(
      waiting === undefined ? results : yield* sideBySide(run, thought, results, waiting),
    );
  } finally {
    if (waiting !== undefined) yield* close(waiting);
  }
  const durationMs = (yield* now()) - startedMs;
  ledger.addStep("validation", durationMs);
  if (observed) {
    const { runId } = run;
    yield* tell(run, {
      type: "validated",
      runId,
      iteration: thought.iteration,
      valid: passes(validated),
      durationMs,
    });
  }
  return validated;
}

/** A validator that has taken its first step and waits. */
interface Waiting {
  readonly name: string;
  readonly operation: Operation<ValidationResult>;
  readonly first: IteratorResult<Effect, ValidationResult>;
}

function sideBySide(
  run: Run,
  thought: Thought,
  results: readonly ValidationResult[],
  waiting: ReadonlyMap<number, Waiting>,
): Operation<ValidationResult[]> {
  const { validators, maxConcurrency } = run.settings;
  const children = validators.map((_, index) => {
    const validator = waiting.get(index);
    return validator === undefined ? finished(results[index]!) : finish(run, thought, validator);
  });
  return all(children, { name: "validate", concurrency: maxConcurrency });
}

/** Ends those that never became a child because another one ended the run; the rest have ended and do not notice. */
function* close(waiting: ReadonlyMap<number, Waiting>): Operation<void> {
  for (const { operation } of waiting.values()) {
    yield* resume(operation, operation.return(undefined as unknown as ValidationResult));
  }
}

function* finish(
  run: Run,
  thought: Thought,
  { name, operation, first }: Waiting,
): Operation<ValidationResult> {
  const startedMs = yield* now();
  const value = yield* resume(operation, first);
  const result = judge(run, name, value, (yield* now()) - startedMs);
  if (run.settings.observed) yield* tellResult(run, thought, result);
  return result;
}

function* tellResults(
  run: Run,
  thought: Thought,
  results: readonly (ValidationResult | undefined)[],
): Operation<void> {
  for (const result of results) if (result !== undefined) yield* tellResult(run, thought, result);
}

function* tellResult(run: Run, { iteration }: Thought, result: ValidationResult): Operation<void> {
  yield* tell(run, {
    type: "validator-finished",
    runId: run.runId,
    iteration,
    name: result.validator,
    result,
  });
  if (isIgnored(result)) {
    yield* tell(run, { type: "warning", runId: run.runId, ...ignoredWarning(result) });
  }
}

function isIgnored({ metadata }: ValidationResult): boolean {
  return metadata.ignoredError !== undefined;
}

function ignoredWarning({ validator, message }: ValidationResult): RunWarning {
  return { code: "validator_ignored", message: `${validator}: ${message}` };
}

function judge(run: Run, name: string, value: ValidationResult, durationMs: number): ValidationResult {
  run.ledger.addCall(name, durationMs, value.error !== undefined);
  const result = value.validator === name && durationMs === 0
    ? value
    : ValidationResult.of(value, { validator: name, ...(durationMs > 0 && { durationMs }) });
  return result.error === undefined ? result : judgeBroken(run, name, result);
}

function judgeBroken({ settings, ledger }: Run, name: string, result: ValidationResult): ValidationResult {
  const error = result.error!;
  if (settings.onValidatorError === "fail") return result;
  if (settings.onValidatorError === "throw") {
    throw new ValidatorError(`${name} could not check the text: ${error.message}`, {
      code: error.code,
      component: name,
      operation: "validate",
    });
  }
  const ignored = new ValidationResult({
    validator: result.validator,
    passed: true,
    message:
      `Counted as passed, as onValidatorError says so, although it could not be checked: ${error.message}`,
    metadata: { ...result.metadata, ignoredError: { ...error } },
  });
  ledger.warnings.push(ignoredWarning(ignored));
  return ignored;
}
