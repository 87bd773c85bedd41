/**
 * What an iteration takes over from the one before, and what it does not.
 *
 * @module
 */

import { EMPTY_LIST } from "./frozen.ts";
import { checkName, type Place } from "./place.ts";
import { revisionOf } from "./revision.ts";
import type { Thought } from "./thought.ts";
import { checkTimestamp, copyThought, setResults, type ThoughtData } from "./thought_data.ts";

/** Options of {@linkcode Thought.nextIteration}. */
export interface NextIterationOptions {
  /** The id of the next thought. @default a new UUID */
  readonly id?: string;
  /** When it is made: an instant in UTC, ISO 8601 with `Z`. @default now */
  readonly timestamp?: string;
  /** Whether the documents for the generator stay, instead of being retrieved again. @default false */
  readonly keepPreContext?: boolean;
}

/**
 * Draws the fields of the next iteration from a thought.
 *
 * @param place What is being made, for errors.
 * @param thought The thought that is to be improved.
 * @param options The id and the timestamp of the next, and whether documents stay.
 * @param past The thought without its history, as it joins the history.
 * @returns The fields.
 */
export function nextData(
  place: Place,
  thought: Thought,
  options: Required<NextIterationOptions>,
  past: Thought,
): ThoughtData {
  const { text } = thought;
  if (text === undefined) {
    throw place.error("an iteration without a text cannot be improved: text is missing", "text");
  }
  const data = copyThought(thought);
  data.id = checkName(place, "id", options.id);
  data.timestamp = checkTimestamp(place, options.timestamp);
  data.history = Object.freeze([...thought.history, past]);
  if (data.history.some((earlier) => earlier.id === data.id)) {
    place.fail("id", "differ from the ids of its history", data.id);
  }
  data.iteration = thought.iteration + 1;
  data.parentId = thought.id;
  data.revision = revisionOf(thought, text);
  data.text = undefined;
  data.modelPrompt = undefined;
  data.generation = undefined;
  setResults(data, place, undefined);
  data.criticFeedback = EMPTY_LIST;
  data.postGenerationContext = EMPTY_LIST;
  if (!options.keepPreContext) data.preGenerationContext = EMPTY_LIST;
  return data;
}
