/**
 * Finds profanity with the strong words of `obscenity`. Reached by URL alone, so that the list is loaded with the first call.
 *
 * @module
 */

import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from "obscenity";
import {
  type FindListed,
  findProfanity,
  type ProfanityFinding,
  type ProfanityRequest,
} from "./profanity_rules.ts";

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
 * @param request The text, and words of the caller's own.
 * @returns The words in order.
 */
export function find(request: ProfanityRequest): Promise<ProfanityFinding[]> {
  return Promise.resolve(findProfanity(request, findObscenities));
}
