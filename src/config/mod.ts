/**
 * Chains from YAML: a configuration file names a model, validators, critics and options, and becomes a `Chain`.
 *
 * @example
 * ```ts
 * import { parseConfig } from "@sifaka/sifaka/config";
 *
 * const config = parseConfig(`
 *   model: editor
 *   prompt: Tighten the announcement.
 *   validators:
 *     - length: { maxWords: 12 }
 *   critics:
 *     - self_refine
 * `);
 * const thought = config.createChain({ input: "In order to begin, please utilize the new form." }).run();
 * console.log(thought.valid); // true
 * ```
 *
 * @module
 */

export { Config, type CreateChainOptions } from "./config.ts";
export { configSchema } from "./config_schema.ts";
export type { JsonSchema } from "./json_schema.ts";
export {
  _loadConfigAsync,
  type ConfigOptions,
  loadConfig,
  parseConfig,
  type ParseConfigOptions,
} from "./load.ts";
export type { Path } from "./places.ts";
export type { LocatedProblem } from "./problem.ts";
export type { ConfigSettings } from "./settings.ts";
export type { StoreLocation, StorePlace } from "./store_location.ts";
export type { Variables } from "./variables.ts";
