/**
 * What {@linkcode ContentValidator} says of what it found.
 *
 * @module
 */

import { quote } from "../text/excerpt.ts";
import type { Severity } from "../thought/critic_feedback.ts";
import type { JsonObject } from "../thought/frozen.ts";
import { ValidationResult } from "../thought/validation_result.ts";
import type { CheckedContent, CheckedItem } from "./content_options.ts";
import { counted, sentence } from "./wording.ts";

/** How many excerpts an issue shows. */
export const EXCERPTS = 3;
/** How many code units of context an excerpt has on each side. */
const AROUND = 20;

/** What was found of one item. */
export interface ContentFinding {
  /** The item. */
  readonly item: CheckedItem;
  /** How often it occurs. */
  count: number;
  /** Where its first occurrences begin and end in the original text, in UTF-16 units. */
  readonly spans: (readonly [number, number])[];
}

const ORDER: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2 };

/**
 * Makes the result.
 *
 * @param text The text, as it was given.
 * @param findings What was found of each item.
 * @param settings The validator's settings.
 * @returns The result.
 */
export function contentResult(
  text: string,
  findings: readonly ContentFinding[],
  settings: CheckedContent["settings"],
): ValidationResult {
  const occurring = findings.filter(({ item, count }) => !item.required && count > 0).sort(bySeverity);
  const required = findings.filter(({ item }) => item.required);
  const missing = required.filter(({ count }) => count === 0).sort(bySeverity);
  const anyWillDo = settings.requireMode === "any" && required.length > 0;
  const lacking = anyWillDo && missing.length < required.length ? [] : missing;
  const rules = findings.length - (anyWillDo ? required.length - 1 : 0);
  const broken = occurring.length + (anyWillDo ? Math.min(lacking.length, 1) : lacking.length);
  const passed = broken === 0;
  return new ValidationResult({
    validator: settings.name,
    passed,
    score: passed ? 1 : (rules - broken) / rules,
    message: passed
      ? passedMessage(findings.length - required.length, required.length, anyWillDo)
      : `The text breaks ${broken} of ${counted(rules, "content rule")}.`,
    issues: [
      ...occurring.map((finding) => prohibitedIssue(text, finding)),
      ...missingIssues(lacking, anyWillDo),
    ],
    suggestions: [
      ...occurring.map(({ item }) => `Replace or remove ${named(item)}.`),
      ...missingSuggestions(lacking, anyWillDo),
    ],
    metadata: { matches: matchesOf(text, findings, settings.maxMatchesReported), rules, broken },
  });
}

function passedMessage(prohibited: number, required: number, anyWillDo: boolean): string {
  const parts: string[] = [];
  if (prohibited > 0) parts.push(`none of ${counted(prohibited, "prohibited item")}`);
  if (required > 0) {
    parts.push(`${anyWillDo ? "at least one of" : "all of"} ${counted(required, "required item")}`);
  }
  return `The text contains ${parts.join(" and ")}.`;
}

function prohibitedIssue(text: string, { item, count, spans }: ContentFinding): string {
  const excerpts = spans.slice(0, EXCERPTS).map((span) => quote(text, span, AROUND)).join(", ");
  return sentence(
    `Prohibited: ${named(item)} occurs ${count === 1 ? "once" : `${count} times`}: ${excerpts}`,
  );
}

function missingIssues(missing: readonly ContentFinding[], anyWillDo: boolean): string[] {
  if (missing.length === 0) return [];
  return anyWillDo
    ? [sentence(`Missing: at least one of ${missing.map(({ item }) => named(item)).join(", ")}`)]
    : missing.map(({ item }) => sentence(`Missing: ${named(item)}`));
}

function missingSuggestions(missing: readonly ContentFinding[], anyWillDo: boolean): string[] {
  if (missing.length === 0) return [];
  return anyWillDo
    ? [`Include at least one of ${missing.map(({ item }) => named(item)).join(", ")}.`]
    : missing.map(({ item }) => `Include ${named(item)}.`);
}

function named({ label }: CheckedItem): string {
  return `"${label}"`;
}

function bySeverity(one: ContentFinding, other: ContentFinding): number {
  return ORDER[one.item.severity] - ORDER[other.item.severity];
}

function matchesOf(text: string, findings: readonly ContentFinding[], most: number): JsonObject[] {
  const matches: JsonObject[] = [];
  // Prohibited items stand first, so they are listed first.
  for (const { item, spans } of findings) {
    for (const [start, end] of spans) {
      if (matches.length >= most) return matches;
      const { label, severity, required } = item;
      matches.push({
        rule: label,
        kind: required ? "required" : "prohibited",
        severity,
        start,
        end,
        excerpt: quote(text, [start, end]).slice(1, -1),
      });
    }
  }
  return matches;
}
