/**
 * Hashes and compresses what is kept. Reached lazily, as only journals in files need it.
 *
 * @module
 */

import { builtin } from "./builtin.ts";

interface Crypto {
  createHash(algorithm: string): { update(text: string, encoding: "utf8"): { digest(): Uint8Array } };
}

interface Zlib {
  deflateRawSync(bytes: Uint8Array, options: { level: number }): Uint8Array;
  inflateRawSync(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}

/** Fast is better than small: a run waits for it. */
const LEVEL = 3;

/** The largest text that is unpacked. */
const MAX_BYTES = 2 ** 29;

/**
 * Hashes a text by SHA-256.
 *
 * @param text The text.
 * @returns 32 bytes.
 */
export function sha256(text: string): Uint8Array {
  // A view of a plain buffer, as not every runtime binds a Buffer to a statement.
  return new Uint8Array(builtin<Crypto>("node:crypto")!.createHash("sha256").update(text, "utf8").digest());
}

/**
 * Compresses a text.
 *
 * @param text The text.
 * @returns Its UTF-8 bytes, deflated.
 */
export function compress(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(builtin<Zlib>("node:zlib")!.deflateRawSync(bytes, { level: LEVEL }));
}

/**
 * Unpacks what {@linkcode compress} gave.
 *
 * @param bytes The compressed bytes.
 * @returns The text.
 * @throws {Error} When they are damaged.
 */
export function decompress(bytes: Uint8Array): string {
  const unpacked = builtin<Zlib>("node:zlib")!.inflateRawSync(bytes, { maxOutputLength: MAX_BYTES });
  return new TextDecoder("utf-8", { fatal: true }).decode(unpacked);
}
