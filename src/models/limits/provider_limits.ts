/**
 * Limits that models share.
 *
 * @module
 */

import { checkOptions, type OptionSchema, type OptionSchemas } from "../../options.ts";
import { Concurrency } from "./concurrency.ts";
import { Limiter } from "./limiter.ts";
import { DEFAULT_MAX_WAIT_MS } from "./too_long_a_wait.ts";

/** Options of {@linkcode ProviderLimits}. */
export interface ProviderLimitsOptions {
  /** The most calls that may be under way at once, at least 1. @default 64 */
  maxConcurrency?: number;
  /** How many calls may be under way at once in the beginning, before anything is known, at least 1. @default 16 */
  initialConcurrency?: number;
  /** The most requests of one model in any minute, at least 1. @default what the provider says */
  requestsPerMinute?: number;
  /** The most tokens of one model in any minute, at least 1. @default what the provider says */
  tokensPerMinute?: number;
  /**
   * The longest time until the provider takes a call again that is waited for, in milliseconds, 0 or more; where it is longer, a
   * call fails at once, with code `rate_limit`, and is not sent; a refusal that asks for a longer wait is final. @default 120000
   */
  maxWaitMs?: number;
}

/**
 * What {@linkcode ProviderLimits} accepts.
 *
 * @example
 * ```ts
 * import { PROVIDER_LIMITS_OPTIONS } from "@sifaka/sifaka/models";
 *
 * console.log(Object.keys(PROVIDER_LIMITS_OPTIONS).length > 0); // true
 * ```
 */
export const PROVIDER_LIMITS_OPTIONS: OptionSchemas = Object.freeze({
  maxConcurrency: {
    description: "The most calls that may be under way at once.",
    type: "integer",
    minimum: 1,
    maximum: 10_000,
    default: 64,
  },
  initialConcurrency: {
    description: "How many calls may be under way at once before anything is known.",
    type: "integer",
    minimum: 1,
    maximum: 10_000,
    default: 16,
  },
  requestsPerMinute: {
    description: "The most requests of one model in any minute.",
    type: "integer",
    minimum: 1,
    maximum: 100_000,
  },
  tokensPerMinute: {
    description: "The most tokens of one model in any minute.",
    type: "integer",
    minimum: 1,
  },
  maxWaitMs: {
    description:
      "The longest time until the provider takes a call again that is waited for, in milliseconds.",
    type: "number",
    minimum: 0,
    default: DEFAULT_MAX_WAIT_MS,
  },
});

/** The option `limits` of a model. */
export const LIMITS_OPTION: OptionSchema = Object.freeze<OptionSchema>({
  description: "How much may be asked of the provider at once and in a minute.",
  anyOf: [
    { type: "object", properties: PROVIDER_LIMITS_OPTIONS },
    { codeOnly: true, accepts: (value) => value instanceof ProviderLimits, accepted: "a ProviderLimits" },
  ],
});

/** Whom a call goes to. */
export interface Origin {
  /** The provider's id. */
  readonly provider: string;
  /** The model's name. */
  readonly model: string;
  /** Where the provider answers. */
  readonly baseUrl: string;
  /** The key. */
  readonly apiKey: string | undefined;
}

/** How many providers and keys are remembered; the ones without calls are forgotten first. */
const MOST_ORIGINS = 256;

/** A provider with one key. */
interface Account {
  readonly concurrency: Concurrency;
  readonly limiters: Map<string, Limiter>;
}

/**
 * Keeps calls within what a provider allows: how many may be under way at once, and how many requests and tokens go out in a
 * minute. It starts from what it is given, and learns from refusals (429) and from the provider's headers.
 *
 * Every model has one of its own, so all chains and critics that are given the same model object share it. Give one
 * `ProviderLimits` to several models, and those that have the same provider, address and key share its permits; each model's
 * name has its own count of requests and tokens, as providers count.
 *
 * @example
 * ```ts
 * import { createModel, ProviderLimits } from "@sifaka/sifaka/models";
 *
 * const limits = new ProviderLimits({ maxConcurrency: 4, requestsPerMinute: 50 });
 * const writer = createModel("ollama:llama3", { limits });
 * const critic = createModel("ollama:qwen3", { limits }); // at most four calls at once, both together
 * console.log(writer.name, critic.name); // "llama3" "qwen3"
 * ```
 */
export class ProviderLimits {
  readonly #options: Required<ProviderLimitsOptions>;
  readonly #accounts = new Map<string, Account>();

  /**
   * Makes limits; nothing is known of any provider yet.
   *
   * @param options Where to start, and what not to exceed.
   * @throws {ConfigurationError} When an option is unknown or wrong.
   */
  constructor(options: ProviderLimitsOptions = {}) {
    const checked = checkOptions("ProviderLimits", options, PROVIDER_LIMITS_OPTIONS);
    const maxConcurrency = checked.maxConcurrency ?? 64;
    this.#options = {
      maxConcurrency,
      initialConcurrency: checked.initialConcurrency ?? 16,
      requestsPerMinute: checked.requestsPerMinute ?? Infinity,
      tokensPerMinute: checked.tokensPerMinute ?? Infinity,
      maxWaitMs: checked.maxWaitMs ?? DEFAULT_MAX_WAIT_MS,
    };
  }

  /**
   * The limits of one model; for models.
   *
   * @internal
   * @param origin Whom its calls go to.
   * @returns The limits that all models of this origin share.
   */
  limiterFor({ provider, model, baseUrl, apiKey = "" }: Origin): Limiter {
    const key = JSON.stringify([provider, baseUrl, apiKey]);
    let account = this.#accounts.get(key);
    if (account === undefined) {
      this.#forgetIdle();
      const { initialConcurrency, maxConcurrency } = this.#options;
      const concurrency = new Concurrency(initialConcurrency, maxConcurrency);
      this.#accounts.set(key, account = { concurrency, limiters: new Map() });
    }
    let limiter = account.limiters.get(model);
    if (limiter === undefined) {
      account.limiters.set(model, limiter = new Limiter(account.concurrency, this.#options));
    }
    return limiter;
  }

  #forgetIdle(): void {
    for (const [key, { concurrency }] of this.#accounts) {
      if (this.#accounts.size < MOST_ORIGINS) return;
      if (concurrency.underWay === 0 && concurrency.waiting === 0) this.#accounts.delete(key);
    }
  }
}

/** The limits that a model was given, or limits of its own. */
export function limitsOf(given: ProviderLimits | ProviderLimitsOptions | undefined): ProviderLimits {
  return given instanceof ProviderLimits ? given : new ProviderLimits(given);
}
