/**
 * The configuration of a command.
 *
 * @module
 */

import type { Config } from "../config/config.ts";
import { packageModule } from "../operation/package_module.ts";
import { exists } from "../runtime/files.ts";
import type { CommandContext } from "./command.ts";

/** The configuration that `run` takes where none is named. */
export const DEFAULT_CONFIG = "sifaka.yaml";

/** What may change a configuration. */
export interface ConfigFlags {
  /** Values over those of the file. */
  readonly set?: readonly string[];
  /** `false` for --no-modules. */
  readonly modules?: boolean;
}

/** Loads what reads configurations: every component with it, so a command that needs none does not wait for them. */
async function configurationLoader(): Promise<typeof import("../config/load.ts")> {
  // By its address, as Deno loads what stands in an import beforehand.
  return await import(packageModule("config/load"));
}

/**
 * Reads a configuration file.
 *
 * @param context The command's.
 * @param path The file.
 * @param flags What changes it.
 * @returns The configuration. Nothing that its environment variables hold is logged from now on.
 * @throws {ConfigurationError} When it cannot be read, or is wrong.
 */
export async function readConfig(
  { log, watching }: CommandContext,
  path: string,
  flags: ConfigFlags,
): Promise<Config> {
  const { _loadConfigAsync } = await configurationLoader();
  const config = await _loadConfigAsync(path, {
    overrides: flags.set,
    allowModules: flags.modules,
    onNotice: (message) => log.notice(`${path} ${message}`),
    ...watching,
  });
  log.hide(path, (text) => config.redact(text));
  return config;
}

/** What happens to a text where nothing says what should. */
const PRESET = "{ critics: [self_refine], options: { alwaysApplyCritics: true } }";

/**
 * Makes the configuration of a run that has no file.
 *
 * @param flags What it consists of.
 * @param hasText Whether there is a text to improve.
 * @returns The configuration.
 */
export async function emptyConfig(flags: ConfigFlags, hasText: boolean): Promise<Config> {
  const { parseConfig } = await configurationLoader();
  return parseConfig(hasText ? PRESET : "{}", {
    file: "--set",
    overrides: flags.set,
    allowModules: flags.modules,
  });
}

/** Whether the working directory has a configuration of the usual name. */
export function hasDefaultConfig(): boolean {
  return exists(DEFAULT_CONFIG);
}
