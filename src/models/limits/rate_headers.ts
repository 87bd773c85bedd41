/**
 * What a provider's headers say of its limits.
 *
 * Three families are read: OpenAI's `x-ratelimit-*-requests` and `-tokens` (with durations such as `6m0s`; Groq, Azure and others
 * send the same), Anthropic's `anthropic-ratelimit-*` (with dates), and the plain `x-ratelimit-limit`, `-remaining` and
 * `-reset` of routers. What cannot be read is left out.
 *
 * @module
 */

/** How much of one kind is left. */
export interface RateWindow {
  /** How many there are when nothing is used up. */
  readonly limit?: number;
  /** How many are left. */
  readonly remaining: number;
  /** When all are there again, in milliseconds from the answer. */
  readonly resetMs: number;
}

/** What one answer said of the provider's limits. */
export interface RateFacts {
  /** Requests. */
  readonly requests?: RateWindow;
  /** Tokens, sent and received. */
  readonly tokens?: RateWindow;
}

/** The names of the three headers of one kind, in the order in which they are looked for. */
const NAMES: Readonly<Record<keyof RateFacts, readonly ((part: string) => string)[]>> = {
  requests: [
    (part) => `x-ratelimit-${part}-requests`,
    (part) => `anthropic-ratelimit-requests-${part}`,
    (part) => `x-ratelimit-${part}`,
  ],
  tokens: [(part) => `x-ratelimit-${part}-tokens`, (part) => `anthropic-ratelimit-tokens-${part}`],
};

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** No limit is heeded that comes back later than that, in milliseconds: a longer time is misread or of no use. */
const LONGEST_MS = 31 * 86_400_000;

/**
 * Reads the headers of an answer.
 *
 * @param headers The headers.
 * @param nowMs The time, in milliseconds since the epoch; a reset may be a date.
 * @returns What they say; `undefined` when they say nothing of limits.
 */
export function readRateHeaders(headers: Headers, nowMs: number): RateFacts | undefined {
  const requests = readWindow(headers, "requests", nowMs);
  const tokens = readWindow(headers, "tokens", nowMs);
  if (requests === undefined && tokens === undefined) return undefined;
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

function readWindow(headers: Headers, kind: keyof RateFacts, nowMs: number): RateWindow | undefined {
  for (const name of NAMES[kind]) {
    const remaining = readCount(headers.get(name("remaining")));
    const resetMs = readReset(headers.get(name("reset")), nowMs);
    if (remaining === undefined || resetMs === undefined) continue;
    const limit = readCount(headers.get(name("limit")));
    return { remaining, resetMs, ...(limit !== undefined && limit >= 1 ? { limit } : {}) };
  }
  return undefined;
}

function readCount(text: string | null): number | undefined {
  if (text === null || text.trim() === "") return undefined;
  const count = Number(text);
  return Number.isFinite(count) && count >= 0 ? count : undefined;
}

/** A duration (`1m2.5s`, or seconds), a date, or a time since the epoch in seconds or milliseconds. */
function readReset(text: string | null, nowMs: number): number | undefined {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return undefined;
  const resetMs = /^[\d.]+$/.test(trimmed)
    ? fromNumber(Number(trimmed), nowMs)
    : readDuration(trimmed) ?? readDate(trimmed) - nowMs;
  return Number.isFinite(resetMs) && resetMs <= LONGEST_MS ? Math.max(0, Math.ceil(resetMs)) : undefined;
}

function fromNumber(value: number, nowMs: number): number {
  if (value >= 1e11) return value - nowMs;
  return value >= 1e9 ? value * 1_000 - nowMs : value * 1_000;
}

/** Only what has a time of day: engines read dates into nearly everything. */
function readDate(text: string): number {
  return /\d:\d\d/.test(text) ? Date.parse(text) : NaN;
}

function readDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    totalMs += Number(count) * UNITS_MS[unit!]!;
  }
  return totalMs;
}
