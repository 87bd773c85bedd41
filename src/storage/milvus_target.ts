/**
 * Which Milvus server a call goes to.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { OptionSchemas } from "../options.ts";
import { EMBED_OPTION } from "./embed.ts";

/** Which server, and which part of it. */
export interface MilvusTarget {
  /** Who asks; errors name it. */
  readonly component: "MilvusRetriever" | "MilvusStorage";
  /** The server, as http://host:port. */
  readonly baseUrl: string;
  /** `user:password`, or an API key; `undefined` where the server asks for none. */
  readonly token: string | undefined;
  /** The database on the server. */
  readonly database: string;
  /** How long to wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** What can be asked of the server: the path after /v2/vectordb/. */
export type MilvusCommand =
  | "collections/has"
  | "collections/create"
  | "entities/upsert"
  | "entities/query"
  | "entities/search"
  | "entities/delete";

/** What can be told of the server. */
export interface MilvusServerOptions {
  /** The server. @default "http://127.0.0.1:19530" */
  baseUrl?: string;
  /** `user:password`, or an API key. @default none */
  token?: string;
  /** The database on the server. @default "default" */
  database?: string;
  /** How long to wait for one answer of the server, in milliseconds. @default 10000 */
  timeoutMs?: number;
}

/** Describes what everything on Milvus is told in the same way. */
export const MILVUS_OPTIONS: OptionSchemas = {
  embed: EMBED_OPTION,
  dimension: { description: "How many numbers a vector has.", type: "integer", minimum: 1 },
  metric: { description: "How vectors are compared.", enum: ["COSINE", "IP", "L2"], default: "COSINE" },
  baseUrl: {
    description: "The server, as http://host:port.",
    type: "string",
    default: "http://127.0.0.1:19530",
  },
  token: { description: "user:password, or an API key.", type: "string", minLength: 1 },
  database: {
    description: "The database on the server.",
    type: "string",
    minLength: 1,
    default: "default",
  },
  timeoutMs: {
    description: "How long to wait for one answer of the server, in milliseconds.",
    type: "integer",
    minimum: 1,
    default: 10_000,
  },
};

/**
 * Reads which server is meant.
 *
 * @param component Who asks.
 * @param options The options, checked against {@linkcode MILVUS_OPTIONS}.
 * @returns The server.
 * @throws {ConfigurationError} When `baseUrl` is no address, or names a user.
 */
export function milvusTarget(
  component: MilvusTarget["component"],
  options: MilvusServerOptions,
): MilvusTarget {
  const { baseUrl = "http://127.0.0.1:19530", token, database = "default", timeoutMs = 10_000 } = options;
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username + url.password !== "") {
    // The text may hold a password.
    throw new ConfigurationError(
      `Cannot create ${component} as baseUrl must begin with http:// or https:// and name no user (that is for token)`,
      { code: "invalid_option", component },
    );
  }
  return { component, baseUrl, token, database, timeoutMs };
}

/**
 * Writes a text as a literal of Milvus' filter language, so that no key can end it.
 *
 * @param text The text.
 * @returns The literal, with its quotes.
 */
export function milvusLiteral(text: string): string {
  return JSON.stringify(text);
}
