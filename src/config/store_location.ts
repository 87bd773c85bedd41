/**
 * Where runs are kept.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { absolutePath } from "../runtime/files.ts";
import { nearest } from "../text/nearest.ts";

/** One place where runs are kept. */
export type StorePlace =
  | { readonly kind: "memory" }
  | { readonly kind: "sqlite" | "file"; readonly path: string }
  | { readonly kind: "redis"; readonly url: string };

/** Where runs are kept: in one place, or in tiers. */
export type StoreLocation =
  | StorePlace
  | {
    readonly kind: "tiers";
    /** At least two, the fastest first; the last one lasts. */
    readonly tiers: readonly StorePlace[];
  };

const KINDS = ["sqlite", "file", "redis", "memory"];
/** The Redis server of this machine, on its usual port. */
export const USUAL_REDIS = "redis://127.0.0.1:6379";
/** Where one tier ends and the next begins. A path may hold a plus, too, so what follows must look like a storage. */
const NEXT_TIER = /\+(?=\s*(?:(?:memory|redis|milvus)\s*(?:\+|$)|(?:sqlite|file|rediss?|milvus):))/;

/**
 * Reads a storage spec: `sqlite:PATH`, `file:FOLDER`, `file:NAME.json` for one file, `redis://HOST:PORT`, `redis` for the usual port
 * of this machine, or `memory`; or tiers, the fastest first, joined by `+`: `memory+sqlite:PATH`.
 *
 * @param spec The spec.
 * @param folder The folder that a relative path starts from; the working directory where none is given.
 * @returns The location.
 * @throws {ConfigurationError} When it is none of them, or names one place twice.
 */
export function parseStorageSpec(spec: string, folder?: string): StoreLocation {
  const tiers = spec.split(NEXT_TIER).map((tier) => parsePlace(tier.trim(), folder));
  if (tiers.length === 1) return tiers[0]!;
  const twice = tiers.find((tier, index) => tiers.slice(0, index).some((other) => isSame(tier, other)));
  if (twice === undefined) return { kind: "tiers", tiers };
  throw new ConfigurationError(`storage must not name one place twice: two of its tiers are ${twice.kind}`, {
    code: "invalid_storage",
  });
}

function isSame(one: StorePlace, other: StorePlace): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function parsePlace(spec: string, folder: string | undefined): StorePlace {
  const [kind, ...rest] = spec.split(":");
  const path = rest.join(":").trim();
  if (kind === "memory" && rest.length === 0) return { kind: "memory" };
  if (kind === "sqlite" && path !== "") {
    return path === ":memory:" ? { kind: "memory" } : { kind: "sqlite", path: absolutePath(path, folder) };
  }
  if (kind === "file" && path !== "") return { kind, path: absolutePath(path, folder) };
  if (spec === "redis") return { kind: "redis", url: USUAL_REDIS };
  if (/^rediss?:\/\/./.test(spec)) return { kind: "redis", url: spec };
  if (kind === "milvus") {
    const reason = "storage cannot be milvus here: it needs a function `embed`, which only code can give";
    const suggestions = ["Make a MilvusStorage, or call QuickStart.withMilvus."];
    throw new ConfigurationError(reason, { code: "invalid_storage", suggestions });
  }
  const said = kind!.split("+").at(-1)!;
  const near = KINDS.includes(said) ? undefined : nearest(said, KINDS);
  // What begins like an address may hold a password.
  const shown = /:\/\//.test(spec) ? "an address of another kind" : JSON.stringify(spec);
  throw new ConfigurationError(
    `storage must be sqlite:PATH, file:FOLDER, file:NAME.json, redis://HOST:PORT or memory, or some of them joined by +${
      near === undefined ? "" : ` (did you mean ${near}?)`
    }: storage is ${shown}`,
    { code: "invalid_storage" },
  );
}

/**
 * Tells what a `file:` is: one file for all values where its name ends in `.json`, else a folder.
 *
 * @param path Its path.
 */
export function fileLayoutOf(path: string): "single" | "perKey" {
  return path.toLowerCase().endsWith(".json") ? "single" : "perKey";
}

/**
 * Finds the place where runs last: the last tier of several.
 *
 * @param location Where runs are kept.
 */
export function lastingPlace(location: StoreLocation): StorePlace {
  return location.kind === "tiers" ? location.tiers.at(-1)! : location;
}
