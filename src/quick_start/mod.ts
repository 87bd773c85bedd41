/**
 * Chains for usual purposes in one call: presets as data, components by name, storages in a word.
 *
 * @example
 * ```ts
 * import { QuickStart } from "@sifaka/sifaka/quickstart";
 *
 * const chain = QuickStart.forDevelopment("Write a line about lemurs.");
 * console.log(chain.run().iteration); // 0
 * ```
 *
 * @module
 */

export {
  type ComponentFactory,
  ComponentRegistry,
  type NamedOptions,
  type RegisterComponentOptions,
} from "./component_registry.ts";
export { checkEnvironment, type CheckEnvironmentOptions, type EnvironmentCheck } from "./environment.ts";
export type {
  FileQuickStartOptions,
  MilvusQuickStartOptions,
  QuickStartOptions,
  RedisQuickStartOptions,
} from "./options.ts";
export type { NamedComponent, Preset, PresetName } from "./presets.ts";
export { describePreset, QuickStart } from "./quick_start.ts";
export { ReadyChain } from "./ready_chain.ts";
