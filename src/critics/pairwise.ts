/**
 * The judgement of pairs: two things under the labels A and B, each pair in both orders, so that a judge who favours a place
 * contradicts itself and is found out.
 *
 * @module
 */

import { type AnswerField, type AnswerFormat, ownFormat, TEXT } from "./answer_format.ts";
import { type AnswerFields, field, readText } from "./read_fields.ts";

/** Which of two is better. */
export type Winner = "A" | "B" | "tie";

/**
 * The form of a judgement on a pair: the comparison first, the verdict last.
 *
 * @param more Fields between the two.
 * @param example What stands in them, in the example.
 * @returns The form.
 */
export function pairFormat(
  more: Readonly<Record<string, AnswerField>> = {},
  example: Readonly<Record<string, unknown>> = {},
): AnswerFormat {
  return ownFormat({
    fields: {
      reasoning: { schema: TEXT, meaning: "your comparison, step by step, before any verdict" },
      ...more,
      winner: {
        schema: { type: "string", enum: ["A", "B", "tie"] },
        meaning: 'which is better: "A", "B", or "tie" when neither is',
      },
    },
    example: {
      reasoning: "Both find the repetition. A quotes it, B does not say where it stands.",
      ...example,
      winner: "A",
    },
    reading: {
      isEnough: (fields) => readWinner(fields) !== undefined,
      missing: '"winner" ("A", "B" or "tie") is required',
      lines: ["winner"],
      headings: { winner: ["verdict", "better", "final verdict"], reasoning: ["comparison", "reasons"] },
    },
  });
}

/** Reads which is better; `undefined` where neither label nor a tie is named first. */
export function readWinner(fields: AnswerFields): Winner | undefined {
  const text = readText(field(fields, "winner") ?? field(fields, "verdict") ?? field(fields, "better"));
  if (/^[\s*_"'[(]*(?:it is |a )?(?:tie|draw|equal|neither)\b/i.test(text)) return "tie";
  const label = /^[\s*_"'[(]*(?:(?:text|judge?ment|answer|response)\s+)?["'[(]*([AB])\b/i.exec(text)?.[1];
  // "A" in lower case is a label only where nothing follows.
  if (label === undefined || (label === "a" && !/^\W*a\W*$/.test(text))) return undefined;
  return label.toUpperCase() as Winner;
}
