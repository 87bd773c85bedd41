/**
 * Which guard of which Guardrails AI server is asked.
 *
 * @module
 */

import { findKey } from "../models/api_key.ts";
import { optionError, type OptionSchema } from "../options.ts";

/** A guard on a Guardrails AI server. */
export interface GuardServerOptions {
  /** The server, as http://host:port. */
  readonly baseUrl: string;
  /** What the guard is called there. */
  readonly guardName: string;
  /** The key, sent as a bearer token. @default the environment variable GUARDRAILS_API_KEY, where it is set */
  readonly apiKey?: string;
  /** Whether a missing key is refused when the validator is made. @default false */
  readonly requireKey?: boolean;
  /** How long to wait for the answer, in milliseconds. @default 10000 */
  readonly timeoutMs?: number;
}

/** Whom a call goes to. */
export interface GuardTarget {
  /** Who asks; errors name it. */
  readonly component: string;
  /** The address of the guard's validation. */
  readonly url: string;
  /** The key; `undefined` where there is none. */
  readonly apiKey: string | undefined;
  /** How long to wait for the answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** Describes {@linkcode GuardServerOptions}. */
export const GUARD_SERVER_OPTION: OptionSchema = {
  description: "A guard on a Guardrails AI server.",
  type: "object",
  properties: {
    baseUrl: { description: "The server, as http://host:port.", type: "string", minLength: 1 },
    guardName: { description: "What the guard is called there.", type: "string", minLength: 1 },
    apiKey: { description: "The key; GUARDRAILS_API_KEY when left out.", type: "string", minLength: 1 },
    requireKey: { description: "Whether a missing key is refused.", type: "boolean", default: false },
    timeoutMs: {
      description: "How long to wait for the answer, in milliseconds.",
      type: "integer",
      minimum: 1,
      default: 10_000,
    },
  },
  required: ["baseUrl", "guardName"],
};

/**
 * Reads which guard is meant.
 *
 * @param component Who asks.
 * @param options The options, checked against {@linkcode GUARD_SERVER_OPTION}.
 * @returns The guard's address, and the key.
 * @throws {ConfigurationError} When `baseUrl` is no address or names a user, or a required key is missing.
 */
export function guardTarget(component: string, options: GuardServerOptions): GuardTarget {
  const { baseUrl, guardName, apiKey, requireKey = false, timeoutMs = 10_000 } = options;
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (
    url === undefined || !/^https?:$/.test(url.protocol) ||
    url.username + url.password + url.search + url.hash !== ""
  ) {
    // The text may hold a password.
    const message =
      "server.baseUrl must begin with http:// or https:// and have no user, no query and no fragment";
    throw optionError(component, [{ path: ["server", "baseUrl"], message }]);
  }
  const key = findKey({
    subject: component,
    apiKey,
    variables: ["GUARDRAILS_API_KEY"],
    required: requireKey,
  });
  const place = `${url.href.replace(/\/+$/, "")}/guards/${encodeURIComponent(guardName)}/validate`;
  return { component, url: place, apiKey: key, timeoutMs };
}
