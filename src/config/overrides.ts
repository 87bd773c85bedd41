/**
 * Values that the command line puts over those of the file: `validators.0.length.minWords=5`.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { hideSecrets } from "../text/secret_names.ts";
import type { Path, Places } from "./places.ts";
import { readYaml } from "./yaml_source.ts";

/**
 * Puts overrides over a configuration, in the order given.
 *
 * A path names fields by dots and list items by number; the number after the last adds an item. Maps that are missing on the
 * way are made. The value is read as YAML, so `true`, `5`, `[a, b]` and `{ a: 1 }` are what they look like; all else is taken as text. A number
 * under `variables` stays as it is written.
 *
 * @param value The configuration.
 * @param overrides Each as `path=value`.
 * @param places Told which values no longer stand in the file.
 * @returns A new value.
 * @throws {ConfigurationError} When one has no `=`, or its path does not fit.
 */
export function applyOverrides(value: JsonValue, overrides: readonly string[], places: Places): JsonValue {
  let result = value;
  for (const override of overrides) {
    const { path, item } = parseOverride(override);
    result = put(result, path, item, override);
    // Only the path is kept: the value may be a key, and a message shows what is kept.
    places.override(path, path.join("."));
  }
  return result;
}

interface Override {
  readonly path: Path;
  readonly item: JsonValue;
}

function parseOverride(override: string): Override {
  const equals = override.indexOf("=");
  const path = override.slice(0, equals).trim();
  if (equals < 1 || path === "" || path.split(".").some((part) => part === "")) {
    throw badOverride(
      override,
      "it must have the form path=value, for example options.maxImprovementIterations=1",
    );
  }
  const parts = path.split(".").map((part) => /^(0|[1-9][0-9]{0,5})$/.test(part) ? Number(part) : part);
  return { path: parts, item: valueOf(override.slice(equals + 1), parts) };
}

function valueOf(text: string, path: Path): JsonValue {
  try {
    const { value } = readYaml(text, "--set", path);
    // An empty value is an empty text, and one such as `Note: this` is a text too: a map would begin with a brace.
    if (value === null && text.trim() === "") return "";
    return typeof value === "object" && !/^\s*[[{]/.test(text) ? text : value;
  } catch {
    return text;
  }
}

function put(value: JsonValue | undefined, path: Path, item: JsonValue, override: string): JsonValue {
  const [head, ...rest] = path;
  if (head === undefined) return item;
  if (Array.isArray(value)) {
    if (typeof head !== "number" || head > value.length) {
      throw badOverride(
        override,
        `${head} is no item of a list with ${value.length} items; they count from 0`,
      );
    }
    const items = [...value];
    items[head] = put(items[head], rest, item, override);
    return items;
  }
  if (head === 0 && value === undefined) return [put(undefined, rest, item, override)];
  // A component that is only named has no options yet: `reflexion` becomes `{ reflexion: {} }`.
  const named = typeof value === "string" && value === head ? { [value]: {} } : value ?? {};
  if (typeof named !== "object" || named === null) {
    // The value is not shown: it may be long, or a key.
    const kind = typeof value === "string" ? "a text" : `a ${typeof value}`;
    throw badOverride(override, `there is no field ${head} in ${kind}`);
  }
  const fields = new Map(Object.entries(named as { readonly [key: string]: JsonValue }));
  fields.set(String(head), put(fields.get(String(head)), rest, item, override));
  return Object.fromEntries(fields);
}

function badOverride(override: string, reason: string): ConfigurationError {
  // Without a sign between path and value, all of it may be a value.
  const [path] = override.includes("=") ? override.split("=", 1) : [hideSecrets(override)];
  return new ConfigurationError(`Cannot apply --set ${path}=… as ${reason}`, { code: "invalid_override" });
}
