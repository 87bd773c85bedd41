/**
 * Finds the JSON objects and arrays inside prose.
 *
 * Each bracket is tried where the one before it left off: a value that is complete is taken whole, so what is inside it does
 * not count again. A bracket after which no JSON begins belongs to the prose. JSON that is broken further on is passed over to its
 * closing bracket, so that a part of it is not taken for the whole. Every step goes forward, but for one return when such a
 * bracket never closes, so time is linear whatever the text is.
 *
 * @module
 */

import type { JsonFault } from "./json_fault.ts";
import { type JsonReading, readJsonValue } from "./strict_json.ts";

/** JSON found in a text. */
export interface EmbeddedJson {
  /** Where it begins, a UTF-16 index. */
  readonly start: number;
  /** What reading it gave. */
  readonly reading: JsonReading;
}

/** What was found in a text. */
export interface EmbeddedJsonSearch {
  /** Complete objects and arrays, outermost ones only. */
  readonly complete: readonly EmbeddedJson[];
  /** How many brackets began something that is no JSON. */
  readonly brokenCount: number;
  /** Why, for the first five. */
  readonly broken: readonly { readonly start: number; readonly fault: JsonFault }[];
}

const MOST_BROKEN = 5;

/**
 * Finds the JSON objects and arrays in a text.
 *
 * @param text The text.
 * @returns What was found.
 */
export function findEmbeddedJson(text: string): EmbeddedJsonSearch {
  const opening = /[[{]/g;
  const complete: EmbeddedJson[] = [];
  const broken: { start: number; fault: JsonFault }[] = [];
  let brokenCount = 0;
  let neverCloses = false;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const start = match.index;
    const reading = readJsonValue(text, start);
    const { fault } = reading;
    if (fault === undefined) {
      complete.push({ start, reading });
      opening.lastIndex = reading.end;
      continue;
    }
    const asProse = neverCloses || !reading.begun;
    const end = asProse
      ? Math.max(start + 1, fault.offset)
      : reading.endedEarly
      ? text.length
      : closingEnd(text, start);
    if (end === undefined) {
      neverCloses = true;
      opening.lastIndex = start + 1;
    } else opening.lastIndex = end;
    brokenCount++;
    if (broken.length < MOST_BROKEN) broken.push({ start, fault });
  }
  return { complete, brokenCount, broken };
}

/** Where the bracket that opens at `start` is closed, whatever is inside but strings; `undefined` when it never is. */
function closingEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let noStringBefore = start;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") {
      if (--depth === 0) return index + 1;
    } else if (character === '"' && index >= noStringBefore) {
      const end = stringEnd(text, index);
      if (end > 0) index = end;
      // The line has no closing quote, so none of its other quotes begins a string either.
      else noStringBefore = -end;
    }
  }
  return undefined;
}

/** The index of the closing quote; negative, the end of the line, when the line has none. */
function stringEnd(text: string, start: number): number {
  for (let index = start + 1;; index++) {
    const character = text[index];
    if (character === '"') return index;
    if (character === undefined || character === "\n") return -index;
    if (character === "\\") index++;
  }
}
