/**
 * What a critic says about a text.
 *
 * @module
 */

import { checkFailure, type Failure } from "./failure.ts";
import { checkMetadata, EMPTY_LIST, EMPTY_OBJECT, jsonFields, type JsonObject } from "./frozen.ts";
import {
  checkChoice,
  checkCount,
  checkFields,
  checkList,
  checkName,
  checkNumber,
  checkString,
  fieldNames,
  Place,
} from "./place.ts";
import { checkUsage, type Usage } from "./usage.ts";

/** How much a remark matters. */
export type Severity = "low" | "medium" | "high";

/** One thing that a critic found or asks for. */
export interface FeedbackItem {
  /** What it is. */
  readonly text: string;
  /** How much it matters. */
  readonly severity?: Severity;
  /** The words of the draft that it is about. */
  readonly quote?: string;
  /** Where in the draft, in the critic's words. */
  readonly location?: string;
}

/** How a critic's answer was read: as JSON, as prose under headings, or not at all. */
export type FeedbackParse = "structured" | "sections" | "none";

/** What a {@linkcode CriticFeedback} is made of. All but `critic` may be left out. */
export interface CriticFeedbackInit {
  /** The critic, by its name. */
  readonly critic: string;
  /** The main text. @default "" */
  readonly summary?: string;
  /** Whether the text should be changed; `undefined` when no verdict could be read. */
  readonly needsImprovement?: boolean | undefined;
  /** How good the text is, 0 to 1. */
  readonly score?: number;
  /** How sure the critic is, 0 to 1; only where it has a source. */
  readonly confidence?: number;
  /** What is wrong; a string stands for an item of that text. @default [] */
  readonly issues?: readonly (string | FeedbackItem)[];
  /** What to do; a string stands for an item of that text. @default [] */
  readonly suggestions?: readonly (string | FeedbackItem)[];
  /** What the model answered; cut after 65,536 UTF-16 code units. */
  readonly raw?: string;
  /** How the answer was read. @default "structured" */
  readonly parse?: FeedbackParse;
  /** What the calls consumed. */
  readonly usage?: Usage;
  /** How many calls were made. @default the calls of `usage`, else 0 */
  readonly modelCalls?: number;
  /** How long the critique took, in milliseconds. */
  readonly durationMs?: number;
  /** Further facts; JSON. @default {} */
  readonly metadata?: JsonObject;
  /** What must reach the next prompt as it is, for example a reflection. */
  readonly forGenerator?: string;
  /** Why the critique could not be made. */
  readonly error?: Failure;
}

/** Under which name feedback is kept. */
export interface FeedbackLabel {
  /** The critic's name in its chain. */
  readonly critic?: string;
  /** How long the critique took, in milliseconds, where the feedback does not say. */
  readonly durationMs?: number;
}

/**
 * What a critic says about a text. It cannot be changed, its strings are trimmed, and no remark stands in it twice.
 *
 * @example
 * ```ts
 * import { CriticFeedback } from "@sifaka/sifaka";
 *
 * const feedback = new CriticFeedback({ critic: "tone", needsImprovement: true, issues: ["The opening is vague."] });
 * console.log(feedback.issues[0]?.text); // "The opening is vague."
 * ```
 */
export class CriticFeedback {
  /** The critic, by its name. */
  readonly critic: string;
  /** The main text. */
  readonly summary: string;
  /** Whether the text should be changed; `undefined` when no verdict could be read. */
  readonly needsImprovement: boolean | undefined;
  /** How good the text is, 0 to 1. */
  readonly score?: number;
  /** How sure the critic is, 0 to 1. */
  readonly confidence?: number;
  /** What is wrong. */
  readonly issues: readonly FeedbackItem[];
  /** What to do. */
  readonly suggestions: readonly FeedbackItem[];
  /** What the model answered. */
  readonly raw?: string;
  /** How the answer was read. */
  readonly parse: FeedbackParse;
  /** What the calls consumed. */
  readonly usage?: Usage;
  /** How many calls were made. */
  readonly modelCalls: number;
  /** How long the critique took, in milliseconds. */
  readonly durationMs?: number;
  /** Further facts. */
  readonly metadata: JsonObject;
  /** What must reach the next prompt as it is. */
  readonly forGenerator?: string;
  /** Why the critique could not be made. */
  readonly error?: Failure;

  /**
   * Makes feedback.
   *
   * @param init What was found.
   * @throws {ConfigurationError} When a field is unknown or wrong.
   */
  constructor(init: CriticFeedbackInit) {
    const checked = init instanceof CheckedFeedback ? init : new CheckedFeedback(MAKING, init);
    this.critic = checked.critic;
    this.summary = checked.summary;
    this.needsImprovement = checked.needsImprovement;
    this.score = checked.score;
    this.confidence = checked.confidence;
    this.issues = checked.issues;
    this.suggestions = checked.suggestions;
    this.raw = checked.raw;
    this.parse = checked.parse;
    this.usage = checked.usage;
    this.modelCalls = checked.modelCalls;
    this.durationMs = checked.durationMs;
    this.metadata = checked.metadata;
    this.forGenerator = checked.forGenerator;
    this.error = checked.error;
    Object.freeze(this);
  }

  /**
   * Makes feedback of what a critic gave, and puts its label on it.
   *
   * @param value Feedback, or what it is made of.
   * @param label The critic's name in its chain, and how long the critique took.
   * @returns The same feedback where the label changes nothing.
   * @throws {ConfigurationError} When a field is unknown or wrong.
   */
  static of(value: CriticFeedbackInit, label: FeedbackLabel = {}): CriticFeedback {
    if (value instanceof CriticFeedback) {
      const same = (label.critic ?? value.critic) === value.critic;
      if (same && (label.durationMs === undefined || value.durationMs !== undefined)) return value;
    }
    const { critic = value.critic, durationMs } = label;
    return new CriticFeedback({ ...value, critic, durationMs: value.durationMs ?? durationMs });
  }

  /** The feedback as JSON. */
  toJSON(): JsonObject {
    return jsonFields(this);
  }

  /**
   * Reads what `toJSON` wrote.
   *
   * @param value The JSON.
   * @returns The feedback. Fields that this version does not know stand in `metadata.$extra`.
   * @throws {StorageError} When it is no feedback; the message names the field.
   */
  static fromJSON(value: unknown): CriticFeedback {
    return makeFeedback(Place.reading("CriticFeedback"), value);
  }
}

const MAKING = Place.making("CriticFeedback");
const FIELDS = fieldNames(
  "critic",
  "summary",
  "needsImprovement",
  "score",
  "confidence",
  "issues",
  "suggestions",
  "raw",
  "parse",
  "usage",
  "modelCalls",
  "durationMs",
  "metadata",
  "forGenerator",
  "error",
);
const ITEM_FIELDS = fieldNames("text", "severity", "quote", "location");
const SEVERITIES: readonly Severity[] = ["low", "medium", "high"];
const PARSES: readonly FeedbackParse[] = ["structured", "sections", "none"];

/** The longest `raw`, in UTF-16 code units. */
const MAX_RAW_LENGTH = 65_536;

/** What has been checked and frozen, so that it need not be again. */
class CheckedFeedback implements CriticFeedbackInit {
  readonly critic: string;
  readonly summary: string;
  readonly needsImprovement: boolean | undefined;
  readonly score: number | undefined;
  readonly confidence: number | undefined;
  readonly issues: readonly FeedbackItem[];
  readonly suggestions: readonly FeedbackItem[];
  readonly raw: string | undefined;
  readonly parse: FeedbackParse;
  readonly usage: Usage | undefined;
  readonly modelCalls: number;
  readonly durationMs: number | undefined;
  readonly metadata: JsonObject;
  readonly forGenerator: string | undefined;
  readonly error: Failure | undefined;

  constructor(place: Place, value: unknown) {
    const given = checkFields(place, value, FIELDS);
    this.critic = checkName(place, "critic", given.critic);
    this.summary = checkString(place, "summary", given.summary, "").trim();
    const verdict = given.needsImprovement;
    this.needsImprovement = verdict === undefined || typeof verdict === "boolean"
      ? verdict
      : place.fail("needsImprovement", "be a boolean", verdict);
    this.score = checkNumber(place, "score", given.score, 0, 1);
    this.confidence = checkNumber(place, "confidence", given.confidence, 0, 1);
    this.issues = checkItems(place, "issues", given.issues);
    this.suggestions = checkItems(place, "suggestions", given.suggestions);
    this.raw = cut(checkString(place, "raw", given.raw, undefined));
    this.parse = checkChoice(place, "parse", given.parse, PARSES) ?? "structured";
    this.usage = checkUsage(place, "usage", given.usage);
    this.modelCalls = given.modelCalls === undefined
      ? this.usage?.modelCalls ?? 0
      : checkCount(place, "modelCalls", given.modelCalls);
    this.durationMs = checkNumber(place, "durationMs", given.durationMs, 0);
    this.forGenerator = checkString(place, "forGenerator", given.forGenerator, "").trim() || undefined;
    this.error = checkFailure(place, given.error);
    this.metadata = given.metadata === undefined && place.unknown === undefined
      ? EMPTY_OBJECT
      : checkMetadata(place, given.metadata);
  }
}

/** Trims items, and drops those that are blank or whose text stands there already. */
function checkItems(place: Place, field: string, value: unknown): readonly FeedbackItem[] {
  if (value === undefined) return EMPTY_LIST;
  const items = new Map<string, FeedbackItem>();
  checkList(place, field, value).forEach((item, index) => {
    const checked = checkItem(place.at(field).at(index), item);
    if (checked.text !== "" && !items.has(checked.text)) items.set(checked.text, checked);
  });
  return items.size === 0 ? EMPTY_LIST : Object.freeze([...items.values()]);
}

function checkItem(place: Place, value: unknown): FeedbackItem {
  if (typeof value === "string") return Object.freeze({ text: value.trim() });
  const given = checkFields(place, value, ITEM_FIELDS);
  const text = typeof given.text === "string"
    ? given.text.trim()
    : place.fail("text", "be a string", given.text);
  const severity = checkChoice(place, "severity", given.severity, SEVERITIES);
  const quote = checkString(place, "quote", given.quote, undefined);
  const location = checkString(place, "location", given.location, undefined);
  return Object.freeze({
    text,
    ...(severity === undefined ? {} : { severity }),
    ...(quote === undefined ? {} : { quote }),
    ...(location === undefined ? {} : { location }),
  });
}

/** Cuts an answer that is too long, but never inside a surrogate pair. */
function cut(raw: string | undefined): string | undefined {
  if (raw === undefined || raw.length <= MAX_RAW_LENGTH) return raw;
  const last = raw.charCodeAt(MAX_RAW_LENGTH - 1);
  return raw.slice(0, last >= 0xd800 && last <= 0xdbff ? MAX_RAW_LENGTH - 1 : MAX_RAW_LENGTH);
}

/**
 * Makes feedback of something unknown.
 *
 * @param place Where it stands.
 * @param value Feedback, or what it is made of.
 * @returns The same feedback where it is one.
 */
export function makeFeedback(place: Place, value: unknown): CriticFeedback {
  return value instanceof CriticFeedback ? value : new CriticFeedback(new CheckedFeedback(place, value));
}
