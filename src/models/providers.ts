/**
 * The providers: those with an endpoint that speaks OpenAI's protocol, how each differs from it, and Anthropic.
 *
 * @module
 */

import type { GenerateOptions, ModelCapabilities } from "./generation.ts";

/** Models of one provider that differ from its others. */
export interface ModelFamily {
  /** Which models, by name. */
  readonly pattern: RegExp;
  /** The field that bounds the answer. @default "max_tokens" */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  /** Call options that these models refuse. */
  readonly refuses: readonly (keyof GenerateOptions)[];
}

/** What is known of a provider. */
export interface ProviderInfo {
  /** What a model is named by, for example `"openai"` in `openai:gpt-6.1-terra`. */
  readonly id: string;
  /** The protocol that its endpoint speaks. */
  readonly dialect: "openai" | "anthropic";
  /** What people call it. */
  readonly label: string;
  /** Other names for `id`. */
  readonly aliases: readonly string[];
  /** Environment variables that may hold the key, the first that is set wins. */
  readonly keyVariables: readonly string[];
  /** Whether nothing works without a key. */
  readonly keyRequired: boolean;
  /** Where it answers; left out where only the user can know. */
  readonly baseUrl?: string;
  /** The environment variable that overrides `baseUrl`. */
  readonly baseUrlVariable?: string;
  /** How the key travels: as a bearer token, or in a header `api-key`. */
  readonly auth: "bearer" | "api-key";
  /** The longest a call may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The longest answer where the caller names none, in tokens; the provider's own default if left out. */
  readonly maxTokens?: number;
  /** What its models can do. */
  readonly capabilities: ModelCapabilities;
  /** Call options that it does not know. */
  readonly refuses: readonly (keyof GenerateOptions)[];
  /** Models that differ from its others. */
  readonly families: readonly ModelFamily[];
  /** The name of the field for `seed`. */
  readonly seedField: "seed" | "random_seed";
  /** How many stop texts it takes. */
  readonly maxStops?: number;
  /** The highest temperature it takes. */
  readonly maxTemperature: number;
  /** Whether a stream must be asked to report what it consumed. */
  readonly asksForStreamUsage: boolean;
}

const SAMPLING = ["temperature", "topP", "topK"] as const;
const REASONING_REFUSES = ["temperature", "topP", "presencePenalty", "frequencyPenalty", "stop"] as const;

/** OpenAI's reasoning models, on its own endpoint and on Azure's. */
const OPENAI_REASONING: readonly ModelFamily[] = [
  {
    pattern: /^(o\d|gpt-[5-9](?!.*chat))/,
    maxTokensField: "max_completion_tokens",
    refuses: REASONING_REFUSES,
  },
];

/** Sampling is refused by Anthropic's models from Opus 4.7 on; JSON by a schema is known from Claude 4.5 on. */
const ANTHROPIC_FAMILIES: readonly ModelFamily[] = [
  { pattern: /^claude-(opus-4-[789]|(opus|sonnet|haiku|fable)-[5-9]|mythos)/, refuses: SAMPLING },
  { pattern: /^claude-([123]|(opus|sonnet|haiku)-4(-[01])?(-\d{8})?$)/, refuses: ["responseFormat"] },
];

const USUAL: Omit<ProviderInfo, "id" | "label" | "keyVariables" | "capabilities"> = {
  dialect: "openai",
  aliases: [],
  keyRequired: true,
  auth: "bearer",
  timeoutMs: 60_000,
  refuses: ["topK"],
  families: [],
  seedField: "seed",
  maxTemperature: 2,
  asksForStreamUsage: true,
};

function provider(
  info: Pick<ProviderInfo, "id" | "label" | "keyVariables"> & Partial<Omit<ProviderInfo, "capabilities">> & {
    readonly capabilities?: Partial<ModelCapabilities>;
  },
): ProviderInfo {
  return Object.freeze<ProviderInfo>({
    ...USUAL,
    ...info,
    capabilities: Object.freeze({
      structuredOutput: true,
      systemRole: true,
      seed: true,
      ...info.capabilities,
    }),
  });
}

/**
 * The providers, by their id. Where their endpoints disagree on a capability, the safe answer stands here.
 *
 * @example
 * ```ts
 * import { PROVIDERS } from "@sifaka/sifaka/models";
 *
 * console.log(Object.keys(PROVIDERS).length > 0); // true
 * ```
 */
export const PROVIDERS: Readonly<Record<string, ProviderInfo>> = Object.freeze({
  openai: provider({
    id: "openai",
    label: "OpenAI",
    aliases: ["gpt"],
    keyVariables: ["OPENAI_API_KEY"],
    baseUrl: "https://api.openai.com/v1",
    baseUrlVariable: "OPENAI_BASE_URL",
    families: OPENAI_REASONING,
    maxStops: 4,
  }),
  anthropic: provider({
    id: "anthropic",
    dialect: "anthropic",
    label: "Anthropic",
    aliases: ["claude"],
    keyVariables: ["ANTHROPIC_API_KEY"],
    baseUrl: "https://api.anthropic.com",
    baseUrlVariable: "ANTHROPIC_BASE_URL",
    // Its API has no default of its own.
    maxTokens: 4096,
    capabilities: { seed: false },
    refuses: ["presencePenalty", "frequencyPenalty"],
    families: ANTHROPIC_FAMILIES,
    maxTemperature: 1,
  }),
  gemini: provider({
    id: "gemini",
    label: "Google Gemini",
    aliases: ["google"],
    keyVariables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    capabilities: { seed: false },
    maxStops: 5,
  }),
  ollama: provider({
    id: "ollama",
    label: "Ollama",
    keyVariables: ["OLLAMA_API_KEY"],
    keyRequired: false,
    baseUrl: "http://localhost:11434/v1",
    baseUrlVariable: "OLLAMA_HOST",
    timeoutMs: 120_000,
  }),
  huggingface: provider({
    id: "huggingface",
    label: "Hugging Face",
    aliases: ["hf"],
    keyVariables: ["HF_TOKEN", "HUGGINGFACE_API_TOKEN", "HUGGINGFACE_API_KEY"],
    baseUrl: "https://router.huggingface.co/v1",
    maxTokens: 1024,
    // The router hands a request on to one of many providers, and not all of them know schemas.
    capabilities: { structuredOutput: false },
  }),
  openrouter: provider({
    id: "openrouter",
    label: "OpenRouter",
    keyVariables: ["OPENROUTER_API_KEY"],
    baseUrl: "https://openrouter.ai/api/v1",
    refuses: [],
  }),
  mistral: provider({
    id: "mistral",
    label: "Mistral",
    keyVariables: ["MISTRAL_API_KEY"],
    baseUrl: "https://api.mistral.ai/v1",
    seedField: "random_seed",
    maxTemperature: 1.5,
    // It reports usage unasked, and refuses fields that it does not know.
    asksForStreamUsage: false,
  }),
  groq: provider({
    id: "groq",
    label: "Groq",
    keyVariables: ["GROQ_API_KEY"],
    baseUrl: "https://api.groq.com/openai/v1",
    refuses: ["topK", "presencePenalty", "frequencyPenalty"],
    // Its other models follow a schema as best they can, and some not at all.
    families: [{ pattern: /^(?!openai\/gpt-oss)/, refuses: ["responseFormat"] }],
    maxStops: 4,
  }),
  deepseek: provider({
    id: "deepseek",
    label: "DeepSeek",
    keyVariables: ["DEEPSEEK_API_KEY"],
    baseUrl: "https://api.deepseek.com/v1",
    capabilities: { structuredOutput: false, seed: false },
    families: [{
      pattern: /^deepseek-reasoner/,
      refuses: ["temperature", "topP", "presencePenalty", "frequencyPenalty"],
    }],
    maxStops: 16,
  }),
  xai: provider({
    id: "xai",
    label: "xAI",
    aliases: ["grok"],
    keyVariables: ["XAI_API_KEY"],
    baseUrl: "https://api.x.ai/v1",
    families: [{
      pattern: /^grok-(3-mini|4(?!.*non-reasoning))/,
      refuses: ["presencePenalty", "frequencyPenalty", "stop"],
    }],
    maxStops: 4,
  }),
  azure: provider({
    id: "azure",
    label: "Azure OpenAI",
    keyVariables: ["AZURE_OPENAI_API_KEY"],
    baseUrlVariable: "AZURE_OPENAI_ENDPOINT",
    auth: "api-key",
    families: OPENAI_REASONING,
    maxStops: 4,
  }),
  "openai-compatible": provider({
    id: "openai-compatible",
    label: "the OpenAI-compatible server",
    keyVariables: ["OPENAI_API_KEY"],
    keyRequired: false,
    refuses: [],
    capabilities: { structuredOutput: false },
  }),
});
