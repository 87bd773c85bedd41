/**
 * What the agents of a debate are asked.
 *
 * @module
 */

import { fence } from "../text/fence.ts";
import { documentSection } from "../thought/prompt_sections.ts";
import type { Document } from "../thought/document.ts";
import type { DebateSide, DebateStage } from "./agent4debate_options.ts";
import { type Analysis, type Speech, speechText, type Team } from "./agent4debate_team.ts";
import { type AnswerFormat, listOf, ownFormat, TEXT, TEXTS, YES_OR_NO } from "./answer_format.ts";
import { critiquePrompt } from "./critique_prompt.ts";
import { field, readBoolean, readText } from "./read_fields.ts";
import type { CriticSession } from "./session.ts";

/** The role in every call. */
export const DEBATE_ROLE =
  "You take part in a debate about how a text should be revised. You stay with what the text and the " +
  "evidence say, and you concede what is right.";

/** The part of an agent of a side. */
export function agentPart(agent: "Analyzer" | "Writer" | "Reviewer", { stance }: DebateSide): string {
  return `You are the ${agent} of a side. What your side argues for: ${stance}`;
}

const QUESTIONS_MEANING =
  "what evidence would decide, as questions that can be understood alone, at most three; may be empty";

/** The form of an analysis. */
export const ANALYSIS_FORMAT: AnswerFormat = ownFormat({
  fields: {
    points: { schema: TEXTS, meaning: "what your side has to say about the text, the strongest first" },
    attacks: {
      schema: TEXTS,
      meaning: "where the other sides can be attacked; empty while they have said nothing",
    },
    questions: { schema: TEXTS, meaning: QUESTIONS_MEANING },
  },
  example: {
    points: ["The opening delays the answer by two sentences."],
    attacks: [],
    questions: ["In what year did the Tay bridge fall?"],
  },
  reading: {
    isEnough: (fields) => Array.isArray(field(fields, "points")) || readText(field(fields, "points")) !== "",
    missing: '"points" (a list of texts) is required',
    listField: "points",
    headings: {
      points: ["arguments", "main points"],
      attacks: ["attack points"],
      questions: ["open questions"],
    },
  },
});

/** The form of a speech. */
export const SPEECH_FORMAT: AnswerFormat = ownFormat({
  fields: {
    speech: { schema: TEXT, meaning: "the speech, in at most 250 words" },
    edits: {
      schema: listOf({ before: TEXT, after: TEXT, reason: TEXT }),
      meaning:
        "every edit that your side proposes, also those named before that still stand: before, the exact words of the text, or " +
        '"" for an addition; after, what is to stand there, or "" for a deletion; reason. Empty when nothing needs a change',
    },
    questions: { schema: TEXTS, meaning: QUESTIONS_MEANING },
  },
  example: {
    speech: "The opening delays the answer. It can go, as nothing after it needs it.",
    edits: [{ before: "Before we begin, some background.", after: "", reason: "The answer comes first." }],
    questions: [],
  },
  reading: {
    isEnough: (fields) => readText(field(fields, "speech")) !== "" || Array.isArray(field(fields, "edits")),
    missing: '"speech" (a text) and "edits" (a list) are required',
    listField: "edits",
    headings: { speech: ["statement", "argument"], edits: ["proposed edits", "changes"] },
  },
});

/** The form of a review. */
export const REVIEW_FORMAT: AnswerFormat = ownFormat({
  fields: {
    reasons: {
      schema: TEXTS,
      meaning: "what must be mended in the speech, one entry for each; empty when nothing must",
    },
    accepted: { schema: YES_OR_NO, meaning: "true if the speech can go out as it is, false to send it back" },
  },
  example: { reasons: ["The second edit replaces words that are not in the text."], accepted: false },
  reading: {
    isEnough: (fields) => readBoolean(field(fields, "accepted")) !== undefined,
    missing: '"accepted" (true or false) is required',
    lines: ["accepted"],
    headings: { accepted: ["accept", "verdict"], reasons: ["objections"] },
  },
});

/** What an agent of a side knows. */
export interface Brief {
  /** The stage. */
  readonly stage: DebateStage;
  /** The agent's own side. */
  readonly own: Team;
  /** The other sides, as far as they have spoken in earlier stages. */
  readonly others: readonly Team[];
  /** Points that earlier debates settled. */
  readonly settled: readonly string[];
}

const STAGE_TASKS: Readonly<Record<DebateStage, string>> = {
  opening: "The stage is the opening: each side makes its own case, with the edits that it proposes.",
  rebuttal:
    "The stage is the rebuttal: each side answers what the others have said, concedes what is right, and keeps, changes or withdraws " +
    "its edits.",
  summary:
    "The stage is the summary: each side weighs what has been said, concedes what it could not answer, and names the edits that it " +
    "proposes in the end.",
};

/** Asks an Analyzer. */
export function analysisPrompt(session: CriticSession, brief: Brief): string {
  return debatePrompt(session, brief, {
    opening: "Work out what your side should say about a text, and what it would have to know.",
    sections: [],
    closing: "Name the strongest points and not the most. Point to the words of the text.",
  });
}

/** What a Writer is given. */
export interface WriterMaterial {
  /** What the Analyzer found; `undefined` where the Writer analyses too. */
  readonly analysis: Analysis | undefined;
  /** What was looked up. */
  readonly evidence: readonly Document[];
  /** A speech that was sent back, with the reasons. */
  readonly returned: { readonly speech: Speech; readonly reasons: readonly string[] } | undefined;
}

/** Asks a Writer. */
export function speechPrompt(session: CriticSession, brief: Brief, material: WriterMaterial): string {
  const { analysis, evidence, returned } = material;
  return debatePrompt(session, brief, {
    opening: analysis === undefined
      ? "Work out what your side should say about a text, and write its speech."
      : "Write the speech of your side about a text.",
    sections: [
      ...(analysis === undefined || analysis.text === ""
        ? []
        : [`What the Analyzer of your side found:\n${fence("analysis", analysis.text)}`]),
      ...evidenceSection(evidence),
      ...(returned === undefined ? [] : [
        `Your Reviewer sent this speech back:\n${
          fence("speech", speechText(returned.speech))
        }\n\nThe reasons:\n${fence("reasons", returned.reasons.join("\n"))}`,
      ]),
    ],
    closing:
      "Be concrete: an edit gives the exact words of the text and what is to stand there instead. Claim nothing about the world " +
      "that no document says. Where the others are right, concede it.",
  });
}

/** Asks a Reviewer. */
export function reviewPrompt(
  session: CriticSession,
  brief: Brief,
  written: { readonly speech: Speech; readonly evidence: readonly Document[] },
): string {
  return debatePrompt(session, brief, {
    opening: "Check a speech of your own side before it goes out.",
    sections: [
      ...evidenceSection(written.evidence),
      `The speech:\n${fence("speech", speechText(written.speech))}`,
    ],
    closing: [
      "Send it back when an edit does not apply to the text, when it claims what neither the text nor a document says, or when it " +
      "leaves unanswered what the other sides have said against yours. Else accept it.",
      "Style alone is no reason to send it back. Give the reasons first.",
    ].join("\n"),
  });
}

function evidenceSection(evidence: readonly Document[]): string[] {
  return evidence.length === 0 ? [] : [`What was looked up for your side:\n\n${documentSection(evidence)}`];
}

function debatePrompt(
  session: CriticSession,
  { stage, own, others, settled }: Brief,
  parts: { readonly opening: string; readonly sections: readonly string[]; readonly closing: string },
): string {
  return critiquePrompt(session, {
    opening: `${parts.opening} ${STAGE_TASKS[stage]}`,
    earlier: settledSection(settled),
    sections: [
      ...own.turns.map((turn) =>
        `What your side said in the ${turn.stage}:\n${fence("speech", speechText(turn.speech))}`
      ),
      ...others.flatMap((team, index) =>
        team.turns.map((turn) => {
          const who = others.length === 1 ? "the other side" : `another side, number ${index + 1},`;
          return `What ${who} said in the ${turn.stage}:\n${fence("speech", speechText(turn.speech))}`;
        })
      ),
      ...parts.sections,
    ],
    closing: parts.closing,
  });
}

function settledSection(settled: readonly string[]): string {
  if (settled.length === 0) return "";
  return "Points that debates about earlier versions settled. Take up what is open, and come back to one of these only where this " +
    `version does not heed it:\n${fence("settled", settled.map((point) => `- ${point}`).join("\n"))}`;
}
