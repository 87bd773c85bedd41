/**
 * A `fetch` that reads no more of an answer than it is allowed to, and remembers how the answer began.
 *
 * It is loaded only with the modules that call providers.
 *
 * @module
 */

/** What was seen of the last answer. */
export interface Seen {
  /** Its status. */
  status?: number;
  /** Its headers. */
  headers?: Headers;
  /** How its body began. */
  head: string;
  /** Whether it was a stream of events that said it is over. */
  isDone: boolean;
  /** Whether its body was larger than allowed. */
  tooLarge: boolean;
}

const HEAD_BYTES = 64 * 1024;
/** What OpenAI's protocol ends a stream with. It is a line of its own: within an event, text has no line breaks. */
const DONE = /[\r\n]\ufeff?data: ?\[DONE\]/;
const DONE_CHARACTERS = "\n\ufeffdata: [DONE]".length;

const BOUND: unique symbol = Symbol("bound");

/** How an answer is read. */
export interface Bound {
  /** The largest body that is read. */
  readonly maxBytes: number;
  /** Where to note what was seen. */
  readonly seen: Seen;
  /** Whether it is read piece by piece, and not as one text. */
  readonly isStreamed: boolean;
}

/**
 * What {@linkcode boundedFetch} is told of one call, beside the options of `fetch`: SDKs hand options that they do not know on.
 *
 * @param call How its answer is read.
 * @returns The options.
 */
export function bound(call: Bound): Readonly<Record<never, unknown>> {
  return { [BOUND]: call };
}

/**
 * Fetches as `fetch` does, within the bound that stands among its options.
 *
 * @param input What.
 * @param init How; with what {@linkcode bound} gives.
 * @returns The answer.
 */
export async function boundedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const call = (init as { readonly [BOUND]?: Bound } | undefined)?.[BOUND];
  const response = await fetch(input, init);
  if (call === undefined) return response;
  call.seen.status = response.status;
  call.seen.headers = response.headers;
  if (response.body === null) return response;
  if (call.isStreamed) return boundedStream(response, response.body, call);
  // The same answer, read in another way: one of its own with a stream of its own would take longer to make than to read.
  const text = (): Promise<string> => readText(response, call);
  return Object.defineProperties(response, {
    text: { value: text },
    json: { value: async () => JSON.parse(await text()) as unknown },
  });
}

/** Fetches nothing from nowhere: some runtimes load the half of a megabyte behind `fetch` when it is first called. */
export async function warmFetch(): Promise<void> {
  await (await fetch("data:,")).text();
}

async function readText(response: Response, { maxBytes, seen }: Bound): Promise<string> {
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  const pieces: string[] = [];
  let bytes = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const before = bytes;
    bytes += read.value.byteLength;
    const piece = decoder.decode(read.value, { stream: true });
    if (before < HEAD_BYTES) seen.head += piece.slice(0, HEAD_BYTES - before);
    if (bytes > maxBytes) {
      seen.tooLarge = true;
      // Closes the server's connection.
      await reader.cancel();
      throw new Error(TOO_LARGE);
    }
    pieces.push(piece);
  }
  return pieces.join("") + decoder.decode();
}

const TOO_LARGE = "the answer is too large";

function boundedStream(response: Response, body: ReadableStream<Uint8Array>, call: Bound): Response {
  const { status, statusText, headers } = response;
  return new Response(body.pipeThrough(watch(call)), { status, statusText, headers });
}

function watch({ maxBytes, seen }: Bound): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const lineDecoder = new TextDecoder();
  let bytes = 0;
  let line = "\n";
  return new TransformStream({
    transform(chunk, controller) {
      const before = bytes;
      bytes += chunk.byteLength;
      if (before < HEAD_BYTES) {
        seen.head += decoder.decode(chunk.subarray(0, HEAD_BYTES - before), { stream: true });
      }
      line = line.slice(-DONE_CHARACTERS) + lineDecoder.decode(chunk, { stream: true });
      seen.isDone ||= DONE.test(line);
      if (bytes > maxBytes) {
        seen.tooLarge = true;
        // Ends the reading on both sides: the reader fails, and the server's connection is closed.
        controller.error(new Error(TOO_LARGE));
      } else controller.enqueue(chunk);
    },
  });
}
