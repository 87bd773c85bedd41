/**
 * What a batch writes of one line.
 *
 * @module
 */

import type { RunResult } from "../../chain/run.ts";
import { ConfigurationError, ModelError, SifakaError, StorageError } from "../../errors.ts";
import type { ValidationResult } from "../../thought/validation_result.ts";
import type { Usage } from "../../thought/usage.ts";
import { STATUS } from "../command.ts";
import type { BatchLine } from "./batch_line.ts";

/** What came of a line. A text that is missing is `null`, a figure that is not known is left out. */
export interface ResultLine {
  /** Which line, as `BatchLine` counts. */
  readonly line: number;
  /** The line itself. */
  readonly input: BatchLine["input"];
  /** The run, in its store. */
  readonly runId?: string;
  /** The text. */
  readonly text: string | null;
  /** Whether it passed every validator. */
  readonly valid: boolean;
  /** What the validators say against it. */
  readonly issues?: readonly string[];
  /** How many texts there were. */
  readonly iterations?: number;
  /** Why the run stopped. */
  readonly stopReason?: string;
  /** Who wrote the text, as `provider:name`. */
  readonly model?: string;
  /** Calls and tokens. */
  readonly usage?: Omit<Usage, "costUsd">;
  /** The price, in US dollars. */
  readonly costUsd?: number;
  /** What went wrong on the way. */
  readonly warnings?: readonly string[];
  /** Why there is no result. */
  readonly error?: { readonly type: string; readonly code: string; readonly message: string };
  /** Stands for the configuration that it was made by. */
  readonly config: string;
}

/** What every result of one batch has. */
export interface ResultFrame {
  /** The line. */
  readonly line: BatchLine;
  /** The run. */
  readonly runId: string | undefined;
  /** Stands for the configuration. */
  readonly config: string;
  /** Takes secrets out of a message. */
  readonly redact: (text: string) => string;
}

/**
 * Writes down what a run gave.
 *
 * @param frame Which line.
 * @param result The run's.
 * @returns The result of the line.
 */
export function resultLine({ line, config, redact }: ResultFrame, result: RunResult): ResultLine {
  const { thought, iterations, stopReason, warnings, usage: { costUsd, ...usage }, runId } = result;
  // `result.valid` tells of the run's end; what is kept is the thought that was chosen.
  const results = Object.values(thought.validationResults);
  const valid = results.every(({ passed }) => passed);
  return {
    line: line.number,
    input: line.input,
    runId,
    text: thought.text ?? null,
    valid,
    ...(!valid && { issues: results.filter(({ passed }) => !passed).flatMap(issuesOf).map(redact) }),
    iterations: iterations.length,
    stopReason,
    model: thought.generation?.model,
    usage,
    costUsd,
    ...(warnings.length > 0 && { warnings: warnings.map(({ message }) => redact(message)) }),
    config,
  };
}

function issuesOf({ validator, message, issues }: ValidationResult): string[] {
  return (issues.length > 0 ? issues : [message]).map((issue) => `${validator}: ${issue}`);
}

/**
 * Writes down why a line has no result.
 *
 * @param frame Which line.
 * @param error What was thrown.
 * @returns The result of the line.
 */
export function failedLine({ line, runId, config, redact }: ResultFrame, error: unknown): ResultLine {
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  return {
    line: line.number,
    input: line.input,
    runId,
    text: error instanceof ModelError ? error.thought?.text ?? null : null,
    valid: false,
    error: {
      type: name ?? "Error",
      code: error instanceof SifakaError ? code! : "error",
      message: redact(message ?? String(error)),
    },
    config,
  };
}

/** What a line came to. */
export type Outcome = "valid" | "invalid" | "failed";

/** What a result came to. */
export function outcomeOf({ valid, error }: Pick<ResultLine, "valid" | "error">): Outcome {
  return error !== undefined ? "failed" : valid ? "valid" : "invalid";
}

/**
 * The exit status that a failed line stands for.
 *
 * @param type The class of its error.
 * @returns One of `STATUS`.
 */
export function statusOfFailure(type: string): number {
  if (type === ConfigurationError.name) return STATUS.usage;
  return type === StorageError.name ? STATUS.store : STATUS.model;
}
