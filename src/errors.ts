/**
 * Every error class that a caller of Sifaka may want to catch.
 *
 * `message` is one plain sentence; advice stands in `suggestions` and is joined to it only by {@linkcode formatError}.
 * Facts (status, attempt, path) are fields; what went wrong underneath is `cause`.
 *
 * @module
 */

import type { Thought } from "./thought/thought.ts";

/** What every {@linkcode SifakaError} may carry besides its message. */
export interface SifakaErrorOptions {
  /** A stable string to switch on, for example `"rate_limit"`. */
  code?: string;
  /** The component that failed, by its name. */
  component?: string;
  /** What it was doing, for example `"generate"`. */
  operation?: string;
  /** What the reader may do about it, one sentence each. */
  suggestions?: readonly string[];
  /** Further facts. */
  metadata?: Readonly<Record<string, unknown>>;
  /** The error underneath. */
  cause?: unknown;
}

/**
 * The base of all errors that Sifaka throws on purpose.
 *
 * @example
 * ```ts
 * import { SifakaError } from "@sifaka/sifaka";
 *
 * const error = new SifakaError("Cannot open the file", { code: "unreadable", suggestions: ["Check its path."] });
 * console.log(error.code); // "unreadable"
 * ```
 */
export class SifakaError extends Error {
  /** A stable string to switch on. */
  readonly code: string;
  /** The component that failed, by its name. */
  readonly component: string | undefined;
  /** What it was doing. */
  readonly operation: string | undefined;
  /** What the reader may do about it. */
  readonly suggestions: readonly string[];
  /** Further facts. */
  readonly metadata: Readonly<Record<string, unknown>>;

  /**
   * Makes the error.
   *
   * @param message One plain sentence.
   * @param options Facts about the failure.
   */
  constructor(message: string, options: SifakaErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? "error";
    this.component = options.component;
    this.operation = options.operation;
    this.suggestions = Object.freeze([...(options.suggestions ?? [])]);
    this.metadata = Object.freeze({ ...options.metadata });
  }
}

/**
 * Something was built or configured wrongly; thrown before any work begins.
 *
 * @example
 * ```ts
 * import { Chain, ConfigurationError } from "@sifaka/sifaka";
 *
 * try {
 *   new Chain({ maxImprovementIterations: -1 });
 * } catch (error) {
 *   console.log(error instanceof ConfigurationError); // true
 * }
 * ```
 */
export class ConfigurationError extends SifakaError {}

/**
 * The I/O worker died while calls were in flight; the next call starts a new one.
 *
 * @example
 * ```ts
 * import { runSync, sleep, WorkerLostError } from "@sifaka/sifaka";
 *
 * try {
 *   runSync(sleep(1)); // a remote call, say
 * } catch (error) {
 *   if (!(error instanceof WorkerLostError)) throw error;
 *   runSync(sleep(1)); // the next call has a new worker
 * }
 * ```
 */
export class WorkerLostError extends SifakaError {}

/**
 * An operation did not finish within its time.
 *
 * @example
 * ```ts
 * import { runSync, sleep, TimeoutError } from "@sifaka/sifaka";
 *
 * try {
 *   runSync(sleep(1_000), { timeoutMs: 5 });
 * } catch (error) {
 *   console.log(error instanceof TimeoutError); // true
 * }
 * ```
 */
export class TimeoutError extends SifakaError {}

/**
 * The storage could not be opened, read or written.
 *
 * @example
 * ```ts
 * import { StorageError, Thought } from "@sifaka/sifaka";
 *
 * try {
 *   Thought.fromJSON({ text: "no prompt" });
 * } catch (error) {
 *   console.log(error instanceof StorageError); // true
 * }
 * ```
 */
export class StorageError extends SifakaError {}

/**
 * A validator could not do its work.
 *
 * @example
 * ```ts
 * import { ValidatorError } from "@sifaka/sifaka";
 *
 * const error = new ValidatorError("mine could not check anything", { component: "mine" });
 * console.log(error.component); // "mine"
 * ```
 */
export class ValidatorError extends SifakaError {}

/**
 * A critic could not do its work.
 *
 * @example
 * ```ts
 * import { CriticError } from "@sifaka/sifaka";
 *
 * const error = new CriticError("mine could not examine anything", { component: "mine" });
 * console.log(error.component); // "mine"
 * ```
 */
export class CriticError extends SifakaError {}

/**
 * A classifier could not do its work.
 *
 * @example
 * ```ts
 * import { ClassifierError } from "@sifaka/sifaka";
 *
 * const error = new ClassifierError("mine could not classify anything", { component: "mine" });
 * console.log(error.component); // "mine"
 * ```
 */
export class ClassifierError extends SifakaError {}

/**
 * A retriever could not do its work.
 *
 * @example
 * ```ts
 * import { RetrieverError } from "@sifaka/sifaka";
 *
 * const error = new RetrieverError("mine could not search anything", { component: "mine" });
 * console.log(error.component); // "mine"
 * ```
 */
export class RetrieverError extends SifakaError {}

/** Options of an error that carries the last complete thought of its run. */
export interface ThoughtErrorOptions extends SifakaErrorOptions {
  /** The last complete thought of the run. */
  thought?: Thought;
  /** The step of the run that failed, for example `"generate"`. */
  step?: string;
}

/**
 * The base of errors that end a run and carry what it had finished.
 *
 * @example
 * ```ts
 * import { Chain, ChainError, defineModel } from "@sifaka/sifaka";
 *
 * const chain = new Chain({ prompt: "Write.", model: defineModel("broken", () => { throw new Error("out of order"); }) });
 * try {
 *   chain.run();
 * } catch (error) {
 *   if (error instanceof ChainError) console.log(error.step); // "generate"
 * }
 * ```
 */
export class ChainError extends SifakaError {
  /** The last complete thought of the run, when there was one. */
  readonly thought: Thought | undefined;
  /** The step of the run that failed, for example `"generate"`. */
  readonly step: string | undefined;

  /**
   * Makes the error.
   *
   * @param message One plain sentence.
   * @param options Facts about the failure.
   */
  constructor(message: string, options: ThoughtErrorOptions = {}) {
    super(message, options);
    this.thought = options.thought;
    this.step = options.step;
  }
}

/**
 * No text was valid when the budget of the run was spent, and `onExhausted` is `"throw"`.
 *
 * @example
 * ```ts
 * import { Chain, ChainExhaustedError, defineModel, defineValidator } from "@sifaka/sifaka";
 *
 * const chain = new Chain({
 *   prompt: "Write.",
 *   model: defineModel("fixed", () => "Always the same."),
 *   validators: [defineValidator("never", () => false)],
 *   onExhausted: "throw",
 * });
 * try {
 *   chain.run();
 * } catch (error) {
 *   if (error instanceof ChainExhaustedError) console.log(error.thought?.text); // "Always the same."
 * }
 * ```
 */
export class ChainExhaustedError extends ChainError {}

/**
 * No model of the chain could answer. `cause` is the last model's own error.
 *
 * @example
 * ```ts
 * import { Chain, defineModel, ModelError } from "@sifaka/sifaka";
 *
 * const chain = new Chain({ prompt: "Write.", model: defineModel("broken", () => { throw new Error("out of order"); }) });
 * try {
 *   chain.run();
 * } catch (error) {
 *   console.log(error instanceof ModelError); // true
 * }
 * ```
 */
export class ModelError extends ChainError {}

/** What a {@linkcode ModelApiError} may carry. */
export interface ModelApiErrorOptions extends ThoughtErrorOptions {
  /** The HTTP status, when there was an answer. */
  status?: number;
  /** Whether the same call may succeed later. @default false */
  retryable?: boolean;
  /** How long the server asked to wait, in milliseconds. */
  retryAfterMs?: number;
  /** The provider, for example `"openai"`. */
  provider?: string;
  /** The id that the server gave the request. */
  requestId?: string;
}

/**
 * A provider refused, failed or did not answer one call.
 *
 * @example
 * ```ts
 * import { ModelApiError } from "@sifaka/sifaka";
 *
 * const error = new ModelApiError("Too many requests", { status: 429, retryable: true, retryAfterMs: 1_000 });
 * console.log(error.retryable, error.retryAfterMs); // true 1000
 * ```
 */
export class ModelApiError extends ModelError {
  /** The HTTP status, when there was an answer. */
  readonly status: number | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The provider, for example `"openai"`. */
  readonly provider: string | undefined;
  /** The id that the server gave the request. */
  readonly requestId: string | undefined;

  /**
   * Makes the error.
   *
   * @param message One plain sentence.
   * @param options Facts about the failure.
   */
  constructor(message: string, options: ModelApiErrorOptions = {}) {
    super(message, options);
    this.status = options.status;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.provider = options.provider;
    this.requestId = options.requestId;
  }
}

/** The classes that may be rebuilt from their name when an error comes back from another thread. */
export const ERROR_CLASSES: Readonly<Record<string, typeof SifakaError>> = Object.freeze({
  SifakaError,
  ConfigurationError,
  WorkerLostError,
  TimeoutError,
  StorageError,
  ValidatorError,
  CriticError,
  ClassifierError,
  RetrieverError,
  ChainError,
  ChainExhaustedError,
  ModelError,
  ModelApiError,
});

/**
 * Renders an error for a person: its message, then its suggestions, one a line.
 *
 * @param error What was thrown.
 * @returns The message alone when there are no suggestions.
 *
 * @example
 * ```ts
 * import { ConfigurationError, formatError } from "@sifaka/sifaka";
 *
 * const error = new ConfigurationError("No API key was found", { suggestions: ["Set OPENAI_API_KEY."] });
 * console.log(formatError(error)); // "No API key was found\n  Set OPENAI_API_KEY."
 * ```
 */
export function formatError(error: unknown): string {
  if (!(error instanceof Error)) return textOf(error);
  if (!(error instanceof SifakaError)) return error.message || error.name;
  return [error.message, ...error.suggestions.map((line) => `  ${line}`)].join("\n");
}

/** An object without a prototype has no text of its own. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "Something was thrown that is no error";
  }
}
