/**
 * Adds to an answer what its headers say of the provider's limits. Loaded only with the modules that call providers.
 *
 * @module
 */

import type { Seen } from "../runtime/bounded_fetch.ts";
import { currentTimeMs } from "../runtime/clock.ts";
import type { Generation } from "./generation.ts";
import { readRateHeaders } from "./limits/rate_headers.ts";

/** The same answer, with the provider's limits where the headers name them. */
export function withRateLimits({ headers }: Seen, generation: Generation): Generation {
  const rateLimits = headers && readRateHeaders(headers, currentTimeMs());
  return rateLimits === undefined ? generation : { ...generation, rateLimits };
}
