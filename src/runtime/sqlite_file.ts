/**
 * What can be known of a database file without opening it.
 *
 * @module
 */

import { builtin } from "./builtin.ts";

interface FileSystem {
  statSync(
    path: string,
    options: { throwIfNoEntry: false },
  ): { readonly size: number; isDirectory(): boolean } | undefined;
  rmSync(path: string, options: { force: true }): void;
}

interface PathModule {
  dirname(path: string): string;
}

interface DenoLike {
  readonly permissions: {
    querySync(descriptor: { name: "read" | "write"; path: string }): { readonly state: string };
  };
}

/** What stands at a path. */
export type FileState = "missing" | "empty" | "file" | "directory" | "unknown";

/**
 * Looks what stands at a path.
 *
 * @param path The path.
 * @returns What stands there; `unknown` where that cannot be told.
 */
export function fileState(path: string): FileState {
  const files = builtin<FileSystem>("node:fs");
  try {
    const found = files?.statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return files === undefined ? "unknown" : "missing";
    if (found.isDirectory()) return "directory";
    return found.size === 0 ? "empty" : "file";
  } catch {
    return "unknown";
  }
}

/**
 * Removes a file, if it is there and can be removed.
 *
 * @param path The file.
 */
export function removeFile(path: string): void {
  try {
    builtin<FileSystem>("node:fs")?.rmSync(path, { force: true });
  } catch {
    // It is empty, and in nobody's way.
  }
}

/**
 * Looks whether the directory of a file is there. Where the runtime would have to ask a person first, it is taken to be.
 *
 * @param path The file.
 * @returns The directory when it is missing, else `undefined`.
 */
export function missingDirectory(path: string): string | undefined {
  const directory = builtin<PathModule>("node:path")?.dirname(path);
  if (directory === undefined || deniedFlags(directory, ["read"]).length > 0) return undefined;
  return fileState(directory) === "directory" ? undefined : directory;
}

/**
 * Lists the permissions that Deno has not been given for a file.
 *
 * @param path The file.
 * @param names The permissions that are needed.
 * @returns The flags that would give them; none in other runtimes.
 */
export function deniedFlags(path: string, names: readonly ("read" | "write")[]): string[] {
  const { Deno } = globalThis as { Deno?: DenoLike };
  if (Deno?.permissions === undefined) return [];
  return names
    .filter((name) => Deno.permissions.querySync({ name, path }).state !== "granted")
    .map((name) => `--allow-${name}=${path}`);
}
