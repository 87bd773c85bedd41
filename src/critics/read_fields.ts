/**
 * Reads single fields of a critic's answer, forgiving in form and strict in meaning.
 *
 * @module
 */

import { readItems as readListItems, saysNothing } from "../text/sections.ts";
import type { FeedbackItem, Severity } from "../thought/critic_feedback.ts";

/** The fields of an answer by their bare names: lower case, letters and digits only. */
export type AnswerFields = ReadonlyMap<string, unknown>;

const MOST_ITEMS = 100;
const LONGEST_TEXT = 8_000;
const TEXT_KEYS = [
  "text",
  "issue",
  "problem",
  "description",
  "message",
  "what",
  "suggestion",
  "fix",
  "point",
  "comment",
];
const SEVERITIES: Readonly<Record<string, Severity>> = {
  low: "low",
  minor: "low",
  trivial: "low",
  medium: "medium",
  moderate: "medium",
  high: "high",
  major: "high",
  severe: "high",
  serious: "high",
  critical: "high",
};

/**
 * Gives an object's fields by their bare names, so that `needs_improvement` is `needsImprovement`.
 *
 * @param value Any value.
 * @returns Its fields; none where it is no object.
 */
export function fieldsOf(value: unknown): AnswerFields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).map(([key, item]) => [bareName(key), item]));
}

/**
 * Reads a field by its name.
 *
 * @param fields The fields.
 * @param name The name, as it was asked for.
 * @returns Its value; `undefined` where it is missing or `null`.
 */
export function field(fields: AnswerFields, name: string): unknown {
  return fields.get(bareName(name)) ?? undefined;
}

function bareName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/**
 * Reads a yes or no. Words that say it in another way are not taken for one.
 *
 * @param value A boolean, or a text that begins with "yes", "no", "true" or "false" and a stop.
 * @returns The answer, or `undefined`.
 */
export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  const word = /^[\s*_"'`]*(yes|no|true|false)(?=[\s*_"'`]*(?:$|[.,;:!)(\n—–-]))/i.exec(value.slice(0, 80))
    ?.[1]?.toLowerCase();
  return word === undefined ? undefined : word === "yes" || word === "true";
}

/**
 * Reads a text.
 *
 * @param value A string or number; a list is joined by line breaks.
 * @returns The text, trimmed and bounded; "" where there is none.
 */
export function readText(value: unknown): string {
  if (Array.isArray(value)) return shorten(value.map(readText).filter((line) => line !== "").join("\n"));
  return typeof value === "string" || typeof value === "number" ? shorten(String(value).trim()) : "";
}

/**
 * Reads a list of texts.
 *
 * @param value A list of strings or objects, or one text with a list in it.
 * @returns The texts, without those that say there is nothing.
 */
export function readTexts(value: unknown): string[] {
  return readFeedbackItems(value).map((item) => item.text);
}

/**
 * Reads a list of remarks.
 *
 * @param value A list of strings or objects, one object, or one text with a list in it.
 * @returns The remarks, without those that say there is nothing.
 */
export function readFeedbackItems(value: unknown): FeedbackItem[] {
  const entries: unknown[] = Array.isArray(value)
    ? value
    : typeof value === "string"
    ? readListItems(value.slice(0, 4 * LONGEST_TEXT).split("\n"))
    : [value];
  return entries.slice(0, MOST_ITEMS).map(readItem).filter((item) => !saysNothing(item.text));
}

function readItem(entry: unknown): FeedbackItem {
  const fields = fieldsOf(entry);
  if (fields.size === 0) return { text: readText(entry) };
  const text = TEXT_KEYS.map((key) => readText(field(fields, key))).find((found) => found !== "") ?? "";
  const severity = readSeverity(field(fields, "severity") ?? field(fields, "priority"));
  const quote = readText(field(fields, "quote") ?? field(fields, "evidence"));
  const location = readText(field(fields, "location") ?? field(fields, "where"));
  return {
    text,
    ...(severity === undefined ? {} : { severity }),
    ...(quote === "" ? {} : { quote }),
    ...(location === "" ? {} : { location }),
  };
}

/**
 * Reads a severity.
 *
 * @param value What the model wrote.
 * @returns One of the three, or `undefined`.
 */
export function readSeverity(value: unknown): Severity | undefined {
  if (typeof value !== "string") return undefined;
  const word = /\p{L}+/u.exec(value.slice(0, 40))?.[0].toLowerCase() ?? "";
  return Object.hasOwn(SEVERITIES, word) ? SEVERITIES[word] : undefined;
}

/**
 * Bounds a text, never inside a surrogate pair.
 *
 * @param text The text.
 * @param longest The most UTF-16 code units.
 * @returns The text, or its beginning and an ellipsis.
 */
export function shorten(text: string, longest: number = LONGEST_TEXT): string {
  if (text.length <= longest) return text;
  const end = /[\uD800-\uDBFF]/.test(text[longest - 2] ?? "") ? longest - 2 : longest - 1;
  return `${text.slice(0, end)}…`;
}
