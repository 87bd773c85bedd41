/**
 * How the entries of a FileStorage stand in files: each in its own, or all in one.
 *
 * @module
 */

import type { WordIndex } from "../text/word_index.ts";
import type { FileEntry } from "./file_entry.ts";

/** A moment, and a name for a temporary file that nobody else uses. */
export interface Moment {
  /** The time, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** A UUID. */
  readonly id: string;
}

/** What is to be kept. */
export interface FileWrite {
  /** The key. */
  readonly key: string;
  /** The value, as JSON. */
  readonly json: string;
  /** When it expires, in milliseconds since the epoch; Infinity for never. */
  readonly expiresAtMs: number;
}

/** How files are written. */
export interface WriteMode {
  /** Whether to wait until the disk has what was written. */
  readonly fsync: boolean;
  /** Whether a value stands on several lines. */
  readonly pretty: boolean;
}

/** A file that was being written so long ago belongs to a process that has ended, in milliseconds. */
export const ABANDONED_MS = 3_600_000;

/** Entries in files. All its methods block until they are done, and throw what the file system throws. */
export interface FileLayout {
  /**
   * Reads an entry; a damaged file is moved aside.
   *
   * @throws {StorageError} When its file is damaged.
   */
  read(key: string, moment: Moment): FileEntry | undefined;
  /** Writes an entry. */
  write(entry: FileWrite, moment: Moment): void;
  /** Removes entries; says how many there were that had not expired. */
  remove(keys: readonly string[], moment: Moment): number;
  /** The keys that are there, in code-point order. */
  keys(moment: Moment): string[];
  /** The words of all values that are there. */
  index(moment: Moment): WordIndex<string>;
  /** The JSON of a value that is in the index; `undefined` when it has gone meanwhile. */
  jsonOf(key: string): string | undefined;
}
