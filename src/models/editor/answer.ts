/**
 * Puts the editor's remarks into the form that a critic asks for.
 *
 * @module
 */

import type { EditRemark } from "./request.ts";
import { splitSentences } from "./split_sentences.ts";

const BEST_SCORE = 10;

/**
 * Makes the answer to a critic.
 *
 * @param draft The text that was reviewed.
 * @param remarks What can be better in it.
 * @param schema The form asked for; fields in it that the editor knows nothing of are left empty.
 * @returns The answer's object.
 */
export function answerOf(
  draft: string,
  remarks: readonly EditRemark[],
  schema: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const count = remarks.length;
  const summary = count === 0
    ? "No rule of the editor's finds anything to change."
    : `${count} ${count === 1 ? "place" : "places"} can be worded better.`;
  const suggestions = [...new Set(remarks.map((remark) => remark.suggestion))];
  const known: Readonly<Record<string, unknown>> = {
    needsImprovement: count > 0,
    score: Math.round(BEST_SCORE * (1 - count / (count + splitSentences(draft).length || 1))),
    summary,
    issues: remarks.map(({ text, quote }) => ({ text, severity: "low", quote })),
    suggestions: suggestions.map((text) => ({ text })),
    diagnosis: summary,
    plan: suggestions,
    stop: count === 0,
  };
  const { properties } = schema as { properties?: Readonly<Record<string, { readonly type?: unknown }>> };
  const names = Object.keys(properties ?? known);
  return Object.fromEntries(names.map((name) => [name, known[name] ?? emptyOf(properties?.[name]?.type)]));
}

function emptyOf(type: unknown): unknown {
  switch (type) {
    case "array":
      return [];
    case "object":
      return {};
    case "boolean":
      return false;
    case "integer":
    case "number":
      return 0;
    default:
      return "";
  }
}
