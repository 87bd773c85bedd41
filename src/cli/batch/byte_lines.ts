/**
 * Cuts a stream of bytes into lines.
 *
 * @module
 */

import { joinBytes, MAX_TEXT_BYTES } from "../../runtime/files.ts";

/** A line of a file. */
export interface ByteLine {
  /** Which line, from 1. */
  readonly number: number;
  /** What it consists of, without its line break; `undefined` where it is longer than may be read. */
  readonly bytes: Uint8Array | undefined;
  /** How many bytes of the file end with this line, its line break included. */
  readonly endBytes: number;
  /** Whether it has a line break. The last line of a file may have none. */
  readonly isEnded: boolean;
}

const LINE_FEED = 10;

/**
 * Cuts bytes into lines, holding one line at a time.
 *
 * @param chunks The bytes.
 * @param maxBytes The longest line that is kept, in bytes.
 * @returns The lines; a line break at the very end begins no further line.
 */
export async function* byteLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number = MAX_TEXT_BYTES,
): AsyncGenerator<ByteLine, void, undefined> {
  const begun = new BegunLine(maxBytes);
  let number = 0;
  let offset = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      begun.add(chunk.subarray(start, end));
      start = end + 1;
      yield { number: ++number, bytes: begun.take(), endBytes: offset + start, isEnded: true };
    }
    begun.add(chunk.subarray(start));
    offset += chunk.length;
  }
  if (begun.length > 0) yield { number: ++number, bytes: begun.take(), endBytes: offset, isEnded: false };
}

/** A line whose end has not been seen. */
class BegunLine {
  length = 0;
  readonly #maxBytes: number;
  #pieces: Uint8Array[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(piece: Uint8Array): void {
    this.length += piece.length;
    if (this.length > this.#maxBytes) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  take(): Uint8Array | undefined {
    const bytes = this.length > this.#maxBytes ? undefined : joinBytes(this.#pieces);
    this.#pieces = [];
    this.length = 0;
    return bytes;
  }
}
