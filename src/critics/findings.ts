/**
 * What a critique found, before it is labelled with who found it and what that cost.
 *
 * @module
 */

import type { CriticFeedbackInit } from "../thought/critic_feedback.ts";
import { type CriticAnswer, verdictOf } from "./parse_answer.ts";

/** Feedback without its critic and its cost, which the base class adds. */
export type Findings = Omit<CriticFeedbackInit, "critic" | "usage" | "modelCalls" | "durationMs" | "error">;

/**
 * Makes findings of an answer.
 *
 * @param answer What was read.
 * @param passScore From this score on the text is good enough, 0 to 1.
 * @returns The findings.
 */
export function findingsOf(answer: CriticAnswer, passScore: number): Findings {
  return {
    summary: answer.summary,
    needsImprovement: verdictOf(answer, passScore),
    score: answer.score,
    confidence: answer.confidence,
    issues: answer.issues,
    suggestions: answer.suggestions,
    raw: answer.raw,
    parse: answer.parse,
    metadata: {
      ...(answer.confidence === undefined ? {} : { confidenceSource: "selfReported" }),
      ...(answer.truncated ? { truncated: true } : {}),
    },
  };
}
