/**
 * List prices of models, with the day on which they were read. They are data of one day: providers change them.
 *
 * They were read from the price list of `@pydantic/genai-prices` 0.1.8, published on 2026-09-23, which follows the pages named
 * in `source`; that of GPT-6.1 Terra from LiteLLM's announcement of 2026-10-26. A model that is not here has no known price; neither has one whose price depends on the hour of the day
 * (DeepSeek's), on a date that lies ahead, or on the provider behind a router.
 *
 * @module
 */

import type { ModelPrice } from "./price.ts";

/** The price of one model. */
export interface PriceRow extends ModelPrice {
  /** The provider, for example `"openai"`. */
  readonly provider: string;
  /** The model's name; the same name with a date at its end is the same model, unless that has a row of its own. */
  readonly model: string;
  /** The provider's page of prices. */
  readonly source: string;
}

const SOURCES: Readonly<Record<string, string>> = {
  openai: "https://developers.openai.com/api/docs/pricing",
  anthropic: "https://platform.claude.com/docs/en/about-claude/pricing",
  gemini: "https://ai.google.dev/gemini-api/docs/pricing",
  mistral: "https://mistral.ai/pricing",
  groq: "https://groq.com/pricing",
  xai: "https://docs.x.ai/developers/models",
};

type Figures = readonly [input: number, output: number, cached?: number, cacheWrite?: number, max?: number];

function rows(provider: string, asOf: string, models: Readonly<Record<string, Figures>>): PriceRow[] {
  return Object.entries(models).map(([model, [input, output, cached, cacheWrite, max]]) =>
    Object.freeze<PriceRow>({
      provider,
      model,
      inputUsdPerMillionTokens: input,
      outputUsdPerMillionTokens: output,
      ...(cached === undefined ? {} : { cachedInputUsdPerMillionTokens: cached }),
      ...(cacheWrite === undefined ? {} : { cacheWriteUsdPerMillionTokens: cacheWrite }),
      ...(max === undefined ? {} : { maxPromptTokens: max }),
      asOf,
      source: SOURCES[provider]!,
    })
  );
}

const SEPTEMBER = "2026-09-23";

/**
 * The list.
 *
 * @example
 * ```ts
 * import { PRICES } from "@sifaka/sifaka/models";
 *
 * console.log(PRICES.every(({ asOf }) => /^\d{4}-\d{2}-\d{2}$/.test(asOf))); // true
 * ```
 */
export const PRICES: readonly PriceRow[] = Object.freeze([
  ...rows("openai", "2026-10-26", {
    "gpt-6.1-terra": [1, 5, 0.05, undefined, 272_000],
  }),
  ...rows("openai", SEPTEMBER, {
    "gpt-5.5": [5, 30, 0.5, undefined, 271_999],
    "gpt-5.4": [2.5, 15, 0.25, undefined, 271_999],
    "gpt-5.4-mini": [0.75, 4.5, 0.075],
    "gpt-5.4-nano": [0.2, 1.25, 0.02],
    "gpt-5.2": [1.75, 14, 0.175],
    "gpt-5.1": [1.25, 10, 0.125],
    "gpt-5": [1.25, 10, 0.125],
    "gpt-5-mini": [0.25, 2, 0.025],
    "gpt-5-nano": [0.05, 0.4, 0.005],
    "gpt-4.1": [2, 8, 0.5],
    "gpt-4.1-mini": [0.4, 1.6, 0.1],
    "gpt-4o": [2.5, 10, 1.25],
    "gpt-4o-2024-05-13": [5, 15],
    "gpt-4o-mini": [0.15, 0.6, 0.075],
    "o3": [2, 8, 0.5],
  }),
  // The price of a cache write is that of the cache of five minutes, the one that a request gets unasked.
  ...rows("anthropic", SEPTEMBER, {
    "claude-opus-5-5": [4, 20, 0.2, 5],
    "claude-sonnet-5-5": [2, 10, 0.2, 2.5],
    "claude-opus-5": [5, 25, 0.5, 6.25],
    "claude-sonnet-5": [2, 10, 0.2, 2.5],
    "claude-opus-4-8": [5, 25, 0.5, 6.25],
    "claude-opus-4-7": [5, 25, 0.5, 6.25],
    "claude-opus-4-6": [5, 25, 0.5, 6.25],
    "claude-sonnet-4-6": [3, 15, 0.3, 3.75],
    "claude-haiku-4-5": [1, 5, 0.1, 1.25],
  }),
  ...rows("gemini", SEPTEMBER, {
    "gemini-3.5-flash": [1.5, 9, 0.15],
    "gemini-2.5-pro": [1.25, 10, 0.125, undefined, 199_999],
    "gemini-2.5-flash": [0.3, 2.5, 0.03],
    "gemini-2.5-flash-lite": [0.1, 0.4, 0.01],
  }),
  ...rows("mistral", SEPTEMBER, {
    "mistral-medium-latest": [1.5, 7.5, 0.15],
    "mistral-small-2603": [0.15, 0.6, 0.015],
  }),
  ...rows("groq", SEPTEMBER, {
    "openai/gpt-oss-120b": [0.15, 0.6, 0.075],
    "openai/gpt-oss-20b": [0.075, 0.3, 0.0375],
    "llama-3.1-8b-instant": [0.05, 0.08],
  }),
  ...rows("xai", SEPTEMBER, {
    "grok-4.5": [2, 6, 0.3, undefined, 199_999],
    "grok-4.3": [1.25, 2.5, 0.2, undefined, 199_999],
  }),
]);

/**
 * Finds the list price of a model.
 *
 * @param provider The provider, for example `"openai"`.
 * @param model The model's name; a date at its end is passed over where no row has it.
 * @returns The price; `undefined` where it is not known.
 *
 * @example
 * ```ts
 * import { listPrice } from "@sifaka/sifaka/models";
 *
 * console.log(listPrice("openai", "gpt-4o-2024-08-06")?.inputUsdPerMillionTokens); // 2.5
 * console.log(listPrice("openai", "a-model-of-tomorrow")); // undefined
 * ```
 */
export function listPrice(provider: string, model: string): PriceRow | undefined {
  const named = (name: string): PriceRow | undefined =>
    PRICES.find((row) => row.provider === provider && row.model === name);
  return named(model) ?? named(model.replace(DATE, ""));
}

const DATE = /-(?:\d{8}|\d{4}-\d{2}-\d{2})$/;
