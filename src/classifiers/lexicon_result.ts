/**
 * What a lexicon of English words says of a text on which it has nothing to say.
 *
 * @module
 */

import type { JsonObject } from "../thought/frozen.ts";
import { ClassificationResult } from "./classification_result.ts";
import { isForeign } from "./foreign_text.ts";

/**
 * The result for a text without letters, or in another language.
 *
 * @param text The text.
 * @param neutral The label of texts in which nothing is found.
 * @param isEnglish `false` where the user says that it is in another language; else it is so when that is plain.
 * @returns The neutral label with a confidence of 0.5, and why; `undefined` for any other text.
 */
export function withoutEvidence(
  text: string,
  neutral: string,
  isEnglish = true,
): ClassificationResult | undefined {
  const metadata: JsonObject | undefined = !/\p{L}/u.test(text)
    ? { reason: "no_content" }
    : !isEnglish || isForeign(text)
    ? { reason: "unsupported_language", unsupportedLanguage: true }
    : undefined;
  return metadata &&
    new ClassificationResult({ label: neutral, confidence: 0.5, method: "lexicon", metadata });
}
