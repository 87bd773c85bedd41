/**
 * Asks a guard on a Guardrails AI server. Reached by URL alone; under `runSync` it runs in the I/O worker.
 *
 * The contract is that of the server's OpenAPI description (`POST /guards/{guardName}/validate`) and of its source: a verdict is an
 * answer with `validationPassed`; a validator that is set to throw answers 400 with "Validation failed …", which is a verdict, too.
 * Everything else is no verdict.
 *
 * @module
 */

import { ValidatorError } from "../errors.ts";
import type { RemoteContext } from "../operation/effects.ts";
import { requestText, type TextAnswer } from "../runtime/request_text.ts";
import { mask } from "./guardrail_finding.ts";
import type { GuardTarget } from "./guardrail_server.ts";
import type { GuardFailure, GuardVerdict } from "./guardrails_validator.ts";

/** The largest answer that is read; it repeats the text. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** What the server says; every field may be missing or of another type. */
interface Answer {
  readonly validationPassed?: unknown;
  readonly validatedOutput?: unknown;
  readonly validationSummaries?: unknown;
  readonly error?: unknown;
  readonly detail?: unknown;
}

/**
 * Asks the guard about a text.
 *
 * @param target Which guard.
 * @param text The text.
 * @param context Ends the waiting.
 * @returns What the guard says.
 * @throws {ValidatorError} When it says nothing.
 */
export async function ask(target: GuardTarget, text: string, context: RemoteContext): Promise<GuardVerdict> {
  const answer = await requestText(target.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...target.apiKey === undefined ? {} : { authorization: `Bearer ${target.apiKey}` },
    },
    body: JSON.stringify({ llmOutput: text }),
    timeoutMs: target.timeoutMs,
    maxBytes: MAX_ANSWER_BYTES,
    signal: context.signal,
  });
  if (answer.state !== "answered") throw unavailable(target, whyUnreachable(target, answer), true);
  const body = parse(answer.text);
  const thrown = answer.status === 400 && typeof body?.detail === "string" &&
    body.detail.startsWith("Validation failed");
  if (thrown) return { passed: false };
  if (answer.status !== 200) throw refused(target, answer.status);
  if (typeof body?.validationPassed !== "boolean" || (body.error ?? "") !== "") {
    throw unavailable(target, "gave no verdict", false);
  }
  const { validatedOutput } = body;
  return {
    passed: body.validationPassed,
    failures: failuresIn(body.validationSummaries, text),
    ...typeof validatedOutput === "string" && validatedOutput !== text ? { fixed: validatedOutput } : {},
  };
}

function parse(text: string): Answer | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function failuresIn(summaries: unknown, text: string): GuardFailure[] {
  if (!Array.isArray(summaries)) return [];
  // The server is written in Python, which counts code points.
  const characters = Array.from(text);
  const toUnits = ({ start, end }: Span): Span => {
    const before = characters.slice(0, start).join("").length;
    return { start: before, end: before + characters.slice(start, end).join("").length };
  };
  return summaries.flatMap((summary): GuardFailure[] => {
    const { validatorName, validatorStatus, failureReason, errorSpans } = (summary ?? {}) as Record<
      string,
      unknown
    >;
    if (validatorStatus !== "fail") return [];
    const spans = Array.isArray(errorSpans) ? errorSpans.filter(isSpan).map(toUnits) : [];
    const reason = typeof failureReason === "string" ? failureReason : "does not let the text pass";
    const [first] = spans;
    return [{
      reason: `${validatorName}: ${masked(reason, text, spans)}`,
      ...first && { start: first.start, end: first.end },
    }];
  });
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function isSpan(value: unknown): value is Span {
  const { start, end } = (value ?? {}) as Partial<Span>;
  return Number.isInteger(start) && Number.isInteger(end) && start! >= 0 && end! > start!;
}

/** A reason may repeat what it found, which may be personal. */
function masked(reason: string, text: string, spans: readonly Span[]): string {
  return spans.reduce((left, { start, end }) => {
    const found = text.slice(start, end);
    return found === "" ? left : left.replaceAll(found, mask(found));
  }, reason);
}

function whyUnreachable(target: GuardTarget, answer: Exclude<TextAnswer, { state: "answered" }>): string {
  if (answer.state === "denied") return "may not be reached: run again with --allow-net";
  return answer.state === "late"
    ? `gave no answer within ${target.timeoutMs} ms`
    : `cannot be reached: ${answer.reason}`;
}

function refused(target: GuardTarget, status: number): ValidatorError {
  const reason = status === 401 || status === 403
    ? `refused the key (status ${status}): set server.apiKey or GUARDRAILS_API_KEY`
    : status === 404
    ? "knows no such guard (status 404)"
    : `answered with status ${status}`;
  return unavailable(target, reason, status === 429 || status >= 500);
}

function unavailable({ component, url }: GuardTarget, reason: string, retryable: boolean): ValidatorError {
  return new ValidatorError(`Cannot ask the guard of ${component} as ${new URL(url).host} ${reason}`, {
    code: "guard_unavailable",
    component,
    operation: "validate",
    metadata: { retryable },
  });
}
