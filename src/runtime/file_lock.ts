/**
 * Locks that end with the process that holds them, however that ends: exclusive transactions on small files of their own.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import { builtin } from "./builtin.ts";
import { faultOf, openSqlite, type SqliteConnection } from "./sqlite.ts";
import { deniedFlags, removeFile } from "./sqlite_file.ts";

interface FileSystem {
  statSync(
    path: string,
    options: { throwIfNoEntry: false; bigint: true },
  ): { readonly ino: bigint; readonly birthtimeNs: bigint; readonly size: bigint } | undefined;
  closeSync(handle: number): void;
  openSync(path: string, flags: string): number;
}

/**
 * Opens a file and takes the lock on it.
 *
 * @param path The file; it is made where there is none, and nothing is written to it.
 * @returns The lock; closing it gives it up.
 * @throws What SQLite throws; `faultOf` tells `"busy"` when somebody else has it.
 */
export function openLocked(path: string): SqliteConnection {
  const lock = openSqlite(path, { readOnly: false });
  try {
    // Nothing is ever written, so that no journal need stand beside the file.
    lock.prepare("PRAGMA journal_mode = memory").get();
    lock.prepare("BEGIN EXCLUSIVE").run();
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** How often a lock is tried whose file was removed at the same moment. */
const MOST_TRIES = 100;

/**
 * Takes a lock, and removes its file when it is given up.
 *
 * @param path The file of the lock. One that holds something is somebody's own, and refused.
 * @returns A function that gives the lock up; `undefined` when somebody else has it.
 * @throws {StorageError} When the file cannot be made.
 */
export function takeLock(path: string): (() => void) | undefined {
  const flags = deniedFlags(path, ["read", "write"]);
  if (flags.length > 0) throw cannotLock(path, "Deno was not given the permission", flags);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    let lock: SqliteConnection;
    let before: string | undefined;
    try {
      before = makeFile(path);
      lock = openLocked(path);
    } catch (error) {
      if (faultOf(error) === "busy") return undefined;
      throw cannotLock(path, error instanceof Error ? error.message : String(error), [], error);
    }
    // Whoever gives a lock up removes its file, which may be this one: it would then keep nobody out.
    if (before !== undefined && identity(path) === before) {
      return () => {
        removeFile(path);
        lock.close();
      };
    }
    lock.close();
  }
  return undefined;
}

function makeFile(path: string): string | undefined {
  const files = builtin<FileSystem>("node:fs")!;
  // Closing a file drops all locks that this process has on it, so this one is opened only where it is not there.
  const { size } = stat(path) ?? {};
  if (size === undefined) files.closeSync(files.openSync(path, "a"));
  // A lock is empty, so this file is not one, and would be removed with it.
  else if (size > 0n) throw new Error("there is something else of that name, which is not touched");
  return identity(path);
}

/** With the time it was made, as the number of a file that was removed is soon that of another one. */
function identity(path: string): string | undefined {
  const found = stat(path);
  return found && `${found.ino}-${found.birthtimeNs}`;
}

function stat(path: string): ReturnType<FileSystem["statSync"]> {
  return builtin<FileSystem>("node:fs")!.statSync(path, { throwIfNoEntry: false, bigint: true });
}

function cannotLock(path: string, reason: string, flags: readonly string[], cause?: unknown): StorageError {
  return new StorageError(`Cannot make the lock ${path}: ${reason}`, {
    code: "cannot_lock",
    suggestions: flags.length > 0 ? [`Run Deno with ${flags.join(" ")}.`] : [],
    cause,
  });
}
