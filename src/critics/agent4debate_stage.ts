/**
 * One side's turn in one stage: Analyzer, Searcher, Writer, Reviewer.
 *
 * @module
 */

import { CriticError } from "../errors.ts";
import type { Operation } from "../operation/operation.ts";
import type { Retriever } from "../retrievers/retriever.ts";
import {
  agentPart,
  ANALYSIS_FORMAT,
  analysisPrompt,
  type Brief,
  REVIEW_FORMAT,
  reviewPrompt,
  SPEECH_FORMAT,
  speechPrompt,
  type WriterMaterial,
} from "./agent4debate_prompts.ts";
import { type Analysis, readAnalysis, readSpeech, type Speech, type Turn } from "./agent4debate_team.ts";
import { field, readBoolean, readTexts } from "./read_fields.ts";
import { searchAll } from "./search.ts";
import type { CriticSession } from "./session.ts";

/** How a team works. */
export interface TeamRules {
  /** Where the Searcher looks things up. */
  readonly retriever: Retriever | undefined;
  /** How often the Reviewer may send a speech back. */
  readonly maxReviewRounds: number;
  /** Whether Analyzer and Writer are one. */
  readonly compact: boolean;
}

/**
 * Makes a side's turn.
 *
 * @param session The debate.
 * @param rules How teams work.
 * @param brief What the side knows.
 * @returns An operation of the turn.
 * @throws {CriticError} With code `too_few_answers` when no speech can be read.
 */
export function* takeTurn(session: CriticSession, rules: TeamRules, brief: Brief): Operation<Turn> {
  const analysis = rules.compact ? undefined : yield* analyse(session, brief);
  const { documents: evidence } = yield* searchAll(session, {
    retriever: rules.retriever,
    queries: analysis?.questions ?? questionsOf(session, brief),
    limit: session.settings.maxContextDocuments,
  });
  const speaker = { part: agentPart("Reviewer", brief.own.side) };
  let speech = yield* write(session, brief, { analysis, evidence, returned: undefined });
  for (let returns = 0;; returns++) {
    const prompt = reviewPrompt(session, brief, { speech, evidence });
    const review = yield* session.ask({ prompt, format: REVIEW_FORMAT, speaker });
    // A review that cannot be read gives no reason to send anything back.
    const isReturned = readBoolean(field(review.fields, "accepted")) === false;
    const objections = isReturned ? readTexts(field(review.fields, "reasons")) : [];
    if (!isReturned || returns === rules.maxReviewRounds) {
      return { stage: brief.stage, speech, evidence, returns, objections };
    }
    speech = yield* write(session, brief, { analysis, evidence, returned: { speech, reasons: objections } });
  }
}

function* analyse(session: CriticSession, brief: Brief): Operation<Analysis> {
  const speaker = { part: agentPart("Analyzer", brief.own.side) };
  const prompt = analysisPrompt(session, brief);
  return readAnalysis(yield* session.ask({ prompt, format: ANALYSIS_FORMAT, speaker }));
}

/** Without an Analyzer: what the side left open in the stage before, and the task in the first. */
function questionsOf(session: CriticSession, { own }: Brief): readonly string[] {
  const last = own.turns.at(-1);
  return last === undefined ? [session.thought.prompt] : last.speech.questions;
}

function* write(session: CriticSession, brief: Brief, material: WriterMaterial): Operation<Speech> {
  const { side } = brief.own;
  const prompt = speechPrompt(session, brief, material);
  const answer = yield* session.ask({
    prompt,
    format: SPEECH_FORMAT,
    speaker: { part: agentPart("Writer", side) },
  });
  if (answer.parse !== "none") return readSpeech(answer, session.text);
  throw new CriticError(
    `${session.name} could not read the ${brief.stage} of ${side.name}: ${answer.problem}`,
    {
      code: "too_few_answers",
      component: session.name,
      operation: "critique",
    },
  );
}
