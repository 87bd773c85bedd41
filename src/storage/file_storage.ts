/**
 * A storage in files.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { checkOptions, type OptionSchemas, show } from "../options.ts";
import { makeDirectories } from "../runtime/entry_files.ts";
import { fileState } from "../runtime/sqlite_file.ts";
import { FileDirectory } from "./file_directory.ts";
import { FILE_STORAGE, fileError } from "./file_errors.ts";
import { FileOperations } from "./file_operations.ts";
import { FileRuns } from "./file_runs.ts";
import type { RunStore } from "./runs.ts";
import { OperationStorage, type StorageOperations } from "./storage.ts";

/** Options of {@linkcode FileStorage}. */
export interface FileStorageOptions {
  /** Whether a write waits until the disk has it, and so survives a power cut; without, it is faster. @default true */
  fsync?: boolean;
  /** Whether a file has its value on several lines, indented, for people to read and to compare. @default false */
  pretty?: boolean;
}

/**
 * What a {@linkcode FileStorage} can be told beside its directory.
 *
 * @example
 * ```ts
 * import { FILE_STORAGE_OPTIONS } from "@sifaka/sifaka/storage";
 *
 * console.log(Object.keys(FILE_STORAGE_OPTIONS)); // ["fsync", "pretty"]
 * ```
 */
export const FILE_STORAGE_OPTIONS: OptionSchemas = {
  fsync: {
    description: "Whether a write waits until the disk has it.",
    type: "boolean",
    default: true,
  },
  pretty: {
    description: "Whether a file has its value on several lines, indented.",
    type: "boolean",
    default: false,
  },
};

/**
 * Keeps each value in a JSON file of its own, which people and other programs can read.
 *
 * A write replaces its file by renaming, so a crash leaves the old value or the new one, and several processes may use one
 * directory. A damaged file is moved aside when its key is read; other keys are not affected. `keys`, `size`, `search` and `clear`
 * look at every file of the directory: for many thousands of values use a `SqliteStorage`. Deno asks for `--allow-read` and
 * `--allow-write` of the directory.
 *
 * @example
 * ```ts
 * import { FileStorage } from "@sifaka/sifaka/storage";
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 *
 * const directory = mkdtempSync(join(tmpdir(), "notes-"));
 * new FileStorage(directory).set("notes/1", { text: "Lemurs live in Madagascar." });
 * console.log(new FileStorage(directory).search("lemurs")[0]?.key); // "notes/1"
 * rmSync(directory, { recursive: true });
 * ```
 */
export class FileStorage extends OperationStorage {
  /** What it is called in errors and events. */
  override readonly name: string = FILE_STORAGE;
  /** The directory. */
  readonly directory: string;
  /** The one body behind each method and its twin. */
  override readonly _operations: StorageOperations;
  /** The journals of runs, in the file runs.db of the directory, which is made for the first run. */
  readonly runs: RunStore;

  /**
   * Opens a directory.
   *
   * @param directory The directory, which is made where there is none.
   * @param options How durable.
   * @throws {ConfigurationError} When an option is unknown or wrong, or the directory is a file.
   * @throws {StorageError} When the directory cannot be made.
   */
  constructor(directory: string, options?: FileStorageOptions) {
    super();
    const wrong = (reason: string): ConfigurationError =>
      new ConfigurationError(`Cannot create ${FILE_STORAGE} as ${reason}: directory is ${show(directory)}`, {
        code: "invalid_option",
        component: FILE_STORAGE,
      });
    if (typeof directory !== "string" || directory.trim() === "" || directory.includes("\0")) {
      throw wrong("directory must be the path of a directory");
    }
    const { fsync = true, pretty = false } = checkOptions(FILE_STORAGE, options, FILE_STORAGE_OPTIONS);
    if (["file", "empty"].includes(fileState(directory))) throw wrong("its directory is a file");
    this.directory = directory;
    try {
      makeDirectories(directory);
    } catch (error) {
      throw fileError(directory, "open", error);
    }
    const runs = new FileRuns(directory, fsync);
    this.runs = runs;
    this._operations = new FileOperations({
      path: directory,
      directory: new FileDirectory(directory),
      fsync,
      pretty,
      beforeClose: () => runs.close(),
    });
  }
}
