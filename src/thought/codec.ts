/**
 * The versions of a thought's record, and how older ones become the present one.
 *
 * `schemaVersion` is a single number, raised when readers of the version before would misread a record. A record of a
 * newer version is refused; one of an older version passes through {@linkcode MIGRATIONS}, one step at a time. Fields
 * that are only added need no new version: older readers keep them under `metadata.$extra`.
 *
 * @module
 */

import { StorageError } from "../errors.ts";
import { show } from "../options.ts";
import type { Place } from "./place.ts";

/** A record of some version; what JSON gave, not checked yet. */
export type ThoughtRecord = Readonly<Record<string, unknown>>;

/** Turns a record of one version into one of the next. It may assume nothing of its fields. */
export type Migration = (record: ThoughtRecord) => ThoughtRecord;

/** The step from version n to n + 1 stands at n − 1. Steps are appended, never changed. */
export const MIGRATIONS: readonly Migration[] = Object.freeze([]);

/**
 * Brings a record to the present version.
 *
 * @param place Where it stands.
 * @param value What JSON gave.
 * @param migrations The steps; another list than {@linkcode MIGRATIONS} only in tests.
 * @returns The record, its version raised; itself when it is of the present version.
 * @throws {StorageError} When it is no record of a thought (code `invalid_record`), or of a newer version (code
 *   `newer_version`).
 */
export function upgradeRecord(
  place: Place,
  value: unknown,
  migrations: readonly Migration[] = MIGRATIONS,
): ThoughtRecord {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return place.fail("", "be an object", value);
  }
  const present = migrations.length + 1;
  const version: unknown = (value as ThoughtRecord).schemaVersion;
  if (!Number.isSafeInteger(version) || (version as number) < 1) {
    return place.fail("schemaVersion", "be an integer of at least 1", version);
  }
  if ((version as number) > present) throw newerVersion(version as number, present);
  let record = value as ThoughtRecord;
  for (let step = version as number; step < present; step++) {
    record = { ...migrations[step - 1]!(record), schemaVersion: step + 1 };
  }
  return record;
}

function newerVersion(version: number, present: number): StorageError {
  return new StorageError(
    `Cannot read Thought as schemaVersion must not be newer than this version of Sifaka knows: ` +
      `schemaVersion is ${show(version)}, the newest known is ${present}`,
    {
      code: "newer_version",
      component: "Thought",
      metadata: { path: "schemaVersion", version, newestKnown: present },
      suggestions: ["Update Sifaka."],
    },
  );
}
