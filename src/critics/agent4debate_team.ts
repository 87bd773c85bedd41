/**
 * What the sides of a debate have said.
 *
 * @module
 */

import type { Document } from "../thought/document.ts";
import type { DebateSide, DebateStage } from "./agent4debate_options.ts";
import type { CriticAnswer } from "./parse_answer.ts";
import { containsQuote } from "./quote.ts";
import { field, fieldsOf, readText, readTexts, shorten } from "./read_fields.ts";

/** A change that a side proposes. */
export interface Edit {
  /** The words of the text; "" for an addition. */
  readonly before: string;
  /** What is to stand there. */
  readonly after: string;
  /** Why. */
  readonly reason: string;
  /** Whether the words stand in the text. */
  readonly applies: boolean;
}

/** What an Analyzer gives. */
export interface Analysis {
  /** What to say. */
  readonly points: readonly string[];
  /** What to look up. */
  readonly questions: readonly string[];
  /** The analysis in words. */
  readonly text: string;
}

/** What a Writer gives. */
export interface Speech {
  /** The speech. */
  readonly text: string;
  /** All edits that the side still proposes. */
  readonly edits: readonly Edit[];
  /** What evidence is still missing. */
  readonly questions: readonly string[];
}

/** What a side has said in one stage. */
export interface Turn {
  /** The stage. */
  readonly stage: DebateStage;
  /** The speech that went out. */
  readonly speech: Speech;
  /** The evidence it was written with. */
  readonly evidence: readonly Document[];
  /** How often the Reviewer sent it back. */
  readonly returns: number;
  /** What the Reviewer still had to say against it. */
  readonly objections: readonly string[];
}

/** A side and what it has said so far. */
export interface Team {
  /** The side. */
  readonly side: DebateSide;
  /** Its turns, in the order of the stages. */
  readonly turns: readonly Turn[];
  /** Why it is out; `undefined` while it is in. */
  readonly failure: { readonly error: unknown } | undefined;
}

const LONGEST_SPEECH = 6_000;
const MOST_EDITS = 30;
const MOST_QUESTIONS = 3;

/** Reads an analysis. What cannot be read is as good as nothing. */
export function readAnalysis(answer: CriticAnswer): Analysis {
  const points = readTexts(field(answer.fields, "points"));
  const attacks = readTexts(field(answer.fields, "attacks"));
  return {
    points,
    questions: readTexts(field(answer.fields, "questions")).slice(0, MOST_QUESTIONS),
    text: shorten(
      [
        ...points.map((point) => `- ${point}`),
        ...(attacks.length > 0
          ? ["Where the others can be attacked:", ...attacks.map((point) => `- ${point}`)]
          : []),
      ].join("\n"),
      LONGEST_SPEECH,
    ),
  };
}

/**
 * Reads a speech.
 *
 * @param answer The answer.
 * @param text The text that is debated, in which edits must apply.
 * @returns The speech.
 */
export function readSpeech(answer: CriticAnswer, text: string): Speech {
  const list = field(answer.fields, "edits");
  const edits = (Array.isArray(list) ? list as unknown[] : []).slice(0, MOST_EDITS).flatMap(
    (entry): Edit[] => {
      const fields = fieldsOf(entry);
      const [before, after] = [readText(field(fields, "before")), readText(field(fields, "after"))];
      if (before === after) return [];
      const applies = before === "" || containsQuote(text, before);
      return [{ before, after, reason: readText(field(fields, "reason")), applies }];
    },
  );
  return {
    text: shorten(readText(field(answer.fields, "speech")), LONGEST_SPEECH),
    edits,
    questions: readTexts(field(answer.fields, "questions")).slice(0, MOST_QUESTIONS),
  };
}

/** An edit in words. */
export function editText({ before, after, reason }: Edit): string {
  const why = reason === "" ? "" : ` Reason: ${reason}`;
  if (before === "") return `Add: "${after}"${why}`;
  return after === "" ? `Delete: "${before}"${why}` : `Replace "${before}" with "${after}".${why}`;
}

/** A speech with its edits, as others are shown it. */
export function speechText({ text, edits }: Speech): string {
  const lines = edits.map((edit, index) => {
    const note = edit.applies ? "" : " (the words to replace are not in the text)";
    return `${index + 1}. ${editText(edit)}${note}`;
  });
  return [text, edits.length === 0 ? "Edits: none." : "Edits:", ...lines].filter((line) => line !== "").join(
    "\n",
  );
}

/** The edits that a side proposes in the end, whether they can be made or not. */
export function finalEdits({ turns }: Team): readonly Edit[] {
  return turns.at(-1)?.speech.edits ?? [];
}
