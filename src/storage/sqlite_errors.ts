/**
 * Words what goes wrong with a database file.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import { show } from "../options.ts";
import { faultOf, type SqliteFault } from "../runtime/sqlite.ts";
import { deniedFlags } from "../runtime/sqlite_file.ts";

/** What SqliteStorage is called in errors. */
export const SQLITE_STORAGE = "SqliteStorage";

interface Wording {
  readonly code: string;
  readonly reason: string;
  readonly suggestions?: readonly string[];
}

const WORDINGS: Readonly<Record<Exclude<SqliteFault, "permission" | "other">, Wording>> = {
  busy: {
    code: "busy",
    reason: "other connections kept it locked for too long",
    suggestions: ["Set a larger busyTimeoutMs, or look for a process that holds a transaction open."],
  },
  damaged: {
    code: "damaged",
    reason: "it is damaged",
    suggestions: ["Restore it from a copy, or choose another file."],
  },
  not_a_database: { code: "not_a_database", reason: "it is not an SQLite database" },
  read_only: {
    code: "read_only",
    reason: "it is read-only",
    suggestions: ["Make the file and its directory writable, or choose another place."],
  },
  cannot_open: {
    code: "cannot_open",
    reason: "the file cannot be opened",
    suggestions: ["Check that its directory is there and writable."],
  },
  full: { code: "full", reason: "the disk is full" },
};

/**
 * Makes the error of a path that no database can be opened at.
 *
 * @param path The path.
 * @param code A stable string to switch on.
 * @param reason Why not.
 * @param suggestions What to do.
 * @param cause The error underneath.
 * @returns The error to throw.
 */
export function pathError(
  path: string,
  code: string,
  reason: string,
  suggestions: readonly string[] = [],
  cause?: unknown,
): StorageError {
  return new StorageError(`Cannot open ${show(path)} as ${reason}`, {
    code,
    component: SQLITE_STORAGE,
    operation: "open",
    suggestions,
    metadata: { path },
    cause,
  });
}

/**
 * Makes the error of a write to a database that was opened for reading alone.
 *
 * @param path The database.
 * @param operation What was called.
 * @returns The error to throw.
 */
export function readOnlyError(path: string, operation: string): StorageError {
  return new StorageError(`Cannot ${operation} in ${show(path)} as it was opened for reading alone`, {
    code: "read_only",
    component: SQLITE_STORAGE,
    operation,
    suggestions: ["Open it without `readOnly`, where the file and its directory can be written."],
    metadata: { path },
  });
}

/**
 * Makes the error of a call that SQLite or the runtime refused.
 *
 * @param path The database.
 * @param operation What was called.
 * @param cause What was thrown.
 * @returns The error to throw.
 */
export function sqliteError(path: string, operation: string, cause: unknown): StorageError {
  const { code, reason, suggestions = [] } = wordingOf(path, cause);
  return new StorageError(
    `Cannot ${operation === "open" ? "open" : `${operation} in`} ${show(path)} as ${reason}`,
    {
      code,
      component: SQLITE_STORAGE,
      operation,
      suggestions,
      metadata: { path },
      cause,
    },
  );
}

function wordingOf(path: string, cause: unknown): Wording {
  const fault = faultOf(cause);
  if (fault === "permission") return permissionWording(path);
  if (fault !== "other") return WORDINGS[fault];
  const message = cause instanceof Error ? cause.message : String(cause);
  return { code: "sqlite", reason: `SQLite failed: ${message}` };
}

function permissionWording(path: string): Wording {
  const flags = deniedFlags(path, ["read", "write"]);
  const needed = flags.length > 0 ? flags.join(" ") : `--allow-read=${path} --allow-write=${path}`;
  return {
    code: "permission_denied",
    reason: `Deno has not been allowed to: run again with ${needed}`,
    suggestions: [`Add ${needed} to the command.`],
  };
}
