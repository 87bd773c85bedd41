/**
 * Words what goes wrong with the files of a FileStorage.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import { deniedFlags } from "../runtime/sqlite_file.ts";

/** What FileStorage is called in errors. */
export const FILE_STORAGE = "FileStorage";

const REASONS: Readonly<Record<string, readonly [code: string, reason: string]>> = {
  EACCES: ["permission_denied", "this user may not"],
  EPERM: ["permission_denied", "this user may not"],
  EROFS: ["read_only", "the file system is read-only"],
  ENOSPC: ["full", "the disk is full"],
  ENOTDIR: ["not_a_directory", "a part of its path is a file"],
  EEXIST: ["not_a_directory", "it is a file"],
  ENOENT: ["missing_directory", "the directory is gone"],
};

/** Where the entries of a FileStorage are. */
export interface FilePlace {
  /** Its directory, or the file in which all of them stand. */
  readonly path: string;
  /** Which of the two that is. */
  readonly kind: "directory" | "file";
  /** The directory in which files are written. */
  readonly directory: string;
}

/**
 * Makes the error of a call that the file system or the runtime refused.
 *
 * @param place Where the entries are.
 * @param operation What was called.
 * @param cause What was thrown.
 * @returns The error to throw.
 */
export function fileError(
  { path, kind, directory }: FilePlace,
  operation: string,
  cause: unknown,
): StorageError {
  const { name, code: fault, message } = (cause ?? {}) as { name?: string; code?: string; message?: string };
  const make = (code: string, reason: string, suggestions: readonly string[] = []): StorageError =>
    new StorageError(`Cannot ${operation} in the ${kind} ${path} as ${reason}`, {
      code,
      component: FILE_STORAGE,
      operation,
      suggestions,
      metadata: { [kind]: path },
      cause,
    });
  if (name === "NotCapable" || name === "PermissionDenied") {
    const flags = deniedFlags(directory, ["read", "write"]).join(" ");
    const needed = flags === "" ? `--allow-read=${directory} --allow-write=${directory}` : flags;
    return make("permission_denied", `Deno has not been allowed to: run again with ${needed}`, [
      `Add ${needed} to the command.`,
    ]);
  }
  const [code, reason] = REASONS[fault ?? ""] ?? ["files", message ?? String(cause)];
  return make(code, reason);
}

/**
 * Makes the error of a file that holds no entry.
 *
 * @param path Where it was.
 * @param movedTo Where it is now.
 * @returns The error to throw.
 */
export function corruptError(path: string, movedTo: string): StorageError {
  return new StorageError(`Cannot read ${path} as it is damaged: it was moved to ${movedTo}`, {
    code: "corrupt",
    component: FILE_STORAGE,
    operation: "get",
    suggestions: ["Mend it and move it back, or restore it from a copy."],
    metadata: { path, movedTo },
  });
}

/**
 * Makes the error of a file that others kept locked.
 *
 * @param path The file.
 * @returns The error to throw.
 */
export function busyError(path: string): StorageError {
  return new StorageError(`Cannot change ${path} as other processes kept it locked for too long`, {
    code: "busy",
    component: FILE_STORAGE,
    suggestions: ["Keep what many processes write in a SqliteStorage."],
    metadata: { path },
  });
}
