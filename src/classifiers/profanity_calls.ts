/**
 * Finds profanity with the strong words of `obscenity`. Reached by URL alone, so that the list is loaded with the first call.
 *
 * @module
 */

import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from "obscenity";
import type { RemoteContext } from "../operation/effects.ts";
import { findInTurns } from "./find_in_turns.ts";
import { type FindListed, findProfanity, type ProfanityFinding } from "./profanity_rules.ts";

const LIST = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });

/** Finds the words of `obscenity`, however their letters are written. */
export const findObscenities: FindListed = (text) =>
  LIST.getAllMatches(text).map((match) => ({
    start: match.startIndex,
    end: match.endIndex + 1,
    stem: englishDataset.getPayloadWithPhraseMetadata(match).phraseMetadata?.originalWord ?? "",
  }));

/**
 * Finds the profane words of a text.
 *
 * @param text The text.
 * @param context Ends the work early.
 * @returns The words in order.
 */
export function find(text: string, context: RemoteContext): Promise<ProfanityFinding[]> {
  return findInTurns(text, context, (passage) => findProfanity(passage, findObscenities));
}
