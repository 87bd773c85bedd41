/**
 * Texts that are kept once, however many records hold them.
 *
 * @module
 */

import { compress, decompress, sha256 } from "../runtime/compression.ts";
import type { SqliteConnection, SqliteStatement } from "../runtime/sqlite.ts";

/** A shorter text stands in its record: an entry of its own would take more room. */
const SHORTEST_SHARED = 256;

/** A shorter text is not compressed. */
const SHORTEST_COMPRESSED = 1_024;

/** The table `blobs`. To be used inside transactions. */
export class BlobShelf {
  readonly #find: SqliteStatement;
  readonly #insert: SqliteStatement;
  readonly #get: SqliteStatement;
  readonly #sweep: SqliteStatement;

  /** @param connection The database. */
  constructor(connection: SqliteConnection) {
    this.#find = connection.prepare("SELECT id FROM blobs WHERE hash = ?");
    this.#insert = connection.prepare("INSERT INTO blobs (hash, body) VALUES (?, ?) RETURNING id");
    this.#get = connection.prepare("SELECT body FROM blobs WHERE id = ?");
    this.#sweep = connection.prepare(
      "DELETE FROM blobs WHERE NOT EXISTS (SELECT 1 FROM effects WHERE effects.blob = blobs.id)",
    );
  }

  /**
   * Keeps a text.
   *
   * @param text The text.
   * @returns Its number; `undefined` for one that is so short that its record holds it.
   */
  put(text: string): number | undefined {
    if (text.length < SHORTEST_SHARED) return undefined;
    const hash = sha256(text);
    const found = this.#find.get(hash) ??
      this.#insert.get(hash, text.length < SHORTEST_COMPRESSED ? text : compress(text))!;
    return found.id as number;
  }

  /**
   * Gives a text.
   *
   * @param id Its number.
   * @returns The text; `undefined` when it is missing or damaged.
   */
  get(id: number): string | undefined {
    const body = this.#get.get(id)?.body;
    if (typeof body === "string" || body === undefined) return body;
    try {
      return decompress(body as Uint8Array);
    } catch {
      return undefined;
    }
  }

  /** Forgets texts that no record holds any more. */
  sweep(): void {
    this.#sweep.run();
  }
}
