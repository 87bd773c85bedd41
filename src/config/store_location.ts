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
  | { readonly kind: "sqlite"; readonly path: string };

const KINDS = ["sqlite", "memory"];

/**
 * Reads a storage spec: `sqlite:PATH` or `memory`.
 *
 * @param spec The spec.
 * @param folder The folder that a relative path starts from; the working directory where none is given.
 * @returns The location.
 * @throws {ConfigurationError} When it is neither.
 */
export function parseStorageSpec(spec: string, folder?: string): StoreLocation {
  const [kind, ...rest] = spec.trim().split(":");
  const path = rest.join(":").trim();
  if (kind === "memory" && rest.length === 0) return { kind: "memory" };
  if (kind === "sqlite" && path !== "") {
    return path === ":memory:" ? { kind: "memory" } : { kind: "sqlite", path: absolutePath(path, folder) };
  }
  const near = KINDS.includes(kind!) ? undefined : nearest(kind!, KINDS);
  throw new ConfigurationError(
    `storage must be sqlite:PATH or memory${
      near === undefined ? "" : ` (did you mean ${near}?)`
    }: storage is ${JSON.stringify(spec)}`,
    { code: "invalid_storage" },
  );
}
