/**
 * What a classifier is to the rest of Sifaka.
 *
 * @module
 */

import { Component } from "../component.ts";
import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import { allSettled } from "../operation/combinators.ts";
import type { Operation } from "../operation/operation.ts";
import type { Outcome } from "../operation/outcome.ts";
import type { ClassificationResult, ClassificationResultInit } from "./classification_result.ts";
import { classifySafely } from "./classify_safely.ts";

/** What a classifier may use beside the text. */
export interface ClassifierContext {
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** The longest it may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Options of `classifyBatch`. */
export interface BatchOptions extends ClassifierContext {
  /** How many texts may be under way at once; an integer of at least 1. @default 8 */
  readonly concurrency?: number;
}

/**
 * Puts one of several labels on a text. `name`, `labels` and one way to classify are required of a classifier of one's own;
 * `defineClassifier` makes a complete one from a function.
 */
export interface Classifier {
  /** What it is called. */
  readonly name: string;
  /** The labels it may give; none where it may give any. */
  readonly labels: readonly string[];
  /** Classifies a text. */
  classify?(text: string, context?: ClassifierContext): ClassificationResultInit;
  /** The twin of `classify` for code on an event loop. */
  _classifyAsync?(text: string, context?: ClassifierContext): Promise<ClassificationResultInit>;
  /** The operation behind both. Sifaka prefers it to either. */
  _classifyOperation?(text: string, context?: ClassifierContext): Operation<ClassificationResultInit>;
}

/** How many texts of a batch are under way at once, unless the caller says otherwise. */
const CONCURRENCY = 8;

/**
 * Makes every method of a classifier from one operation: extend it, and write only `_classifyOperation`.
 *
 * @example
 * ```ts
 * import { ClassificationResult, OperationClassifier } from "@sifaka/sifaka/classifiers";
 * import type { Operation } from "@sifaka/sifaka";
 *
 * class Shouting extends OperationClassifier {
 *   readonly name = "shouting";
 *   readonly labels = ["calm", "shouting"];
 *   *_classifyOperation(text: string): Operation<ClassificationResult> {
 *     return new ClassificationResult({ label: text.includes("!") ? "shouting" : "calm", confidence: 0.9 });
 *   }
 * }
 * console.log(new Shouting().classify("Hello!").label); // "shouting"
 * ```
 */
export abstract class OperationClassifier extends Component implements Classifier {
  /** What it is called. */
  abstract readonly name: string;
  /** The labels it may give. */
  abstract readonly labels: readonly string[];

  /** The one body behind every way to classify. */
  abstract _classifyOperation(text: string, context?: ClassifierContext): Operation<ClassificationResult>;

  /**
   * Puts a label on a text.
   *
   * @param text The text.
   * @param context Limits of time.
   * @returns The label, and how sure it is.
   * @throws {ClassifierError} When the text cannot be classified.
   * @throws {TimeoutError} When the time is over.
   */
  classify(text: string, context: ClassifierContext = {}): ClassificationResult {
    return runSync(classifySafely(this, text, context), { signal: context.signal });
  }

  /** The twin of `classify` for code on an event loop. */
  _classifyAsync(text: string, context: ClassifierContext = {}): Promise<ClassificationResult> {
    return runAsync(classifySafely(this, text, context), { signal: context.signal });
  }

  /**
   * Classifies several texts side by side.
   *
   * @param texts The texts.
   * @param options Limits.
   * @returns What became of each, in order: `{ ok: true, value }` or `{ ok: false, error }`.
   */
  classifyBatch(texts: readonly string[], options: BatchOptions = {}): Outcome<ClassificationResult>[] {
    return runSync(this._classifyBatchOperation(texts, options), { signal: options.signal });
  }

  /** The twin of `classifyBatch` for code on an event loop. */
  _classifyBatchAsync(
    texts: readonly string[],
    options: BatchOptions = {},
  ): Promise<Outcome<ClassificationResult>[]> {
    return runAsync(this._classifyBatchOperation(texts, options), { signal: options.signal });
  }

  /** The operation behind `classifyBatch` and its twin. */
  _classifyBatchOperation(
    texts: readonly string[],
    { concurrency = CONCURRENCY, ...context }: BatchOptions = {},
  ): Operation<Outcome<ClassificationResult>[]> {
    return allSettled(texts.map((text) => classifySafely(this, text, context)), {
      name: "classify",
      concurrency,
    });
  }
}
