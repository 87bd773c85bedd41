/**
 * What a chain tells its observer while it runs.
 *
 * @module
 */

import type { CriticFeedback } from "../thought/critic_feedback.ts";
import type { ValidationResult } from "../thought/validation_result.ts";
import type { Usage } from "../thought/usage.ts";
import type { StopReason } from "./policy.ts";

/** What every event of a run carries. */
export interface RunFacts {
  /** The run. */
  readonly runId: string;
  /** Whether it happened in an earlier start of the run, and is told again by one that was resumed or is replayed. */
  readonly replayed?: true;
}

/** What every event of an iteration carries. */
export interface IterationFacts extends RunFacts {
  /** The iteration, from 0. */
  readonly iteration: number;
}

/** A run begins. */
export interface RunStartedEvent extends RunFacts {
  /** The type. */
  readonly type: "run-started";
  /** The chain. */
  readonly chainId: string;
  /** The model, as `provider:name`. */
  readonly model: string;
  /** The validators' names. */
  readonly validators: readonly string[];
  /** The critics' names. */
  readonly critics: readonly string[];
  /** How many improvements are allowed. */
  readonly maxImprovementIterations: number;
}

/** A model is asked for a text. */
export interface GenerationStartedEvent extends IterationFacts {
  /** The type. */
  readonly type: "generation-started";
  /** The model, as `provider:name`. */
  readonly model: string;
}

/** A piece of a text is there; only with the chain's option `stream`. */
export interface GenerationChunkEvent extends IterationFacts {
  /** The type. */
  readonly type: "generation-chunk";
  /** Which call of the iteration it is of, from 1; with another number, a call before it has failed, and its pieces count no more. */
  readonly attempt: number;
  /** The piece. */
  readonly text: string;
}

/** A text is there. */
export interface GeneratedEvent extends IterationFacts {
  /** The type. */
  readonly type: "generated";
  /** The text. */
  readonly text: string;
  /** The model that wrote it; `"input"` for a text that was given. */
  readonly model: string;
  /** What it consumed. */
  readonly usage?: Usage;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** One validator has spoken. */
export interface ValidatorFinishedEvent extends IterationFacts {
  /** The type. */
  readonly type: "validator-finished";
  /** The validator's name in the chain. */
  readonly name: string;
  /** What it says. */
  readonly result: ValidationResult;
}

/** All validators have spoken. */
export interface ValidatedEvent extends IterationFacts {
  /** The type. */
  readonly type: "validated";
  /** Whether the text is valid. */
  readonly valid: boolean;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** One critic has spoken. */
export interface CriticFinishedEvent extends IterationFacts {
  /** The type. */
  readonly type: "critic-finished";
  /** The critic's name in the chain. */
  readonly name: string;
  /** What it says. */
  readonly feedback: CriticFeedback;
}

/** All critics have spoken. */
export interface CriticisedEvent extends IterationFacts {
  /** The type. */
  readonly type: "criticised";
  /** How many ask for change. */
  readonly asking: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** Documents were looked for. */
export interface RetrievedEvent extends IterationFacts {
  /** The type. */
  readonly type: "retrieved";
  /** When in the iteration. */
  readonly phase: "pre" | "post" | "critic";
  /** How many documents were found. */
  readonly documents: number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** A thought was kept. */
export interface StoredEvent extends IterationFacts {
  /** The type. */
  readonly type: "stored";
  /** The thought's id. */
  readonly thoughtId: string;
}

/** A model call failed and is made again. */
export interface RetryEvent {
  /** The type. */
  readonly type: "retry";
  /** The run, where the chain itself asked. */
  readonly runId?: string;
  /** The critic that asked, where one did. */
  readonly component?: string;
  /** The iteration, from 0. */
  readonly iteration: number;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** How long the caller waits, in milliseconds. */
  readonly waitMs: number;
  /** Why it failed. */
  readonly message: string;
}

/** Something the reader should know, and the run goes on. */
export interface WarningEvent {
  /** The type. */
  readonly type: "warning";
  /** The run; left out where it has no id yet. */
  readonly runId?: string;
  /** The critic that warns, where one does. */
  readonly component?: string;
  /** A stable string to switch on. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
}

/** A run is over. */
export interface RunFinishedEvent extends RunFacts {
  /** The type. */
  readonly type: "run-finished";
  /** Why it stopped. */
  readonly stopReason: StopReason;
  /** Whether the text returned is valid. */
  readonly valid: boolean;
  /** The iteration that is returned. */
  readonly iteration: number;
  /** What the whole run consumed. */
  readonly usage: Usage;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** Everything a chain tells its observer. */
export type ChainEvent =
  | RunStartedEvent
  | GenerationStartedEvent
  | GenerationChunkEvent
  | GeneratedEvent
  | ValidatorFinishedEvent
  | ValidatedEvent
  | CriticFinishedEvent
  | CriticisedEvent
  | RetrievedEvent
  | StoredEvent
  | RetryEvent
  | WarningEvent
  | RunFinishedEvent;
