/**
 * Secrets of this process: drawn so that nobody can guess them, and compared so that nobody can find them out.
 *
 * @module
 */

import { builtin } from "./builtin.ts";
import { sha256 } from "./compression.ts";

interface Crypto {
  timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}

const SECRET_BYTES = 32;

/** A new secret: 256 random bits as letters, digits, `-` and `_`. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Compares what was given with a secret, in a time that does not depend on where they differ.
 *
 * @param given What was given.
 * @param secret The secret.
 * @returns Whether they are the same.
 */
export function isSecret(given: string, secret: string): boolean {
  return builtin<Crypto>("node:crypto")!.timingSafeEqual(sha256(given), sha256(secret));
}
