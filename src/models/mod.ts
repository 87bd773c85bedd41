/**
 * Models: what writes the text.
 *
 * @module
 */

export {
  generateForThought,
  generateOperation,
  type GenerateOptions,
  type Generation,
  type Message,
  type Model,
  type ModelCapabilities,
  OperationModel,
  type Prompt,
  type TokenCount,
  type Usage,
} from "./model.ts";
export { type DefinedAnswer, type DefinedModel, defineModel } from "./define_model.ts";
export {
  MOCK_MODEL_OPTIONS,
  type MockCall,
  MockModel,
  type MockModelOptions,
  type MockResponse,
} from "./mock_model.ts";
export {
  createModel,
  type CreateModelOptions,
  type ModelFactory,
  ModelRegistry,
  type RegisterOptions,
} from "./create_model.ts";
export { EndpointModel, type ModelHealth } from "./endpoint_model.ts";
export type { EndpointOptions, SamplingOptions } from "./endpoint_options.ts";
export { OpenAiCompatibleModel } from "./openai_compatible_model.ts";
export { OPENAI_COMPATIBLE_OPTIONS, type OpenAiCompatibleOptions } from "./openai_compatible_options.ts";
export { ANTHROPIC_OPTIONS, AnthropicModel, type AnthropicOptions } from "./anthropic_model.ts";
export { AI_SDK_OPTIONS, type AiSdkOptions, fromAiSdk } from "./ai_sdk_model.ts";
export type { AiSdkModel, AiSdkSource } from "./ai_sdk.ts";
export { cached, CACHED_MODEL_OPTIONS, type CachedModelOptions } from "./cached_model.ts";
export { ModelBefore } from "./model_before.ts";
export type { CallTimeouts } from "./call_timeouts.ts";
export {
  PROVIDER_LIMITS_OPTIONS,
  ProviderLimits,
  type ProviderLimitsOptions,
} from "./limits/provider_limits.ts";
export type { RateFacts, RateWindow } from "./limits/rate_headers.ts";
export { costOf, type ModelPrice } from "./price.ts";
export { listPrice, type PriceRow, PRICES } from "./prices.ts";
export { type ModelFamily, type ProviderInfo, PROVIDERS } from "./providers.ts";
export { EDITOR_OPTIONS, EditorModel, type EditorModelOptions } from "./editor_model.ts";

/**
 * Never called: Deno fetches what is named literally, packages included, together with a program that imports this entry point.
 * Later it could not be fetched for a thread that is blocked; see `runtime/bridge.ts`. The core names none of them.
 */
function _fetchedWithTheProgram(): Promise<unknown>[] {
  return [
    import("./ai_sdk_calls.ts"),
    import("./anthropic_calls.ts"),
    import("./editor_calls.ts"),
    import("./openai_calls.ts"),
  ];
}
