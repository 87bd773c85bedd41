/**
 * The judgement of a debate.
 *
 * @module
 */

import { fence } from "../text/fence.ts";
import type { FeedbackItem } from "../thought/critic_feedback.ts";
import { readScore } from "../text/score.ts";
import { type Edit, finalEdits, speechText, type Team } from "./agent4debate_team.ts";
import { type AnswerFormat, answerFormat, listOf, SCORE, TEXT, TEXTS, WHOLE } from "./answer_format.ts";
import { critiquePrompt } from "./critique_prompt.ts";
import type { CriticAnswer } from "./parse_answer.ts";
import { type AnswerFields, field, fieldsOf, readText, readTexts } from "./read_fields.ts";
import type { CriticSession } from "./session.ts";
import { mean } from "./statistics.ts";

/** The part of the judge. */
export const JUDGE_PART = "You are the judge. You belong to no side, and you do not know who a side is.";

const CRITERIA = ["diagnosis", "evidence", "cost"] as const;

/** The form of a judgement. */
export const JUDGE_FORMAT: AnswerFormat = answerFormat({
  first: {
    reasoning: { schema: TEXT, meaning: "how the sides compare on each criterion, before any number" },
  },
  fields: {
    sides: {
      schema: listOf({ side: WHOLE, diagnosis: SCORE, evidence: SCORE, cost: SCORE }),
      meaning:
        "one entry for each side: side, its number; diagnosis, evidence and cost, whole numbers from 0 to 10",
    },
    issues: {
      schema: listOf({
        text: TEXT,
        severity: { type: "string", enum: ["low", "medium", "high"] },
        quote: TEXT,
      }),
      meaning:
        'the points against the text that you uphold, whoever made them: text; severity; quote, the exact words, or ""',
    },
    conceded: {
      schema: TEXTS,
      meaning: "points against the text that the other sides conceded; may be empty",
    },
    accepted: {
      schema: listOf({ side: WHOLE, edit: WHOLE }),
      meaning:
        "the edits that should be made, whoever proposed them, one entry for each: side, its number; edit, its number in that " +
        "side's last speech; empty when none should",
    },
    suggestions: { schema: listOf({ text: TEXT }), meaning: "an empty list: what to do stands in accepted" },
  },
  example: {
    reasoning: "Side 1 found the repetition and quoted it. Side 2 named a fault that the text does not have.",
    sides: [{ side: 1, diagnosis: 8, evidence: 7, cost: 8 }, { side: 2, diagnosis: 3, evidence: 2, cost: 6 }],
    conceded: [],
    accepted: [{ side: 1, edit: 1 }],
    suggestions: [],
  },
  reading: {
    isEnough: (fields) => Array.isArray(field(fields, "sides")),
    missing: '"sides" is required, each with "side" (its number), "diagnosis", "evidence" and "cost"',
    listField: "sides",
  },
});

/** The most orders in which the sides are shown to the judge. */
const MOST_ORDERINGS = 4;

/**
 * Lists the orders in which sides are shown: all of two, and of more those that put each side in each place, up to four.
 *
 * @param count How many sides.
 * @returns The orders, each a list of places from 0.
 */
export function orderings(count: number): number[][] {
  const places = Array.from({ length: count }, (_, index) => index);
  const rotations = (list: readonly number[]): number[][] =>
    list.map((_, shift) => [...list.slice(shift), ...list.slice(0, shift)]);
  const all = new Map(
    [...rotations(places), ...rotations([...places].reverse())].map((one) => [one.join(), one]),
  );
  return [...all.values()].slice(0, MOST_ORDERINGS);
}

/** Asks the judge, with the sides in one order. */
export function judgePrompt(session: CriticSession, teams: readonly Team[]): string {
  const cases = teams.map(({ turns }, index) => {
    const speeches = turns.map((turn) =>
      `In the ${turn.stage}:\n${fence("speech", speechText(turn.speech))}`
    );
    return `Side ${index + 1}.\n${speeches.join("\n")}`;
  });
  return critiquePrompt(session, {
    opening: "Judge a debate about how a text should be revised.",
    earlier: "",
    sections: cases,
    closing: [
      "Score each side. diagnosis: whether what it says of the text is so, and is what matters. evidence: whether it shows what it " +
      "claims by the text or by documents. cost: whether its edits change no more than they must. 0 is worst, 10 is best.",
      "The order in which the sides stand means nothing, and neither does the length of a speech.",
      "Then uphold the points against the text that were made good, and accept the edits that should be made, by whichever side. " +
      "The score is for the text itself.",
    ].join("\n"),
  });
}

/** What the judge said with the sides in one order. */
export interface OrderedAnswer {
  /** The answer. */
  readonly answer: CriticAnswer;
  /** The places of the sides, in the order in which they stood. */
  readonly order: readonly number[];
}

/** What came of all orderings. */
export interface Judgement {
  /** For each side its mean score, 0 to 1; `undefined` where no ordering gave one. */
  readonly scores: readonly (number | undefined)[];
  /** The points against the text that were upheld or conceded. */
  readonly points: readonly FeedbackItem[];
  /** The edits that at least half of the answers accept, by side and in its order. */
  readonly accepted: readonly Edit[];
}

/**
 * Reads what the judge said, over all orderings.
 *
 * @param answers The answers, each with the order in which the sides stood.
 * @param teams The sides.
 * @returns The scores, by side, all points, and the edits that are accepted.
 */
export function readJudgement(answers: readonly OrderedAnswer[], teams: readonly Team[]): Judgement {
  const given: number[][] = teams.map(() => []);
  for (const answer of answers) {
    for (const { side, fields } of entriesOf(answer, "sides")) {
      const score = mean(
        CRITERIA.map((name) => readScore(field(fields, name), 10)).filter((one) => one !== undefined),
      );
      if (score !== undefined) given[side]!.push(score);
    }
  }
  const points = answers.flatMap(({ answer }) => [
    ...answer.issues,
    ...readTexts(field(answer.fields, "conceded")).map((text): FeedbackItem => ({ text })),
  ]);
  const votes = answers.map((answer) =>
    new Set(entriesOf(answer, "accepted").map(({ side, fields }) => `${side}/${numberIn(fields, "edit")}`))
  );
  const accepted = teams.flatMap((team, side) =>
    finalEdits(team).filter((_, index) =>
      2 * votes.filter((each) => each.has(`${side}/${index + 1}`)).length >= answers.length
    )
  );
  return { scores: given.map((scores) => mean(scores)), points, accepted };
}

/** The entries of a list that name a side, with its place whatever the order in which the judge saw the sides. */
function entriesOf(
  { answer, order }: OrderedAnswer,
  name: string,
): { readonly side: number; readonly fields: AnswerFields }[] {
  const list = field(answer.fields, name);
  return (Array.isArray(list) ? list as unknown[] : []).flatMap((entry) => {
    const fields = fieldsOf(entry);
    const side = order[numberIn(fields, "side") - 1];
    return side === undefined ? [] : [{ side, fields }];
  });
}

function numberIn(fields: AnswerFields, name: string): number {
  return Number(/\d+/.exec(readText(field(fields, name)))?.[0]);
}

/**
 * Says who has won: the best score, then the fewer edits, then the order of the configuration.
 *
 * @param teams The sides.
 * @param scores Their scores.
 * @returns The winner, and how far ahead it is, 0 to 1.
 */
export function winnerOf(
  teams: readonly Team[],
  scores: readonly (number | undefined)[],
): { readonly winner: Team; readonly margin: number } {
  const ranked = teams.map((team, index) => ({ team, score: scores[index] ?? 0 }))
    .sort((a, b) => b.score - a.score || finalEdits(a.team).length - finalEdits(b.team).length);
  return { winner: ranked[0]!.team, margin: ranked[0]!.score - (ranked[1]?.score ?? 0) };
}
