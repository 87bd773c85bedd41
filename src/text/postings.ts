/**
 * Which documents hold something, and how often: the sorted lists that an inverted index is made of.
 *
 * @module
 */

/** Documents by number, in ascending order, and how often each holds what the list is about. */
export interface Postings {
  /** The documents' numbers. */
  readonly documents: number[];
  /** How often each holds it; at the same place as its number. */
  readonly counts: number[];
}

/** An empty list. */
export function noPostings(): Postings {
  return { documents: [], counts: [] };
}

/**
 * Adds documents one after another, in ascending order.
 *
 * @param postings The list.
 * @param document A number not below the last one; for the last one itself, the count grows by 1.
 */
export function countUp(postings: Postings, document: number): void {
  const last = postings.documents.length - 1;
  if (last >= 0 && postings.documents[last] === document) postings.counts[last]!++;
  else {
    postings.documents.push(document);
    postings.counts.push(1);
  }
}

/**
 * Keeps the documents that pass a test.
 *
 * @param postings The list.
 * @param keep The test.
 * @returns A new list.
 */
export function filterPostings(postings: Postings, keep: (document: number) => boolean): Postings {
  const kept = noPostings();
  for (let place = 0; place < postings.documents.length; place++) {
    const document = postings.documents[place]!;
    if (!keep(document)) continue;
    kept.documents.push(document);
    kept.counts.push(postings.counts[place]!);
  }
  return kept;
}

/**
 * Adds the counts of several lists.
 *
 * @param lists The lists.
 * @param documents Above all numbers in them.
 * @returns A new list.
 */
export function sumPostings(lists: readonly Postings[], documents: number): Postings {
  const totals = new Uint32Array(documents);
  for (const list of lists) {
    for (let place = 0; place < list.documents.length; place++) {
      totals[list.documents[place]!]! += list.counts[place]!;
    }
  }
  const sum = noPostings();
  for (let document = 0; document < documents; document++) {
    if (totals[document]! === 0) continue;
    sum.documents.push(document);
    sum.counts.push(totals[document]!);
  }
  return sum;
}

/** Reads a list from its start to its end. */
export class PostingsReader {
  readonly #postings: Postings;
  #place = 0;

  /** @param postings The list. */
  constructor(postings: Postings) {
    this.#postings = postings;
  }

  /**
   * How often a document holds it.
   *
   * @param document A number not below the one asked for before.
   * @returns The count; 0 when it is not in the list.
   */
  countOf(document: number): number {
    const { documents, counts } = this.#postings;
    while (this.#place < documents.length && documents[this.#place]! < document) this.#place++;
    return documents[this.#place] === document ? counts[this.#place]! : 0;
  }
}
