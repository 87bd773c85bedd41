/**
 * Detects languages with eld. Reached by URL alone, so that its two megabytes of letter sequences are loaded with the first call.
 *
 * @module
 */

import { eld } from "eld/medium";

/** How like a language a text is. */
export interface LanguageScores {
  /** Each language with its likeness, 0 to 1, the likeliest first. */
  readonly scores: readonly (readonly [language: string, score: number])[];
  /** Whether the likeliest is as like as texts of it usually are. */
  readonly reliable: boolean;
}

/**
 * Detects the language of each of several texts.
 *
 * @param texts The texts.
 * @returns What each is like.
 */
export function detect(texts: readonly string[]): Promise<LanguageScores[]> {
  return Promise.resolve(texts.map((text) => {
    const result = eld.detect(text);
    const scores = Object.entries(result.getScores()).sort((one, other) => other[1] - one[1]);
    return { scores, reliable: result.isReliable() };
  }));
}
