/**
 * Reads the text of a configuration and checks all of it that can be checked without making anything.
 *
 * @module
 */

import { readEnvironment } from "../runtime/env.ts";
import { configSchema } from "./config_schema.ts";
import { type EnvironmentReader, substituteEnvironment } from "./environment.ts";
import { applyOverrides } from "./overrides.ts";
import type { Places } from "./places.ts";
import { configError } from "./problem.ts";
import { CODE_ONLY } from "./registry.ts";
import { partFor, type SchemaChecker, schemaChecker } from "./schema_check.ts";
import type { ConfigSettings } from "./settings.ts";
import { readYaml } from "./yaml_source.ts";

/** A configuration that has been read and checked. */
export interface ParsedConfig {
  /** What it says. */
  readonly settings: ConfigSettings;
  /** Where it says so. */
  readonly places: Places;
  /** Takes the values of its environment variables out of a text. */
  readonly redact: (text: string) => string;
}

/** Options of {@linkcode parseSettings}. */
export interface ParseOptions {
  /** Values to put over the file's, each as `path=value`. */
  readonly overrides?: readonly string[];
  /** Reads environment variables. @default the process's own */
  readonly readEnvironment?: EnvironmentReader;
  /** Checks what was read. @default a checker of `configSchema`, made for the occasion */
  readonly check?: SchemaChecker;
}

/**
 * Reads and checks the text of a configuration.
 *
 * @param text The text.
 * @param file What it is called in messages.
 * @param options Overrides.
 * @returns What it says, and where.
 * @throws {ConfigurationError} When it is no YAML, or says something unknown or wrong; with line and column of each problem.
 */
export function parseSettings(text: string, file: string, options: ParseOptions = {}): ParsedConfig {
  const { value, places } = readYaml(text, file);
  const written = applyOverrides(value ?? {}, options.overrides ?? [], places);
  const { value: resolved, redact } = substituteEnvironment(
    written,
    places,
    options.readEnvironment ?? readEnvironment,
  );
  const check = options.check ?? schemaChecker(partFor(configSchema(), resolved), CODE_ONLY);
  const problems = check(resolved, written);
  if (problems.length > 0) throw configError(places, problems);
  return { settings: resolved as ConfigSettings, places, redact };
}
