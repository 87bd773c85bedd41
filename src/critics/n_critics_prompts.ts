/**
 * What the N-Critics critic asks its members.
 *
 * @module
 */

import { fence } from "../text/fence.ts";
import type { FeedbackItem } from "../thought/critic_feedback.ts";
import { type AnswerFormat, answerFormat, listOf, SEVERITY, TEXT, WHOLES } from "./answer_format.ts";
import { critiquePrompt, itemLine } from "./critique_prompt.ts";
import type { Member } from "./n_critics_members.ts";
import { hasVerdict } from "./parse_answer.ts";
import type { CriticSession } from "./session.ts";

/** The role in every call. */
export const N_CRITICS_ROLE =
  "You are one of several readers who examine a text, each by themselves. You judge only what your part is, " +
  "you point to the words that you mean, and you say exactly what to change.";

/** The part of the model as the writer of the text. */
export const SELF_PART =
  "Your part: you have written this text yourself. Judge it as its writer: what did you want to say and did not, " +
  "where were you not sure, what would you do otherwise now?";

/** The form of a member's answer. */
export const MEMBER_FORMAT: AnswerFormat = answerFormat();

/** Says what a member's part is. */
export function memberPart({ name, role }: Member): string {
  return `Your part, ${name}: ${role}. Whatever else is wrong with the text is for the other readers.`;
}

/** Asks a member. Its part stands in the role too, so that a template of the user's own need not name it. */
export function memberPrompt(session: CriticSession, part: string): string {
  return critiquePrompt(session, {
    opening: "Examine a text in the part that is given to you.",
    sections: [part],
    closing: [
      "The score is for your part alone. 0: the text fails in it altogether. 5: it needs work before it can be used. 10: there " +
      "is nothing left to improve in it.",
      "You do not know what the other readers say, and you need not agree with them.",
    ].join("\n"),
  });
}

/** A remark with those who made it. */
export interface RaisedItem {
  /** What it says. */
  readonly item: FeedbackItem;
  /** Who made it. */
  readonly by: readonly string[];
}

/** The form of a synthesis. */
export const SYNTHESIS_FORMAT: AnswerFormat = answerFormat({
  fields: {
    issues: {
      schema: listOf({ text: TEXT, severity: SEVERITY, quote: TEXT, from: WHOLES }),
      meaning:
        "what is wrong, equal ones merged: text; severity (low, medium or high); quote, the exact words of the text, or " +
        '""; from, the numbers of the remarks that it stands for',
    },
    suggestions: {
      schema: listOf({ text: TEXT, from: WHOLES }),
      meaning: "what to do, equal ones merged: text; from, the numbers of the remarks that it stands for",
    },
  },
  example: {
    issues: [{
      text: "The third paragraph repeats the second.",
      severity: "medium",
      quote: "As has been said",
      from: [1, 4],
    }],
    suggestions: [{ text: "Delete the third paragraph.", from: [5] }],
  },
  reading: { isEnough: hasVerdict },
});

/** Asks for one account of what all members said. */
export function synthesisPrompt(
  session: CriticSession,
  issues: readonly RaisedItem[],
  suggestions: readonly RaisedItem[],
): string {
  const lines = [...issues, ...suggestions].map(({ item, by }, index) => {
    const kind = index < issues.length ? "wrong" : "to do";
    return `${index + 1}. (${by.join(", ")}; ${kind}) ${itemLine(item)}`;
  });
  return critiquePrompt(session, {
    opening:
      "Several readers have examined a text, each by themselves. Write one account of what they found.",
    earlier: "",
    sections: [`Their remarks, numbered, each with who made it:\n${fence("remarks", lines.join("\n"))}`],
    closing: [
      "Merge remarks that mean the same. Where readers contradict each other, keep both remarks and say that they do.",
      "Invent nothing: every entry names the numbers of the remarks that it stands for.",
    ].join("\n"),
  });
}
