/**
 * What is wrong with a configuration, said with file, line and column.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { show } from "../options.ts";
import type { Path, Places, Span } from "./places.ts";

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** The value it is about. */
  readonly path: Path;
  /** The rule that is broken and what was found. */
  readonly message: string;
  /** Where exactly; found by `path` when left out. */
  readonly span?: Span;
  /** Whether it is about the key and not about the value. */
  readonly onKey?: boolean;
}

/** One thing that is wrong, with its place, as `metadata.problems` of the error holds it. */
export interface LocatedProblem {
  /** The value it is about. */
  readonly path: Path;
  /** The rule that is broken and what was found. */
  readonly message: string;
  /** The line, from 1; `undefined` when the value was not given in the file. */
  readonly line?: number;
  /** The column, from 1. */
  readonly column?: number;
  /** The line itself and a caret below it. */
  readonly excerpt?: string;
}

const MAX_PROBLEMS = 10;
const MAX_MESSAGE_LENGTH = 1_000;
// deno-lint-ignore no-control-regex
const CONTROL = /[\0-\x09\x0b-\x1f]/g;
const PLAIN_NAME = /^[\p{L}\p{N}$_][\p{L}\p{N}$_./ -]{0,79}$/u;

/**
 * Shows a key that a person wrote.
 *
 * @param name The key.
 * @returns The key itself where it is short and plain; else its beginning in quotes, so that a message stays one line.
 */
export function shortName(name: string): string {
  return PLAIN_NAME.test(name) ? name : show(name);
}

/**
 * Makes the error for a configuration that is wrong. Its message has one line a problem, `file:line:column: what`;
 * `metadata.problems` holds each as a {@linkcode LocatedProblem}.
 *
 * @param places The file.
 * @param problems What is wrong; at least one.
 * @param options What caused it and what may be done.
 * @returns The error to throw.
 */
export function configError(
  places: Places,
  problems: readonly ConfigProblem[],
  options: { code?: string; cause?: unknown; suggestions?: readonly string[] } = {},
): ConfigurationError {
  // Only those that are shown are looked up in the text: a bad file can have very many.
  const placed = problems.map((problem) => findPlace(places, problem)).sort(byPlace);
  const located = placed.slice(0, MAX_PROBLEMS).map((problem) => locate(places, problem));
  const lines = located.map((problem) => `${whereOf(places, problem)}: ${problem.message}`);
  if (placed.length > MAX_PROBLEMS) {
    lines.push(`${places.file}: and ${placed.length - MAX_PROBLEMS} more problems`);
  }
  return new ConfigurationError(lines.join("\n"), {
    code: options.code ?? "invalid_config",
    suggestions: options.suggestions,
    metadata: { file: places.file, problems: located },
    cause: options.cause,
  });
}

function findPlace(places: Places, problem: ConfigProblem): ConfigProblem {
  const { path, message } = problem;
  if (problem.span) return problem;
  const override = places.overrideOf(path);
  if (override !== undefined) return { path, message: `${message} (given by --set ${override})` };
  const place = places.find(path);
  return { path, message, span: problem.onKey ? place?.key ?? place?.value : place?.value };
}

function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  if (a.span && b.span) return a.span.start - b.span.start;
  return a.span ? -1 : b.span ? 1 : 0;
}

function locate(places: Places, { path, message: said, span }: ConfigProblem): LocatedProblem {
  const message = printable(said);
  if (!span) return { path, message };
  return { path, message, ...places.position(span.start), excerpt: places.excerpt(span) };
}

/** What is said may quote the file, the parser's messages even all of it. */
function printable(message: string): string {
  const shown = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
  return shown.replace(CONTROL, (character) => JSON.stringify(character).slice(1, -1));
}

function whereOf(places: Places, { line, column }: LocatedProblem): string {
  return line === undefined ? places.file : `${places.file}:${line}:${column}`;
}
