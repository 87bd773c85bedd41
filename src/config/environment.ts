/**
 * Puts environment variables in for `${NAME}`.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import type { EnvironmentValue } from "../runtime/env.ts";
import type { Path, Places } from "./places.ts";
import { configError, type ConfigProblem } from "./problem.ts";

/** Reads an environment variable. */
export type EnvironmentReader = (name: string) => EnvironmentValue;

/** A configuration with its environment variables put in. */
export interface Substituted {
  /** The value. */
  readonly value: JsonValue;
  /** Takes what the variables held out of a text again, so that no error shows it. */
  readonly redact: (text: string) => string;
}

const REFERENCE = /\$(\$)?\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const SHORTEST_SECRET = 4;

/**
 * Puts environment variables in for `${NAME}` in every string; `$${NAME}` stands for the text `${NAME}` itself.
 *
 * @param value The configuration.
 * @param places Where its values stand.
 * @param read Reads one variable.
 * @returns The configuration with the values, and how to keep them out of messages.
 * @throws {ConfigurationError} When a variable is not set, or may not be read.
 */
export function substituteEnvironment(
  value: JsonValue,
  places: Places,
  read: EnvironmentReader,
): Substituted {
  const problems: ConfigProblem[] = [];
  const denied = new Set<string>();
  const secrets = new Map<string, string>();

  function replace(text: string, path: Path): string {
    return text.replace(REFERENCE, (whole, escaped: string | undefined, name: string) => {
      if (escaped) return whole.slice(1);
      const reading = read(name);
      if (reading.state === "set") {
        if (reading.value.length >= SHORTEST_SECRET) secrets.set(reading.value, `\${${name}}`);
        return reading.value;
      }
      if (reading.state === "denied") denied.add(name);
      const rule = reading.state === "denied" ? "may not be read" : "is not set";
      problems.push({ path, message: `the environment variable ${name} ${rule}` });
      return whole;
    });
  }

  const walk = (item: JsonValue, path: Path): JsonValue => mapStrings(item, path, replace);
  const substituted = walk(value, []);
  if (problems.length > 0) {
    throw configError(places, problems, {
      code: denied.size > 0 ? "environment_denied" : "environment_unset",
      suggestions: denied.size > 0
        ? [`Run Deno with --allow-env=${[...denied].join(",")}.`]
        : ["Set it, or write $${NAME} for the text ${NAME} itself."],
    });
  }
  return { value: substituted, redact: (text) => redact(text, secrets) };
}

function redact(text: string, secrets: ReadonlyMap<string, string>): string {
  // A value may begin with another one, of which it would leave its end.
  const longestFirst = [...secrets].sort(([one], [other]) => other.length - one.length);
  return longestFirst.reduce((shown, [secret, name]) => shown.replaceAll(secret, name), text);
}

function mapStrings(value: JsonValue, path: Path, replace: (text: string, path: Path) => string): JsonValue {
  if (typeof value === "string") return replace(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapStrings(item, [...path, index], replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapStrings(item, [...path, key], replace)]),
  );
}
