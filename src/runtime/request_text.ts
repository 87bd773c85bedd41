/**
 * Asks a server for text, for at most so long and at most so much.
 *
 * @module
 */

/** What to ask for. */
export interface TextRequest {
  /** How. @default "GET" */
  readonly method?: string;
  /** What is sent along. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent. */
  readonly body?: string;
  /** How long to wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** The largest answer that is read, in bytes. */
  readonly maxBytes: number;
  /** Ends the waiting early. */
  readonly signal: AbortSignal;
}

/** What came of asking. */
export type TextAnswer =
  | { readonly state: "answered"; readonly status: number; readonly text: string }
  | { readonly state: "late" }
  | { readonly state: "denied" }
  | { readonly state: "failed"; readonly reason: string };

/**
 * Asks. A redirection is not followed: what is sent along may be a secret.
 *
 * @param url Whom to ask.
 * @param request What to ask for.
 * @returns The answer of any status; or why there is none.
 * @throws The reason of `signal`, when that is aborted.
 */
export async function requestText(url: string | URL, request: TextRequest): Promise<TextAnswer> {
  const { method = "GET", headers = {}, body, timeoutMs, maxBytes, signal } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const init = {
      method,
      headers,
      body,
      redirect: "error",
      signal: AbortSignal.any([signal, timeout]),
    } as const;
    const response = await fetch(url, init);
    return { state: "answered", status: response.status, text: await readBounded(response, maxBytes) };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return { state: "late" };
    const { name, message } = (error ?? {}) as { name?: string; message?: string };
    if (name === "NotCapable" || name === "PermissionDenied") return { state: "denied" };
    return { state: "failed", reason: message ?? String(error) };
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let total = 0;
  for await (const chunk of response.body ?? []) {
    total += chunk.length;
    if (total > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
