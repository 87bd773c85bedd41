/**
 * Reads scores as models write them.
 *
 * @module
 */

/** How much of a text is looked at. */
const LONGEST = 400;

const NUMBER = String.raw`\d{1,7}(?:[.,]\d{1,17})?`;
const WITH_SCALE = new RegExp(
  String
    .raw`^(${NUMBER})\s*(?:/|\bout of\b|\bof\b|\bvon\b|\bsur\b|\bsu\b|\bde\b|\bиз\b)\s*(${NUMBER})(?![\d.,/]*\d)`,
  "iu",
);
const PERCENT = new RegExp(String.raw`^(${NUMBER})\s*(?:%|percent\b|per cent\b)`, "iu");
const BARE = new RegExp(String.raw`^(${NUMBER})(?!\s*[-–]\s*\d)(?![\d.,/]*\d)(?=$|[\s.,;:!?)(—–-])`, "u");

/**
 * Reads a score as a share of its scale.
 *
 * A scale that is written out (`8/10`, `8 out of 10`, `80 %`) counts before the one that was asked for. Where whole numbers
 * of a scale above 1 were asked for, a number written as `0.8` cannot be on it and is a share already. Digits of every
 * script are read. What lies outside its scale, or is no number, is no score: nothing is clamped and nothing guessed.
 *
 * @param value What the model wrote: a number, or a text that begins with one.
 * @param scale The top of the scale that was asked for, above 0. Its bottom is 0.
 * @returns A number from 0 to 1, or `undefined`.
 *
 * @example
 * ```ts ignore
 * readScore("85/100", 10); // 0.85
 * readScore(8, 10); // 0.8
 * readScore("not great", 10); // undefined
 * ```
 */
export function readScore(value: unknown, scale: number): number | undefined {
  if (typeof value === "number") return share(value, scale, !Number.isInteger(value) && value < 1);
  if (typeof value !== "string") return undefined;
  const bareText = latinDigits(value.slice(0, LONGEST)).replace(/[*_`]/g, "").replace(/^[\s"'([]+/u, "");
  const text = bareText.replace(/^(?:score|rating)\s*[:=]\s*/i, "");
  const written = WITH_SCALE.exec(text);
  if (written) return share(toNumber(written[1]!), toNumber(written[2]!), false);
  const percent = PERCENT.exec(text);
  if (percent) return share(toNumber(percent[1]!), 100, false);
  const bare = BARE.exec(text)?.[1];
  return bare === undefined ? undefined : share(toNumber(bare), scale, /^0[.,]\d/.test(bare));
}

function share(value: number, scale: number, isShare: boolean): number | undefined {
  const top = isShare ? 1 : scale;
  return Number.isFinite(value) && top > 0 && value >= 0 && value <= top ? value / top : undefined;
}

function toNumber(text: string): number {
  return Number(text.replace(",", "."));
}

/**
 * Writes the digits, slashes, percent and decimal signs of other scripts as the ones of ASCII.
 *
 * @param text Any text.
 * @returns The text with ASCII digits.
 */
export function latinDigits(text: string): string {
  return text.normalize("NFKC")
    .replace(/[٪]/g, "%")
    .replace(/[٫]/g, ".")
    .replace(/[⁄∕]/g, "/")
    .replace(/(?![0-9])\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

/** Decimal digits stand in Unicode in runs of ten that begin with zero, apart from each other. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0)!;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value++;
  return value;
}
