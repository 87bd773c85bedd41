/**
 * The operations of the storage in files. Each is one short call in the caller's thread, under every driver.
 *
 * @module
 */

import { SifakaError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { host, now, type Operation, randomId } from "../operation/operation.ts";
import { checkKey, encodeValue } from "./entry.ts";
import type { FileDirectory, Moment } from "./file_directory.ts";
import { FILE_STORAGE, fileError } from "./file_errors.ts";
import { keysInRange } from "./key_range.ts";
import { checkRequest, checkSearch, closedError, expiryOf, rangeOf } from "./requests.ts";
import { searchIndex } from "./search_index.ts";
import type {
  ClearOptions,
  KeysOptions,
  SearchHit,
  SearchOptions,
  SetOptions,
  StorageOperations,
} from "./storage.ts";

const NAME = FILE_STORAGE;

/** What the operations work on. */
export interface FileOperationsInit {
  /** The directory's path, for errors. */
  readonly path: string;
  /** The directory. */
  readonly directory: FileDirectory;
  /** Whether a write waits until the disk has it. */
  readonly fsync: boolean;
  /** Whether a value stands on several lines. */
  readonly pretty: boolean;
  /** Called when the storage is closed. */
  readonly beforeClose: () => void;
}

/** One operation for each method, over one directory. */
export class FileOperations implements StorageOperations {
  readonly #path: string;
  readonly #directory: FileDirectory;
  readonly #fsync: boolean;
  readonly #pretty: boolean;
  readonly #beforeClose: () => void;
  #closed = false;

  /** @param init What to work on. */
  constructor({ path, directory, fsync, pretty, beforeClose }: FileOperationsInit) {
    this.#path = path;
    this.#directory = directory;
    this.#fsync = fsync;
    this.#pretty = pretty;
    this.#beforeClose = beforeClose;
  }

  /** Behind `get`. */
  *get(key: string): Operation<JsonValue | undefined> {
    checkKey(NAME, key);
    return yield* this.#call("get", (directory, moment) => directory.read(key, moment)?.value);
  }

  /** Behind `set`. */
  *set(key: string, value: unknown, options?: SetOptions): Operation<void> {
    checkKey(NAME, key);
    const { ttlMs } = checkRequest(NAME, "set", options);
    const plain = encodeValue(NAME, key, value);
    const json = this.#pretty ? JSON.stringify(JSON.parse(plain), undefined, 2) : plain;
    yield* this.#call("set", (directory, { nowMs, id }) => {
      directory.write({ key, json, expiresAtMs: expiryOf(nowMs, ttlMs), fsync: this.#fsync }, id);
    });
  }

  /** Behind `delete`. */
  *delete(key: string): Operation<boolean> {
    checkKey(NAME, key);
    return yield* this.#call("delete", (directory, moment) => directory.remove(key, moment));
  }

  /** Behind `has`. */
  *has(key: string): Operation<boolean> {
    checkKey(NAME, key);
    return yield* this.#call("has", (directory, moment) => directory.read(key, moment) !== undefined);
  }

  /** Behind `keys`. */
  *keys(options?: KeysOptions): Operation<string[]> {
    const { limit = Infinity, ...where } = checkRequest(NAME, "keys", options);
    const range = rangeOf(where);
    return yield* this.#call(
      "keys",
      (directory, moment) => range === undefined ? [] : keysInRange(directory.keys(moment), range, limit),
    );
  }

  /** Behind `search`. */
  *search(query: string, options?: SearchOptions): Operation<SearchHit[]> {
    const checked = checkSearch(NAME, query, options);
    return yield* this.#call("search", (directory, moment) => {
      return searchIndex(directory.index(moment), (key) => directory.jsonOf(key), {
        query,
        options: checked,
      });
    });
  }

  /** Behind `clear`. */
  *clear(options?: ClearOptions): Operation<number> {
    const range = rangeOf(checkRequest(NAME, "clear", options));
    return yield* this.#call("clear", (directory, moment) => {
      if (range === undefined) return 0;
      return keysInRange(directory.keys(moment), range).filter((key) => directory.remove(key, moment)).length;
    });
  }

  /** Behind `size`. */
  *size(): Operation<number> {
    return yield* this.#call("size", (directory, moment) => directory.keys(moment).length);
  }

  /** Behind `close`. */
  *close(): Operation<void> {
    if (this.#closed) return;
    yield* host(() => {
      this.#closed = true;
      this.#beforeClose();
    });
  }

  *#call<T>(operation: string, use: (directory: FileDirectory, moment: Moment) => T): Operation<T> {
    const moment = { nowMs: yield* now(), id: yield* randomId() };
    return yield* host(() => {
      if (this.#closed) throw closedError(NAME, operation);
      try {
        return use(this.#directory, moment);
      } catch (error) {
        throw error instanceof SifakaError ? error : fileError(this.#path, operation, error);
      }
    });
  }
}
