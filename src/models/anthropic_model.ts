/**
 * Models behind Anthropic's own API.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import type { Operation } from "../operation/operation.ts";
import { checkOptions, optionError, type OptionSchemas } from "../options.ts";
import { anthropicBody } from "./anthropic_body.ts";
import { checkCall } from "./generate.ts";
import { EndpointModel } from "./endpoint_model.ts";
import { ENDPOINT_OPTIONS, type EndpointOptions } from "./endpoint_options.ts";
import type { GenerateOptions, Prompt } from "./generation.ts";
import { PROVIDERS } from "./providers.ts";

/** Options of {@linkcode AnthropicModel}. */
export type AnthropicOptions = EndpointOptions;

/**
 * What {@linkcode AnthropicModel} accepts.
 *
 * @example
 * ```ts
 * import { ANTHROPIC_OPTIONS } from "@sifaka/sifaka/models";
 *
 * console.log("maxTokens" in ANTHROPIC_OPTIONS); // true
 * ```
 */
export const ANTHROPIC_OPTIONS: OptionSchemas = ENDPOINT_OPTIONS;

/**
 * A model behind Anthropic's Messages API. Nothing is sent, and Anthropic's SDK is not loaded, before the first call. An answer
 * may have 4096 tokens where `maxTokens` says nothing else; one that was cut off there says so by `finishReason` `"length"`.
 *
 * @example
 * ```ts
 * import { AnthropicModel } from "@sifaka/sifaka/models";
 *
 * const model = new AnthropicModel({ model: "claude-sonnet-5-5", apiKey: "a key" });
 * console.log(model.provider, model.name); // "anthropic" "claude-sonnet-5-5"; model.generate("Name a lemur.") would ask it
 * ```
 */
export class AnthropicModel extends EndpointModel {
  /**
   * Makes a model and finds its key; sends nothing.
   *
   * @param options Which model, and how it is reached.
   * @throws {ConfigurationError} When an option is unknown or wrong, or there is no key.
   */
  constructor(options: AnthropicOptions) {
    const checked = checkOptions("AnthropicModel", options, ANTHROPIC_OPTIONS);
    if (checked.model === undefined) {
      throw optionError("AnthropicModel", [{ path: ["model"], message: "model is required" }]);
    }
    super(checked, {
      calls: "models/anthropic_calls",
      info: PROVIDERS.anthropic!,
      model: checked.model.trim(),
      body: anthropicBody,
    });
  }

  /**
   * Asks Anthropic how many tokens a prompt has. `countTokens` estimates that without asking.
   *
   * @param prompt One user message, or a whole conversation.
   * @param options Options of the call that the prompt is for; the system prompt counts too.
   * @returns The number, exactly.
   * @throws {ConfigurationError} When an option is unknown, wrong or not supported.
   * @throws {ModelApiError} When it cannot be asked.
   */
  countTokensExact(prompt: Prompt, options: GenerateOptions = {}): number {
    return runSync(this._countTokensExactOperation(prompt, options), { signal: options.signal });
  }

  /** The twin of `countTokensExact` for code on an event loop. */
  _countTokensExactAsync(prompt: Prompt, options: GenerateOptions = {}): Promise<number> {
    return runAsync(this._countTokensExactOperation(prompt, options), { signal: options.signal });
  }

  /** The operation behind `countTokensExact` and its twin. */
  *_countTokensExactOperation(prompt: Prompt, options: GenerateOptions = {}): Operation<number> {
    checkCall(this, options);
    return yield* this.call<number>("countTokens", this.request(prompt, options, false), options);
  }
}
