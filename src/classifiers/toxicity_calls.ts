/**
 * Finds what is toxic, with the strong words of `obscenity`. Reached by URL alone, so that the list is loaded with the first
 * call.
 *
 * @module
 */

import { findObscenities } from "./profanity_calls.ts";
import { findToxicity, type ToxicityFinding } from "./toxicity_rules.ts";

/**
 * Finds what is toxic in a text.
 *
 * @param text The text.
 * @returns What was found, in order.
 */
export function find(text: string): Promise<ToxicityFinding[]> {
  return Promise.resolve(findToxicity(text, findObscenities));
}
