/**
 * The directory of a FileStorage: one file for each key, and what is known of them in memory.
 *
 * Files are replaced by renaming, so two storages on one directory never lose each other's writes and never read half a file.
 * What is known of a file is trusted for as long as the file has not been replaced.
 *
 * @module
 */

import {
  listFiles,
  moveFile,
  putBack,
  readFileIfThere,
  removeFile,
  replaceFile,
  syncDirectory,
} from "../runtime/entry_files.ts";
import { compareCodePoints } from "../text/code_points.ts";
import { WordIndex } from "../text/word_index.ts";
import { indexTermsOf } from "./entry.ts";
import { decodeEntry, encodeEntry, type FileEntry } from "./file_entry.ts";
import { corruptError } from "./file_errors.ts";
import { ABANDONED_MS, type FileLayout, type FileWrite, type Moment, type WriteMode } from "./file_layout.ts";
import { fileNameOf, isEntryName, isTemporaryName, keyOf, temporaryName } from "./file_names.ts";

interface Known {
  readonly signature: string;
  /** `undefined` for a damaged file whose name does not tell. */
  readonly key: string | undefined;
  readonly expiresAtMs: number;
  readonly indexed: boolean;
}

/** One directory. */
export class FileDirectory implements FileLayout {
  readonly #path: string;
  readonly #mode: WriteMode;
  readonly #known: Map<string, Known> = new Map();
  readonly #index = new WordIndex<string>();

  /**
   * @param path The directory, which is there.
   * @param mode How files are written.
   */
  constructor(path: string, mode: WriteMode) {
    this.#path = path;
    this.#mode = mode;
  }

  /** Reads an entry. */
  read(key: string, { nowMs, id }: Moment): FileEntry | undefined {
    const path = this.#pathOf(fileNameOf(key));
    const text = readFileIfThere(path);
    if (text === undefined) return undefined;
    const entry = decodeEntry(text);
    if (entry === undefined || entry.key !== key) {
      const movedTo = `${path}.corrupt-${id}`;
      moveFile(path, movedTo);
      throw corruptError(path, movedTo);
    }
    return entry.expiresAtMs > nowMs ? entry : undefined;
  }

  /** Writes an entry. */
  write(entry: FileWrite, { id }: Moment): void {
    const path = this.#pathOf(fileNameOf(entry.key));
    const temporary = this.#pathOf(temporaryName(id));
    const { fsync, pretty } = this.#mode;
    replaceFile({ path, temporary, text: `${encodeEntry(entry, pretty)}\n`, fsync });
  }

  /** Removes entries. */
  remove(keys: readonly string[], moment: Moment): number {
    const removed = keys.filter((key) => this.#removeOne(key, moment)).length;
    if (removed > 0 && this.#mode.fsync) syncDirectory(this.#path);
    return removed;
  }

  #removeOne(key: string, { nowMs }: Moment): boolean {
    const path = this.#pathOf(fileNameOf(key));
    const text = readFileIfThere(path);
    if (text === undefined) return false;
    removeFile(path);
    return (decodeEntry(text)?.expiresAtMs ?? Infinity) > nowMs;
  }

  /** The keys that are there, in code-point order; one whose file is damaged is among them where its file's name tells it. */
  keys(moment: Moment): string[] {
    this.#look(moment, false);
    const keys: string[] = [];
    for (const { key } of this.#known.values()) if (key !== undefined) keys.push(key);
    return keys.sort(compareCodePoints);
  }

  /** The words of all values that are there. */
  index(moment: Moment): WordIndex<string> {
    this.#look(moment, true);
    return this.#index;
  }

  /** The JSON of a value; `undefined` when it has gone meanwhile. */
  jsonOf(key: string): string | undefined {
    const text = readFileIfThere(this.#pathOf(fileNameOf(key)));
    const entry = text === undefined ? undefined : decodeEntry(text);
    return entry?.key === key ? JSON.stringify(entry.value) : undefined;
  }

  /** Brings what is known up to date. */
  #look(moment: Moment, withWords: boolean): void {
    const seen = new Set<string>();
    for (const { name, signature, writtenAtMs } of listFiles(this.#path, isOwnName)) {
      if (isTemporaryName(name)) {
        if (moment.nowMs - writtenAtMs > ABANDONED_MS) removeFile(this.#pathOf(name));
        continue;
      }
      let known = this.#known.get(name);
      if (known?.signature !== signature || (withWords && !known.indexed)) {
        known = this.#learn(name, signature, withWords);
      }
      if (known === undefined) continue;
      if (known.expiresAtMs > moment.nowMs) seen.add(name);
      else this.#removeExpired(name, moment);
    }
    for (const name of this.#known.keys()) if (!seen.has(name)) this.#forget(name);
  }

  #learn(name: string, signature: string, withWords: boolean): Known | undefined {
    this.#forget(name);
    const text = readFileIfThere(this.#pathOf(name));
    if (text === undefined) return undefined;
    const entry = decodeEntry(text);
    const key = entry?.key ?? keyOf(name);
    const known: Known = {
      signature,
      key,
      expiresAtMs: entry?.expiresAtMs ?? Infinity,
      indexed: withWords || entry === undefined,
    };
    if (withWords && entry !== undefined) this.#index.add(entry.key, indexTermsOf(entry.value));
    this.#known.set(name, known);
    return known;
  }

  #forget(name: string): void {
    const known = this.#known.get(name);
    if (known === undefined) return;
    this.#known.delete(name);
    if (known.key !== undefined) this.#index.remove(known.key);
  }

  /** Another process may be writing the same key: what is taken away is looked at once more, and put back when it is new. */
  #removeExpired(name: string, { nowMs, id }: Moment): void {
    const aside = this.#pathOf(temporaryName(id));
    if (!moveFile(this.#pathOf(name), aside)) return;
    const entry = decodeEntry(readFileIfThere(aside) ?? "");
    if (entry !== undefined && entry.expiresAtMs <= nowMs) removeFile(aside);
    else putBack(aside, this.#pathOf(name));
  }

  #pathOf(name: string): string {
    return `${this.#path}/${name}`;
  }
}

function isOwnName(name: string): boolean {
  return isEntryName(name) || isTemporaryName(name);
}
