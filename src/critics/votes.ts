/**
 * What several answers to the same question come to.
 *
 * @module
 */

import { CriticError } from "../errors.ts";
import type { Outcome } from "../operation/outcome.ts";
import { type CriticAnswer, verdictOf } from "./parse_answer.ts";
import { tidy } from "./statistics.ts";

/** What a vote gave. */
export interface Vote {
  /** What the majority says; `undefined` for as many on one side as on the other, or where nobody voted. */
  readonly verdict: boolean | undefined;
  /** Votes for a change. */
  readonly yes: number;
  /** Votes against one. */
  readonly no: number;
  /** The share of votes on the larger side; `undefined` where nobody voted. */
  readonly agreement: number | undefined;
}

/** Counts votes; `undefined` is no vote. */
export function countVotes(votes: readonly (boolean | undefined)[]): Vote {
  const yes = votes.filter((vote) => vote === true).length;
  const no = votes.filter((vote) => vote === false).length;
  return {
    verdict: yes === no ? undefined : yes > no,
    yes,
    no,
    agreement: yes + no === 0 ? undefined : tidy(Math.max(yes, no) / (yes + no)),
  };
}

/** The share of votes that are for a verdict; `undefined` where nobody voted, or there is no verdict. */
export function shareFor(
  verdict: boolean | undefined,
  votes: readonly (boolean | undefined)[],
): number | undefined {
  const { yes, no } = countVotes(votes);
  return verdict === undefined || yes + no === 0 ? undefined : tidy((verdict ? yes : no) / (yes + no));
}

/** Each answer's own verdict. */
export function verdictsOf(answers: readonly CriticAnswer[], passScore: number): (boolean | undefined)[] {
  return answers.map((answer) => verdictOf(answer, passScore));
}

/** The answers that could be read, and how many could not be had or read. */
export interface Readable {
  /** The answers, each with its place among those asked for. */
  readonly answers: readonly { readonly answer: CriticAnswer; readonly index: number }[];
  /** Why the others are missing, with their places. */
  readonly failures: readonly { readonly index: number; readonly reason: string }[];
}

/**
 * Sorts out the answers that can be used.
 *
 * @param outcomes What became of each call.
 * @returns The answers, and why others are missing.
 */
export function readable(outcomes: readonly Outcome<CriticAnswer>[]): Readable {
  const answers: { answer: CriticAnswer; index: number }[] = [];
  const failures: { index: number; reason: string }[] = [];
  outcomes.forEach((outcome, index) => {
    if (outcome.ok && outcome.value.parse !== "none") answers.push({ answer: outcome.value, index });
    else {failures.push({
        index,
        reason: outcome.ok ? outcome.value.problem ?? "unreadable" : why(outcome.error),
      });}
  });
  return { answers, failures };
}

/**
 * Refuses to go on with too few answers. Where a call failed, its own error is thrown: it says more.
 *
 * @param name The critic.
 * @param outcomes What became of each call.
 * @param required How many answers are needed, and what they are.
 * @throws {CriticError} With code `too_few_answers`, when the calls succeeded but could not be read.
 */
export function requireAnswers(
  name: string,
  outcomes: readonly Outcome<CriticAnswer>[],
  required: { readonly count: number; readonly what: string },
): void {
  const { answers, failures } = readable(outcomes);
  if (answers.length >= required.count) return;
  const failed = outcomes.find((outcome) => !outcome.ok);
  if (failed && answers.length === 0) throw failed.error;
  throw new CriticError(
    `${name} cannot judge the text as it needs at least ${required.count} ${required.what} that can be read: ` +
      `it has ${answers.length} of ${outcomes.length}; ${failures[0]!.reason}`,
    {
      code: "too_few_answers",
      component: name,
      operation: "critique",
      cause: failed?.error,
      metadata: { required: required.count, readable: answers.length },
    },
  );
}

/** Why a call failed, in words. */
export function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
