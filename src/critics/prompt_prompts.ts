/**
 * What the Prompt critic asks its model.
 *
 * @module
 */

import { type AnswerFormat, answerFormat, listOf, SCORE, TEXT, WHOLE } from "./answer_format.ts";
import { critiquePrompt } from "./critique_prompt.ts";
import { hasVerdict } from "./parse_answer.ts";
import { field } from "./read_fields.ts";
import type { CriticSession } from "./session.ts";

/** The role in every call. */
export const PROMPT_ROLE =
  "You examine texts by given criteria. You are fair, you point to the words that you mean, and you " +
  "say how to do better.";

/** The form of an answer. */
export const CRITERIA_FORMAT: AnswerFormat = answerFormat({
  fields: {
    criteria: {
      schema: listOf({ criterion: WHOLE, score: SCORE, comment: TEXT }),
      meaning:
        "one entry for each criterion: criterion, its number; score, a whole number from 0 (fails it) to 10 (meets " +
        "it fully); comment, why, in a sentence",
    },
  },
  example: { criteria: [{ criterion: 1, score: 6, comment: "The second paragraph needs two readings." }] },
  reading: {
    isEnough: (fields) => Array.isArray(field(fields, "criteria")) || hasVerdict(fields),
    headings: { criteria: ["criterion", "scores by criterion"] },
  },
});

/** Asks for a critique by criteria. */
export function criteriaPrompt(session: CriticSession, criteria: readonly string[]): string {
  return critiquePrompt(session, {
    opening: "Examine a text by criteria.",
    sections: [`The criteria, with their numbers:\n${criteriaLines(criteria)}`],
    closing: [
      "Score each criterion by itself. What no criterion asks for is no fault.",
      "An issue says what is wrong and quotes the words; a suggestion says exactly what to do instead.",
    ].join("\n"),
  });
}

/** The criteria, a line each, numbered. */
export function criteriaLines(criteria: readonly string[]): string {
  return criteria.map((criterion, index) => `${index + 1}. ${criterion.replace(/\s+/g, " ")}`).join("\n");
}
