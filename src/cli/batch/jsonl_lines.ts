/**
 * The inputs of a batch as JSON, one object a line.
 *
 * @module
 */

import { ConfigurationError } from "../../errors.ts";
import { decodeText } from "../../runtime/files.ts";
import type { BatchLine, Fields } from "./batch_line.ts";
import { type ByteLine, byteLines } from "./byte_lines.ts";
import { parseExactJson } from "./exact_json.ts";

/**
 * Reads lines of JSON. Blank lines are passed over; one that is no object is a line with a problem.
 *
 * @param chunks The bytes of the file.
 * @returns The lines.
 */
export async function* jsonlLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<BatchLine, void, undefined> {
  for await (const line of byteLines(chunks)) {
    const read = readLine(line);
    if (read !== undefined) yield read;
  }
}

function readLine({ number, bytes }: ByteLine): BatchLine | undefined {
  if (bytes === undefined) return { number, input: "", problem: "it is longer than 32 MiB" };
  let text: string;
  try {
    text = decodeText(bytes, "it").trim();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { number, input: new TextDecoder().decode(bytes), problem: error.message.replace(/^.* as /, "") };
  }
  return text === "" ? undefined : { number, ...parse(text) };
}

function parse(text: string): Omit<BatchLine, "number"> {
  try {
    const value = parseExactJson(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { input: value as Fields };
    }
    return { input: text, problem: 'it is no JSON object such as {"name": "value"}' };
  } catch {
    // What the runtimes say of it differs, and would make one line different from the same line elsewhere.
    return { input: text, problem: "it is no JSON" };
  }
}
