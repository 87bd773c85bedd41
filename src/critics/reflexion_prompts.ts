/**
 * What the Reflexion critic asks its model.
 *
 * @module
 */

import { fence } from "../text/fence.ts";
import { type AnswerFormat, answerFormat, TEXT, TEXTS } from "./answer_format.ts";
import { critiquePrompt } from "./critique_prompt.ts";
import { type AnswerFields, field, readText, readTexts } from "./read_fields.ts";
import { hasVerdict } from "./parse_answer.ts";
import { rewardText, type SettledReward } from "./reflexion_reward.ts";
import type { CriticSession } from "./session.ts";

/** The role in every call. */
export const REFLEXION_ROLE =
  "You find out why an attempt at a writing task failed and what to do in the next attempt. " +
  "You are precise, you name causes, and you do not write the text yourself.";

/** The form of an evaluation. */
export const EVALUATION_FORMAT: AnswerFormat = answerFormat();

/** A reflection. */
export interface Reflection {
  /** What went wrong. */
  readonly diagnosis: string;
  /** Why. */
  readonly rootCause: string;
  /** What to do in the next attempt, step by step. */
  readonly plan: readonly string[];
  /** What not to do again. */
  readonly avoid: readonly string[];
  /** Whether the last plan was followed. */
  readonly planFollowed: string;
}

/** The form of a reflection. */
export const REFLECTION_FORMAT: AnswerFormat = answerFormat({
  fields: {
    diagnosis: { schema: TEXT, meaning: "what went wrong in this attempt, in one or two sentences" },
    rootCause: { schema: TEXT, meaning: "the cause behind it, not the symptom again" },
    plan: { schema: TEXTS, meaning: "what to do in the next attempt, one step for each entry" },
    avoid: { schema: TEXTS, meaning: "what not to do again; may be empty" },
    planFollowed: {
      schema: TEXT,
      meaning:
        'whether this attempt followed your last plan: yes, partly or no, and where not; "" if there was none',
    },
  },
  example: {
    diagnosis: "The text explains the method, but the task asked for a decision.",
    rootCause: "The writer listed what is known and never weighed it.",
    plan: ["Open with the decision.", "Give the two facts that carry it."],
    avoid: ["Describing the method step by step."],
    planFollowed: "",
  },
  reading: {
    isEnough: (fields) =>
      readPlan(fields).length > 0 || readText(field(fields, "diagnosis")) !== "" || hasVerdict(fields),
    missing: '"diagnosis" (a text) and "plan" (a list of texts) are required',
    headings: {
      diagnosis: ["what went wrong", "reflection"],
      rootCause: ["root cause", "cause", "why"],
      plan: ["next steps", "plan for the next attempt", "steps"],
      avoid: ["what to avoid", "do not", "avoid next time"],
      planFollowed: ["plan followed"],
    },
  },
});

function readPlan(fields: AnswerFields): string[] {
  return readTexts(field(fields, "plan"));
}

/**
 * Reads a reflection.
 *
 * @param fields The fields of the answer.
 * @returns The reflection; what is missing is empty.
 */
export function readReflection(fields: AnswerFields): Reflection {
  return {
    diagnosis: readText(field(fields, "diagnosis")),
    rootCause: readText(field(fields, "rootCause")),
    plan: readPlan(fields),
    avoid: readTexts(field(fields, "avoid")),
    planFollowed: readText(field(fields, "planFollowed")),
  };
}

/** Asks for the reward. */
export function evaluationPrompt(session: CriticSession): string {
  return critiquePrompt(session, {
    opening: "Judge whether an attempt at a writing task succeeded.",
    closing: [
      "First work out from the task what a text must do to succeed: those are the conditions. Then judge the text by them, " +
      "and by the failed checks where there are any.",
      "Give a score from 0 to 10. 0: it meets no condition and is of no use. 10: it meets every condition and nothing is left " +
      "to improve. Name each condition that is not met as an issue.",
    ].join("\n"),
  });
}

/** Asks for the reflection. */
export function reflectionPrompt(
  session: CriticSession,
  reward: SettledReward,
  reflections: readonly string[],
): string {
  return critiquePrompt(session, {
    opening: "An attempt at a writing task failed. Reflect on why, for the writer of the next attempt.",
    earlier: reflectionsSection(reflections),
    sections: [`How the attempt was judged:\n${fence("reward", rewardText(reward))}`],
    closing: [
      "Find the cause: say why the text came out so, and do not restate what the judgement says already.",
      "Then give a plan for the next attempt that removes the cause: concrete steps that can be followed.",
      ...(reflections.length > 0
        ? [
          "Say whether this attempt followed your last plan. If it did and failed all the same, the plan must change.",
        ]
        : []),
      "Do not write the new text.",
    ].join("\n"),
  });
}

/** The earlier reflections, numbered. */
export function reflectionsSection(reflections: readonly string[]): string {
  if (reflections.length === 0) return "";
  const entries = reflections.map((entry, index) => `${index + 1}.\n${fence("reflection", entry)}`);
  return `Your reflections on earlier attempts, oldest first:\n${entries.join("\n")}`;
}

/** A reflection as the writer of the next attempt reads it. */
export function reflectionText(reflection: Reflection): string {
  const { diagnosis, rootCause, plan, avoid } = reflection;
  return [
    ...(diagnosis === "" ? [] : [`What went wrong: ${diagnosis}`]),
    ...(rootCause === "" ? [] : [`The cause: ${rootCause}`]),
    ...(plan.length === 0
      ? []
      : ["Plan for the next attempt:", ...plan.map((step, index) => `${index + 1}. ${step}`)]),
    ...(avoid.length === 0 ? [] : ["Avoid:", ...avoid.map((entry) => `- ${entry}`)]),
  ].join("\n");
}
