/**
 * What a revision must satisfy, as far as an editor that is no language model can see to it.
 *
 * @module
 */

import type { JsonValue } from "../../json.ts";
import type { Thought } from "../../thought/thought.ts";
import type { ValidationResult } from "../../thought/validation_result.ts";

/** What a text's length is counted in; the part of the length validator's units that sentences add up to. */
export type LengthUnit = "words" | "sentences" | "graphemes" | "codePoints" | "utf16" | "bytes";

/** A bound on the length of the text. */
export interface LengthDemand {
  /** What is counted. */
  readonly unit: LengthUnit;
  /** The most. */
  readonly max?: number;
  /** The fewest. */
  readonly min?: number;
}

/** What the text must satisfy. */
export interface Demands {
  /** Bounds on its length. */
  readonly lengths: readonly LengthDemand[];
  /** What must not occur in it, as it was found. */
  readonly prohibited: readonly string[];
  /** What must stay in it. */
  readonly required: readonly string[];
  /** The task: sentences that speak of it are kept longer. */
  readonly task: string;
}

/** The demands on a text about which nothing is known. */
export const NO_DEMANDS: Demands = Object.freeze({ lengths: [], prohibited: [], required: [], task: "" });

const UNITS: ReadonlySet<string> = new Set<LengthUnit>([
  "words",
  "sentences",
  "graphemes",
  "codePoints",
  "utf16",
  "bytes",
]);

/**
 * Gathers what the next text of a thought must satisfy: what failed in validation, and what passed and must stay so.
 *
 * @param thought The thought, whose revision holds the draft.
 * @returns The demands.
 */
export function demandsOf(thought: Thought): Demands {
  const { revision, history, prompt } = thought;
  if (revision === undefined) return { ...NO_DEMANDS, task: prompt };
  const parent = history.find((earlier) => earlier.id === revision.thoughtId);
  // What passed counts too: a shorter text must still be long enough, and keep what it must contain.
  const passed = Object.values(parent?.validationResults ?? {}).filter((result) => result.passed);
  const results = [...revision.failedValidations, ...passed];
  return {
    lengths: results.flatMap(lengthsOf),
    prohibited: foundTexts(results, "prohibited", revision.text),
    required: foundTexts(results, "required", revision.text),
    task: prompt,
  };
}

/** The bounds of a length validator: `metadata.bounds` maps a unit to `{ min, max }`. */
function lengthsOf({ metadata }: ValidationResult): LengthDemand[] {
  return Object.entries(fields(metadata.bounds)).flatMap(([unit, bound]) => {
    if (!UNITS.has(unit)) return [];
    const { min, max } = fields(bound);
    return [{
      unit: unit as LengthUnit,
      ...(typeof min === "number" ? { min } : {}),
      ...(typeof max === "number" ? { max } : {}),
    }];
  });
}

/** The places of a content validator: `metadata.matches` lists `{ kind, start, end }` in the text. */
function foundTexts(
  results: readonly ValidationResult[],
  kind: "prohibited" | "required",
  text: string,
): string[] {
  const found = new Set<string>();
  for (const { metadata: { matches } } of results) {
    for (const match of Array.isArray(matches) ? matches : []) {
      const { kind: itsKind, start, end } = fields(match);
      if (itsKind === kind && typeof start === "number" && typeof end === "number") {
        found.add(text.slice(start, end));
      }
    }
  }
  found.delete("");
  return [...found];
}

function fields(value: JsonValue | undefined): Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Readonly<Record<string, JsonValue>>
    : {};
}
