/**
 * What a model's tokens cost, and what a call therefore cost.
 *
 * @module
 */

import type { OptionSchema } from "../options.ts";
import type { Usage } from "../thought/usage.ts";

/** What the tokens of a model cost, in US dollars. A price that is not known is left out, never 0. */
export interface ModelPrice {
  /** A million tokens sent. */
  readonly inputUsdPerMillionTokens: number;
  /** A million tokens received, those of reasoning included. */
  readonly outputUsdPerMillionTokens: number;
  /** A million tokens sent that the provider found in its cache. */
  readonly cachedInputUsdPerMillionTokens?: number;
  /** A million tokens sent that the provider put into its cache. */
  readonly cacheWriteUsdPerMillionTokens?: number;
  /** The longest prompt that the price holds for, in tokens; longer ones cost more, and how much is not known. */
  readonly maxPromptTokens?: number;
  /** The day on which the price was read, as `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** The price of models that ask nobody. */
export const FREE: ModelPrice = Object.freeze({
  inputUsdPerMillionTokens: 0,
  outputUsdPerMillionTokens: 0,
  asOf: "2026-11-23",
});

const USD: OptionSchema = { type: "number", minimum: 0 };

/** The option `price` of a model. */
export const PRICE_OPTION: OptionSchema = Object.freeze<OptionSchema>({
  description:
    "What the tokens cost, in US dollars, where the built-in list does not know it or is out of date.",
  type: "object",
  properties: {
    inputUsdPerMillionTokens: USD,
    outputUsdPerMillionTokens: USD,
    cachedInputUsdPerMillionTokens: USD,
    cacheWriteUsdPerMillionTokens: USD,
    maxPromptTokens: { type: "integer", minimum: 1 },
    asOf: { description: "The day on which the price was read.", type: "string", minLength: 1 },
  },
  required: ["inputUsdPerMillionTokens", "outputUsdPerMillionTokens", "asOf"],
});

/**
 * Works out what calls cost.
 *
 * @param price What the tokens cost.
 * @param usage The tokens; those read from a cache and written to it are part of those sent.
 * @returns US dollars; `undefined` where a number of tokens or the price of a kind of them is not known.
 *
 * @example
 * ```ts
 * import { costOf } from "@sifaka/sifaka/models";
 *
 * const price = { inputUsdPerMillionTokens: 2, outputUsdPerMillionTokens: 10, asOf: "2026-09-23" };
 * console.log(costOf(price, { promptTokens: 1_000, completionTokens: 500 })); // 0.007
 * console.log(costOf(price, { promptTokens: 1_000 })); // undefined
 * ```
 */
export function costOf(
  price: ModelPrice,
  usage: Pick<Usage, "promptTokens" | "completionTokens" | "cacheReadTokens" | "cacheWriteTokens">,
): number | undefined {
  const { promptTokens, completionTokens, cacheReadTokens = 0, cacheWriteTokens = 0 } = usage;
  if (promptTokens === undefined || completionTokens === undefined) return undefined;
  if (price.maxPromptTokens !== undefined && promptTokens > price.maxPromptTokens) return undefined;
  const plainTokens = promptTokens - cacheReadTokens - cacheWriteTokens;
  if (plainTokens < 0) return undefined;
  const parts: readonly (readonly [tokens: number, usdPerMillion: number | undefined])[] = [
    [plainTokens, price.inputUsdPerMillionTokens],
    [completionTokens, price.outputUsdPerMillionTokens],
    [cacheReadTokens, price.cachedInputUsdPerMillionTokens],
    [cacheWriteTokens, price.cacheWriteUsdPerMillionTokens],
  ];
  let millionths = 0;
  for (const [tokens, usdPerMillion] of parts) {
    if (tokens === 0) continue;
    if (usdPerMillion === undefined) return undefined;
    millionths += tokens * usdPerMillion;
  }
  return millionths / 1_000_000;
}
