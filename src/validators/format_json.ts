/**
 * Checks whether a text is JSON, or has JSON in it.
 *
 * @module
 */

import type { Operation } from "../operation/operation.ts";
import { findEmbeddedJson } from "../text/embedded_json.ts";
import { positionOf, quote } from "../text/excerpt.ts";
import type { JsonFault } from "../text/json_fault.ts";
import { readJsonValue } from "../text/strict_json.ts";
import { failed, type FormatFault, type FormatOutcome, fulfilled } from "./format_outcome.ts";
import { checkSchema, type FormatSchema } from "./format_schema.ts";
import { counted } from "./wording.ts";

/** How JSON is checked. */
export interface JsonSettings {
  /** What the values are checked against. */
  readonly schema: FormatSchema | undefined;
  /** Whether one code fence around the JSON is allowed. */
  readonly allowFence: boolean;
  /** Whether a key that occurs twice is an issue. */
  readonly strictKeys: boolean;
  /** How many objects or arrays the prose must hold at least. */
  readonly minCount: number;
  /** Whether any of them, or all, must fit. */
  readonly match: "any" | "all";
}

/** How much of the text around a fault is shown, in code units on each side; 40 in all. */
const AROUND_FAULT = 20;
const FENCED = /^[ \t]*(`{3,}|~{3,})[^\n`]*\r?\n/;
const FAULTS_SHOWN = 5;

/**
 * Checks whether a text is one JSON value.
 *
 * @param text The text.
 * @param settings How it is checked.
 * @returns An operation of the outcome.
 */
export function* checkJson(text: string, settings: JsonSettings): Operation<FormatOutcome> {
  const { start, end } = jsonSpan(text, settings.allowFence);
  // What stands after the JSON is cut off rather than skipped, so that an end too early is seen as one.
  const json = text.slice(0, end);
  const reading = readJsonValue(json, start);
  if (reading.fault) return unreadable(text, reading.fault);
  const rest = json.slice(reading.end).search(/\S/);
  if (rest >= 0) {
    const message = "something follows the JSON value";
    return unreadable(text, {
      offset: reading.end + rest,
      message,
      repair: "Remove what follows the JSON value.",
    });
  }
  const faults = reading.issues.filter(countsWith(settings)).map((fault) => describeFault(text, fault));
  if (settings.schema !== undefined) {
    const [unfit] = yield* checkSchema(settings.schema, [json.slice(start, reading.end)]);
    for (const fault of unfit!) faults.push(fault);
  }
  return faults.length === 0
    ? fulfilled(
      settings.schema !== undefined
        ? "The text is valid JSON and fits the schema."
        : "The text is valid JSON.",
    )
    : failed(`The JSON has ${counted(faults.length, "fault")}.`, faults);
}

/** Where the JSON may begin and end: without byte order mark, white space around it, and a fence where that is allowed. */
function jsonSpan(text: string, allowFence: boolean): { start: number; end: number } {
  const start = Math.max(text.search(/[^\s\ufeff]/), 0);
  const end = text.trimEnd().length;
  const fence = allowFence ? FENCED.exec(text.slice(start, end)) : null;
  if (fence === null) return { start, end };
  const [opening, marker] = fence;
  const lastLine = text.lastIndexOf("\n", end - 1) + 1;
  const closing = text.slice(lastLine, end).trim();
  const closes = lastLine >= start + opening.length && closing.length >= marker!.length &&
    closing === marker![0]!.repeat(closing.length);
  if (!closes) return { start, end };
  return {
    start: start + opening.length,
    end: start + opening.length + text.slice(start + opening.length, lastLine).trimEnd().length,
  };
}

function countsWith({ strictKeys }: JsonSettings): (fault: JsonFault) => boolean {
  return (fault) => strictKeys || !fault.message.startsWith("the key ");
}

function unreadable(text: string, fault: JsonFault): FormatOutcome {
  const { line, column } = positionOf(text, fault.offset);
  return failed(
    `The text is not valid JSON at line ${line}, column ${column}: ${fault.message}.`,
    [describeFault(text, fault)],
    { line, column, offset: fault.offset },
  );
}

function describeFault(text: string, { offset, message, repair }: JsonFault): FormatFault {
  const { line, column } = positionOf(text, offset);
  const near = text.trim() === "" ? "" : `, near ${quote(text, [offset, offset], AROUND_FAULT)}`;
  return { issue: `Line ${line}, column ${column}: ${message}${near}.`, suggestion: repair };
}

/**
 * Checks whether a text holds objects or arrays of JSON.
 *
 * @param text The text.
 * @param settings How it is checked.
 * @returns An operation of the outcome.
 */
export function* checkContainsJson(text: string, settings: JsonSettings): Operation<FormatOutcome> {
  const { schema, minCount, match } = settings;
  const { complete, brokenCount, broken } = findEmbeddedJson(text);
  const seen = complete.length + brokenCount;
  const faults = broken.map(({ fault }) => describeFault(text, fault));
  let valid = 0;
  const sound = complete.filter(({ reading }) => !reading.issues.some(countsWith(settings)));
  const jsons = sound.map(({ start, reading }) => text.slice(start, reading.end));
  const checked = schema === undefined ? [] : yield* checkSchema(schema, jsons);
  const unfitOf = new Map(sound.map((candidate, index) => [candidate, checked[index] ?? []]));
  for (const candidate of complete) {
    const { start, reading } = candidate;
    const issues = reading.issues.filter(countsWith(settings));
    const unfit = unfitOf.get(candidate) ?? [];
    if (issues.length + unfit.length === 0) valid++;
    else if (faults.length < FAULTS_SHOWN) {
      const own = [...issues.map((fault) => describeFault(text, fault)), ...placed(text, start, unfit)];
      faults.push(...own.slice(0, FAULTS_SHOWN - faults.length));
    }
  }
  const enough = valid >= minCount && (match === "any" || valid === complete.length);
  const metadata = { candidates: seen, valid };
  const found = `${counted(valid, "valid JSON object or array", "valid JSON objects or arrays")} among ${
    counted(seen, "candidate")
  }`;
  if (enough) return fulfilled(`The text holds ${found}.`, metadata);
  const needed = match === "all" && valid >= minCount
    ? "all must be valid"
    : `at least ${minCount} ${minCount === 1 ? "is" : "are"} needed`;
  const nothing: FormatFault = {
    issue: seen === 0
      ? "There is no JSON object or array in the text."
      : "Not enough of the JSON in the text is valid.",
    suggestion: minCount === 1 ? "Give one complete JSON object." : `Give ${minCount} complete JSON objects.`,
  };
  return failed(`The text holds ${found}; ${needed}.`, faults.length === 0 ? [nothing] : faults, metadata);
}

/** Says of what a schema found in which JSON it is. */
function placed(text: string, start: number, faults: readonly FormatFault[]): FormatFault[] {
  const { line, column } = positionOf(text, start);
  return faults.map(({ issue, suggestion }) => ({
    issue: `The JSON at line ${line}, column ${column}: ${issue}`,
    suggestion,
  }));
}
