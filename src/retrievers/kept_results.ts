/**
 * What a retriever has found, in a storage.
 *
 * @module
 */

import type { JsonValue } from "../json.ts";
import { now, type Operation, randomId } from "../operation/operation.ts";
import type { StorageOperations } from "../storage/storage.ts";
import { hash } from "../text/fence.ts";
import { Document } from "../thought/document.ts";

/** What is asked. */
export interface Question {
  /** The query, such that queries that ask for the same are the same. */
  readonly asked: string;
  /** How many documents are asked for. */
  readonly limit: number;
}

/** What is kept for a question. */
export interface Found {
  /** The documents. */
  readonly documents: readonly Document[];
  /** Until when they are used without asking again, in milliseconds since the epoch. */
  readonly freshUntilMs: number;
}

/** What stands in the storage when a question comes. */
export interface Standing {
  /** Changes whenever all results are forgotten, by whomever: those that were asked for under another one are out of date. */
  readonly generation: JsonValue;
  /** What was found before, if anything was. */
  readonly found?: Found;
}

/** The results of one retriever. What the storage throws is passed on. */
export class KeptResults {
  readonly #storage: StorageOperations;
  readonly #prefix: string;
  readonly #isShared: boolean;

  /**
   * @param storage Where they are kept.
   * @param options The retriever's namespace, and whether others may use the storage, too, so that what they forget is to be seen.
   */
  constructor(
    storage: StorageOperations,
    options: { readonly namespace: string; readonly isShared: boolean },
  ) {
    this.#storage = storage;
    this.#prefix = `retrieved/${segmentOf(options.namespace)}/`;
    this.#isShared = options.isShared;
  }

  /** Looks up what was found. */
  *look(question: Question): Operation<Standing> {
    const generation = this.#isShared ? (yield* this.#storage.get(this.#generationKey)) ?? null : null;
    const kept = (yield* this.#storage.get(this.keyOf(question))) as Record<string, JsonValue> | undefined;
    // Two queries may have one hash.
    const isMeant = kept?.asked === question.asked && kept.generation === generation;
    if (!isMeant || !Array.isArray(kept.documents)) return { generation };
    const documents = kept.documents.map((json) => Document.fromJSON(json));
    return { generation, found: { documents, freshUntilMs: Number(kept.freshUntilMs) } };
  }

  /**
   * Keeps what was found.
   *
   * @param question What was asked.
   * @param documents What was found, and under which generation it was asked for.
   * @param times How long it is fresh, and how long it is kept after that, in milliseconds.
   */
  *keep(
    question: Question,
    { generation, documents }: { readonly generation: JsonValue; readonly documents: readonly Document[] },
    times: { readonly ttlMs: number; readonly staleMs: number },
  ): Operation<void> {
    const freshUntilMs = (yield* now()) + times.ttlMs;
    const value = { asked: question.asked, generation, documents, freshUntilMs };
    yield* this.#storage.set(this.keyOf(question), value, { ttlMs: times.ttlMs + times.staleMs });
  }

  /** Forgets what was found for a query, or for all of them. */
  *forget(asked: string | undefined): Operation<void> {
    if (asked !== undefined) {
      yield* this.#storage.clear({ prefix: this.#queryPrefix(asked) });
      return;
    }
    // First, so that what others are looking up at this moment is out of date as well.
    if (this.#isShared) yield* this.#storage.set(this.#generationKey, yield* randomId());
    yield* this.#storage.clear({ prefix: `${this.#prefix}found/` });
  }

  /** The key of a question. */
  keyOf({ asked, limit }: Question): string {
    return `${this.#queryPrefix(asked)}${limit}`;
  }

  #queryPrefix(asked: string): string {
    return `${this.#prefix}found/${hash(asked, 0)}${hash(asked, 1)}/`;
  }

  get #generationKey(): string {
    return `${this.#prefix}generation`;
  }
}

/** Makes a part of a key of a name: no `/` or control character is in it, and a long one is cut and told apart by a hash. */
function segmentOf(name: string): string {
  const plain = name.replace(/[\p{Cc}/%]/gu, encodeURIComponent);
  if (plain.length <= 100) return plain;
  return `${Array.from(plain).slice(0, 60).join("")}%${hash(plain, 0)}${hash(plain, 1)}`;
}
