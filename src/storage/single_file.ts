/**
 * All entries of a FileStorage in one file.
 *
 * The file is read again before every use and replaced as a whole by renaming, so a reader finds one state of it or the next, and
 * never half of one. Whoever changes it holds a lock from reading the old state until the new one stands: of two processes
 * that write at once neither loses what the other wrote.
 *
 * @module
 */

import type { StorageError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { block, monotonicMs } from "../runtime/clock.ts";
import { listFiles, moveFile, readFileIfThere, removeFile, replaceFile } from "../runtime/entry_files.ts";
import { takeLock } from "../runtime/file_lock.ts";
import { folderOf, nameOfFile } from "../runtime/files.ts";
import { compareCodePoints } from "../text/code_points.ts";
import { WordIndex } from "../text/word_index.ts";
import { indexTermsOf } from "./entry.ts";
import { decodeEntries, encodeEntry, type FileEntry } from "./file_entry.ts";
import { busyError, corruptError } from "./file_errors.ts";
import { ABANDONED_MS, type FileLayout, type FileWrite, type Moment, type WriteMode } from "./file_layout.ts";
import { isTemporaryName, temporaryName } from "./file_names.ts";

/** How long a change waits for those of others, in milliseconds. One takes a few. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 1;

/** How a file of all entries is written. */
export interface SingleFileMode extends WriteMode {
  /** Whether a change keeps other processes from changing the file meanwhile. */
  readonly lock: boolean;
}

/** One file. */
export class SingleFile implements FileLayout {
  readonly #path: string;
  readonly #mode: SingleFileMode;
  /** The file when it was read last. */
  #text = "";
  #entries: ReadonlyMap<string, FileWrite> = new Map();
  readonly #index = new WordIndex<string>();
  readonly #indexed: Map<string, string> = new Map();

  /**
   * @param path The file, which need not be there; its folder is.
   * @param mode How it is written.
   */
  constructor(path: string, mode: SingleFileMode) {
    this.#path = path;
    this.#mode = mode;
  }

  /** Reads an entry; a damaged file is moved aside as a whole. */
  read(key: string, moment: Moment): FileEntry | undefined {
    this.#look(moment);
    const found = this.#entries.get(key);
    if (found === undefined || found.expiresAtMs <= moment.nowMs) return undefined;
    return { key, expiresAtMs: found.expiresAtMs, value: JSON.parse(found.json) as JsonValue };
  }

  /** Writes an entry. */
  write(entry: FileWrite, moment: Moment): void {
    this.#change(moment, (entries) => entries.set(entry.key, entry).size > 0);
  }

  /** Removes entries. */
  remove(keys: readonly string[], moment: Moment): number {
    let removed = 0;
    this.#change(moment, (entries) => {
      removed = keys.filter((key) => entries.delete(key)).length;
      return removed > 0;
    });
    return removed;
  }

  /** The keys that are there. */
  keys(moment: Moment): string[] {
    this.#look(moment);
    return [...this.#living(moment).keys()].sort(compareCodePoints);
  }

  /** The words of all values that are there. */
  index(moment: Moment): WordIndex<string> {
    this.#look(moment);
    const living = this.#living(moment);
    for (const [key, json] of this.#indexed) {
      if (living.get(key)?.json === json) continue;
      this.#index.remove(key);
      this.#indexed.delete(key);
    }
    for (const { key, json } of living.values()) {
      if (this.#indexed.has(key)) continue;
      this.#index.add(key, indexTermsOf(JSON.parse(json) as JsonValue));
      this.#indexed.set(key, json);
    }
    return this.#index;
  }

  /** The JSON of a value that is in the index. */
  jsonOf(key: string): string | undefined {
    return this.#indexed.get(key);
  }

  #living({ nowMs }: Moment): Map<string, FileWrite> {
    return new Map([...this.#entries].filter(([, { expiresAtMs }]) => expiresAtMs > nowMs));
  }

  /** A damaged file is looked at again under the lock: somebody else may have moved it aside and begun a new one. */
  #look(moment: Moment): void {
    if (!this.#read()) this.#change(moment, () => false);
  }

  /** Reads the file where it is another one than before; `false` when it is damaged. */
  #read(): boolean {
    const text = readFileIfThere(this.#path) ?? "";
    if (text === this.#text) return true;
    const entries = text === "" ? [] : decodeEntries(text);
    if (entries === undefined) return false;
    this.#text = text;
    this.#entries = new Map(
      entries.map(({ key, expiresAtMs, value }) => [key, { key, expiresAtMs, json: JSON.stringify(value) }]),
    );
    return true;
  }

  /** Changes what has not expired; `change` says whether there is anything to write. */
  #change(moment: Moment, change: (entries: Map<string, FileWrite>) => boolean): void {
    const unlock = this.#lock();
    try {
      if (!this.#read()) throw this.#moveAside(moment);
      const entries = this.#living(moment);
      if (change(entries)) this.#replace([...entries.values()], moment);
    } finally {
      unlock();
    }
  }

  #replace(entries: readonly FileWrite[], { nowMs, id }: Moment): void {
    const { fsync, pretty } = this.#mode;
    const sorted = entries.toSorted((a, b) => compareCodePoints(a.key, b.key));
    const text = `[\n${sorted.map((entry) => encodeEntry(entry, pretty)).join(",\n")}\n]\n`;
    const folder = folderOf(this.#path);
    const begin = `${nameOfFile(this.#path)}.`;
    const isTemporary = (name: string): boolean =>
      name.startsWith(begin) && isTemporaryName(name.slice(begin.length));
    for (const { name, writtenAtMs } of listFiles(folder, isTemporary)) {
      if (nowMs - writtenAtMs > ABANDONED_MS) removeFile(`${folder}/${name}`);
    }
    replaceFile({ path: this.#path, temporary: `${folder}/${begin}${temporaryName(id)}`, text, fsync });
  }

  #moveAside({ id }: Moment): StorageError {
    const movedTo = `${this.#path}.corrupt-${id}`;
    moveFile(this.#path, movedTo);
    return corruptError(this.#path, movedTo);
  }

  #lock(): () => void {
    if (!this.#mode.lock) return () => {};
    const untilMs = monotonicMs() + PATIENCE_MS;
    for (;;) {
      const unlock = tryLock(`${this.#path}.lock`);
      if (unlock !== undefined) return unlock;
      if (monotonicMs() >= untilMs) throw busyError(this.#path);
      block(PAUSE_MS);
    }
  }
}

/** What is wrong with the lock is wrong with the folder. */
function tryLock(path: string): (() => void) | undefined {
  try {
    return takeLock(path);
  } catch (error) {
    throw (error as StorageError).cause ?? error;
  }
}
