/**
 * A storage in files.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { checkOptions, type OptionSchemas, show } from "../options.ts";
import { makeDirectories } from "../runtime/entry_files.ts";
import { folderOf } from "../runtime/files.ts";
import { fileState } from "../runtime/sqlite_file.ts";
import { FileDirectory } from "./file_directory.ts";
import { FILE_STORAGE, fileError, type FilePlace } from "./file_errors.ts";
import { FileOperations } from "./file_operations.ts";
import { FileRuns, runsFileOf } from "./file_runs.ts";
import type { RunStore } from "./runs.ts";
import { SingleFile } from "./single_file.ts";
import { OperationStorage, type StorageOperations } from "./storage.ts";

/** Options of {@linkcode FileStorage}. */
export interface FileStorageOptions {
  /** Whether each value has a file of its own in a directory, or one file has all. @default "perKey" */
  layout?: "perKey" | "single";
  /** Whether a write waits until the disk has it, and so survives a power cut; without, it is faster. @default true */
  fsync?: boolean;
  /** Whether a value stands on several lines, indented, for people to read and to compare. @default false */
  pretty?: boolean;
  /**
   * Whether a write keeps other processes from writing meanwhile, so that neither loses what the other wrote. With a file for each
   * key no lock is needed, and this says nothing. @default true
   */
  lock?: boolean;
}

/**
 * What a {@linkcode FileStorage} can be told beside its directory or file.
 *
 * @example
 * ```ts
 * import { FILE_STORAGE_OPTIONS } from "@sifaka/sifaka/storage";
 *
 * console.log(Object.keys(FILE_STORAGE_OPTIONS)); // ["layout", "fsync", "pretty", "lock"]
 * ```
 */
export const FILE_STORAGE_OPTIONS: OptionSchemas = {
  layout: {
    description: "Whether each value has a file of its own, or one file has all.",
    enum: ["perKey", "single"],
    default: "perKey",
  },
  fsync: {
    description: "Whether a write waits until the disk has it.",
    type: "boolean",
    default: true,
  },
  pretty: {
    description: "Whether a value stands on several lines, indented.",
    type: "boolean",
    default: false,
  },
  lock: {
    description:
      "Whether a write to the one file of all values keeps other processes from writing meanwhile.",
    type: "boolean",
    default: true,
  },
};

/**
 * Keeps values in JSON files, which people and other programs can read: each in a file of its own, or, with `layout: "single"`, all
 * in one.
 *
 * A write replaces its file by renaming, so a crash leaves the old value or the new one, and several processes may use one
 * directory, or one file. A damaged file is moved aside when it is read; where each key has its own, other keys are not affected. `keys`,
 * `size`, `search` and `clear` look at every file of the directory, and each write to a single file writes all of it: for many
 * thousands of values use a `SqliteStorage`. Deno asks for `--allow-read` and `--allow-write` of the directory; of that in which a
 * single file stands, too, as others stand beside it for a moment.
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
 * new FileStorage(join(directory, "all.json"), { layout: "single" }).set("notes/2", "Sifakas leap.");
 * rmSync(directory, { recursive: true });
 * ```
 */
export class FileStorage extends OperationStorage {
  /** What it is called in errors and events. */
  override readonly name: string = FILE_STORAGE;
  /** The directory, or the one file. */
  readonly path: string;
  /** The one body behind each method and its twin. */
  override readonly _operations: StorageOperations;
  /**
   * The journals of runs, in the file `runs.db` of the directory, or in one beside the one file whose name ends in `.runs.db`. It is
   * made for the first run.
   */
  readonly runs: RunStore;

  /**
   * Opens a directory or a file.
   *
   * @param path The directory, or with `layout: "single"` the file; it is made where there is none.
   * @param options How values stand in files, and how durable they are.
   * @throws {ConfigurationError} When an option is unknown or wrong, the directory is a file, or the file a directory.
   * @throws {StorageError} When the directory cannot be made.
   */
  constructor(path: string, options?: FileStorageOptions) {
    super();
    const checked = checkOptions(FILE_STORAGE, options, FILE_STORAGE_OPTIONS);
    const { layout = "perKey", fsync = true, pretty = false, lock = true } = checked;
    const place = placeOf(path, layout);
    this.path = path;
    try {
      makeDirectories(place.directory);
    } catch (error) {
      throw fileError(place, "open", error);
    }
    const runs = new FileRuns(runsFileOf(path, layout), fsync);
    this.runs = runs;
    this._operations = new FileOperations({
      place,
      layout: layout === "single"
        ? new SingleFile(path, { fsync, pretty, lock })
        : new FileDirectory(path, { fsync, pretty }),
      beforeClose: () => runs.close(),
    });
  }
}

function placeOf(path: string, layout: "perKey" | "single"): FilePlace {
  const kind = layout === "single" ? "file" : "directory";
  const wrong = (reason: string): ConfigurationError =>
    new ConfigurationError(`Cannot create ${FILE_STORAGE} as ${reason}: path is ${show(path)}`, {
      code: "invalid_option",
      component: FILE_STORAGE,
    });
  if (typeof path !== "string" || path.trim() === "" || path.includes("\0")) {
    throw wrong(`path must be that of a ${kind}`);
  }
  const state = fileState(path);
  if (kind === "directory") {
    if (state === "file" || state === "empty") {
      throw wrong('its directory is a file (one file for all is layout "single")');
    }
    return { path, kind, directory: path };
  }
  if (state === "directory") throw wrong("its file is a directory");
  return { path, kind, directory: folderOf(path) };
}
