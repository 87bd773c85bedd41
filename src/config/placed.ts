/**
 * Gives an error that a component threw its place in the configuration.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { OptionProblem } from "../options.ts";
import type { ParsedConfig } from "./parse.ts";
import type { Path } from "./places.ts";
import { configError } from "./problem.ts";

/** Where a configuration's values stand, and what no message may show of them. */
type Source = Pick<ParsedConfig, "places" | "redact">;

/**
 * Makes something of a part of the configuration; what is wrong with that part is thrown with its line.
 *
 * @param source The configuration.
 * @param path The part.
 * @param make Makes something of it.
 * @returns What `make` returns.
 * @throws {ConfigurationError} What `make` throws, with file, line and column.
 */
export function placed<T>(source: Source, path: Path, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw withPlace(error, source, path);
  }
}

/**
 * Adds file, line and column to a configuration error that has none yet, and takes what environment variables hold out of it.
 *
 * @param error What was thrown.
 * @param source The configuration.
 * @param path The part of it that the error is about.
 * @returns The error to throw instead; other errors come back unchanged.
 */
export function withPlace(error: unknown, { places, redact }: Source, path: Path): unknown {
  if (!(error instanceof ConfigurationError) || error.metadata.file !== undefined) return error;
  const found = error.metadata.problems as readonly OptionProblem[] | undefined;
  const problems = found === undefined
    ? [{ path, message: redact(error.message) }]
    : found.map((problem) => ({ path: [...path, ...problem.path], message: redact(problem.message) }));
  return configError(places, problems, {
    code: error.code,
    suggestions: error.suggestions.map(redact),
    // A cause is shown with its error, so one that holds what was taken out is not kept.
    cause: redact(error.message) === error.message ? error : undefined,
  });
}
