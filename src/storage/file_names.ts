/**
 * The names of the files of a FileStorage.
 *
 * @module
 */

import { sha256 } from "../runtime/entry_files.ts";

/** Longer names are cut and told apart by a hash: file systems take 255 bytes. */
const LONGEST_ENCODED = 180;
const KEPT_OF_LONG = 100;

/** The names that entries have; `~` stands before the hash of a long one. */
const ENTRY = /^k_([a-z0-9_%-]+)(~[0-9a-f]{64})?\.json$/;

/** The names of files that are being written. */
const TEMPORARY = /^t_[0-9a-f-]{36}\.tmp$/;

/**
 * Names the file of a key. The name holds lower-case letters, digits and `_%-` alone, so keys that differ in case differ on file
 * systems that do not tell cases apart, no key leads out of the directory, and none is a name that Windows reserves.
 *
 * @param key The key.
 * @returns The file's name.
 */
export function fileNameOf(key: string): string {
  const encoded = Array.from(new TextEncoder().encode(key), encodeByte).join("");
  if (encoded.length <= LONGEST_ENCODED) return `k_${encoded}.json`;
  return `k_${encoded.slice(0, KEPT_OF_LONG)}~${sha256(key)}.json`;
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[a-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
}

/**
 * Reads a key from a file's name.
 *
 * @param name The name of an entry's file.
 * @returns The key, or `undefined` where the name was cut.
 */
export function keyOf(name: string): string | undefined {
  const [, encoded, hash] = ENTRY.exec(name) ?? [];
  if (encoded === undefined || hash !== undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** Whether a file of this name is an entry. */
export function isEntryName(name: string): boolean {
  return ENTRY.test(name);
}

/** Whether a file of this name was being written. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Names a file that is being written; `id` is a UUID. */
export function temporaryName(id: string): string {
  return `t_${id}.tmp`;
}
