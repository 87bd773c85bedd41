/**
 * Which Milvus server a call goes to.
 *
 * @module
 */

/** Which server, and which part of it. */
export interface MilvusTarget {
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

/**
 * Writes a text as a literal of Milvus' filter language, so that no key can end it.
 *
 * @param text The text.
 * @returns The literal, with its quotes.
 */
export function milvusLiteral(text: string): string {
  return JSON.stringify(text);
}
