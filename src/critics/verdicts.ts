/**
 * What was found about each principle, and what that comes to.
 *
 * @module
 */

import type { FeedbackItem, Severity } from "../thought/critic_feedback.ts";
import { type CriticAnswer, verdictOf } from "./parse_answer.ts";
import type { Principle } from "./principles.ts";
import { containsQuote } from "./quote.ts";
import { type AnswerFields, field, fieldsOf, readBoolean, readSeverity, readText } from "./read_fields.ts";
import { gravest } from "./similar.ts";

/**
 * What was found about one principle. `unconfirmed`: a violation is claimed with a quotation that is not in the text.
 * `unknown`: the call failed, or its answer could not be read; that is not the same as satisfied.
 */
export interface PrincipleVerdict {
  /** The principle's place in the constitution, from 1. */
  readonly principle: number;
  /** What it is called. */
  readonly id: string;
  /** What was found. */
  readonly status: "satisfied" | "violated" | "unconfirmed" | "unknown";
  /** How grave it is. */
  readonly severity?: Severity;
  /** The words that violate it. */
  readonly quote?: string;
  /** Why. */
  readonly explanation: string;
  /** How to revise the text. */
  readonly revisionRequest?: string;
}

/**
 * Reads a verdict.
 *
 * @param fields The fields of the verdict.
 * @param principle The principle it is about.
 * @param text The text that was examined, for its quotations.
 * @returns The verdict, or `undefined` when it does not say whether the principle is violated.
 */
function readVerdict(
  fields: AnswerFields,
  principle: Principle,
  text: string,
): PrincipleVerdict | undefined {
  const violated = readBoolean(field(fields, "violated"));
  if (violated === undefined) return undefined;
  const explanation = readText(field(fields, "explanation"));
  if (!violated) return { principle: principle.number, id: principle.id, status: "satisfied", explanation };
  const quote = readText(field(fields, "quote"));
  const revisionRequest = readText(field(fields, "revisionRequest")) || (principle.revisionRequest ?? "");
  const isConfirmed = quote === "" || containsQuote(text, quote);
  return {
    principle: principle.number,
    id: principle.id,
    status: isConfirmed ? "violated" : "unconfirmed",
    severity: isConfirmed ? readSeverity(field(fields, "severity")) ?? "medium" : "low",
    ...(quote === "" ? {} : { quote }),
    explanation,
    ...(revisionRequest === "" ? {} : { revisionRequest }),
  };
}

/** Reads the verdicts of an answer, by the number of the principle; one without a number counts where only one was asked. */
export function readVerdicts(
  answer: CriticAnswer,
  asked: readonly Principle[],
  text: string,
): PrincipleVerdict[] {
  const value = field(answer.fields, "verdicts");
  const entries: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const verdicts = entries.flatMap((entry, index) => {
    const fields = fieldsOf(entry);
    const principle = asked.length === 1
      ? (index === 0 ? asked[0] : undefined)
      : findPrinciple(fields, asked);
    return principle === undefined ? [] : readVerdict(fields, principle, text) ?? [];
  });
  if (verdicts.length > 0 || asked.length !== 1) return verdicts;
  const [principle] = asked;
  const verdict = readVerdict(answer.fields, principle!, text) ?? generalVerdict(answer, principle!, text);
  return verdict === undefined ? [] : [verdict];
}

function findPrinciple(fields: AnswerFields, asked: readonly Principle[]): Principle | undefined {
  const given = field(fields, "principle") ?? field(fields, "index") ?? field(fields, "id");
  const name = readText(given).toLowerCase();
  const number = Number(/^\D{0,20}(\d{1,4})\b/.exec(name)?.[1]);
  return asked.find((one) => one.id.toLowerCase() === name) ?? asked.find((one) => one.number === number);
}

/** A model that answers in the common form alone has still said whether the one principle is kept. */
function generalVerdict(
  answer: CriticAnswer,
  principle: Principle,
  text: string,
): PrincipleVerdict | undefined {
  // A score says how good a text is, not whether it violates something.
  const violated = verdictOf({ ...answer, score: undefined }, 1);
  if (answer.parse === "none" || violated === undefined) return undefined;
  const [issue] = answer.issues;
  return readVerdict(
    fieldsOf({
      violated,
      severity: gravest(answer.issues.map((one) => one.severity)),
      quote: issue?.quote,
      explanation: issue?.text ?? answer.summary,
      revisionRequest: answer.suggestions.map((one) => one.text).join(" "),
    }),
    principle,
    text,
  );
}

/** The verdict on a principle that nothing is known about. */
export function unknownVerdict(principle: Principle, explanation: string): PrincipleVerdict {
  return { principle: principle.number, id: principle.id, status: "unknown", explanation };
}

/** Whether a verdict asks for a change, confirmed or not. */
export function isViolation(verdict: PrincipleVerdict): boolean {
  return verdict.status === "violated" || verdict.status === "unconfirmed";
}

/**
 * Decides whether the text needs improvement.
 *
 * @param verdicts What was found.
 * @param strict Whether any violation counts, or only those of medium and high severity.
 * @returns The decision; `undefined` where no violation counts and not everything is known.
 */
export function decide(verdicts: readonly PrincipleVerdict[], strict: boolean): boolean | undefined {
  if (verdicts.some((verdict) => isViolation(verdict) && (strict || verdict.severity !== "low"))) return true;
  return verdicts.some((verdict) => verdict.status === "unknown") ? undefined : false;
}

/**
 * The weighted share of satisfied principles among those something is known about.
 *
 * @param verdicts What was found.
 * @param principles The constitution.
 * @returns The share, or `undefined` when nothing is known.
 */
export function scoreOf(
  verdicts: readonly PrincipleVerdict[],
  principles: readonly Principle[],
): number | undefined {
  let known = 0;
  let satisfied = 0;
  for (const { principle, status } of verdicts) {
    const weight = principles[principle - 1]?.weight ?? 1;
    if (status !== "unknown") known += weight;
    if (status === "satisfied") satisfied += weight;
  }
  return known === 0 ? undefined : satisfied / known;
}

const RANKS = { high: 0, medium: 1, low: 2 };

/** The violations, gravest first, in the order of the constitution where equal. */
export function violationsOf(verdicts: readonly PrincipleVerdict[]): PrincipleVerdict[] {
  return verdicts.filter(isViolation).sort((a, b) => {
    return RANKS[a.severity ?? "medium"] - RANKS[b.severity ?? "medium"] || a.principle - b.principle;
  });
}

/** A violation as a remark. */
export function toIssue(verdict: PrincipleVerdict): FeedbackItem {
  const note = verdict.status === "unconfirmed" ? " (unconfirmed: the quoted words are not in the text)" : "";
  return {
    text: `${verdict.id}: ${verdict.explanation || "the principle is violated"}${note}`,
    ...(verdict.severity === undefined ? {} : { severity: verdict.severity }),
    ...(verdict.quote === undefined || note !== "" ? {} : { quote: verdict.quote }),
  };
}
