/**
 * Looks for something in a text of any length without keeping others waiting.
 *
 * @module
 */

import type { RemoteContext } from "../operation/effects.ts";
import { Turns } from "../runtime/turns.ts";
import { passagesOf } from "../text/passages.ts";
import type { TermSpan } from "./own_terms.ts";

/**
 * Looks through a text, one passage after another.
 *
 * @param text The text.
 * @param context Ends the work early.
 * @param find Looks through one passage.
 * @returns What was found, where it stands in the whole text.
 */
export async function findInTurns<Finding extends TermSpan>(
  text: string,
  { signal }: RemoteContext,
  find: (passage: string) => readonly Finding[],
): Promise<Finding[]> {
  const turns = new Turns(signal);
  const found: Finding[] = [];
  for (const passage of passagesOf(text)) {
    if (turns.isOver) await turns.pass();
    for (const one of find(passage.text)) {
      found.push({ ...one, start: passage.start + one.start, end: passage.start + one.end });
    }
  }
  return found;
}
