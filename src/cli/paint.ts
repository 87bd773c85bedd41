/**
 * Colours, where the reader is a person who wants them.
 *
 * @module
 */

import type { EnvironmentReader } from "../config/environment.ts";

/** Puts a colour around a text, or leaves it alone. */
export interface Paint {
  /** Whether there is any colour. */
  readonly colored: boolean;
  /** Good news. */
  readonly good: (text: string) => string;
  /** Bad news. */
  readonly bad: (text: string) => string;
  /** What stands out. */
  readonly strong: (text: string) => string;
  /** What may be overlooked. */
  readonly faint: (text: string) => string;
}

/**
 * Decides about colour: only for a person at a terminal, and not with `--no-color`, `NO_COLOR` or a terminal that has none.
 *
 * @param isTerminal Whether a person reads the stream directly.
 * @param asked `false` for --no-color.
 * @param read Reads an environment variable.
 * @returns Whether to use colour.
 */
export function wantsColor(
  isTerminal: boolean,
  asked: boolean | undefined,
  read: EnvironmentReader,
): boolean {
  if (!isTerminal || asked === false) return false;
  const noColor = read("NO_COLOR");
  if (noColor.state === "set" && noColor.value !== "") return false;
  const term = read("TERM");
  return !(term.state === "set" && term.value === "dumb");
}

/**
 * Makes the painter of a stream.
 *
 * @param colored Whether to use colour.
 * @returns The painter.
 */
export function createPaint(colored: boolean): Paint {
  const wrap = (open: number, close: number) => (text: string): string =>
    colored ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  return { colored, good: wrap(32, 39), bad: wrap(31, 39), strong: wrap(1, 22), faint: wrap(2, 22) };
}

// C0 and C1 control characters, but for tab and line feed.
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Makes a text that came from elsewhere (a model, a file, a store) harmless to a terminal: control characters, which could move
 * the cursor or recolour what follows, are shown as their code.
 *
 * @param text The text.
 * @returns The text without control characters other than tabs and line feeds.
 */
export function printable(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(
    CONTROL,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
