/**
 * Reads a label from what a language model answered.
 *
 * @module
 */

import { findJson } from "../text/json_in_prose.ts";

/** What an answer says. */
export interface LabelAnswer {
  /** The label, as it is written among the labels. */
  readonly label: string;
  /** How sure the model says it is, 0 to 1. */
  readonly confidence?: number;
}

/**
 * Reads a label: from JSON somewhere in the answer, or from an answer that is nothing but a label.
 *
 * @param answer The answer.
 * @param labels The labels.
 * @returns The label; `undefined` when it is not one of them.
 */
export function readLabel(answer: string, labels: readonly string[]): LabelAnswer | undefined {
  const named = (given: unknown): string | undefined =>
    typeof given === "string" ? labels.find((label) => fold(label) === fold(given)) : undefined;
  const isAnswer = (value: unknown): boolean =>
    typeof value === "object" && value !== null && "label" in value;
  const json = findJson(answer, isAnswer);
  if (json !== undefined) {
    const { label: given, confidence } = json.value as { label?: unknown; confidence?: unknown };
    const label = named(given);
    if (label === undefined) return undefined;
    return typeof confidence === "number" && confidence >= 0 && confidence <= 1
      ? { label, confidence }
      : { label };
  }
  const label = named(answer.replace(/^[\s"'`*_-]+|[\s"'`*_.-]+$/g, "").replace(/^label:\s*/i, ""));
  return label === undefined ? undefined : { label };
}

function fold(text: string): string {
  return text.trim().toLowerCase().replace(/[\s-]+/g, "_");
}
