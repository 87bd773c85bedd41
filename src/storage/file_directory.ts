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
} from "../runtime/entry_files.ts";
import { compareCodePoints } from "../text/code_points.ts";
import { WordIndex } from "../text/word_index.ts";
import { indexTermsOf } from "./entry.ts";
import { decodeEntry, encodeEntry, type FileEntry } from "./file_entry.ts";
import { corruptError } from "./file_errors.ts";
import { fileNameOf, isEntryName, isTemporaryName, keyOf, temporaryName } from "./file_names.ts";

interface Known {
  readonly signature: string;
  /** `undefined` for a damaged file whose name does not tell. */
  readonly key: string | undefined;
  readonly expiresAtMs: number;
  readonly indexed: boolean;
}

/** A file that was being written so long ago belongs to a process that has ended, in milliseconds. */
const ABANDONED_MS = 3_600_000;

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
  /** When it expires, in milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** Whether to wait until the disk has it. */
  readonly fsync: boolean;
}

/** One directory. */
export class FileDirectory {
  readonly #path: string;
  readonly #known: Map<string, Known> = new Map();
  readonly #index = new WordIndex<string>();

  /** @param path The directory, which is there. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads an entry; a damaged file is moved aside.
   *
   * @throws {StorageError} When its file is damaged.
   */
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
  write({ key, json, expiresAtMs, fsync }: FileWrite, id: string): void {
    const path = this.#pathOf(fileNameOf(key));
    const temporary = this.#pathOf(temporaryName(id));
    replaceFile({ path, temporary, text: encodeEntry(key, expiresAtMs, json), fsync });
  }

  /** Removes an entry; says whether there was one that had not expired. */
  remove(key: string, { nowMs }: Moment): boolean {
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
