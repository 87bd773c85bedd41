/**
 * The results of a batch: read once when it starts, and added to as its runs end.
 *
 * @module
 */

import { ConfigurationError, StorageError } from "../../errors.ts";
import { AppendFile, putInPlace } from "../../runtime/append_file.ts";
import { isPlainFile, readChunks } from "../../runtime/byte_chunks.ts";
import { decodeText, exists } from "../../runtime/files.ts";
import { newId } from "../../runtime/identity.ts";
import { removeFile } from "../../runtime/sqlite_file.ts";
import { keyOf } from "./batch_line.ts";
import { type ByteLine, byteLines } from "./byte_lines.ts";
import { parseExactJson } from "./exact_json.ts";
import type { ResultLine } from "./result_line.ts";

/** What is remembered of a result. */
export interface KnownResult extends Pick<ResultLine, "valid" | "costUsd" | "error" | "config"> {
  /** Tells its line from others. */
  readonly key: string;
}

/** What stands in a file of results. */
export interface KnownResults {
  /** By the number of the line. */
  readonly byLine: Map<number, KnownResult>;
  /** How many bytes of it are whole. */
  readonly wholeBytes: number;
}

const SUBJECT = "the results";
/** Longer than any result of an input that is read, and of the text that was made of it. */
const LONGEST_RESULT_BYTES = 256 * 1024 * 1024;

/**
 * Reads what a file of results holds. Its last line may be torn; it is no result then.
 *
 * @param path The file; one that is not there holds nothing.
 * @returns What it holds.
 * @throws {ConfigurationError} When it is no plain file, or there is something else in it.
 */
export async function readResults(path: string): Promise<KnownResults> {
  const byLine = new Map<number, KnownResult>();
  let wholeBytes = 0;
  if (!exists(path)) return { byLine, wholeBytes };
  if (!isPlainFile(path)) {
    throw new ConfigurationError(`Cannot add results to ${path} as it is no plain file`, {
      code: "not_a_file",
      suggestions: ["Name a file by --out: results are read again when the batch goes on."],
    });
  }
  for await (const line of byteLines(readChunks(path, SUBJECT), LONGEST_RESULT_BYTES)) {
    if (!line.isEnded) {
      if (!mayBeTorn(line)) throw foreign(path, line.number);
      break;
    }
    const { line: number, input, ...result } = parse(path, line);
    const { valid, costUsd, error, config } = result;
    byLine.set(number, { valid, costUsd, error, config, key: keyOf({ number, input }) });
    wholeBytes = line.endBytes;
  }
  return { byLine, wholeBytes };
}

const BEGINNING = '{"line":';

/** A line that was being written begins like one; anything else is not this program's to remove. */
function mayBeTorn({ bytes }: ByteLine): boolean {
  const text = new TextDecoder().decode(bytes?.subarray(0, BEGINNING.length));
  return bytes === undefined || text === BEGINNING.slice(0, text.length);
}

function parse(path: string, { number, bytes }: ByteLine): ResultLine {
  try {
    const text = decodeText(bytes!, "it");
    const result = JSON.parse(text) as ResultLine;
    if (Number.isSafeInteger(result.line) && typeof result.config === "string" && "input" in result) {
      // The line's numbers as they were written, as its key is made of them.
      return { ...result, input: (parseExactJson(text) as unknown as ResultLine).input };
    }
  } catch {
    // Told below.
  }
  throw foreign(path, number);
}

function foreign(path: string, number: number): ConfigurationError {
  return new ConfigurationError(`Cannot add to ${path} as its line ${number} is no result of a batch`, {
    code: "foreign_results",
    suggestions: ["Give another file by --out."],
  });
}

/** Gets results as they come. */
export class ResultsFile {
  readonly #file: AppendFile;

  /**
   * Opens the file.
   *
   * @param path The file, which is made where there is none.
   * @param wholeBytes How many of its bytes are kept.
   * @throws {StorageError} When it cannot be written.
   */
  constructor(path: string, wholeBytes: number) {
    this.#file = new AppendFile(path, { subject: SUBJECT, keepBytes: wholeBytes });
  }

  /** Adds a result. */
  add(result: ResultLine): void {
    this.#file.append(`${JSON.stringify(result)}\n`);
  }

  /** Waits until they are on the disk. */
  async close(): Promise<void> {
    await this.#file.close();
  }
}

/**
 * Takes results out of a file. It is written anew beside it, under a name that no other file has, and then put in its place.
 *
 * @param path The file.
 * @param isDropped Says of a line's number whether its result goes.
 * @returns How many bytes are left.
 * @throws {StorageError} When that cannot be done; the file is then as it was.
 */
export async function dropResults(path: string, isDropped: (line: number) => boolean): Promise<number> {
  const beside = `${path}.${newId().slice(0, 8)}.new`;
  const file = new AppendFile(beside, { subject: SUBJECT, keepBytes: 0 });
  // Every byte is kept, as they are counted.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let bytes = 0;
  try {
    for await (const line of byteLines(readChunks(path, SUBJECT), LONGEST_RESULT_BYTES)) {
      if (!line.isEnded || isDropped(parse(path, line).line)) continue;
      const text = `${decoder.decode(line.bytes)}\n`;
      file.append(text);
      bytes += line.bytes!.length + 1;
    }
    await file.close();
    putInPlace(beside, path);
  } catch (error) {
    removeFile(beside);
    throw error;
  }
  return bytes;
}

/**
 * Words the refusal of a file that somebody else is adding to.
 *
 * @param path The file.
 * @returns The error to throw.
 */
export function resultsInUse(path: string): StorageError {
  return new StorageError(`Cannot add to ${path} as another batch is adding to it`, {
    code: "results_in_use",
    suggestions: ["Wait until it is done, end it, or give another file by --out."],
  });
}
