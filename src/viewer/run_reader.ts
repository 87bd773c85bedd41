/**
 * Reads from a store what the pages show. Nothing is ever written.
 *
 * A storage that keeps records of runs is asked for pages of these, which takes the same time however many there are. Of one that
 * keeps none, or none so far, the texts themselves tell of the runs that made them.
 *
 * @module
 */

import { bestOf } from "../chain/policy.ts";
import type { EffectRecord } from "../drivers/effect_record.ts";
import { ConfigurationError } from "../errors.ts";
import type { JsonValue } from "../json.ts";
import { nextTurn } from "../runtime/clock.ts";
import { isWanted, MOST_RUNS_OF_A_PAGE } from "../storage/run_page.ts";
import type { ChainPart, RunStore, RunSummary, StoredRun } from "../storage/runs.ts";
import type { Storage } from "../storage/storage.ts";
import { RECORD_PREFIX, recordKey } from "../storage/thought_keys.ts";
import { readRecord } from "../storage/thought_records.ts";
import { ThoughtStore } from "../storage/thought_store.ts";
import type { Thought } from "../thought/thought.ts";
import { pageOptionsOf, type RunQuery, searchTextOf } from "./run_query.ts";
import { StatisticsSum, type StoreFigures } from "./statistics.ts";
import { summaryOfThoughts } from "./thought_summary.ts";

/** A run in a list. */
export interface RunRow {
  /** What is known of it. */
  readonly summary: RunSummary;
  /** Its best text. */
  readonly text?: string;
  /** Where it has the words that were looked for, between `«` and `»`. */
  readonly snippet?: string;
}

/** A part of a list of runs. */
export interface RunListing {
  /** The runs: the newest first, or, where words were looked for, the best first. */
  readonly rows: readonly RunRow[];
  /** Where the next page begins; `undefined` where there is none. */
  readonly next?: number;
  /** Whether only the best of the texts with the words were looked at. */
  readonly isPartial?: boolean;
}

/** All that is kept of a run. */
export interface RunDetails {
  /** What is known of it. */
  readonly summary: RunSummary;
  /** Its iterations, oldest first. */
  readonly thoughts: readonly Thought[];
  /** The best of them; `undefined` where no text is complete so far. */
  readonly best: Thought | undefined;
  /** Its looks at the clock and the ids it drew; empty where no journal is kept. */
  readonly records: readonly EffectRecord[];
  /** What its chain is made of; likewise. */
  readonly parts: readonly ChainPart[];
}

/** How many runs a page of the list has. */
export const ROWS = 50;
/** Texts with the words that are looked for, where no records tell which of them fit the other wishes. */
const MOST_HITS = 200;
/** The best texts with the words that are looked for, beyond which none is looked at whether it fits the other wishes. */
export const MOST_LOOKS = 5_000;
/** Chains without a record that are looked at for one page, and for the figures. */
const MOST_CHAINS = 1_000;
/** Iterations of one run that are shown. */
export const MOST_ITERATIONS = 200;
/** The newest runs, whose models are offered. */
const RUNS_FOR_MODELS = 200;

/** Reads runs from a store. */
export class RunReader {
  readonly #open: () => Storage;
  #figures: { readonly version: number; readonly runs: RunStore; readonly figures: StoreFigures } | undefined;

  /** @param open Gives the open store; another one when it has come to be since. */
  constructor(open: () => Storage) {
    this.#open = open;
  }

  /** Lists runs. */
  async list(query: RunQuery): Promise<RunListing> {
    const storage = this.#open();
    if (searchTextOf(query.words) !== "") return await this.#found(storage, query);
    const runs = recordsOf(storage);
    if (runs === undefined) return await this.#chains(storage, query);
    const { runs: summaries, next } = runs.page({ limit: ROWS, after: query.after, ...pageOptionsOf(query) });
    const rows: RunRow[] = [];
    for (const summary of summaries) {
      rows.push({ summary, text: await textOf(storage, summary.facts.thoughtId) });
    }
    return { rows, next };
  }

  /** The models of the newest runs. */
  models(): string[] {
    const { runs = [] } = this.#open().runs?.page({ limit: RUNS_FOR_MODELS }) ?? {};
    return [...new Set(runs.map(({ facts: { model } }) => model).filter((model) => model !== undefined))]
      .sort();
  }

  /** Tells all that is kept of a run, or of a chain that no record goes with; `undefined` when there is none. */
  async details(id: string): Promise<RunDetails | undefined> {
    const storage = this.#open();
    const store = new ThoughtStore(storage);
    const run = ofRun(() => storage.runs?.read(id, { wanted: (path) => SHOWN_PATH.test(path) }));
    const thoughts = run === undefined ? await thoughtsOfChain(store, id) : await thoughtsOf(store, run);
    if (run === undefined && thoughts.length === 0) return undefined;
    const summary = run ?? summaryOfThoughts(id, thoughts);
    const best = thoughts.length === 0 ? undefined : bestOf(thoughts);
    const { records = [], parts = [] } = run ?? {};
    return { summary, thoughts: thoughts.slice(-MOST_ITERATIONS), best, records, parts };
  }

  /** What is another text when something was written of a run; `undefined` where no record of it is kept. */
  stateOf(id: string): string | undefined {
    const summary = ofRun(() => this.#open().runs?.summary(id));
    return summary && JSON.stringify(summary);
  }

  /** Adds up the figures of the store, once for each of its states. */
  async figures(): Promise<StoreFigures> {
    const storage = this.#open();
    const runs = recordsOf(storage);
    const sum = new StatisticsSum();
    if (runs === undefined) {
      for (const { summary } of await chainRows(storage, MOST_CHAINS, 0)) sum.add(summary);
      return sum.figures();
    }
    const version = runs.version();
    if (this.#figures?.version === version && this.#figures.runs === runs) return this.#figures.figures;
    let after: number | undefined;
    do {
      const page = runs.page({ limit: MOST_RUNS_OF_A_PAGE, after });
      for (const run of page.runs) sum.add(run);
      after = page.next;
      // Other requests get their turn meanwhile.
      await nextTurn();
    } while (after !== undefined);
    this.#figures = { version, runs, figures: sum.figures() };
    return this.#figures.figures;
  }

  async #found(storage: Storage, query: RunQuery): Promise<RunListing> {
    const wanted = pageOptionsOf(query);
    const chains = new Map<string, { readonly chainId: string; readonly run: RunSummary | undefined }>();
    const seen = new Set<string>();
    let looks = 0;
    const hits = await storage._searchAsync(searchTextOf(query.words), {
      // What no record tells of is looked at afterwards, and may fall out then.
      limit: storage.runs === undefined ? MOST_HITS : ROWS,
      prefix: RECORD_PREFIX,
      filter: (value) => {
        // Whatever is let through now fills the answer, so that the search ends.
        if (++looks > MOST_LOOKS) return true;
        const { thoughtId, chainId } = idsOf(value);
        if (seen.has(chainId)) return false;
        seen.add(chainId);
        const run = ofRun(() => storage.runs?.summary(chainId));
        if (run !== undefined && !isWanted(run, wanted)) return false;
        chains.set(thoughtId, { chainId, run });
        return true;
      },
    });
    const store = new ThoughtStore(storage);
    const rows: RunRow[] = [];
    for (const { value, snippet } of hits) {
      const { thoughtId } = idsOf(value);
      const found = chains.get(thoughtId);
      const summary = found && (found.run ?? await summaryOfChain(store, thoughtId, found.chainId));
      if (summary !== undefined && isWanted(summary, wanted)) rows.push({ summary, snippet });
      if (rows.length === ROWS) break;
    }
    return { rows, isPartial: looks > MOST_LOOKS };
  }

  async #chains(storage: Storage, query: RunQuery): Promise<RunListing> {
    const wanted = pageOptionsOf(query);
    const from = query.after ?? 0;
    const rows: RunRow[] = [];
    const found = await chainRows(storage, MOST_CHAINS, from);
    let place = from;
    for (const row of found) {
      if (rows.length === ROWS) return { rows, next: place };
      place++;
      if (isWanted(row.summary, wanted)) rows.push(row);
    }
    return { rows, ...(found.length === MOST_CHAINS && { next: place }) };
  }
}

/** Nothing where the id is one that a chain can have, and no run. */
function ofRun<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

/** The records of runs, where the storage keeps any so far. */
function recordsOf({ runs }: Storage): RunStore | undefined {
  return runs === undefined || runs.page({ limit: 1 }).runs.length === 0 ? undefined : runs;
}

/** The text of a thought, without its history, which may be a hundred times as long. */
async function textOf(storage: Storage, thoughtId: string | undefined): Promise<string | undefined> {
  const value = thoughtId === undefined ? undefined : await storage._getAsync(recordKey(thoughtId));
  const text = value === undefined ? undefined : readRecord(thoughtId!, value).thought.text;
  return typeof text === "string" ? text : undefined;
}

async function chainRows(storage: Storage, limit: number, from: number): Promise<RunRow[]> {
  const store = new ThoughtStore(storage);
  const rows: RunRow[] = [];
  for (const { chainId } of (await store._chainsAsync()).slice(from, from + limit)) {
    const thoughts = await store._listAsync(chainId);
    if (thoughts.length === 0) continue;
    rows.push({ summary: summaryOfThoughts(chainId, thoughts), text: bestOf(thoughts).text });
  }
  return rows;
}

/** Whose record it is, and which chain it belongs to. */
function idsOf(value: JsonValue): { readonly thoughtId: string; readonly chainId: string } {
  const { thought: { id, chainId }, history: [first] } = value as unknown as {
    readonly thought: { readonly id: string; readonly chainId?: string };
    readonly history: readonly string[];
  };
  return { thoughtId: id, chainId: chainId ?? first ?? id };
}

async function summaryOfChain(
  store: ThoughtStore,
  thoughtId: string,
  chainId: string,
): Promise<RunSummary | undefined> {
  const thought = await store._getAsync(thoughtId);
  return thought && summaryOfThoughts(chainId, [...thought.history, thought]);
}

/** Ids tell the texts of a run, and looks at the clock its timeline; answers are long, and in the texts anyway. */
const SHOWN_PATH = /\/(?:randomId|now):\d+$/;
const ID_PATH = /\/randomId:\d+$/;

/** Several runs may share a chain: those thoughts belong to the run whose ids it drew. */
async function thoughtsOf(
  store: ThoughtStore,
  { records, facts, runId }: StoredRun,
): Promise<readonly Thought[]> {
  const ids = records.filter(({ path, outcome }) => outcome === "ok" && ID_PATH.test(path))
    .map(({ body }) => JSON.parse(body) as string);
  const found = new Map<string, Thought>();
  // The newest first: its history has the others, which would else be read once for each that came after them.
  for (const id of ids.toReversed()) {
    if (found.has(id)) continue;
    const thought = await store._getAsync(id);
    for (const each of thought === undefined ? [] : [...thought.history, thought]) found.set(each.id, each);
  }
  const thoughts = ids.map((id) => found.get(id)).filter((thought) => thought !== undefined);
  if (thoughts.length > 0) return thoughts.sort((a, b) => a.iteration - b.iteration);
  return await thoughtsOfChain(store, facts.chainId ?? runId);
}

/** Where several runs made a chain, and no record tells them apart, those of the newest run. */
async function thoughtsOfChain(store: ThoughtStore, chainId: string): Promise<readonly Thought[]> {
  const thoughts = await store._listAsync(chainId);
  const isOneRun = new Set(thoughts.map(({ iteration }) => iteration)).size === thoughts.length;
  const newest = isOneRun ? undefined : await store._latestAsync(chainId);
  return newest === undefined ? thoughts : [...newest.history, newest];
}
