/**
 * Where runs are kept.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { absolutePath } from "../runtime/files.ts";
import { nearest } from "../text/nearest.ts";

/** Where runs are kept. */
export type StoreLocation =
  | { readonly kind: "memory" }
  | { readonly kind: "sqlite" | "file"; readonly path: string }
  | { readonly kind: "redis"; readonly url: string };

const KINDS = ["sqlite", "file", "redis", "memory"];

/**
 * Reads a storage spec: `sqlite:PATH`, `file:FOLDER`, `redis://HOST:PORT` or `memory`.
 *
 * @param spec The spec.
 * @param folder The folder that a relative path starts from; the working directory where none is given.
 * @returns The location.
 * @throws {ConfigurationError} When it is none of them.
 */
export function parseStorageSpec(spec: string, folder?: string): StoreLocation {
  const [kind, ...rest] = spec.trim().split(":");
  const path = rest.join(":").trim();
  if (kind === "memory" && rest.length === 0) return { kind: "memory" };
  if (kind === "sqlite" && path !== "") {
    return path === ":memory:" ? { kind: "memory" } : { kind: "sqlite", path: absolutePath(path, folder) };
  }
  if (kind === "file" && path !== "") return { kind, path: absolutePath(path, folder) };
  if (/^rediss?:\/\/./.test(spec.trim())) return { kind: "redis", url: spec.trim() };
  const near = KINDS.includes(kind!) ? undefined : nearest(kind!, KINDS);
  // What begins like an address may hold a password.
  const shown = /:\/\//.test(spec) ? "an address of another kind" : JSON.stringify(spec);
  throw new ConfigurationError(
    `storage must be sqlite:PATH, file:FOLDER, redis://HOST:PORT or memory${
      near === undefined ? "" : ` (did you mean ${near}?)`
    }: storage is ${shown}`,
    { code: "invalid_storage" },
  );
}
