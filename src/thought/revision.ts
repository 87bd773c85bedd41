/**
 * What an iteration is to improve.
 *
 * @module
 */

import { type CriticFeedback, makeFeedback } from "./critic_feedback.ts";
import { checkTexts, EMPTY_LIST, type JsonObject } from "./frozen.ts";
import { checkFields, checkList, checkName, fieldNames, type Place } from "./place.ts";
import type { Thought } from "./thought.ts";
import { makeResult, type ValidationResult } from "./validation_result.ts";

/** What an iteration is to improve: a snapshot of exactly what the generator needs of the one before. */
export interface Revision {
  /** The thought whose text is to be improved. */
  readonly thoughtId: string;
  /** Its text. */
  readonly text: string;
  /** Its failed results. Checks that could not be made are left out, as they say nothing about the text. */
  readonly failedValidations: readonly ValidationResult[];
  /** Its passed results, one line each: what must stay so. */
  readonly passedValidations: readonly string[];
  /** The feedback of its round that asks for change. */
  readonly feedback: readonly CriticFeedback[];
  /** The notes of its round that must reach the prompt as they are, oldest first. */
  readonly notes: readonly string[];
}

/**
 * Draws the revision from a thought.
 *
 * @param source The thought.
 * @param text Its text.
 * @returns The snapshot, frozen.
 */
export function revisionOf(source: Thought, text: string): Revision {
  const results = Object.values(source.validationResults);
  const sound = source.criticFeedback.filter((feedback) => feedback.error === undefined);
  const notes = sound.flatMap((feedback) => feedback.forGenerator ?? []);
  return Object.freeze({
    thoughtId: source.id,
    text,
    failedValidations: frozenList(results.filter((result) => !result.passed && result.error === undefined)),
    passedValidations: frozenList(results.filter(wasChecked).map(passedLine)),
    feedback: frozenList(sound.filter((feedback) => feedback.needsImprovement === true)),
    notes: frozenList([...new Set(notes)]),
  });
}

/** A check that could not be made and counts as passed all the same says nothing about the text either. */
function wasChecked({ passed, metadata }: ValidationResult): boolean {
  return passed && metadata.ignoredError === undefined;
}

/** What a text on one line does not have: space that is not a single blank, or at either end. */
const BREAKS = /[^\S ]|\s\s|^\s|\s$/;

function passedLine(result: ValidationResult): string {
  return oneLine(`${result.validator}: ${result.message}`);
}

/** Puts a text on one line. */
export function oneLine(text: string): string {
  // Most lines are one already, and to test is several times cheaper than to replace.
  return BREAKS.test(text) ? text.replace(/\s+/g, " ").trim() : text;
}

function frozenList<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? EMPTY_LIST : Object.freeze(list);
}

const FIELDS = fieldNames("thoughtId", "text", "failedValidations", "passedValidations", "feedback", "notes");

/** Copies and freezes; `undefined` stays so. */
export function checkRevision(place: Place, value: unknown): Revision | undefined {
  if (value === undefined) return undefined;
  const at = place.at("revision");
  const given = checkFields(at, value, FIELDS);
  const failed = checkList(at, "failedValidations", given.failedValidations ?? EMPTY_LIST);
  const feedback = checkList(at, "feedback", given.feedback ?? EMPTY_LIST);
  return Object.freeze({
    thoughtId: checkName(at, "thoughtId", given.thoughtId),
    text: typeof given.text === "string" ? given.text : at.fail("text", "be a string", given.text),
    failedValidations: frozenList(
      failed.map((item, index) => makeResult(at.at("failedValidations").ownerAt(index), item)),
    ),
    passedValidations: checkTexts(at, "passedValidations", given.passedValidations),
    feedback: frozenList(feedback.map((item, index) => makeFeedback(at.at("feedback").ownerAt(index), item))),
    notes: checkTexts(at, "notes", given.notes),
  });
}

/** The same as JSON. */
export function revisionJson(revision: Revision): JsonObject {
  return {
    ...revision,
    failedValidations: revision.failedValidations.map((result) => result.toJSON()),
    feedback: revision.feedback.map((feedback) => feedback.toJSON()),
  };
}
