/**
 * What is asked of the reader of prose, and what it says.
 *
 * @module
 */

/** What prose can be read for. */
export type ProseRule = "simpler" | "repeated" | "articles" | "passive" | "vague" | "considerate";

/** What is asked. */
export interface ProseRequest {
  /** The text. */
  readonly text: string;
  /** What to look for. */
  readonly rules: readonly (ProseRule | "readability")[];
  /** For readers of what age sentences must be easy, in years. */
  readonly age: number;
  /** Sentences with fewer words are never hard. */
  readonly minWords: number;
}

/** One thing that can be better. */
export interface ProseRemark {
  /** By which rule. */
  readonly rule: ProseRule | "readability";
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** What could stand there; an empty string for nothing. */
  readonly expected: readonly string[];
}

/** What is said. */
export interface ProseReading {
  /** How many sentences the prose has. */
  readonly sentences: number;
  /** What can be better, in the order of the text. */
  readonly remarks: readonly ProseRemark[];
}
