/**
 * Finds personal data with `validator` and `libphonenumber-js`. Reached by URL alone, so that these packages are loaded with
 * the first call.
 *
 * Candidates are found by expressions that repeat within bounds, so a text of any length takes linear time; the packages say
 * which of them are what they look like.
 *
 * @module
 */

import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";
import validator from "validator";
import { findInTurns } from "../classifiers/find_in_turns.ts";
import type { RemoteContext } from "../operation/effects.ts";
import { findNotQuantities } from "../text/not_quantities.ts";
import type { GuardrailFinding, PersonalDataKind } from "./guardrail_finding.ts";

/** What is looked for. */
export interface PersonalDataRequest {
  /** The text. */
  readonly text: string;
  /** The country whose telephone numbers need no prefix. */
  readonly country: string;
}

interface Shape {
  readonly kind: PersonalDataKind;
  readonly what: string;
  readonly pattern: RegExp;
  readonly holds: (found: string, country: string) => boolean;
}

/** The most specific first: what has been found as one is not looked at again. */
const SHAPES: readonly Shape[] = [
  {
    kind: "email",
    what: "an e-mail address",
    pattern:
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}/gu,
    holds: (found) => validator.isEmail(found),
  },
  {
    kind: "iban",
    what: "a bank account number",
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])/g,
    holds: (found) => validator.isIBAN(found.replace(/ /g, "")),
  },
  {
    kind: "card",
    what: "a payment card number",
    pattern: /(?<![\p{L}\p{N}_.+-])\d(?:[ -]?\d){12,18}(?![\p{L}\p{N}_-])/gu,
    holds: (found) => validator.isCreditCard(found.replace(/[ -]/g, "")),
  },
  {
    kind: "ssn",
    what: "a US social security number",
    pattern: /(?<![\p{L}\p{N}_-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\p{L}\p{N}_-])/gu,
    holds: () => true,
  },
  {
    kind: "ip",
    what: "an IP address",
    pattern: /(?<![\p{L}\p{N}_.-])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}_-]|\.\d)/gu,
    holds: (found) => validator.isIP(found, 4),
  },
  {
    kind: "ip",
    what: "an IP address",
    pattern: /(?<![\p{L}\p{N}_:])[\da-fA-F]{0,4}(?::{1,2}[\da-fA-F]{1,4}){2,7}(?![\p{L}\p{N}_:])/gu,
    holds: (found) => validator.isIP(found, 6),
  },
  {
    kind: "phone",
    what: "a telephone number",
    pattern:
      /(?<![\p{L}\p{N}_.,/-])(?:\+\d{8,15}|(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ .-]?)?\d{1,5}(?:[ .-]\d{2,8}){1,5})(?![\p{L}\p{N}_/]|[.,-]\d)/gu,
    holds: (found, country) => {
      const number = parsePhoneNumberFromString(found, country as CountryCode);
      return number?.isValid() === true;
    },
  },
];
/** A text with more of one kind than this is a list of them, and no more need be found. */
const MOST_CANDIDATES = 5_000;

/**
 * Finds personal data.
 *
 * @param request The text.
 * @param context Ends the work early.
 * @returns What was found.
 */
export function findPersonalData(
  { text, country }: PersonalDataRequest,
  context: RemoteContext,
): Promise<GuardrailFinding[]> {
  const candidates = new Map<Shape, number>();
  return findInTurns(text, context, (passage) => findIn(passage, country, candidates));
}

function findIn(text: string, country: string, candidates: Map<Shape, number>): GuardrailFinding[] {
  const found: GuardrailFinding[] = [];
  const dates = findNotQuantities(text, ["dates"]);
  for (const shape of SHAPES) {
    const { kind, what, pattern, holds } = shape;
    let count = candidates.get(shape) ?? 0;
    let nextDate = 0;
    for (const { index: start, 0: value } of text.matchAll(pattern)) {
      if (++count > MOST_CANDIDATES) break;
      const end = start + value.length;
      while (nextDate < dates.length && dates[nextDate]![1] <= start) nextDate++;
      const isDate = kind === "phone" && nextDate < dates.length && dates[nextDate]![0] < end;
      if (!isDate && holds(value, country)) found.push({ start, end, what, kind });
    }
    candidates.set(shape, count);
  }
  return found;
}
