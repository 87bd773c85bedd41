/**
 * What is asked and told of files that are to be indexed.
 *
 * @module
 */

import type { Chunk } from "./file_blocks.ts";

/** What to look for. */
export interface ScanRequest {
  /** Files, folders and globs. */
  readonly paths: readonly string[];
  /** The folder that they start from; the working directory where it is left out. */
  readonly folder: string | undefined;
  /** The most words of a piece. */
  readonly chunkWords: number;
  /** Larger files are left out, in bytes. */
  readonly maxBytes: number;
  /** The stamps of the files that were read before, by path. */
  readonly known: ReadonlyMap<string, string>;
}

/** A file that is new or has changed. */
export interface ScannedFile {
  /** Its path, seen from the folder. */
  readonly path: string;
  /** Another one whenever its size or time changes. */
  readonly stamp: string;
  /** Its pieces. */
  readonly chunks: readonly Chunk[];
  /** Why it could not be read. */
  readonly skipped?: string;
}

/** What was found. */
export interface ScanResult {
  /** How many files there are. */
  readonly matched: number;
  /** Those that are new or have changed. */
  readonly changed: readonly ScannedFile[];
  /** Those that were known and are gone. */
  readonly gone: readonly string[];
}
