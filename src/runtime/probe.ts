/**
 * Looks whether a server answers, quickly and without asking anybody anything.
 *
 * @module
 */

import { mayUseNetwork } from "./net_permission.ts";
import { requestText } from "./request_text.ts";

/** What came of looking. */
export type ProbeAnswer =
  | { readonly state: "answered"; readonly body: unknown }
  | { readonly state: "silent" }
  | { readonly state: "denied" };

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Asks a server for JSON.
 *
 * @param url What to ask for.
 * @param options How long to wait, in milliseconds, and what ends the waiting early.
 * @returns The JSON; or that nothing usable came in time; or that Deno was not given the permission to look.
 */
export async function probe(
  url: string,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<ProbeAnswer> {
  if (!mayUseNetwork(new URL(url).host)) return { state: "denied" };
  const answer = await requestText(url, { ...options, maxBytes: MAX_BODY_BYTES });
  if (answer.state === "denied") return { state: "denied" };
  if (answer.state !== "answered" || answer.status < 200 || answer.status > 299) return { state: "silent" };
  try {
    return { state: "answered", body: JSON.parse(answer.text) };
  } catch {
    return { state: "silent" };
  }
}
