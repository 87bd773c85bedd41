/**
 * Finds the JSON object that a model was asked for in whatever it wrote around it.
 *
 * What is most certain comes first: the whole text, then fenced blocks, then objects found by a scan that knows strings,
 * then a reading that forgives common faults. Work is bounded by a multiple of the text's length, whatever the text is.
 *
 * @module
 */

import { readTolerantly } from "./tolerant_json.ts";

/** How a value was found. */
export type JsonOrigin = "whole" | "fenced" | "embedded" | "repaired";

/** A JSON value found in a text. */
export interface FoundJson {
  /** The value. */
  readonly value: unknown;
  /** How it was found. */
  readonly origin: JsonOrigin;
  /** Whether the text ended before the value did, so that its last part is missing. */
  readonly truncated: boolean;
}

/** Steps a scan may take; shared by all attempts on one text. */
interface Budget {
  left: number;
}

/** How many times its length the attempts on one text may read together; of a very long text, its beginning counts. */
const EFFORT = 8;
const LEAST_EFFORT = 65_536;
const LONGEST_COUNTED = 262_144;

function budgetFor(text: string): Budget {
  return { left: EFFORT * Math.min(text.length, LONGEST_COUNTED) + LEAST_EFFORT };
}

/**
 * Finds the JSON value that will do.
 *
 * @param text What the model answered.
 * @param accept Says whether a value is the one looked for. Of several objects inside prose, the longest accepted one wins.
 * @returns The value, or `undefined`.
 *
 * @example
 * ```ts ignore
 * findJson('Sure! {"score": 7}', (value) => typeof value === "object")?.value; // { score: 7 }
 * ```
 */
export function findJson(text: string, accept: (value: unknown) => boolean): FoundJson | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const whole = parseStrictly(trimmed);
  if (whole !== undefined && accept(whole)) return { value: whole, origin: "whole", truncated: false };
  const blocks = fencedBlocks(trimmed);
  for (const block of blocks) {
    const value = parseStrictly(block);
    if (value !== undefined && accept(value)) return { value, origin: "fenced", truncated: false };
  }
  return findEmbedded(trimmed, accept) ?? findRepaired([...blocks, trimmed], accept);
}

/** Parses a text that is JSON and nothing else; JSON inside a JSON string, which some models send, is parsed again. */
function parseStrictly(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" && /^\s*[{[]/.test(value) ? JSON.parse(value) as unknown : value;
  } catch {
    return undefined;
  }
}

/**
 * Gives the contents of the fenced code blocks of a text, in order. A block that is never closed lasts to the end.
 *
 * @param text Markdown.
 * @returns The contents, trimmed.
 */
export function fencedBlocks(text: string): string[] {
  const blocks: string[] = [];
  let fence: string | undefined;
  let lines: string[] = [];
  for (const line of text.split("\n")) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) {
      if (mark === undefined) continue;
      fence = mark;
      lines = [];
    } else if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) {
      blocks.push(lines.join("\n").trim());
      fence = undefined;
    } else lines.push(line);
  }
  if (fence !== undefined) blocks.push(lines.join("\n").trim());
  return blocks;
}

function findEmbedded(text: string, accept: (value: unknown) => boolean): FoundJson | undefined {
  const budget = budgetFor(text);
  let best: unknown;
  let bestLength = 0;
  for (let start = text.indexOf("{"); start >= 0 && budget.left > 0;) {
    const end = balancedEnd(text, start, budget);
    const value = end < 0 ? undefined : parseStrictly(text.slice(start, end));
    const accepted = value !== undefined && accept(value);
    if (accepted && end - start > bestLength) {
      best = value;
      bestLength = end - start;
    }
    start = text.indexOf("{", accepted ? end : start + 1);
  }
  return bestLength === 0 ? undefined : { value: best, origin: "embedded", truncated: false };
}

/** Finds where the object that opens at `start` closes; −1 when it does not, or cannot be JSON. */
function balancedEnd(text: string, start: number, budget: Budget): number {
  let depth = 0;
  let inString = false;
  let position = start;
  let end = -1;
  for (; position < text.length && end < 0; position++) {
    const character = text[position];
    if (inString) {
      if (character === "\\") position++;
      else if (character === '"') inString = false;
      else if (character === "\n") break; // a raw line break ends all hope of strict JSON, and a lone quote in prose
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) end = position + 1;
  }
  budget.left -= position - start;
  return end;
}

/** The blocks share one budget, as there may be very many of them; the last source, the whole text, has its own. */
function findRepaired(
  sources: readonly string[],
  accept: (value: unknown) => boolean,
): FoundJson | undefined {
  const whole = sources.at(-1)!;
  const blocksBudget = budgetFor(whole);
  let cut: FoundJson | undefined;
  for (const source of sources) {
    const budget = source === whole ? budgetFor(whole) : blocksBudget;
    let best: FoundJson | undefined;
    let bestLength = 0;
    for (let start = source.indexOf("{"); start >= 0 && budget.left > 0;) {
      const read = readTolerantly(source, start);
      budget.left -= read.end - start;
      const accepted = read.value !== undefined && accept(read.value);
      if (accepted) {
        const found: FoundJson = { value: read.value, origin: "repaired", truncated: read.truncated };
        if (read.truncated) cut ??= found;
        else if (read.end - start > bestLength) {
          best = found;
          bestLength = read.end - start;
        }
      }
      start = source.indexOf("{", accepted ? read.end : start + 1);
    }
    if (best) return best;
  }
  return cut;
}
