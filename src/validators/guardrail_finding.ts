/**
 * What the built-in guardrails find.
 *
 * @module
 */

/** The built-in checks. */
export type GuardrailCheck = "pii" | "secrets" | "promptInjection";

/** The kinds of personal data that are looked for. */
export type PersonalDataKind = "email" | "phone" | "card" | "iban" | "ip" | "ssn";

/** A place in a text that must not be there. */
export interface GuardrailFinding {
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** What it is, in words, for example `"an e-mail address"`. */
  readonly what: string;
  /** What it is, for metadata and redaction, for example `"email"`. */
  readonly kind: string;
  /** Whether it is shown as it is; personal data and secrets are masked. */
  readonly open?: boolean;
}

/**
 * Puts findings in order and drops those that lie within another.
 *
 * @param findings The findings.
 * @returns Those that remain.
 */
export function withoutOverlaps(findings: readonly GuardrailFinding[]): GuardrailFinding[] {
  const kept: GuardrailFinding[] = [];
  const ordered = [...findings].sort((one, other) => one.start - other.start || other.end - one.end);
  for (const finding of ordered) if (finding.start >= (kept.at(-1)?.end ?? 0)) kept.push(finding);
  return kept;
}

/**
 * Masks a value so that its reader can find it in the text and learn nothing from the message.
 *
 * @param value The value.
 * @returns Its first character, and its length.
 */
export function mask(value: string): string {
  const [first = ""] = value;
  return `${first}${"*".repeat(Math.min(8, Math.max(1, value.length - 1)))}`;
}
