/**
 * The operations of the thought store.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { now, type Operation } from "../operation/operation.ts";
import { findProblems, type OptionSchemas, show } from "../options.ts";
import { referenceTo, type ThoughtReference } from "../thought/reference.ts";
import type { Thought } from "../thought/thought.ts";
import type { StorageOperations } from "./storage.ts";
import {
  CHAIN_PREFIX,
  type ChainEntry,
  chainOf,
  chainPrefix,
  entryKey,
  parseEntryKey,
  RECORD_PREFIX,
  recordKey,
} from "./thought_keys.ts";
import { missingAncestor, readRecord, recordsOf, thoughtOf } from "./thought_records.ts";
import type { ChainSummary, PruneOptions, ThoughtHit, ThoughtSearchOptions } from "./thought_store.ts";

/** How many keys are read at once. */
const PAGE = 1_000;

const PRUNE_OPTIONS: OptionSchemas = {
  olderThanMs: {
    description: "Only chains that have not grown for so long, in milliseconds.",
    type: "number",
    minimum: 0,
  },
  keepLast: { description: "How many of the newest chains stay in any case.", type: "integer", minimum: 0 },
};

/**
 * One operation for each method of the thought store.
 *
 * @example
 * ```ts
 * import { runSync, Thought } from "@sifaka/sifaka";
 * import { MemoryStorage, ThoughtStore } from "@sifaka/sifaka/storage";
 *
 * const { _operations } = new ThoughtStore(new MemoryStorage());
 * runSync(_operations.save(new Thought({ prompt: "Greet me.", text: "Hello!", chainId: "greetings" })));
 * console.log(runSync(_operations.chains()).length); // 1
 * ```
 */
export class ThoughtOperations {
  readonly #storage: StorageOperations;

  /**
   * Keeps thoughts in a storage.
   *
   * @param storage Its operations.
   */
  constructor(storage: StorageOperations) {
    this.#storage = storage;
  }

  /** Behind `save`. The record is written before the reference, so every reference resolves. */
  *save(thought: Thought): Operation<void> {
    const chainId = chainOf(thought);
    const records = recordsOf(thought);
    for (const { thought: each, record } of records) {
      const key = recordKey(each.id);
      if (each !== thought && isSame(yield* this.#storage.get(key), record)) continue;
      yield* this.#storage.set(key, record);
      const { id: thoughtId, iteration, timestamp } = each;
      yield* this.#storage.set(entryKey({ chainId, iteration, timestamp, thoughtId }), referenceTo(each));
    }
  }

  /** Behind `get`. */
  *get(thoughtId: string): Operation<Thought | undefined> {
    return yield* this.#load(checkId("thoughtId", thoughtId), new Map());
  }

  /** Behind `byIteration`. */
  *byIteration(chainId: string, iteration: number): Operation<Thought | undefined> {
    if (!Number.isSafeInteger(iteration) || iteration < 0) {
      throw wrongArgument(`iteration must be an integer of at least 0: iteration is ${show(iteration)}`);
    }
    const entries = yield* this.#entries(chainPrefix(checkId("chainId", chainId)));
    return yield* this.#newest(entries.filter((entry) => entry.iteration === iteration));
  }

  /** Behind `latest`. */
  *latest(chainId: string): Operation<Thought | undefined> {
    return yield* this.#newest(yield* this.#entries(chainPrefix(checkId("chainId", chainId))));
  }

  /** Behind `list`. */
  *list(chainId: string): Operation<Thought[]> {
    const loaded = new Map<string, Thought>();
    const thoughts: Thought[] = [];
    for (const { thoughtId } of yield* this.#entries(chainPrefix(checkId("chainId", chainId)))) {
      const thought = yield* this.#load(thoughtId, loaded);
      // It may have been deleted since its reference was read.
      if (thought !== undefined) thoughts.push(thought);
    }
    return thoughts;
  }

  /** Behind `references`. */
  *references(chainId: string): Operation<ThoughtReference[]> {
    const references: ThoughtReference[] = [];
    for (const entry of yield* this.#entries(chainPrefix(checkId("chainId", chainId)))) {
      const value = yield* this.#storage.get(entryKey(entry));
      if (value !== undefined) references.push(value as unknown as ThoughtReference);
    }
    return references;
  }

  /** Behind `chains`. */
  *chains(): Operation<ChainSummary[]> {
    const byChain = Map.groupBy(yield* this.#entries(CHAIN_PREFIX), (entry) => entry.chainId);
    const summaries = Array.from(byChain, ([chainId, entries]): ChainSummary => {
      const latest = newestOf(entries)!;
      return { chainId, thoughts: entries.length, timestamp: latest.timestamp, latestId: latest.thoughtId };
    });
    // Stable: chains of one instant stay in the order of their ids.
    return summaries.sort((a, b) => compareText(b.timestamp, a.timestamp));
  }

  /** Behind `search`. */
  *search(query: string, options: ThoughtSearchOptions = {}): Operation<ThoughtHit[]> {
    const { limit, minScore } = options;
    const hits = yield* this.#storage.search(query, { limit, minScore, prefix: RECORD_PREFIX });
    return hits.map(({ value, score, snippet }) => {
      const { id, chainId, iteration, timestamp } = (value as { thought: Record<string, JsonValue> }).thought;
      return { thoughtId: id, chainId, iteration, timestamp, score, snippet } as ThoughtHit;
    });
  }

  /** Behind `deleteChain`. The reference goes before the record, so every reference resolves. */
  *deleteChain(chainId: string): Operation<number> {
    const entries = yield* this.#entries(chainPrefix(checkId("chainId", chainId)));
    for (const entry of entries) {
      yield* this.#storage.delete(entryKey(entry));
      yield* this.#storage.delete(recordKey(entry.thoughtId));
    }
    return entries.length;
  }

  /** Behind `prune`. */
  *prune(options: PruneOptions): Operation<number> {
    const old = yield* this.prunable(options);
    for (const chainId of old) yield* this.deleteChain(chainId);
    return old.length;
  }

  /** Behind `prunable`. */
  *prunable(options: PruneOptions): Operation<string[]> {
    const problems = findProblems(options, { type: "object", properties: PRUNE_OPTIONS });
    if (problems.length > 0) throw wrongArgument(problems.map((problem) => problem.message).join("; "));
    const { olderThanMs, keepLast } = options;
    if (olderThanMs === undefined && keepLast === undefined) {
      throw wrongArgument("prune needs olderThanMs or keepLast");
    }
    const beforeMs = (yield* now()) - (olderThanMs ?? 0);
    const chains = (yield* this.chains()).slice(keepLast ?? 0);
    return chains.filter((chain) => olderThanMs === undefined || Date.parse(chain.timestamp) < beforeMs)
      .map(({ chainId }) => chainId);
  }

  *#newest(entries: readonly ChainEntry[]): Operation<Thought | undefined> {
    const newest = newestOf(entries);
    return newest && (yield* this.#load(newest.thoughtId, new Map()));
  }

  *#entries(prefix: string): Operation<ChainEntry[]> {
    const entries: ChainEntry[] = [];
    let cursor: string | undefined;
    do {
      const keys: string[] = yield* this.#storage.keys({ prefix, limit: PAGE, cursor });
      for (const key of keys) entries.push(parseEntryKey(key));
      cursor = keys.length < PAGE ? undefined : keys.at(-1);
    } while (cursor !== undefined);
    return entries;
  }

  /** Reads a thought and its history. `ancestors` holds, without their own histories, those that were read before. */
  *#load(thoughtId: string, ancestors: Map<string, Thought>): Operation<Thought | undefined> {
    const value = yield* this.#storage.get(recordKey(thoughtId));
    if (value === undefined) return undefined;
    const record = readRecord(thoughtId, value);
    const history: Thought[] = [];
    for (const id of record.history) {
      let ancestor = ancestors.get(id);
      if (ancestor === undefined) {
        const found: JsonValue | undefined = yield* this.#storage.get(recordKey(id));
        if (found === undefined) throw missingAncestor(id);
        ancestors.set(id, ancestor = thoughtOf(readRecord(id, found), []));
      }
      history.push(ancestor);
    }
    return thoughtOf(record, history);
  }
}

/** Runs of one chain may repeat iterations: the newest is the one made last, and of one instant the furthest. */
function newestOf(entries: readonly ChainEntry[]): ChainEntry | undefined {
  let newest: ChainEntry | undefined;
  for (const entry of entries) {
    const order = newest === undefined ? 1 : compareText(entry.timestamp, newest.timestamp);
    if (order > 0 || (order === 0 && entry.iteration >= newest!.iteration)) newest = entry;
  }
  return newest;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isSame(stored: JsonValue | undefined, record: unknown): boolean {
  return stored !== undefined && JSON.stringify(stored) === JSON.stringify(record);
}

function checkId(name: string, id: unknown): string {
  if (typeof id === "string" && id !== "") return id;
  throw wrongArgument(`${name} must be a string that is not empty: ${name} is ${show(id)}`);
}

function wrongArgument(reason: string): ConfigurationError {
  return new ConfigurationError(`Cannot use ThoughtStore as ${reason}`, {
    code: "invalid_option",
    component: "ThoughtStore",
  });
}
