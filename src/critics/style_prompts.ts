/**
 * What the Style critic asks its model.
 *
 * @module
 */

import { fence } from "../text/fence.ts";
import type { FeedbackItem } from "../thought/critic_feedback.ts";
import { readScore } from "../text/score.ts";
import { type AnswerFormat, answerFormat, listOf, SCORE, SEVERITY, TEXT } from "./answer_format.ts";
import { critiquePrompt } from "./critique_prompt.ts";
import { type CriticAnswer, hasVerdict } from "./parse_answer.ts";
import { containsQuote } from "./quote.ts";
import { field, fieldsOf, readSeverity, readText } from "./read_fields.ts";
import type { CriticSession } from "./session.ts";
import {
  DIMENSIONS,
  type Measured,
  measureLines,
  shortenAtSentences,
  type StyleDimension,
} from "./style_alignment.ts";

/** The role in every call. */
export const STYLE_ROLE =
  "You compare how texts are written. What a text says, and whether it is true, is not your concern: you " +
  "look at its words, its sentences and its tone alone.";

const DIMENSION = { type: "string", enum: DIMENSIONS } as const;

/** The form of an answer. */
export const STYLE_FORMAT: AnswerFormat = answerFormat({
  fields: {
    dimensions: {
      schema: listOf({ dimension: DIMENSION, comment: TEXT, score: SCORE }),
      meaning:
        "one entry for each of vocabulary, structure and tone: dimension; comment, what is alike and what is not; score, a " +
        "whole number from 0 to 10",
    },
    rewrites: {
      schema: listOf({ quote: TEXT, rewrite: TEXT, dimension: DIMENSION, severity: SEVERITY }),
      meaning:
        "what is out of style, one entry for each: quote, the exact words of the text; rewrite, the same content in the style " +
        "asked for; dimension; severity (low, medium or high)",
    },
    issues: {
      schema: listOf({ text: TEXT, severity: SEVERITY, quote: TEXT }),
      meaning: "an empty list: what is out of style stands in rewrites",
    },
  },
  example: {
    issues: [],
    dimensions: [
      { dimension: "vocabulary", comment: "Plain words in both.", score: 8 },
      { dimension: "structure", comment: "Its sentences are twice as long.", score: 5 },
      { dimension: "tone", comment: "Both address the reader.", score: 9 },
    ],
    rewrites: [{
      quote: "It is to be noted that the door must be closed",
      rewrite: "Close the door",
      dimension: "structure",
      severity: "medium",
    }],
  },
  reading: {
    isEnough: (fields) => Array.isArray(field(fields, "dimensions")) || hasVerdict(fields),
    headings: { dimensions: ["scores"], rewrites: ["rewrite", "out of style"] },
  },
});

/** What the text should be like. */
export interface StyleTarget {
  /** A text in the style. */
  readonly reference: string | undefined;
  /** The style in words. */
  readonly description: string | undefined;
  /** Short examples of the style. */
  readonly examples: readonly string[];
}

const REFERENCE_TOKENS = 2_000;
const EXAMPLES_TOKENS = 2_000;

/** Asks for a comparison. */
export function stylePrompt(
  session: CriticSession,
  target: StyleTarget,
  measured: Measured | undefined,
): string {
  const { reference, description, examples } = target;
  const each = Math.floor(EXAMPLES_TOKENS / Math.max(1, examples.length));
  return critiquePrompt(session, {
    opening: "Examine whether a text is written in a given style.",
    sections: [
      ...(description === undefined ? [] : [`The style:\n${fence("style", description)}`]),
      ...(reference === undefined
        ? []
        : [`A text in that style:\n${fence("reference", shortenAtSentences(reference, REFERENCE_TOKENS))}`]),
      ...(examples.length === 0
        ? []
        : [`Examples of that style:\n${
          examples.map((text) => fence("example", shortenAtSentences(text, each))).join("\n")
        }`]),
      ...(measured === undefined
        ? []
        : [`What was measured in the text to examine. These are facts:\n${measureLines(measured)}`]),
    ],
    closing: [
      "Score each dimension by itself. vocabulary: the choice of words. structure: sentences, paragraphs, lists. tone: how the writer " +
      "speaks to the reader. 0: nothing of the style is there. 5: a reader would notice that another hand has written it. 10: it could " +
      "stand in a text of that style.",
      "For what is out of style give the exact words and the same content rewritten. Content and facts are out of scope: neither " +
      "criticise nor change what is said.",
    ].join("\n"),
  });
}

/** Reads the scores of the dimensions, 0 to 1. */
export function readStyleScores(answer: CriticAnswer): Partial<Record<StyleDimension, number>> {
  const list = field(answer.fields, "dimensions");
  const entries = (Array.isArray(list) ? list as unknown[] : []).map((entry) => fieldsOf(entry));
  return Object.fromEntries(DIMENSIONS.flatMap((name) => {
    const entry = entries.find((fields) => {
      return readText(field(fields, "dimension") ?? field(fields, "name")).toLowerCase() === name;
    });
    const score = entry && readScore(field(entry, "score"), 10);
    return score === undefined ? [] : [[name, score]];
  }));
}

/** What is out of style: only what the text really says. */
export function readRewrites(
  answer: CriticAnswer,
  text: string,
): { readonly issues: FeedbackItem[]; readonly suggestions: FeedbackItem[]; readonly dropped: number } {
  const list = field(answer.fields, "rewrites");
  const entries = (Array.isArray(list) ? list as unknown[] : []).map((entry) => {
    const fields = fieldsOf(entry);
    const severity = readSeverity(field(fields, "severity"));
    return {
      quote: readText(field(fields, "quote")),
      rewrite: readText(field(fields, "rewrite")),
      dimension: readText(field(fields, "dimension")) || "style",
      ...(severity === undefined ? {} : { severity }),
    };
  });
  const found = entries.filter(({ quote, rewrite }) =>
    rewrite !== "" && rewrite !== quote && containsQuote(text, quote)
  );
  // An answer in the common form alone has said as much, where its words are in the text.
  const others = answer.issues.filter(({ quote = "" }) => containsQuote(text, quote));
  return {
    issues: [
      ...found.map(({ quote, dimension, severity }) => ({
        text: `Out of style (${dimension}): "${quote}"`,
        quote,
        ...(severity === undefined ? {} : { severity }),
      })),
      ...others,
    ],
    suggestions: [
      ...found.map(({ quote, rewrite }) => ({ text: `Instead of "${quote}" write "${rewrite}"`, quote })),
      ...answer.suggestions,
    ],
    dropped: entries.length - found.length + answer.issues.length - others.length,
  };
}
