/**
 * Reads what a model answered to a critic: the one place where critics' answers are parsed.
 *
 * The order, from the surest to the last resort: the whole text as JSON, fenced JSON, the longest fitting object inside prose,
 * JSON with common faults forgiven, prose under headings. A verdict comes from what was asked for, never from phrases: "not
 * excellent" and "no improvement needed" mean nothing to this module.
 *
 * @module
 */

import { findJson, type FoundJson } from "../text/json_in_prose.ts";
import { stripReasoning } from "../text/reasoning.ts";
import { readScore } from "../text/score.ts";
import { readSections } from "../text/sections.ts";
import type { FeedbackItem, FeedbackParse } from "../thought/critic_feedback.ts";
import {
  type AnswerFields,
  field,
  fieldsOf,
  readBoolean,
  readFeedbackItems,
  readText,
  shorten,
} from "./read_fields.ts";

/** How an answer is to be read. All may be left out. */
export interface AnswerReading {
  /** The top of the scale that `score` was asked for on. @default 10 */
  readonly scale?: number;
  /** Says whether the fields hold what the critic cannot do without. @default a verdict, a score or issues */
  readonly isEnough?: (fields: AnswerFields) => boolean;
  /** What is missing when they do not, for the request to answer again. */
  readonly missing?: string;
  /** The critic's own sections, and other words that may head them. */
  readonly headings?: Readonly<Record<string, readonly string[]>>;
  /** Which of the critic's own fields hold a word or a line, where a list would stand for something else. @default [] */
  readonly lines?: readonly string[];
  /** The field that a bare list stands for. @default "issues" */
  readonly listField?: string;
}

/** What was read. */
export interface CriticAnswer {
  /** How it was read. */
  readonly parse: FeedbackParse;
  /** All fields, the critic's own among them. */
  readonly fields: AnswerFields;
  /** The verdict, if it was given in so many words. */
  readonly needsImprovement: boolean | undefined;
  /** The score as a share of its scale. */
  readonly score: number | undefined;
  /** How sure the model says it is, 0 to 1. */
  readonly confidence: number | undefined;
  /** The main text; the whole answer where nothing could be read. */
  readonly summary: string;
  /** What is wrong. */
  readonly issues: readonly FeedbackItem[];
  /** What to do. */
  readonly suggestions: readonly FeedbackItem[];
  /** What the model said. */
  readonly raw: string;
  /** Whether the answer ended before its object did. */
  readonly truncated: boolean;
  /** Why it could not be read; `undefined` when it could. */
  readonly problem: string | undefined;
}

const LONGEST_SUMMARY = 65_536;
/** Beyond this many UTF-16 code units no headings are looked for. */
const LONGEST_PROSE = 262_144;
const DEFAULT_SCALE = 10;

const COMMON_HEADINGS: Readonly<Record<string, readonly string[]>> = {
  needsImprovement: [
    "needs improvement",
    "improvement needed",
    "needs improving",
    "requires improvement",
    "needs revision",
  ],
  score: ["rating", "overall score", "overall rating", "grade"],
  confidence: [],
  summary: ["overall", "overall assessment", "assessment", "critique", "conclusion"],
  issues: [
    "issue",
    "problems",
    "issues found",
    "problems found",
    "weaknesses",
    "concerns",
    "violations",
    "errors",
    "faults",
    "areas for improvement",
    "areas to improve",
  ],
  suggestions: [
    "suggestion",
    "recommendations",
    "recommended changes",
    "suggested changes",
    "suggested improvements",
    "suggestions for improvement",
    "improvements",
    "fixes",
    "how to improve",
  ],
};
const TEXT_FIELDS: ReadonlySet<string> = new Set(["needsImprovement", "score", "confidence", "summary"]);

/**
 * Reads an answer.
 *
 * @param answer What the model said; an object where a provider hands one out.
 * @param reading What was asked for.
 * @returns What could be read. With `parse: "none"`, the summary is the answer itself and there is no verdict.
 *
 * @example
 * ```ts
 * import { parseAnswer } from "@sifaka/sifaka/critics";
 *
 * const answer = parseAnswer("## Issues\n1. Too long\n\nScore: 6/10");
 * console.log(answer.parse, answer.score, answer.issues[0]?.text); // "sections" 0.6 "Too long"
 * ```
 */
export function parseAnswer(answer: unknown, reading: AnswerReading = {}): CriticAnswer {
  const raw = typeof answer === "string" ? answer : show(answer);
  const { isEnough = hasVerdict, listField = "issues" } = reading;
  const accept = (value: unknown): boolean => isEnough(unwrap(value, isEnough, listField));
  if (typeof answer !== "string") {
    const fields = unwrap(answer, isEnough, listField);
    return isEnough(fields) ? toAnswer("structured", fields, raw, reading) : unreadable(raw, raw, reading);
  }
  const text = stripReasoning(answer);
  const found: FoundJson | undefined = findJson(text, accept);
  if (found) {
    const fields = unwrap(found.value, isEnough, listField);
    return { ...toAnswer("structured", fields, raw, reading), truncated: found.truncated };
  }
  const sections = sectionFields(text.slice(0, LONGEST_PROSE), reading);
  return isEnough(sections) ? toAnswer("sections", sections, raw, reading) : unreadable(raw, text, reading);
}

/**
 * Decides whether the text needs improvement: by the verdict given, else by the score, else by whether there are issues.
 *
 * @param answer What was read.
 * @param passScore From this score on the text is good enough, 0 to 1.
 * @returns The verdict, or `undefined` when there is none.
 *
 * @example
 * ```ts
 * import { parseAnswer, verdictOf } from "@sifaka/sifaka/critics";
 *
 * console.log(verdictOf(parseAnswer('{"score": 6}'), 0.7)); // true
 * ```
 */
export function verdictOf(
  answer: Pick<CriticAnswer, "needsImprovement" | "score" | "issues">,
  passScore: number,
): boolean | undefined {
  if (answer.needsImprovement !== undefined) return answer.needsImprovement;
  if (answer.score !== undefined) return answer.score < passScore;
  return answer.issues.length > 0 ? true : undefined;
}

/** A verdict, a score or issues: all that is required of an answer. */
export function hasVerdict(fields: AnswerFields): boolean {
  return readBoolean(field(fields, "needsImprovement")) !== undefined ||
    readScore(field(fields, "score"), DEFAULT_SCALE) !== undefined ||
    Array.isArray(field(fields, "issues")) || readText(field(fields, "issues")) !== "";
}

/** The object itself, the one that wraps it (`{"critique": {…}}`), or the object that a bare list stands for. */
function unwrap(
  value: unknown,
  isEnough: (fields: AnswerFields) => boolean,
  listField: string,
): AnswerFields {
  if (Array.isArray(value)) {
    const [only] = value as unknown[];
    const fields = fieldsOf(only);
    if (value.length === 1 && isEnough(fields)) return fields;
    if (fields.size === 0 && typeof only !== "string") return fields;
    const listed = fieldsOf({ [listField]: value as unknown[] });
    return isEnough(listed) ? listed : fieldsOf({ issues: value as unknown[] });
  }
  const fields = fieldsOf(value);
  if (fields.size === 0 || isEnough(fields)) return fields;
  for (const inner of fields.values()) {
    const innerFields = fieldsOf(inner);
    if (innerFields.size > 0 && isEnough(innerFields)) return innerFields;
  }
  return fields;
}

function sectionFields(text: string, reading: AnswerReading): AnswerFields {
  const sections = readSections(text, { ...COMMON_HEADINGS, ...reading.headings });
  const fields: [string, unknown][] = [...sections].map(([name, { inline, items, text }]) => {
    if (reading.lines?.includes(name)) return [name, inline || (items[0] ?? "")];
    if (TEXT_FIELDS.has(name)) return [name, name === "summary" ? text : inline || text];
    if (Object.hasOwn(COMMON_HEADINGS, name)) return [name, items];
    return [name, items.length > 1 ? items : items[0] ?? ""];
  });
  return fieldsOf(Object.fromEntries(fields));
}

function toAnswer(
  parse: FeedbackParse,
  fields: AnswerFields,
  raw: string,
  reading: AnswerReading,
): CriticAnswer {
  return {
    parse,
    fields,
    needsImprovement: readBoolean(field(fields, "needsImprovement")),
    score: readScore(field(fields, "score"), reading.scale ?? DEFAULT_SCALE),
    confidence: readScore(field(fields, "confidence"), 1),
    summary: readText(field(fields, "summary")),
    issues: itemsOf(fields, "issues"),
    suggestions: itemsOf(fields, "suggestions"),
    raw,
    truncated: false,
    problem: undefined,
  };
}

function itemsOf(fields: AnswerFields, name: string): readonly FeedbackItem[] {
  const value = field(fields, name);
  return value === undefined ? [] : readFeedbackItems(value);
}

function unreadable(raw: string, text: string, reading: AnswerReading): CriticAnswer {
  const missing = reading.missing ?? '"needsImprovement" (true or false) is required';
  const found = text.trim() === ""
    ? "the answer is empty"
    : "no JSON object with the fields asked for was found";
  return {
    ...toAnswer("none", new Map(), raw, reading),
    summary: shorten(text.trim(), LONGEST_SUMMARY),
    problem: `${found}; ${missing}`,
  };
}

function show(answer: unknown): string {
  try {
    return JSON.stringify(answer) ?? "";
  } catch {
    return "";
  }
}
