/**
 * Which Redis server a call goes to.
 *
 * @module
 */

/** Which server, and which part of it. */
export interface RedisTarget {
  /** The server, as redis://… */
  readonly url: string;
  /** What the names of all keys on the server begin with. */
  readonly prefix: string;
  /** How long to wait for a connection, in milliseconds. */
  readonly connectTimeoutMs: number;
}
