/**
 * Ranks by Okapi BM25: a document fits better the more often it holds the words asked for, the rarer these are elsewhere, and
 * the shorter it is. After Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
 *
 * @module
 */

/** How soon further occurrences of a word stop counting. */
const SATURATION = 1.2;
/** How much long documents are held back: 0 not at all, 1 fully. */
const LENGTH_WEIGHT = 0.75;
/** A word that most documents hold still counts a little: with this weight, which SQLite uses too. */
const LEAST_WEIGHT = 1e-6;

/** What the whole collection looks like. */
export interface CollectionSize {
  /** How many documents there are. */
  readonly documents: number;
  /** How many words they hold together. */
  readonly words: number;
}

/**
 * Weighs a word by its rarity as SQLite's `bm25()` does, so that all storages rank alike.
 *
 * @param documents How many documents there are.
 * @param holding How many of them hold the word.
 * @returns Its weight, above 0.
 */
export function sqliteWeight(documents: number, holding: number): number {
  return Math.max(LEAST_WEIGHT, Math.log((documents - holding + 0.5) / (holding + 0.5)));
}

/**
 * Weighs a word by its rarity so that even one that all documents hold tells them apart, which suits small collections.
 *
 * @param documents How many documents there are.
 * @param holding How many of them hold the word.
 * @returns Its weight, above 0.
 */
export function smoothWeight(documents: number, holding: number): number {
  return Math.log(1 + (documents - holding + 0.5) / (holding + 0.5));
}

/**
 * What one word adds to the score of one document.
 *
 * @param weight The word's weight.
 * @param frequency How often the document holds it.
 * @param length How many words the document has.
 * @param size The collection.
 * @returns A number above 0 when the document holds the word.
 */
export function bm25(weight: number, frequency: number, length: number, size: CollectionSize): number {
  const meanLength = size.words / size.documents;
  const dampened = frequency + SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * length / meanLength);
  return weight * ((frequency * (SATURATION + 1)) / dampened);
}
