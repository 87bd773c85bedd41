/**
 * An inverted index in memory: which documents hold which words, and how well each fits a query.
 *
 * Documents are numbered in the order in which they come, and every list of documents is in that order, so lists are
 * extended at their end and compared side by side. A document that is removed stays in the lists, which are read without it,
 * until as many are gone as are left; then the index is built anew.
 *
 * @module
 */

import { bm25, type CollectionSize, smoothWeight, sqliteWeight } from "./bm25.ts";
import {
  countUp,
  filterPostings,
  noPostings,
  type Postings,
  PostingsReader,
  sumPostings,
} from "./postings.ts";
import type { SearchClause, SearchQuery } from "./search_query.ts";

/** A document that fits, and how well. */
export interface Ranked<Id> {
  /** The document. */
  readonly id: Id;
  /** How well it fits; higher is better. */
  readonly score: number;
}

interface Entry<Id> {
  readonly id: Id;
  /** Its words, by number, in order. */
  readonly words: Uint32Array;
}

/** Fewer removed documents than this are not worth building anew. */
const LEAST_REMOVED = 256;

/** Finds documents by their words. */
export class WordIndex<Id> {
  #numbers: Map<Id, number> = new Map();
  #entries: (Entry<Id> | undefined)[] = [];
  #wordNumbers: Map<string, number> = new Map();
  #words: string[] = [];
  #postings: Postings[] = [];
  #totalWords = 0;

  /**
   * Adds a document.
   *
   * @param id Names it; one that is there is replaced.
   * @param terms Its words, in order.
   */
  add(id: Id, terms: readonly string[]): void {
    this.remove(id);
    const number = this.#entries.length;
    const words = new Uint32Array(terms.length);
    for (let place = 0; place < terms.length; place++) {
      const word = this.#numberOf(terms[place]!);
      words[place] = word;
      countUp(this.#postings[word]!, number);
    }
    this.#numbers.set(id, number);
    this.#entries.push({ id, words });
    this.#totalWords += words.length;
  }

  /**
   * Removes a document.
   *
   * @param id Names it; one that is not there is no fault.
   */
  remove(id: Id): void {
    const number = this.#numbers.get(id);
    if (number === undefined) return;
    this.#totalWords -= this.#entries[number]!.words.length;
    this.#numbers.delete(id);
    this.#entries[number] = undefined;
    const removed = this.#entries.length - this.#numbers.size;
    if (removed >= LEAST_REMOVED && removed > this.#numbers.size) this.#buildAnew();
  }

  /** Removes all documents. */
  clear(): void {
    this.#numbers = new Map();
    this.#entries = [];
    this.#wordNumbers = new Map();
    this.#words = [];
    this.#postings = [];
    this.#totalWords = 0;
  }

  /**
   * Finds the documents that hold what a query wants and nothing it excludes.
   *
   * @param query The query.
   * @param match Whether they must hold everything that it wants, or any of it.
   * @returns The documents, in the order in which they came.
   */
  search(query: SearchQuery, match: "all" | "any" = "all"): Ranked<Id>[] {
    const wanted = query.wanted.map((clause) => this.#find(clause));
    if (wanted.length === 0) return [];
    const size = this.#size();
    const weights = wanted.map(({ documents }) => sqliteWeight(size.documents, documents.length));
    const readers = wanted.map((postings) => new PostingsReader(postings));
    const excluded = query.excluded.map((clause) => new PostingsReader(this.#find(clause)));
    const found: Ranked<Id>[] = [];
    const candidates = match === "all" ? shortest(wanted) : sumPostings(wanted, this.#entries.length);
    candidates: for (const number of candidates.documents) {
      for (const reader of excluded) if (reader.countOf(number) > 0) continue candidates;
      const { id, words } = this.#entries[number]!;
      let score = 0;
      for (let clause = 0; clause < readers.length; clause++) {
        const count = readers[clause]!.countOf(number);
        if (count === 0) {
          if (match === "all") continue candidates;
          continue;
        }
        score += bm25(weights[clause]!, count, words.length, size);
      }
      found.push({ id, score });
    }
    return found;
  }

  /**
   * Finds the documents that hold any of some words.
   *
   * @param terms The words; repeated ones count once.
   * @returns The documents, in the order in which they came.
   */
  rankAny(terms: Iterable<string>): Ranked<Id>[] {
    const size = this.#size();
    return this.#sum(terms, (postings) => {
      const weight = smoothWeight(size.documents, postings.documents.length);
      return (count, length) => bm25(weight, count, length, size);
    });
  }

  /**
   * Finds the documents that hold any of some words, scored by the share of the words they hold.
   *
   * @param terms The words; repeated ones count once.
   * @returns The documents, in the order in which they came; scores are above 0 and at most 1.
   */
  rankByOverlap(terms: Iterable<string>): Ranked<Id>[] {
    const distinct = new Set(terms);
    return this.#sum(distinct, () => () => 1).map(({ id, score }) => ({ id, score: score / distinct.size }));
  }

  #size(): CollectionSize {
    return { documents: this.#numbers.size, words: this.#totalWords };
  }

  #numberOf(term: string): number {
    let number = this.#wordNumbers.get(term);
    if (number === undefined) {
      number = this.#words.length;
      this.#wordNumbers.set(term, number);
      this.#words.push(term);
      this.#postings.push(noPostings());
    }
    return number;
  }

  /** Adds up, for each document, what each of some words is worth to it. */
  #sum(
    terms: Iterable<string>,
    worth: (postings: Postings) => (count: number, length: number) => number,
  ): Ranked<Id>[] {
    const scores = new Float64Array(this.#entries.length);
    for (const term of new Set(terms)) {
      const postings = this.#holding(term);
      const worthOf = worth(postings);
      for (let place = 0; place < postings.documents.length; place++) {
        const number = postings.documents[place]!;
        scores[number]! += worthOf(postings.counts[place]!, this.#entries[number]!.words.length);
      }
    }
    const ranked: Ranked<Id>[] = [];
    for (let number = 0; number < scores.length; number++) {
      if (scores[number]! > 0) ranked.push({ id: this.#entries[number]!.id, score: scores[number]! });
    }
    return ranked;
  }

  /** The documents that hold a word. */
  #holding(term: string): Postings {
    const word = this.#wordNumbers.get(term);
    return word === undefined ? noPostings() : this.#present(this.#postings[word]!);
  }

  #holdingPrefix(prefix: string): Postings {
    const lists = this.#postings.filter((_, word) => this.#words[word]!.startsWith(prefix));
    return this.#present(sumPostings(lists, this.#entries.length));
  }

  #present(postings: Postings): Postings {
    if (this.#entries.length === this.#numbers.size) return postings;
    return filterPostings(postings, (number) => this.#entries[number] !== undefined);
  }

  /** The documents that answer a clause, and how often. */
  #find(clause: SearchClause): Postings {
    const last = clause.terms.at(-1)!;
    const holding = clause.prefix ? this.#holdingPrefix(last) : this.#holding(last);
    if (clause.terms.length === 1) return holding;
    const rest = clause.terms.slice(0, -1).map((term) => this.#holding(term));
    const readers = [holding, ...rest].map((postings) => new PostingsReader(postings));
    const words = clause.terms.map((term) => this.#wordNumbers.get(term));
    const found = noPostings();
    for (const number of shortest([holding, ...rest]).documents) {
      if (!readers.every((reader) => reader.countOf(number) > 0)) continue;
      const count = this.#countPhrase(clause, words, this.#entries[number]!.words);
      if (count === 0) continue;
      found.documents.push(number);
      found.counts.push(count);
    }
    return found;
  }

  #countPhrase(clause: SearchClause, words: readonly (number | undefined)[], text: Uint32Array): number {
    const lastOffset = words.length - 1;
    const prefix = clause.prefix ? clause.terms[lastOffset] : undefined;
    let count = 0;
    next: for (let first = 0; first + lastOffset < text.length; first++) {
      for (let offset = 0; offset < lastOffset; offset++) {
        if (text[first + offset] !== words[offset]) continue next;
      }
      const word = text[first + lastOffset]!;
      if (prefix === undefined ? word === words[lastOffset] : this.#words[word]!.startsWith(prefix)) count++;
    }
    return count;
  }

  #buildAnew(): void {
    const present = this.#entries.filter((entry) => entry !== undefined);
    const terms = this.#words;
    this.clear();
    for (const { id, words } of present) this.add(id, Array.from(words, (word) => terms[word]!));
  }
}

function shortest(lists: readonly Postings[]): Postings {
  return lists.reduce((short, list) => list.documents.length < short.documents.length ? list : short);
}
