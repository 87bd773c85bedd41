/**
 * Short descriptions of thoughts, for lists and events.
 *
 * @module
 */

import { TextMeasures } from "../text/measure.ts";
import type { Thought } from "./thought.ts";

/** Names a thought without holding it. */
export interface ThoughtReference {
  /** The thought's id. */
  readonly thoughtId: string;
  /** Which iteration it is, from 0. */
  readonly iteration: number;
  /** When it was made: an instant in UTC, ISO 8601 with `Z`. */
  readonly timestamp: string;
  /** One line: the length of the text, and what was said about it. */
  readonly summary: string;
}

/**
 * Describes a thought in short.
 *
 * @param thought The thought.
 * @returns The reference, frozen.
 *
 * @example
 * ```ts
 * import { referenceTo, Thought } from "@sifaka/sifaka";
 *
 * const thought = new Thought({ prompt: "Describe lemurs.", text: "Lemurs are primates." });
 * console.log(referenceTo(thought).summary); // "20 graphemes; not validated; not criticised"
 * ```
 */
export function referenceTo(thought: Thought): ThoughtReference {
  return Object.freeze({
    thoughtId: thought.id,
    iteration: thought.iteration,
    timestamp: thought.timestamp,
    summary: [lengthOf(thought), validationOf(thought), criticismOf(thought)].join("; "),
  });
}

function lengthOf({ text }: Thought): string {
  if (text === undefined) return "no text";
  const length = new TextMeasures().graphemes(text);
  return length === 1 ? "1 grapheme" : `${length} graphemes`;
}

function validationOf({ validationResults }: Thought): string {
  const results = Object.values(validationResults);
  if (results.length === 0) return "not validated";
  const passed = results.filter((result) => result.passed).length;
  const failed = results.filter((result) => !result.passed).map((result) => result.validator);
  return `${passed} of ${results.length} validators passed${
    failed.length === 0 ? "" : ` (not ${failed.join(", ")})`
  }`;
}

function criticismOf({ criticFeedback }: Thought): string {
  if (criticFeedback.length === 0) return "not criticised";
  const asking = criticFeedback.filter((feedback) => feedback.needsImprovement === true && !feedback.error);
  const names = asking.length === 0 ? "" : ` (${asking.map((feedback) => feedback.critic).join(", ")})`;
  return `${asking.length} of ${criticFeedback.length} critics ask for change${names}`;
}
