/**
 * Words for what calls to models consumed.
 *
 * @module
 */

import type { Usage } from "../thought/usage.ts";
import { money, plural } from "./wording.ts";

/** What calls consumed: their number, their tokens, and a price where that of every call is known. */
export function usageFacts(usage: Usage): string[] {
  const { modelCalls, costUsd } = usage;
  const price = costUsd === undefined ? [] : [money(costUsd)];
  return [plural(modelCalls, "model call"), tokens(usage), ...price];
}

function tokens({ modelCalls, promptTokens, completionTokens, callsWithoutUsage = 0 }: Usage): string {
  if (modelCalls === 0) return "0 tokens";
  if (promptTokens === undefined && completionTokens === undefined) return "tokens not known";
  const rest = callsWithoutUsage > 0 ? ` (not known for ${plural(callsWithoutUsage, "call")})` : "";
  return `${promptTokens ?? 0} tokens in, ${completionTokens ?? 0} out${rest}`;
}
