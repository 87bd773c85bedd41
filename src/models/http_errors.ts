/**
 * Turns what a provider answered, or that it did not, into one error that says what happened and what to do.
 *
 * Nothing is read from the words of a message where a status or a code says it; words decide only what several providers
 * report without a code of their own: an overlong prompt, refused content, a spent quota.
 *
 * @module
 */

import { ModelApiError } from "../errors.ts";
import { readRateHeaders } from "./limits/rate_headers.ts";
import { PROVIDERS } from "./providers.ts";
import { scrub } from "./scrub.ts";

/** Who was called, for messages and advice. */
export interface CallSubject {
  /** The provider's id. */
  readonly provider: string;
  /** The model's name. */
  readonly model: string;
  /** Where it was called. */
  readonly baseUrl: string;
  /** The environment variables that may hold its key. */
  readonly keyVariables: readonly string[];
  /** Texts that no error may show. */
  readonly secrets: readonly string[];
}

/** A refusal by the server. */
export interface HttpRefusal {
  /** The HTTP status; `undefined` for an error that is told inside an answer. */
  readonly status: number | undefined;
  /** The headers. */
  readonly headers: Headers;
  /** The body, as far as it was read. */
  readonly body: string;
  /** What was sent, measured; for prompts that are too long. */
  readonly sizes: Readonly<Record<string, number>>;
  /** The time, in milliseconds since the epoch; a Retry-After may be a date. */
  readonly nowMs: number;
}

const QUOTED_CHARACTERS = 500;
const LONGEST_SCRUBBED = 64 * 1024;

const QUOTA =
  /insufficient_quota|quota_exceeded|billing|insufficient.{0,10}(balance|credit|fund)|credit balance is too low|exceeded your current quota/i;
const TOO_LONG =
  /context.?length|context.?window|maximum context|prompt is too long|too many (input )?tokens|input is too long/i;
const FILTERED = /content_filter|content_policy|content management policy|ResponsibleAI|safety system/i;

/**
 * Words the error for a refusal.
 *
 * @param subject Who refused.
 * @param refusal What came back.
 * @returns The error to throw.
 */
export function refusalError(subject: CallSubject, refusal: HttpRefusal): ModelApiError {
  const { status, headers } = refusal;
  const { message, code, told } = readBody(refusal.body);
  const kind = classify(status ?? told, `${code} ${shorten(message)}`);
  const quoted = quote(subject, message);
  const said = quoted === "" ? "" : `: ${quoted}`;
  const name = nameOf(subject);
  const rateLimits = readRateHeaders(headers, refusal.nowMs);
  const where = status === undefined ? "in its answer" : `with status ${status}`;
  return new ModelApiError(`${name} refused the call ${where}${said}`, {
    code: kind.code,
    component: subject.model,
    operation: "generate",
    provider: subject.provider,
    status,
    retryable: kind.retryable,
    retryAfterMs: kind.retryable
      ? retryAfter(headers, refusal.nowMs) ?? loadingTime(refusal.body)
      : undefined,
    requestId: requestId(subject, headers),
    suggestions: advice(kind.code, subject),
    metadata: {
      ...(code === "" ? {} : { providerCode: quote(subject, code) }),
      ...(rateLimits && { rateLimits }),
      ...(kind.code === "context_length" ? refusal.sizes : {}),
    },
  });
}

/**
 * Words the error for an answer that cannot be read.
 *
 * @param subject Who answered.
 * @param reason What is wrong with the answer.
 * @param quoted The beginning of it.
 * @param options The code and what else is known.
 * @returns The error to throw.
 */
export function answerError(
  subject: CallSubject,
  reason: string,
  quoted: string,
  options: { code: string; retryable: boolean; status?: number; headers?: Headers },
): ModelApiError {
  const said = quoted.trim() === "" ? "" : `: ${quote(subject, quoted)}`;
  return new ModelApiError(`${nameOf(subject)} ${reason}${said}`, {
    code: options.code,
    component: subject.model,
    operation: "generate",
    provider: subject.provider,
    status: options.status,
    retryable: options.retryable,
    requestId: options.headers && requestId(subject, options.headers),
    suggestions: advice(options.code, subject),
  });
}

/**
 * Words the error for a call that never got an answer.
 *
 * @param subject Who was called.
 * @param failure What the network said.
 * @returns The error to throw.
 */
export function networkError(subject: CallSubject, failure: unknown): ModelApiError {
  const causes = chainOf(failure);
  const denied = causes.some((error) => error.name === "NotCapable" || error.name === "PermissionDenied");
  const reason = causes.map((error) => error.message).filter((text) => text !== "").at(-1) ?? String(failure);
  const deepest = causes.at(-1);
  const cause = new Error(quote(subject, reason));
  if (deepest) cause.name = deepest.name;
  const { host } = new URL(subject.baseUrl);
  return new ModelApiError(
    `${nameOf(subject)} could not be reached at ${host}: ${cause.message}`,
    {
      code: denied ? "network_denied" : "network",
      component: subject.model,
      operation: "generate",
      provider: subject.provider,
      retryable: !denied,
      suggestions: denied ? [`Let Deno reach it: --allow-net=${host}`] : advice("network", subject),
      cause,
    },
  );
}

function classify(status: number | undefined, words: string): { code: string; retryable: boolean } {
  const refused = (code: string) => ({ code, retryable: false });
  const passing = (code: string) => ({ code, retryable: true });
  if (status === 401 || status === 403) return refused("auth");
  if (status === 402) return refused("quota");
  if (status === 404) return refused("model_not_found");
  if (status === 429) return QUOTA.test(words) ? refused("quota") : passing("rate_limit");
  if (status === 408) return passing("timeout");
  if (status === 409) return passing("conflict");
  if (status !== undefined && status >= 500) return passing("server_error");
  if (TOO_LONG.test(words)) return refused("context_length");
  if (FILTERED.test(words)) return refused("content_filter");
  if (QUOTA.test(words)) return refused("quota");
  if (status === undefined) {
    return passing(/rate.?limit/i.test(words) ? "rate_limit" : "server_error");
  }
  return refused(status === 413 ? "context_length" : "bad_request");
}

function advice(code: string, subject: CallSubject): string[] {
  const info = PROVIDERS[subject.provider];
  switch (code) {
    case "auth":
      return subject.keyVariables.length === 0
        ? ["Check the key that the model was made with."]
        : [`Check the key in ${subject.keyVariables[0]} (or the option \`apiKey\`).`];
    case "model_not_found":
      return [
        `Check the model's name: ${subject.model}`,
        ...(info?.id === "ollama" ? [`Fetch it: ollama pull ${subject.model}`] : []),
        ...(info?.id === "azure" ? ["On Azure the name is the deployment's."] : []),
        `Check the address: ${subject.baseUrl}`,
      ];
    case "quota":
      return [`Check the plan and the billing of your ${info?.label ?? subject.provider} account.`];
    case "context_length":
      return ["Shorten the prompt, or lower `maxTokens`."];
    case "network":
      return [
        ...(info?.id === "ollama" ? ["Start the server: ollama serve"] : []),
        `Check the address: ${subject.baseUrl}`,
        `Under Deno, let it reach the server: --allow-net=${new URL(subject.baseUrl).host}`,
      ];
    default:
      return [];
  }
}

/** What the body of a refusal says. */
interface Told {
  readonly message: string;
  readonly code: string;
  /** The status that a router tells in place of one of its own. */
  readonly told?: number;
}

/** A JSON body in any of the shapes that providers use; else the text itself. */
function readBody(body: string): Told {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { message: body, code: "" };
  }
  // Google's endpoint wraps the error in an array.
  const outer = Object(Array.isArray(parsed) ? parsed[0] : parsed) as Record<string, unknown>;
  const error = outer.error ?? outer;
  if (typeof error === "string") return { message: error, code: "" };
  const { message, detail, code, type, status } = Object(error) as Record<string, unknown>;
  const text = [message, detail, outer.message].find((value) => typeof value === "string") as
    | string
    | undefined;
  return {
    message: text ?? (Object.keys(outer).length === 0 ? "" : JSON.stringify(parsed)),
    code: [code, type, status].filter((value) => typeof value === "string").join(" "),
    ...(Number.isInteger(code) && Number(code) >= 400 && Number(code) < 600 ? { told: Number(code) } : {}),
  };
}

function retryAfter(headers: Headers, nowMs: number): number | undefined {
  const exact = Number(headers.get("retry-after-ms") ?? NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const text = headers.get("retry-after")?.trim();
  if (!text) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds >= 0 ? Math.round(seconds * 1000) : undefined;
  const dateMs = Date.parse(text);
  return Number.isFinite(dateMs) ? Math.max(0, dateMs - nowMs) : undefined;
}

/** Hugging Face says how long a model still takes to load. */
function loadingTime(body: string): number | undefined {
  const seconds = /"estimated_time"\s*:\s*(\d+(?:\.\d+)?)/.exec(body)?.[1];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1000);
}

function requestId(subject: CallSubject, headers: Headers): string | undefined {
  for (const name of ["request-id", "x-request-id", "apim-request-id"]) {
    const id = headers.get(name);
    if (id) return quote(subject, id);
  }
  return undefined;
}

function chainOf(failure: unknown): Error[] {
  const errors: Error[] = [];
  for (let error = failure; error instanceof Error && errors.length < 8; error = error.cause) {
    errors.push(error);
  }
  return errors;
}

function nameOf({ provider, model }: CallSubject): string {
  return `${provider}:${model}`;
}

/** Quotes what was said, without what nobody may see. */
function quote({ secrets }: CallSubject, text: string): string {
  // A secret is taken out whole before the text is cut; what is cut first is far from what is shown.
  return shorten(scrub(secrets, text.slice(0, LONGEST_SCRUBBED)));
}

function shorten(text: string): string {
  const line = text.slice(0, 8 * QUOTED_CHARACTERS).replace(/\s+/g, " ").trim();
  return line.length > QUOTED_CHARACTERS ? `${line.slice(0, QUOTED_CHARACTERS)}…` : line;
}
