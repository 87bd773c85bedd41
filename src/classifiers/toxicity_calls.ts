/**
 * Finds what is toxic, with the strong words of `obscenity`. Reached by URL alone, so that the list is loaded with the first
 * call.
 *
 * @module
 */

import type { RemoteContext } from "../operation/effects.ts";
import { findInTurns } from "./find_in_turns.ts";
import { findObscenities } from "./profanity_calls.ts";
import { findToxicity, type ToxicityFinding } from "./toxicity_rules.ts";

/**
 * Finds what is toxic in a text.
 *
 * @param text The text.
 * @param context Ends the work early.
 * @returns What was found, in order.
 */
export function find(text: string, context: RemoteContext): Promise<ToxicityFinding[]> {
  return findInTurns(text, context, (passage) => findToxicity(passage, findObscenities));
}
