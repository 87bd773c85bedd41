/**
 * The operations of the storage on a Redis server. Each is one remote call.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { now, type Operation, randomId, remote } from "../operation/operation.ts";
import { packageModule } from "../operation/package_module.ts";
import { compareCodePoints } from "../text/code_points.ts";
import { WordIndex } from "../text/word_index.ts";
import { checkKey, encodeValue, indexTermsOf } from "./entry.ts";
import type { RedisCommand } from "./redis_scripts.ts";
import type { RedisTarget } from "./redis_target.ts";
import { checkRequest, checkSearch, closedError, expiryOf, type KeyRange, rangeOf } from "./requests.ts";
import { searchIndex } from "./search_index.ts";
import type {
  ClearOptions,
  KeysOptions,
  SearchHit,
  SearchOptions,
  SetOptions,
  StorageOperations,
} from "./storage.ts";

/** What RedisStorage is called in errors. */
export const REDIS_STORAGE = "RedisStorage";

const NAME = REDIS_STORAGE;

/** All values as they were at one time. */
interface Copy {
  readonly version: string;
  readonly values: ReadonlyMap<string, string>;
  readonly index: WordIndex<string>;
}

/** One operation for each method, on one server. */
export class RedisOperations implements StorageOperations {
  readonly #target: RedisTarget;
  readonly #ttlMs: number | undefined;
  readonly #module: string = packageModule("storage/redis_calls");
  #copy: Copy | undefined;
  #closed = false;

  /**
   * @param target Which server.
   * @param ttlMs How long a value is kept when `set` does not say, in milliseconds.
   */
  constructor(target: RedisTarget, ttlMs: number | undefined) {
    this.#target = target;
    this.#ttlMs = ttlMs;
  }

  /** Behind `get`. */
  *get(key: string): Operation<JsonValue | undefined> {
    checkKey(NAME, key);
    const json = yield* this.#perform("get", [key]);
    return typeof json === "string" ? JSON.parse(json) as JsonValue : undefined;
  }

  /** Behind `set`. */
  *set(key: string, value: unknown, options?: SetOptions): Operation<void> {
    checkKey(NAME, key);
    const { ttlMs = this.#ttlMs } = checkRequest(NAME, "set", options);
    const json = encodeValue(NAME, key, value);
    const expiresAtMs = expiryOf(yield* now(), ttlMs);
    yield* this.#perform("set", [key, json, expiresAtMs === Infinity ? "" : String(expiresAtMs)]);
  }

  /** Behind `delete`. */
  *delete(key: string): Operation<boolean> {
    checkKey(NAME, key);
    return (yield* this.#perform("delete", [key])) === 1;
  }

  /** Behind `has`. */
  *has(key: string): Operation<boolean> {
    checkKey(NAME, key);
    return (yield* this.#perform("has", [key])) === 1;
  }

  /** Behind `keys`. */
  *keys(options?: KeysOptions): Operation<string[]> {
    const { limit = -1, ...where } = checkRequest(NAME, "keys", options);
    const range = rangeOf(where);
    if (range === undefined) this.#refuseClosed("keys");
    return range === undefined
      ? []
      : (yield* this.#perform("keys", [...boundsOf(range), String(limit)])) as string[];
  }

  /** Behind `search`. */
  *search(query: string, options?: SearchOptions): Operation<SearchHit[]> {
    const checked = checkSearch(NAME, query, options);
    const { index, values } = yield* this.#load();
    return searchIndex(index, (key) => values.get(key), { query, options: checked });
  }

  /** Behind `clear`. */
  *clear(options?: ClearOptions): Operation<number> {
    const range = rangeOf(checkRequest(NAME, "clear", options));
    if (range === undefined) this.#refuseClosed("clear");
    return range === undefined ? 0 : (yield* this.#perform("clear", boundsOf(range))) as number;
  }

  /** Behind `size`. */
  *size(): Operation<number> {
    return (yield* this.#perform("size", [])) as number;
  }

  /** Behind `close`. */
  *close(): Operation<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#copy = undefined;
    yield* remote({ module: this.#module, name: "disconnect" }, this.#target);
  }

  /** All values, from the server where they have changed since they were last loaded. */
  *#load(): Operation<Copy> {
    const known = this.#copy;
    const [version, pairs] = (yield* this.#perform("load", [known?.version ?? "none"])) as [
      string,
      string[]?,
    ];
    if (pairs === undefined) return known!;
    const values = new Map<string, string>();
    const index = new WordIndex<string>();
    for (let place = 0; place < pairs.length; place += 2) {
      const [key, json] = [pairs[place]!, pairs[place + 1]!];
      values.set(key, json);
      index.add(key, indexTermsOf(JSON.parse(json) as JsonValue));
    }
    return this.#copy = { version, values, index };
  }

  *#perform(command: RedisCommand, args: readonly string[]): Operation<unknown> {
    this.#refuseClosed(command === "load" ? "search" : command);
    const moment = [String(yield* now()), yield* randomId()];
    const ref = { module: this.#module, name: "perform" };
    return yield* remote<unknown>(ref, this.#target, command, [...moment, ...args]);
  }

  #refuseClosed(operation: string): void {
    if (this.#closed) throw closedError(NAME, operation);
  }
}

/** Words a stretch of keys for Redis: `(` stands before a key that is left out, `[` before one that is not. */
function boundsOf({ from, after, until }: KeyRange): [min: string, max: string] {
  const max = until === undefined ? "+" : `(${until}`;
  return compareCodePoints(after, from) >= 0 && after !== "" ? [`(${after}`, max] : [`[${from}`, max];
}
