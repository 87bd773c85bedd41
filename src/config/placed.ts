/**
 * Gives an error that a component threw its place in the configuration.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { OptionProblem } from "../options.ts";
import type { Path, Places } from "./places.ts";
import { configError } from "./problem.ts";

/**
 * Makes something of a part of the configuration; what is wrong with that part is thrown with its line.
 *
 * @param places Where the configuration's values stand.
 * @param path The part.
 * @param make Makes something of it.
 * @returns What `make` returns.
 * @throws {ConfigurationError} What `make` throws, with file, line and column.
 */
export function placed<T>(places: Places, path: Path, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw withPlace(error, places, path);
  }
}

/**
 * Adds file, line and column to a configuration error that has none yet.
 *
 * @param error What was thrown.
 * @param places Where the configuration's values stand.
 * @param path The part of it that the error is about.
 * @returns The error to throw instead; other errors come back unchanged.
 */
export function withPlace(error: unknown, places: Places, path: Path): unknown {
  if (!(error instanceof ConfigurationError) || error.metadata.file !== undefined) return error;
  const found = error.metadata.problems as readonly OptionProblem[] | undefined;
  const problems = found === undefined
    ? [{ path, message: error.message }]
    : found.map((problem) => ({ path: [...path, ...problem.path], message: problem.message }));
  return configError(places, problems, { code: error.code, cause: error, suggestions: error.suggestions });
}
