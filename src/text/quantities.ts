/**
 * Reads the numbers of a text: each once, in its longest form, with what it counts.
 *
 * @module
 */

import { findNotQuantities, type NotQuantity } from "./not_quantities.ts";

/** What a number says: a plain one, a share, or an amount of money. */
export type QuantityKind = "number" | "percent" | "currency";

/** A number in a text. */
export interface Quantity {
  /** What it says. */
  readonly kind: QuantityKind;
  /** Its value; a percentage's is that before the sign. */
  readonly value: number;
  /** The currency's sign or code as written, for amounts of money. */
  readonly currency?: string;
  /** Where it begins, with its sign and currency, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

/** How numbers are read. */
export interface QuantityOptions {
  /** Whose marks for decimals and groups are used, a BCP 47 tag. */
  readonly locale: string;
  /** What digits are not numbers in. */
  readonly ignore: readonly NotQuantity[];
}

const CODES = "USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|CNY|INR|SEK|NOK|DKK|PLN|CZK|BRL|MXN|ZAR|KRW";
const CURRENCY_BEFORE = new RegExp(`(?:\\p{Sc}|(?<![\\p{L}\\p{N}])(?:${CODES}))[ \\u00a0]?$`, "u");
const CURRENCY_AFTER = new RegExp(
  `^[ \\u00a0\\u202f]?(?:\\p{Sc}|(?:${CODES}|dollars?|euros?|pounds?|yen|cents)(?![\\p{L}\\p{N}]))`,
  "u",
);
const PERCENT_AFTER = /^[ \u00a0\u202f]?(?:[%％]|per[ ]?cent(?![\p{L}\p{N}]))/u;
const SUFFIX_AFTER = /^(?:k|K|M|bn|[ ](?:thousand|million|billion))(?![\p{L}\p{N}])/u;
const SUFFIXES: Readonly<Record<string, number>> = {
  k: 1e3,
  K: 1e3,
  M: 1e6,
  bn: 1e9,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
};
const SIGN_BEFORE = /(?<=^|[\s([{"'“‘:=<>])[-+−]$/u;
/** More than any currency, sign and suffix take. */
const NEIGHBOURHOOD = 12;

/**
 * Reads the numbers of a text.
 *
 * @param text The text.
 * @param options Whose marks, and what to pass over.
 * @returns The numbers, in order; each stands in one of them only.
 */
export function readQuantities(text: string, { locale, ignore }: QuantityOptions): Quantity[] {
  const skipped = findNotQuantities(text, ignore);
  const { pattern, parse } = numeralsOf(locale);
  const quantities: Quantity[] = [];
  let next = 0;
  for (const { index, 0: digits } of text.matchAll(pattern)) {
    while (next < skipped.length && skipped[next]![1] <= index) next++;
    if (next < skipped.length && skipped[next]![0] < index + digits.length) continue;
    quantities.push(quantityAt(text, [index, index + digits.length], parse(digits)));
  }
  return quantities;
}

function quantityAt(text: string, [start, end]: readonly [number, number], plain: number): Quantity {
  let value = plain;
  let after = text.slice(end, end + NEIGHBOURHOOD);
  const suffix = SUFFIX_AFTER.exec(after)?.[0];
  if (suffix !== undefined) {
    value *= SUFFIXES[suffix.trim()]!;
    end += suffix.length;
    after = text.slice(end, end + NEIGHBOURHOOD);
  }
  let before = text.slice(Math.max(0, start - NEIGHBOURHOOD), start);
  const take = (taken: string): void => {
    start -= taken.length;
    before = before.slice(0, before.length - taken.length);
  };
  // "$-5" and "-$5" are the same, and so is "$(5)" or "($5)" in accounts.
  const inner = /[-+−]$/u.exec(before.replace(/^.*?(\p{Sc}[-+−])$/u, "$1"))?.[0];
  let sign = "";
  if (inner !== undefined && (/\p{Sc}[-+−]$/u.test(before) || SIGN_BEFORE.test(before))) {
    sign = inner;
    take(inner);
  } else if (/\p{Sc}[ ]?\($/u.test(before) && after.startsWith(")")) {
    sign = "-";
    take("(");
    end += 1;
    after = text.slice(end, end + NEIGHBOURHOOD);
  }
  const signOf = (mark: string): number => mark === "-" || mark === "−" ? -1 : 1;
  if (PERCENT_AFTER.test(after)) {
    return {
      kind: "percent",
      value: signOf(sign) * value,
      start,
      end: end + PERCENT_AFTER.exec(after)![0].length,
    };
  }
  const leading = CURRENCY_BEFORE.exec(before)?.[0];
  if (leading !== undefined) {
    take(leading);
    const outer = sign === "" ? SIGN_BEFORE.exec(before)?.[0] ?? "" : "";
    take(outer);
    return { kind: "currency", value: signOf(sign || outer) * value, currency: leading.trim(), start, end };
  }
  const trailing = CURRENCY_AFTER.exec(after)?.[0];
  if (trailing !== undefined) {
    end += trailing.length;
    return { kind: "currency", value: signOf(sign) * value, currency: trailing.trim(), start, end };
  }
  return { kind: "number", value: signOf(sign) * value, start, end };
}

interface Numerals {
  readonly pattern: RegExp;
  readonly parse: (digits: string) => number;
}

/** How a language writes numbers: in groups or not, with decimals, with a power of ten. */
function numeralsOf(locale: string): Numerals {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true, numberingSystem: "latn" }).formatToParts(
    1234567.8,
  );
  const mark = (type: string, fallback: string): string =>
    parts.find((part) => part.type === type)?.value ?? fallback;
  const decimal = mark("decimal", ".");
  const group = mark("group", ",");
  const groups = /^\s$/.test(group) ? "[ \\u00a0\\u202f]" : `[${escape(group)}]`;
  const point = `[${escape(decimal)}]`;
  // A group has three digits and not more, so that a long row of digits is read once and not again from each place in it.
  const pattern = new RegExp(
    `(?<![\\d])(?:\\d{1,3}(?:${groups}\\d{3})+(?!\\d)|\\d+)(?:${point}\\d+)?(?:[eE][+-]?\\d{1,4}(?![\\p{L}\\p{N}]))?|` +
      `(?<![\\p{L}\\p{N}.,])${point}\\d+`,
    "gu",
  );
  const inGroups = new RegExp(groups, "gu");
  return { pattern, parse: (digits) => Number(digits.replace(inGroups, "").replace(decimal, ".")) };
}

function escape(mark: string): string {
  return mark.replace(/[\]\\^-]/g, "\\$&");
}
