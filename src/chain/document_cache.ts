/**
 * Keeps what a run's questions have found, so that none is asked twice.
 *
 * @module
 */

import type { Document } from "../thought/document.ts";

/** What each question of a run has found. */
export class DocumentCache {
  readonly #found = new Map<string, readonly Document[]>();

  /** What a question has found, if it was asked before. */
  get(kind: string, query: string): readonly Document[] | undefined {
    return this.#found.get(`${kind}\n${query}`);
  }

  /** Remembers what a question has found. */
  set(kind: string, query: string, documents: readonly Document[]): void {
    this.#found.set(`${kind}\n${query}`, documents);
  }
}
