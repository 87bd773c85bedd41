/**
 * Keeps thoughts in a storage.
 *
 * @module
 */

import { runAsync } from "../drivers/async.ts";
import { runSync } from "../drivers/sync.ts";
import type { Operation } from "../operation/operation.ts";
import type { ThoughtReference } from "../thought/reference.ts";
import type { Thought } from "../thought/thought.ts";
import { operationsOf } from "./operations_of.ts";
import type { Storage } from "./storage.ts";
import { ThoughtOperations } from "./thought_operations.ts";

/** A chain in a {@linkcode ThoughtStore}. */
export interface ChainSummary {
  /** The chain's id; for thoughts that belong to no chain, the id of the first of them. */
  readonly chainId: string;
  /** How many thoughts are kept of it. */
  readonly thoughts: number;
  /** When the newest of them was made: an instant in UTC, ISO 8601 with `Z`. */
  readonly timestamp: string;
  /** The id of the newest. */
  readonly latestId: string;
}

/** A thought that answers a search. */
export interface ThoughtHit {
  /** The thought's id. */
  readonly thoughtId: string;
  /** Its chain, when it belongs to one. */
  readonly chainId?: string;
  /** Its iteration, from 0. */
  readonly iteration: number;
  /** When it was made: an instant in UTC, ISO 8601 with `Z`. */
  readonly timestamp: string;
  /** How well it fits; higher is better. */
  readonly score: number;
  /** Where it fits, with matches between `«` and `»`. */
  readonly snippet: string;
}

/** Options of `search`. */
export interface ThoughtSearchOptions {
  /** At most so many hits. @default 10 */
  limit?: number;
  /** Only hits of at least this score. */
  minScore?: number;
}

/** Which chains `prune` removes. At least one must be given. */
export interface PruneOptions {
  /** Only chains that have not grown for so long, in milliseconds. @default any */
  olderThanMs?: number;
  /** How many of the newest chains stay in any case. @default 0 */
  keepLast?: number;
}

/**
 * Keeps thoughts in a storage and finds them by id, by chain and iteration, and by their words.
 *
 * A thought comes back as it was saved, history included. Every method has its `_…Async` twin and its operation, and throws
 * a `StorageError` when the storage fails.
 *
 * @example
 * ```ts
 * import { Thought } from "@sifaka/sifaka";
 * import { MemoryStorage, ThoughtStore } from "@sifaka/sifaka/storage";
 *
 * const store = new ThoughtStore(new MemoryStorage());
 * store.save(new Thought({ chainId: "notes", prompt: "Describe lemurs.", text: "Lemurs are primates." }));
 * console.log(store.latest("notes")?.text); // "Lemurs are primates."
 * console.log(store.search("primates").length); // 1
 * ```
 */
export class ThoughtStore {
  /** The one body behind each method and its twin. */
  readonly _operations: ThoughtOperations;

  /**
   * Keeps thoughts in a storage.
   *
   * @param storage Where; the keys begin with `thoughts/`.
   */
  constructor(storage: Storage) {
    this._operations = new ThoughtOperations(operationsOf(storage));
  }

  /**
   * Keeps a thought, in the place of an earlier state of it, and whatever of its history is not kept yet.
   *
   * @param thought The thought.
   * @throws {StorageError} When the storage fails.
   */
  save(thought: Thought): void {
    runSync(this._operations.save(thought));
  }

  /** The twin of `save`. */
  _saveAsync(thought: Thought): Promise<void> {
    return runAsync(this._operations.save(thought));
  }

  /**
   * Gives a thought.
   *
   * @param thoughtId Its id.
   * @returns The thought with its history, or `undefined` when there is none of that id.
   * @throws {StorageError} When the storage fails, or what it keeps is damaged or of a newer version.
   */
  get(thoughtId: string): Thought | undefined {
    return runSync(this._operations.get(thoughtId));
  }

  /** The twin of `get`. */
  _getAsync(thoughtId: string): Promise<Thought | undefined> {
    return runAsync(this._operations.get(thoughtId));
  }

  /**
   * Gives an iteration of a chain; where the chain ran more than once, the newest one.
   *
   * @param chainId The chain.
   * @param iteration Which, from 0.
   * @returns The thought, or `undefined` when there is none.
   * @throws {StorageError} As `get` does.
   */
  byIteration(chainId: string, iteration: number): Thought | undefined {
    return runSync(this._operations.byIteration(chainId, iteration));
  }

  /** The twin of `byIteration`. */
  _byIterationAsync(chainId: string, iteration: number): Promise<Thought | undefined> {
    return runAsync(this._operations.byIteration(chainId, iteration));
  }

  /**
   * Gives the newest thought of a chain.
   *
   * @param chainId The chain.
   * @returns The thought, or `undefined` when there is none.
   * @throws {StorageError} As `get` does.
   */
  latest(chainId: string): Thought | undefined {
    return runSync(this._operations.latest(chainId));
  }

  /** The twin of `latest`. */
  _latestAsync(chainId: string): Promise<Thought | undefined> {
    return runAsync(this._operations.latest(chainId));
  }

  /**
   * Gives all thoughts of a chain.
   *
   * @param chainId The chain.
   * @returns The thoughts, ordered by iteration.
   * @throws {StorageError} As `get` does.
   */
  list(chainId: string): Thought[] {
    return runSync(this._operations.list(chainId));
  }

  /** The twin of `list`. */
  _listAsync(chainId: string): Promise<Thought[]> {
    return runAsync(this._operations.list(chainId));
  }

  /**
   * Gives references to all thoughts of a chain, which is faster than to give the thoughts.
   *
   * @param chainId The chain.
   * @returns The references, ordered by iteration.
   * @throws {StorageError} When the storage fails.
   */
  references(chainId: string): ThoughtReference[] {
    return runSync(this._operations.references(chainId));
  }

  /** The twin of `references`. */
  _referencesAsync(chainId: string): Promise<ThoughtReference[]> {
    return runAsync(this._operations.references(chainId));
  }

  /**
   * Lists the chains.
   *
   * @returns What is kept of each, the one that grew last first.
   * @throws {StorageError} When the storage fails.
   */
  chains(): ChainSummary[] {
    return runSync(this._operations.chains());
  }

  /** The twin of `chains`. */
  _chainsAsync(): Promise<ChainSummary[]> {
    return runAsync(this._operations.chains());
  }

  /**
   * Finds thoughts by their words.
   *
   * @param query A query in the language of `Storage.search`.
   * @param options How many hits.
   * @returns The hits, best first.
   * @throws {StorageError} When the storage fails.
   */
  search(query: string, options: ThoughtSearchOptions = {}): ThoughtHit[] {
    return runSync(this._operations.search(query, options));
  }

  /** The twin of `search`. */
  _searchAsync(query: string, options: ThoughtSearchOptions = {}): Promise<ThoughtHit[]> {
    return runAsync(this._operations.search(query, options));
  }

  /**
   * Removes all thoughts of a chain.
   *
   * @param chainId The chain.
   * @returns How many there were.
   * @throws {StorageError} When the storage fails.
   */
  deleteChain(chainId: string): number {
    return runSync(this._operations.deleteChain(chainId));
  }

  /** The twin of `deleteChain`. */
  _deleteChainAsync(chainId: string): Promise<number> {
    return runAsync(this._operations.deleteChain(chainId));
  }

  /**
   * Removes old chains, always whole ones.
   *
   * @param options Which.
   * @returns How many chains were removed.
   * @throws {StorageError} When the storage fails.
   * @throws {ConfigurationError} When neither option is given, or one is wrong.
   */
  prune(options: PruneOptions): number {
    return runSync(this._operations.prune(options));
  }

  /**
   * Tells which chains `prune` would remove.
   *
   * @param options Which.
   * @returns Their ids.
   * @throws {StorageError} When the storage fails.
   * @throws {ConfigurationError} When neither option is given, or one is wrong.
   */
  prunable(options: PruneOptions): string[] {
    return runSync(this._operations.prunable(options));
  }

  /** The twin of `prunable`. */
  _prunableAsync(options: PruneOptions): Promise<string[]> {
    return runAsync(this._operations.prunable(options));
  }

  /** The twin of `prune`. */
  _pruneAsync(options: PruneOptions): Promise<number> {
    return runAsync(this._operations.prune(options));
  }
}

/**
 * Keeps a thought in a storage, as {@linkcode ThoughtStore} does.
 *
 * @param storage Where.
 * @param thought The thought.
 * @returns An operation of nothing.
 * @throws {StorageError} When the storage fails.
 *
 * @example
 * ```ts
 * import { runSync, Thought } from "@sifaka/sifaka";
 * import { MemoryStorage, saveThought } from "@sifaka/sifaka/storage";
 *
 * const storage = new MemoryStorage();
 * runSync(saveThought(storage, new Thought({ id: "t1", prompt: "Describe lemurs.", text: "Lemurs are primates." })));
 * console.log(storage.has("thoughts/record/t1")); // true
 * ```
 */
export function saveThought(storage: Storage, thought: Thought): Operation<void> {
  return new ThoughtOperations(operationsOf(storage)).save(thought);
}
