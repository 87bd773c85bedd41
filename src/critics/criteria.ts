/**
 * What a text is judged by where a critic takes criteria: lists that are ready, and the reading of what was said about each.
 *
 * @module
 */

import { readScore } from "../text/score.ts";
import { type AnswerFields, field, fieldsOf, readText } from "./read_fields.ts";

/**
 * Lists of criteria by the kind of text.
 *
 * @example
 * ```ts
 * import { CRITERIA } from "@sifaka/sifaka/critics";
 *
 * console.log(CRITERIA.general.length); // 4
 * ```
 */
export const CRITERIA: Readonly<
  Record<"general" | "academic" | "business" | "creative", readonly string[]>
> = Object.freeze({
  general: Object.freeze([
    "Task: the text does what was asked, completely",
    "Accuracy: what is said is true, and agrees with the documents where there are any",
    "Clarity: a reader of the intended kind understands each sentence at the first reading",
    "Structure: the parts are in an order that helps, and none repeats another",
  ]),
  academic: Object.freeze([
    "Thesis: the claim is stated early and is precise enough to be wrong",
    "Evidence: each claim that needs support has it, with its source",
    "Argument: each step follows from the one before, and objections are met",
    "Register: terms are used in their technical sense, without ornament",
  ]),
  business: Object.freeze([
    "Purpose: the reader knows from the first lines what is wanted and why",
    "Action: it is said who does what by when",
    "Brevity: nothing could be left out without loss",
    "Tone: polite, direct and free of jargon that the reader does not share",
  ]),
  creative: Object.freeze([
    "Voice: the text could not have been written by anyone",
    "Images: what is told can be seen, heard or felt",
    "Movement: something is different at the end",
    "Language: the rhythm fits what happens, and no phrase is worn out",
  ]),
});

/** What was said about one criterion. */
export interface CriterionScore {
  /** The criterion. */
  readonly name: string;
  /** Its score, 0 to 1; `undefined` when none could be read. */
  readonly score: number | undefined;
  /** Why. */
  readonly comment: string;
}

/**
 * Reads what was said about each criterion, by its number, else by its words.
 *
 * @param fields The fields of the answer.
 * @param criteria What was asked about.
 * @returns An entry for each criterion, in the order asked.
 */
export function readCriteria(fields: AnswerFields, criteria: readonly string[]): CriterionScore[] {
  const value = field(fields, "criteria");
  const list: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const entries = list.map(readEntry);
  return criteria.map((name, index) => {
    const entry = entries.find((one) => one.number === index + 1) ??
      entries.find((one) => one.number === undefined && isAbout(one.label, name));
    return { name, score: entry?.score, comment: entry?.comment ?? "" };
  });
}

interface Entry {
  readonly number: number | undefined;
  readonly label: string;
  readonly score: number | undefined;
  readonly comment: string;
}

/** An object with its fields, or a line such as "2. Clarity: 7/10 - long sentences". */
function readEntry(entry: unknown): Entry {
  const fields = fieldsOf(entry);
  if (fields.size > 0) {
    const label = readText(field(fields, "criterion") ?? field(fields, "name"));
    const comment = readText(field(fields, "comment") ?? field(fields, "reason"));
    return { ...numbered(label), score: readScore(field(fields, "score"), 10), comment };
  }
  const line = readText(entry);
  // A criterion and a comment may have colons of their own: the one that counts stands before the score.
  const colons = [...line.matchAll(/:/g)].map(({ index }) => index);
  const colon = colons.find((place) => readScore(line.slice(place + 1).trim(), 10) !== undefined) ??
    colons.at(-1) ?? -1;
  const rest = colon < 0 ? "" : line.slice(colon + 1).trim();
  const score = readScore(rest, 10);
  const comment = score === undefined ? rest : rest.replace(/^[^\p{L}]*/u, "");
  return { ...numbered(colon < 0 ? line : line.slice(0, colon)), score, comment };
}

function numbered(label: string): Pick<Entry, "number" | "label"> {
  const number = /^\s*(?:criterion\s*)?#?(\d{1,3})\b/i.exec(label)?.[1];
  return { number: number === undefined ? undefined : Number(number), label };
}

function isAbout(label: string, criterion: string): boolean {
  const [said, asked] = [bare(label), bare(criterion)];
  return said !== "" && (asked === said || asked.startsWith(`${said} `) || bare(head(criterion)) === said);
}

function head(criterion: string): string {
  return criterion.split(":", 1)[0]!;
}

function bare(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
