/**
 * Looks whether a server answers, quickly and without asking anybody anything.
 *
 * @module
 */

/** What came of looking. */
export type ProbeAnswer =
  | { readonly state: "answered"; readonly body: unknown }
  | { readonly state: "silent" }
  | { readonly state: "denied" };

interface DenoLike {
  readonly permissions?: { querySync(descriptor: { name: "net"; host: string }): { readonly state: string } };
}

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
  const { Deno } = globalThis as { Deno?: DenoLike };
  const { host } = new URL(url);
  if (Deno?.permissions && Deno.permissions.querySync({ name: "net", host }).state !== "granted") {
    return { state: "denied" };
  }
  try {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
    const response = await fetch(url, { signal, redirect: "error" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return { state: "answered", body: JSON.parse(await readBounded(response)) };
  } catch {
    options.signal.throwIfAborted();
    return { state: "silent" };
  }
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let total = 0;
  for await (const chunk of response.body ?? []) {
    total += chunk.length;
    if (total > MAX_BODY_BYTES) throw new Error("the answer is too large");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
