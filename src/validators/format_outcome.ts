/**
 * What checking a format gives.
 *
 * @module
 */

import type { JsonObject } from "../thought/frozen.ts";

/** What checking a format gives; the validator puts its name on it. */
export interface FormatOutcome {
  /** One sentence. */
  readonly message: string;
  /** What is wrong; none when the text has the format. */
  readonly issues: readonly string[];
  /** What to do about it. */
  readonly suggestions: readonly string[];
  /** 0 to 1. @default 1 without issues, else 0 */
  readonly score?: number;
  /** Further facts. */
  readonly metadata?: JsonObject;
}

/** One thing that is wrong, and what to do about it. */
export interface FormatFault {
  /** What is wrong. */
  readonly issue: string;
  /** What to do. */
  readonly suggestion: string;
}

/**
 * The outcome for a text that does not have the format.
 *
 * @param message One sentence.
 * @param faults What is wrong.
 * @param metadata Further facts.
 * @returns The outcome.
 */
export function failed(
  message: string,
  faults: readonly FormatFault[],
  metadata: JsonObject = {},
): FormatOutcome {
  return {
    message,
    issues: faults.map(({ issue }) => issue),
    suggestions: faults.map(({ suggestion }) => suggestion),
    metadata,
  };
}

/**
 * The outcome for a text that has the format.
 *
 * @param message One sentence.
 * @param metadata Further facts.
 * @returns The outcome.
 */
export function fulfilled(message: string, metadata: JsonObject = {}): FormatOutcome {
  return { message, issues: [], suggestions: [], metadata };
}
