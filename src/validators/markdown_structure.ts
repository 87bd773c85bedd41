/**
 * What is asked of the reader of Markdown, and what it says.
 *
 * @module
 */

/** What is asked. */
export interface MarkdownRequest {
  /** The text. */
  readonly text: string;
  /** Whether a "#" without a space after it, and more than six of them, are faults. */
  readonly strictHeadings: boolean;
}

/** Something broken. */
export interface MarkdownFault {
  /** The line, from 1; absent for what is missing. */
  readonly line?: number;
  /** What is wrong. */
  readonly message: string;
  /** What to do. */
  readonly repair: string;
}

/** A heading. */
export interface MarkdownHeading {
  /** The line, from 1. */
  readonly line: number;
  /** 1 to 6. */
  readonly level: number;
}

/** What a Markdown text is made of. */
export interface MarkdownStructure {
  /** Its headings. */
  readonly headings: readonly MarkdownHeading[];
  /** How many items its lists have. */
  readonly listItems: number;
  /** How many code blocks, fenced or indented. */
  readonly codeBlocks: number;
  /** How many tables. */
  readonly tables: number;
  /** What is broken, in the order of the text. */
  readonly faults: readonly MarkdownFault[];
}
