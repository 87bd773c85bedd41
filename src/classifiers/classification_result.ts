/**
 * What a classifier says of a text.
 *
 * @module
 */

import { ClassifierError } from "../errors.ts";
import { show } from "../options.ts";
import type { JsonObject } from "../thought/frozen.ts";

/** A part of a text that a label rests on. */
export interface ClassifiedSpan {
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** What it speaks for. */
  readonly label: string;
  /** How much, above 0. */
  readonly weight: number;
}

/** What a {@linkcode ClassificationResult} is made of. */
export interface ClassificationResultInit {
  /** The label. */
  readonly label: string;
  /** How sure it is, 0 to 1. */
  readonly confidence: number;
  /** How likely each label is, 0 to 1, where that is known. */
  readonly scores?: Readonly<Record<string, number>> | undefined;
  /** The parts of the text that the label rests on, in order. */
  readonly spans?: readonly ClassifiedSpan[];
  /** What classified it, for example `"lexicon"` or `"llm"`. @default "custom" */
  readonly method?: string;
  /** Further facts; JSON. @default {} */
  readonly metadata?: JsonObject;
}

/**
 * What a classifier says of a text. It cannot be changed.
 *
 * @example
 * ```ts
 * import { ClassificationResult } from "@sifaka/sifaka/classifiers";
 *
 * const result = new ClassificationResult({ label: "positive", confidence: 0.8 });
 * console.log(result.label); // "positive"
 * ```
 */
export class ClassificationResult {
  /** The label. */
  readonly label: string;
  /** How sure it is, 0 to 1. */
  readonly confidence: number;
  /** How likely each label is, where that is known. */
  readonly scores: Readonly<Record<string, number>> | undefined;
  /** The parts of the text that the label rests on. */
  readonly spans: readonly ClassifiedSpan[];
  /** What classified it. */
  readonly method: string;
  /** Further facts. */
  readonly metadata: JsonObject;

  /**
   * Makes a result.
   *
   * @param init What was found.
   * @throws {ClassifierError} When the label is blank, or a number is not between 0 and 1.
   */
  constructor(init: ClassificationResultInit) {
    const { label, confidence, scores, spans = [], method = "custom", metadata = {} } = init ?? {};
    if (typeof label !== "string" || label.trim() === "") {
      throw unusable(`its label must not be blank: it is ${show(label)}`);
    }
    requireShare("confidence", confidence);
    for (const [name, score] of Object.entries(scores ?? {})) requireShare(`scores.${name}`, score);
    this.label = label;
    this.confidence = confidence;
    this.scores = scores && Object.freeze({ ...scores });
    this.spans = Object.freeze(spans.map((span) => Object.freeze({ ...span })));
    this.method = method;
    this.metadata = Object.freeze({ ...metadata });
    Object.freeze(this);
  }

  /**
   * Makes a result of what a classifier gave.
   *
   * @param value A result, or what one is made of.
   * @returns The same result where it is one.
   * @throws {ClassifierError} When it is neither.
   */
  static of(value: ClassificationResultInit): ClassificationResult {
    return value instanceof ClassificationResult ? value : new ClassificationResult(value);
  }
}

function requireShare(name: string, value: unknown): void {
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  throw unusable(`${name} must be a number from 0 to 1: it is ${show(value)}`);
}

function unusable(reason: string): ClassifierError {
  return new ClassifierError(`A classification cannot be used as ${reason}`, { code: "invalid_result" });
}
