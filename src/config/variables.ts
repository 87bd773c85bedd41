/**
 * Puts a configuration's variables in for `{{name}}`.
 *
 * @module
 */

import { hintFor } from "../text/nearest.ts";
import type { Path, Places } from "./places.ts";
import { configError, type ConfigProblem } from "./problem.ts";

/** Values for `{{name}}`. */
export type Variables = Readonly<Record<string, string | number | boolean>>;

const REFERENCE = /\{\{\s*([\p{L}_][\p{L}\p{N}_.-]*)\s*\}\}/gu;

/**
 * Puts variables in for `{{name}}`, once: what a variable holds is not looked at again.
 *
 * @param text The text.
 * @param variables The values.
 * @param places Where the configuration's values stand.
 * @param path Where the text stands in it.
 * @returns The text with the values.
 * @throws {ConfigurationError} When a name has no value.
 */
export function substituteVariables(text: string, variables: Variables, places: Places, path: Path): string {
  const problems: ConfigProblem[] = [];
  const names = Object.keys(variables);
  const result = putVariables(text, variables, (whole, name) => {
    const hint = names.length === 0 ? "there are no variables" : hintFor(name, names);
    const message = `the variable {{${name}}} has no value; ${hint}`;
    problems.push({ path, message, span: places.spanOf(path, whole) });
  });
  if (problems.length > 0) {
    const suggestions = ["Give it under `variables:`, or by --set variables.NAME=VALUE."];
    throw configError(places, problems, { code: "missing_variable", suggestions });
  }
  return result;
}

/**
 * Puts those variables in that have a value; the others stay as they are written.
 *
 * @param text The text.
 * @param variables The values.
 * @param onMissing Told of each that has none, as it is written and by its name.
 * @returns The text with the values.
 */
export function putVariables(
  text: string,
  variables: Variables,
  onMissing: (whole: string, name: string) => void = () => {},
): string {
  return text.replace(REFERENCE, (whole, name: string) => {
    if (Object.hasOwn(variables, name)) return String(variables[name]);
    onMissing(whole, name);
    return whole;
  });
}
