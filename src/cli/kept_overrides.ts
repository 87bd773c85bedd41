/**
 * Which values of `--set` may be kept with a run.
 *
 * @module
 */

import { mayBeSecret } from "../drivers/fingerprint.ts";

/** A field of a map as YAML or JSON writes it. */
const FIELD = /([\w.-]+)["']?\s*:/g;
/** The name and password of a URL. */
const USER_OF_URL = /:\/\/[^\s/?#"'@]+@/;

/**
 * Says whether an override may be kept: neither its path, nor a field of the map or list that it puts there, nor a URL in it may
 * hold a secret.
 *
 * @param override As `path=value`.
 * @returns Whether it may.
 */
export function mayBeKept(override: string): boolean {
  const path = override.slice(0, override.indexOf("="));
  const value = override.slice(path.length + 1);
  // What begins with a brace or a bracket is read as a map or a list, all else as a text.
  const fields = /^\s*[[{]/.test(value) ? [...value.matchAll(FIELD)] : [];
  return ![path, ...fields.map(([, name]) => name!)].some(mayBeSecret) && !USER_OF_URL.test(value);
}
