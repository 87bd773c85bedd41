/**
 * The claims of a text, and what documents say about them.
 *
 * @module
 */

import { readScore } from "../text/score.ts";
import type { Document } from "../thought/document.ts";
import type { CriticAnswer } from "./parse_answer.ts";
import { containsQuote } from "./quote.ts";
import { type AnswerFields, field, fieldsOf, readBoolean, readText } from "./read_fields.ts";

/** A claim that can be checked. */
export interface Claim {
  /** Its place, from 1. */
  readonly number: number;
  /** What it says. */
  readonly claim: string;
  /** The words of the text; "" where they are not in it. */
  readonly quote: string;
  /** What to look for. */
  readonly query: string;
}

/** What documents say about a claim. `unverifiable`: there was nothing to hold it against, or the check failed. */
export type Support = "fully" | "partially" | "no" | "contradicted" | "unverifiable";

/** A claim with what was found about it. */
export interface ClaimResult {
  /** The claim. */
  readonly claim: Claim;
  /** What documents say about it. */
  readonly support: Support;
  /** The words that decide. */
  readonly evidence: string;
  /** The document they are from. */
  readonly document: Document | undefined;
  /** What the claim should say. */
  readonly correction: string;
  /** Whether words were given as evidence that are in no document, so that they count for nothing. */
  readonly isDowngraded: boolean;
}

/** Reads the claims of a plan. */
export function readClaims(answer: CriticAnswer, text: string, most: number): Claim[] {
  const list = field(answer.fields, "claims");
  const entries: unknown[] = Array.isArray(list) ? list : list === undefined ? [] : [list];
  return entries.flatMap((entry) => {
    const fields = fieldsOf(entry);
    const claim = fields.size === 0
      ? readText(entry)
      : readText(field(fields, "claim") ?? field(fields, "text"));
    if (claim === "") return [];
    const quote = readText(field(fields, "quote"));
    const query = readText(field(fields, "query")) || claim;
    return [{ claim, quote: containsQuote(text, quote) ? quote : "", query }];
  }).slice(0, most).map((claim, index) => ({ ...claim, number: index + 1 }));
}

/** Reads which documents are relevant, by their numbers; only those the answer speaks of. */
export function readRelevance(answer: CriticAnswer, asked: readonly number[]): Map<number, boolean> {
  return new Map(
    entriesOf(answer, "document", asked).flatMap(({ number, fields }) => {
      const relevant = readBoolean(field(fields, "relevant"));
      return relevant === undefined ? [] : [[number, relevant]];
    }),
  );
}

/**
 * Reads what documents say about claims. Evidence counts only where its words are in a document.
 *
 * @param answer The answer.
 * @param asked The claims it is about.
 * @param documents The documents by number.
 * @returns The results, by the number of the claim; only those the answer speaks of.
 */
export function readSupport(
  answer: CriticAnswer,
  asked: readonly Claim[],
  documents: ReadonlyMap<number, Document>,
): Map<number, ClaimResult> {
  const numbers = asked.map(({ number }) => number);
  return new Map(
    entriesOf(answer, "claim", numbers).flatMap(({ number, fields }): [number, ClaimResult][] => {
      const said = readLevel(field(fields, "support"));
      if (said === undefined) return [];
      const claim = asked.find((one) => one.number === number)!;
      const evidence = readText(field(fields, "evidence"));
      const document = sourceFor(evidence, Number(readText(field(fields, "document"))), documents);
      const isDowngraded = said !== "no" && document === undefined;
      return [[number, {
        claim,
        support: isDowngraded ? "no" : said,
        evidence: document === undefined ? "" : evidence,
        document,
        correction: readText(field(fields, "correction")),
        isDowngraded,
      }]];
    }),
  );
}

/** The document that holds the words: the one that is named, else another. */
function sourceFor(
  evidence: string,
  named: number,
  documents: ReadonlyMap<number, Document>,
): Document | undefined {
  const first = documents.get(named);
  if (first !== undefined && containsQuote(first.text, evidence)) return first;
  return [...documents.values()].find((document) => containsQuote(document.text, evidence));
}

const LEVELS: readonly [RegExp, Support][] = [
  [/^contradict|^refut/, "contradicted"],
  [/^partial/, "partially"],
  [/^(?:no|none|not|un)\b|^no[ _-]|^unsupported/, "no"],
  [/^full|^supported|^complete/, "fully"],
];

function readLevel(value: unknown): Support | undefined {
  const word = readText(value).toLowerCase().replace(/^[\s*_"'[(]+/, "");
  return LEVELS.find(([pattern]) => pattern.test(word))?.[1];
}

/** The entries of "verdicts" by number; one without a number, or the answer itself, where only one was asked about. */
function entriesOf(
  answer: CriticAnswer,
  name: string,
  asked: readonly number[],
): { readonly number: number; readonly fields: AnswerFields }[] {
  const list = field(answer.fields, "verdicts");
  const entries = Array.isArray(list) && list.length > 0
    ? list.map((entry: unknown) => fieldsOf(entry))
    : [answer.fields];
  if (asked.length === 1) return [{ number: asked[0]!, fields: entries[0]! }];
  return entries.flatMap((fields) => {
    const number = Number(/\d+/.exec(readText(field(fields, name)))?.[0]);
    return asked.includes(number) ? [{ number, fields }] : [];
  });
}

/** Reads the utility, 1 to 5. */
export function readUtility(fields: AnswerFields): number | undefined {
  const share = readScore(field(fields, "utility"), 5);
  const level = share === undefined ? NaN : Math.round(share * 5 * 1e6) / 1e6;
  return Number.isInteger(level) && level >= 1 ? level : undefined;
}
