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
  /** How its body ended, as far as it was read. */
  tail: string;
  /** Whether its body was larger than allowed. */
  tooLarge: boolean;
}

const HEAD_BYTES = 64 * 1024;
const TAIL_CHARACTERS = 64;

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
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      const before = bytes;
      bytes += chunk.byteLength;
      if (before < HEAD_BYTES) {
        seen.head += decoder.decode(chunk.subarray(0, HEAD_BYTES - before), { stream: true });
      }
      seen.tail = (seen.tail + new TextDecoder().decode(chunk.subarray(-TAIL_CHARACTERS))).slice(
        -TAIL_CHARACTERS,
      );
      if (bytes > maxBytes) {
        seen.tooLarge = true;
        // Ends the reading on both sides: the reader fails, and the server's connection is closed.
        controller.error(new Error("the answer is too large"));
      } else controller.enqueue(chunk);
    },
  });
}
