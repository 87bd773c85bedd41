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

/**
 * Makes the `fetch` of one call.
 *
 * @param maxBytes The largest body that is read.
 * @param seen Where to note what was seen.
 * @returns The function.
 */
export function boundedFetch(maxBytes: number, seen: Seen): typeof fetch {
  return async (input: RequestInfo | URL, init?: RequestInit) => {
    const response = await fetch(input, init);
    seen.status = response.status;
    seen.headers = response.headers;
    if (response.body === null) return response;
    const body = response.body.pipeThrough(bound(maxBytes, seen));
    return new Response(body, {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
  };
}

function bound(maxBytes: number, seen: Seen): TransformStream<Uint8Array, Uint8Array> {
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
        controller.error(new Error("the answer is too large"));
      } else controller.enqueue(chunk);
    },
  });
}
