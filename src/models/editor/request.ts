/**
 * What crosses to the module that edits, and back.
 *
 * @module
 */

import type { Demands } from "./demands.ts";

/** A text to edit. */
export interface EditRequest {
  /** The text. */
  readonly text: string;
  /** What it must satisfy. */
  readonly demands: Demands;
}

/** Something that can be better in a text. */
export interface EditRemark {
  /** What, in a sentence. */
  readonly text: string;
  /** What to do about it. */
  readonly suggestion: string;
  /** The words that show it. */
  readonly quote: string;
}
