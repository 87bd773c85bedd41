/**
 * Finds a provider's API key, and says what to do when there is none.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { readEnvironment } from "../runtime/env.ts";

/** Where a key may come from. */
export interface KeySource {
  /** What is being made, for the error, for example `"the OpenAI model gpt-6.1-terra"`. */
  readonly subject: string;
  /** The key itself. */
  readonly apiKey?: string;
  /** Environment variables to try, in order. */
  readonly variables: readonly string[];
  /** Whether nothing works without a key. */
  readonly required: boolean;
}

/**
 * Finds a key: the one given, else the first environment variable that holds one. A blank key counts as none.
 *
 * @param source Where to look.
 * @returns The key; `undefined` where there is none and none is required.
 * @throws {ConfigurationError} When a required key is missing, or one cannot be sent in a header. It never shows the key.
 */
export function findKey(source: KeySource): string | undefined {
  const given = usable(source, source.apiKey, "apiKey");
  if (given !== undefined) return given;
  const states: Record<string, "unset" | "blank" | "denied"> = {};
  for (const variable of source.variables) {
    const read = readEnvironment(variable);
    const key = read.state === "set" ? usable(source, read.value, variable) : undefined;
    if (key !== undefined) return key;
    states[variable] = read.state === "set" ? "blank" : read.state;
  }
  if (source.required) throw missingKey(source, states);
  return undefined;
}

function usable(source: KeySource, key: string | undefined, origin: string): string | undefined {
  if (key === undefined || key.trim() === "") return undefined;
  const bad = /[\r\n]/.test(key)
    ? "has line breaks in it"
    : /[^\x20-\x7e]/.test(key)
    ? "has characters other than ASCII"
    : "";
  if (bad === "") return key.trim();
  throw new ConfigurationError(`Cannot create ${source.subject} as the API key in ${origin} ${bad}`, {
    code: "invalid_api_key",
    suggestions: ["Copy the key again, as one line."],
  });
}

function missingKey(source: KeySource, states: Readonly<Record<string, string>>): ConfigurationError {
  const WORDS: Readonly<Record<string, string>> = {
    unset: "is not set",
    blank: "is blank",
    denied: "may not be read",
  };
  const found = Object.entries(states).map(([variable, state]) => `${variable} ${WORDS[state]}`);
  const denied = Object.keys(states).filter((variable) => states[variable] === "denied");
  return new ConfigurationError(
    `Cannot create ${source.subject} as no API key was found: ${found.join(", ")}`,
    {
      code: "missing_api_key",
      metadata: { variables: states },
      suggestions: [
        `Set the environment variable ${source.variables[0]}.`,
        "Or pass the key as the option `apiKey`.",
        ...(denied.length > 0 ? [`Let Deno read it: --allow-env=${denied.join(",")}`] : []),
      ],
    },
  );
}
