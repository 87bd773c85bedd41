/** A storage as a plain map: what every storage must do, written as simply as can be. */
import type { JsonValue } from "../../src/json.ts";
import type { KeysOptions } from "../../src/storage/storage.ts";

interface Kept {
  readonly json: string;
  readonly expiresAtMs: number;
}

/** Keeps values in a map, in the order of their last use. */
export class StorageModel {
  readonly #kept = new Map<string, Kept>();
  readonly #maxEntries: number;
  #nowMs: number;

  constructor(nowMs: number, maxEntries = Infinity) {
    this.#nowMs = nowMs;
    this.#maxEntries = maxEntries;
  }

  moveTo(nowMs: number): void {
    this.#nowMs = nowMs;
    for (const [key, { expiresAtMs }] of this.#kept) if (expiresAtMs <= nowMs) this.#kept.delete(key);
  }

  set(key: string, value: unknown, ttlMs?: number): void {
    this.#kept.delete(key);
    this.#kept.set(key, {
      json: JSON.stringify(value),
      expiresAtMs: ttlMs === undefined ? Infinity : Math.ceil(this.#nowMs + ttlMs),
    });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#maxEntries) this.#kept.delete(oldest!);
  }

  get(key: string): JsonValue | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return JSON.parse(kept.json) as JsonValue;
  }

  delete(key: string): boolean {
    return this.#kept.delete(key);
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  keys({ prefix = "", cursor, limit = Infinity }: KeysOptions = {}): string[] {
    return [...this.#kept.keys()]
      .filter((key) => key.startsWith(prefix) && prefix.isWellFormed())
      .filter((key) => cursor === undefined || compareBytes(key, cursor) > 0)
      .sort(compareBytes)
      .slice(0, limit);
  }

  clear(prefix?: string): number {
    const keys = this.keys({ prefix });
    for (const key of keys) this.#kept.delete(key);
    return keys.length;
  }

  get size(): number {
    return this.#kept.size;
  }
}

function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one, "utf8"), Buffer.from(other, "utf8"));
}
