/**
 * What every command of the command line gets and gives.
 *
 * @module
 */

import type { Terminal } from "../runtime/terminal.ts";
import type { Log } from "./log.ts";
import type { Paint } from "./paint.ts";

/** The exit statuses of the program. */
export const STATUS = {
  /** Done; the text is valid. */
  ok: 0,
  /** It ran, and the text is not valid. */
  invalid: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** The model or its provider failed. */
  model: 3,
  /** The store cannot be opened or written. */
  store: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** What a command gives. */
export interface CommandResult {
  /** The program's exit status. */
  readonly status: number;
  /** What goes to standard output, with its last line break. */
  readonly output?: string;
}

/** What a command gets. */
export interface CommandContext {
  /** Where the program was started. */
  readonly terminal: Terminal;
  /** What goes to standard error. */
  readonly log: Log;
  /** Colours for standard output. */
  readonly paint: Paint;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** What `--watch` must know of and do; absent without it. */
  readonly watching?: Watching;
}

/** What a command that is run again when a file changes owes to it. */
export interface Watching {
  /** Told of each file before it is read. */
  readonly onFile: (path: string) => void;
  /** Imports a module as it is now. */
  readonly importModule: (path: string) => Promise<Readonly<Record<string, unknown>>>;
}

/** The options that every command has, as commander gives them. */
export interface CommonOptions {
  /** Whether only errors are shown. */
  readonly quiet?: boolean;
  /** How often -v was given. */
  readonly verbose?: number;
  /** `false` for --no-color. */
  readonly color?: boolean;
}

/** Starts a command with what its options say. */
export type StartCommand = (
  options: CommonOptions,
  action: (context: CommandContext) => Promise<CommandResult>,
) => Promise<void>;

/** One JSON document as the result of a command. */
export function jsonOutput(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
