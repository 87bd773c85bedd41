/**
 * What a model would find where the program runs.
 *
 * @module
 */

import { ModelRegistry } from "../models/create_model.ts";
import { EndpointModel } from "../models/endpoint_model.ts";
import { PROVIDERS } from "../models/providers.ts";
import { readEnvironment } from "../runtime/env.ts";

/** What {@linkcode checkEnvironment} finds. */
export interface EnvironmentCheck {
  /** The provider that the spec names. */
  readonly provider: string;
  /** Whether nothing works without a key. */
  readonly keyRequired: boolean;
  /** Whether an environment variable holds a key. */
  readonly keyPresent: boolean;
  /** The environment variables that may hold it, the first that is set wins. */
  readonly keyVariables: readonly string[];
  /** Whether these may be read: `"denied"` where Deno has not been told so for one of them. */
  readonly permissionState: "granted" | "denied";
  /** Whether the provider answers; there only where it was asked. */
  readonly reachable?: boolean;
  /** Why it does not answer. */
  readonly reason?: string;
}

/** Options of {@linkcode checkEnvironment}. */
export interface CheckEnvironmentOptions {
  /** Whether the provider is asked for its models, over the network. @default false */
  readonly probe?: boolean;
}

/**
 * Finds out whether a model can be used here. Nothing is sent and no question is asked, unless `probe` says so; keys are never shown.
 *
 * @param spec The model, for example `"openai:gpt-6.1-terra"`.
 * @param options Whether to ask the provider.
 * @returns What was found.
 * @throws {ConfigurationError} When the provider is unknown or the spec is incomplete; with `probe`, also when the model cannot be made.
 *
 * @example
 * ```ts
 * import { checkEnvironment } from "@sifaka/sifaka/quickstart";
 *
 * console.log(checkEnvironment("editor")); // { provider: "editor", keyRequired: false, keyPresent: false, … }
 * ```
 */
export function checkEnvironment(spec: string, options: CheckEnvironmentOptions = {}): EnvironmentCheck {
  const registry = new ModelRegistry();
  const provider = registry.providerOf(spec);
  const { keyVariables, keyRequired } = PROVIDERS[provider] ?? { keyVariables: [], keyRequired: false };
  const readings = keyVariables.map(readEnvironment);
  const found: EnvironmentCheck = {
    provider,
    keyRequired,
    keyPresent: readings.some((reading) => reading.state === "set" && reading.value.trim() !== ""),
    keyVariables: [...keyVariables],
    permissionState: readings.some(({ state }) => state === "denied") ? "denied" : "granted",
  };
  if (options.probe !== true) return found;
  const model = registry.create(spec);
  if (!(model instanceof EndpointModel)) return { ...found, reachable: true };
  const { ok, error } = model.checkHealth();
  return { ...found, reachable: ok, ...(error && { reason: error.message }) };
}
