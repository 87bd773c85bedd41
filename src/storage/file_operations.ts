/**
 * The operations of the storage in files. Each is one short call in the caller's thread, under every driver.
 *
 * @module
 */

import { SifakaError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { host, now, type Operation, randomId } from "../operation/operation.ts";
import { checkKey, encodeValue } from "./entry.ts";
import { FILE_STORAGE, fileError, type FilePlace } from "./file_errors.ts";
import type { FileLayout, Moment } from "./file_layout.ts";
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
  /** Where the entries are, for errors. */
  readonly place: FilePlace;
  /** The entries. */
  readonly layout: FileLayout;
  /** Called when the storage is closed. */
  readonly beforeClose: () => void;
}

/** One operation for each method, over files. */
export class FileOperations implements StorageOperations {
  readonly #place: FilePlace;
  readonly #layout: FileLayout;
  readonly #beforeClose: () => void;
  #closed = false;

  /** @param init What to work on. */
  constructor({ place, layout, beforeClose }: FileOperationsInit) {
    this.#place = place;
    this.#layout = layout;
    this.#beforeClose = beforeClose;
  }

  /** Behind `get`. */
  *get(key: string): Operation<JsonValue | undefined> {
    checkKey(NAME, key);
    return yield* this.#call("get", (files, moment) => files.read(key, moment)?.value);
  }

  /** Behind `set`. */
  *set(key: string, value: unknown, options?: SetOptions): Operation<void> {
    checkKey(NAME, key);
    const { ttlMs } = checkRequest(NAME, "set", options);
    const json = encodeValue(NAME, key, value);
    yield* this.#call("set", (files, moment) => {
      files.write({ key, json, expiresAtMs: expiryOf(moment.nowMs, ttlMs) }, moment);
    });
  }

  /** Behind `delete`. */
  *delete(key: string): Operation<boolean> {
    checkKey(NAME, key);
    return yield* this.#call("delete", (files, moment) => files.remove([key], moment) > 0);
  }

  /** Behind `has`. */
  *has(key: string): Operation<boolean> {
    checkKey(NAME, key);
    return yield* this.#call("has", (files, moment) => files.read(key, moment) !== undefined);
  }

  /** Behind `keys`. */
  *keys(options?: KeysOptions): Operation<string[]> {
    const { limit = Infinity, ...where } = checkRequest(NAME, "keys", options);
    const range = rangeOf(where);
    return yield* this.#call(
      "keys",
      (files, moment) => range === undefined ? [] : keysInRange(files.keys(moment), range, limit),
    );
  }

  /** Behind `search`. */
  *search(query: string, options?: SearchOptions): Operation<SearchHit[]> {
    const checked = checkSearch(NAME, query, options);
    return yield* this.#call("search", (files, moment) => {
      return searchIndex(files.index(moment), (key) => files.jsonOf(key), { query, options: checked });
    });
  }

  /** Behind `clear`. */
  *clear(options?: ClearOptions): Operation<number> {
    const range = rangeOf(checkRequest(NAME, "clear", options));
    return yield* this.#call("clear", (files, moment) => {
      return range === undefined ? 0 : files.remove(keysInRange(files.keys(moment), range), moment);
    });
  }

  /** Behind `size`. */
  *size(): Operation<number> {
    return yield* this.#call("size", (files, moment) => files.keys(moment).length);
  }

  /** Behind `close`. */
  *close(): Operation<void> {
    if (this.#closed) return;
    yield* host(() => {
      this.#closed = true;
      this.#beforeClose();
    });
  }

  *#call<T>(operation: string, use: (files: FileLayout, moment: Moment) => T): Operation<T> {
    const moment = { nowMs: yield* now(), id: yield* randomId() };
    return yield* host(() => {
      if (this.#closed) throw closedError(NAME, operation);
      try {
        return use(this.#layout, moment);
      } catch (error) {
        throw error instanceof SifakaError ? error : fileError(this.#place, operation, error);
      }
    });
  }
}
