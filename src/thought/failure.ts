/**
 * Why a component could not do its work, as it is kept with a thought.
 *
 * @module
 */

import { checkFields, checkName, checkString, fieldNames, type Place } from "./place.ts";

/** Why a component could not do its work. It is a fault of the component, not of the text. */
export interface Failure {
  /** A stable string to switch on. */
  readonly code: string;
  /** What happened, in one sentence. */
  readonly message: string;
}

const FIELDS = fieldNames("code", "message");

/** Copies and freezes a failure; `undefined` stays so. */
export function checkFailure(place: Place, value: unknown): Failure | undefined {
  if (value === undefined) return undefined;
  const at = place.at("error");
  const given = checkFields(at, value, FIELDS);
  return Object.freeze({
    code: checkName(at, "code", given.code),
    message: checkString(at, "message", given.message, undefined) ??
      at.fail("message", "be a string", given.message),
  });
}
