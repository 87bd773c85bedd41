/**
 * What a critic is to the rest of Sifaka.
 *
 * @module
 */

import { Component } from "../component.ts";
import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import type { JsonValue } from "../json.ts";
import type { Operation } from "../operation/operation.ts";
import type { CriticFeedback, CriticFeedbackInit } from "../thought/critic_feedback.ts";
import type { Document } from "../thought/document.ts";
import type { Thought } from "../thought/thought.ts";
import type { CallLedger } from "./call_ledger.ts";

/** What a critic remembers from one iteration of a run to the next; the chain keeps it in the thought's metadata. */
export interface CriticMemory {
  /** What was remembered; a JSON value, or `undefined` in the first iteration. */
  value: JsonValue | undefined;
}

/** What a critic may use beside the thought. Every field is optional, so `critic.critique(thought)` works anywhere. */
export interface CriticContext {
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** The longest it may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Documents that the chain's critic retrievers found for this draft. */
  readonly documents?: readonly Document[];
  /** Asks the chain's critic retrievers a question of the critic's own; left out where there are none. */
  readonly retrieve?: (query: string) => Operation<readonly Document[]>;
  /** What the critic remembers within this run. @default what `thought.metadata.critics` holds, which is then not updated */
  readonly memory?: CriticMemory;
  /** What the critic is called in this run, where a chain has several of one name. @default the critic's own name */
  readonly criticName?: string;
  /** Tells whoever reads the run something, although the critique goes on. @default an event of the type "warning" */
  readonly warn?: (code: string, message: string) => Operation<void>;
  /** Counts the model calls, so that those of a critique that fails are not lost. */
  readonly calls?: CallLedger;
}

/** How many model calls a critique takes. */
export interface CallEstimate {
  /** The fewest. */
  readonly min: number;
  /** The likely number. */
  readonly expected: number;
  /** The most, repairs of unreadable answers included. */
  readonly max: number;
}

/**
 * Says how the text of a thought should be improved. Only `name` and one way to critique are required of a critic of one's
 * own; `defineCritic` makes a complete one from a function.
 */
export interface Critic {
  /** What feedback and memory are filed under. */
  readonly name: string;
  /** Examines the text. */
  critique?(thought: Thought, context?: CriticContext): CriticFeedbackInit;
  /** The twin of `critique` for code on an event loop. */
  _critiqueAsync?(thought: Thought, context?: CriticContext): Promise<CriticFeedbackInit>;
  /** The operation behind both. Sifaka prefers it to either. */
  _critiqueOperation?(thought: Thought, context?: CriticContext): Operation<CriticFeedbackInit>;
  /** Examines the text unless the thought carries feedback of this critic, and writes an improved one. */
  improve?(thought: Thought, context?: CriticContext): string;
  /** The twin of `improve` for code on an event loop. */
  _improveAsync?(thought: Thought, context?: CriticContext): Promise<string>;
  /** How many model calls a critique of this thought takes. */
  estimateCalls?(thought: Thought): CallEstimate;
}

/**
 * Makes the plain methods and their twins from operations: extend it, and write only `_critiqueOperation` and `_improveOperation`.
 *
 * @example
 * ```ts
 * import { CriticFeedback, type Operation, OperationCritic, Thought } from "@sifaka/sifaka";
 *
 * class Contented extends OperationCritic {
 *   readonly name = "contented";
 *   *_critiqueOperation(): Operation<CriticFeedback> {
 *     return new CriticFeedback({ critic: this.name, needsImprovement: false });
 *   }
 *   *_improveOperation(thought: Thought): Operation<string> {
 *     return thought.text ?? "";
 *   }
 *   estimateCalls(): { min: number; expected: number; max: number } {
 *     return { min: 0, expected: 0, max: 0 };
 *   }
 * }
 * console.log(new Contented().critique(new Thought({ prompt: "Greet me.", text: "Hello!" })).needsImprovement); // false
 * ```
 */
export abstract class OperationCritic extends Component implements Critic {
  /** What feedback and memory are filed under. */
  abstract readonly name: string;

  /** The one body behind `critique` and its twin. */
  abstract _critiqueOperation(thought: Thought, context?: CriticContext): Operation<CriticFeedback>;

  /** The one body behind `improve` and its twin. */
  abstract _improveOperation(thought: Thought, context?: CriticContext): Operation<string>;

  /** How many model calls a critique of this thought takes. */
  abstract estimateCalls(thought: Thought): CallEstimate;

  /**
   * Examines the text.
   *
   * @param thought Whose text.
   * @param context Memory, documents, and limits of time.
   * @returns What to improve.
   * @throws {CriticError} When there is no text, or a budget is too small.
   * @throws {ModelApiError} When the model fails.
   */
  critique(thought: Thought, context: CriticContext = {}): CriticFeedback {
    return runSync(this._critiqueOperation(thought, context), context);
  }

  /** The twin of `critique` for code on an event loop. */
  _critiqueAsync(thought: Thought, context: CriticContext = {}): Promise<CriticFeedback> {
    return runAsync(this._critiqueOperation(thought, context), context);
  }

  /**
   * Writes an improved text, from this critic's feedback in the thought or from a fresh critique.
   *
   * @param thought Whose text.
   * @param context Memory, documents, and limits of time.
   * @returns The improved text.
   * @throws {CriticError} When there is no text, or the model gives nothing usable.
   * @throws {ModelApiError} When the model fails.
   */
  improve(thought: Thought, context: CriticContext = {}): string {
    return runSync(this._improveOperation(thought, context), context);
  }

  /** The twin of `improve` for code on an event loop. */
  _improveAsync(thought: Thought, context: CriticContext = {}): Promise<string> {
    return runAsync(this._improveOperation(thought, context), context);
  }
}
