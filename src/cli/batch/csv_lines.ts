/**
 * The inputs of a batch as a table: values between commas or tabs, the names of the columns in the first row.
 *
 * @module
 */

import { type CsvError, parse, type Parser } from "csv-parse";
import { ConfigurationError } from "../../errors.ts";
import { MAX_TEXT_BYTES } from "../../runtime/files.ts";
import type { BatchLine, Fields } from "./batch_line.ts";

/** A row as the parser gives it, or why there is none. */
type Row = readonly string[] | { readonly problem: string };

/**
 * Reads the rows of a table. A row of another length than the first is one with a problem, and so is what follows a quote that
 * is never closed; a quote in the middle of a value is taken as it stands.
 *
 * @param chunks The bytes of the file.
 * @param delimiter What stands between values.
 * @returns The rows but for the first, numbered from 1.
 * @throws {ConfigurationError} When a column's name stands twice, or the first row cannot be read.
 */
export async function* csvLines(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: "," | "\t",
): AsyncGenerator<BatchLine, void, undefined> {
  let columns: readonly string[] | undefined;
  let number = 0;
  for await (const row of rows(chunks, delimiter)) {
    if (columns !== undefined) yield { number: ++number, ...lineOf(row, columns) };
    else if ("problem" in row) {
      throw new ConfigurationError(`Cannot read the names of the columns as ${row.problem}`, {
        code: "bad_table",
      });
    } else columns = columnsOf(row);
  }
}

async function* rows(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<Row, void, undefined> {
  let parsed: Row[] = [];
  const parser = parse({
    delimiter,
    // Any of them, also in one file; else the first that is met would hold for all.
    record_delimiter: ["\r\n", "\n", "\r"],
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_TEXT_BYTES,
    // Rows are taken here and not from the stream, as rows with a fault would otherwise lose their place among them.
    on_record: (row: string[]) => {
      parsed.push(row);
      return null;
    },
    on_skip: (error: CsvError | undefined) => {
      parsed.push({ problem: faultOf(error) });
      return undefined;
    },
  });
  const take = (): Row[] => {
    const taken = parsed;
    parsed = [];
    return taken;
  };
  for await (const chunk of chunks) {
    await write(parser, chunk);
    yield* take();
  }
  await write(parser, undefined);
  yield* take();
}

function write(parser: Parser, chunk: Uint8Array | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once("error", reject);
    const done = (): void => {
      parser.off("error", reject);
      resolve();
    };
    if (chunk !== undefined) parser.write(chunk, done);
    // Ends only when it is read to its end, though nothing is in it.
    else parser.once("end", done).resume().end();
  });
}

function faultOf(error: CsvError | undefined): string {
  if (error?.code === "CSV_QUOTE_NOT_CLOSED") return "a quote is opened and never closed";
  return error?.code === "CSV_MAX_RECORD_SIZE" ? "it is longer than 32 MiB" : "it is no row of a table";
}

function columnsOf(row: readonly string[]): string[] {
  const columns = row.map((name, index) => name.trim() === "" ? `column_${index + 1}` : name.trim());
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice === undefined) return columns;
  throw new ConfigurationError(`Cannot tell the columns apart as two are called ${JSON.stringify(twice)}`, {
    code: "bad_table",
    suggestions: ["Name the columns in the first row, each by a name of its own."],
  });
}

function lineOf(row: Row, columns: readonly string[]): Omit<BatchLine, "number"> {
  if ("problem" in row) return { input: "", problem: row.problem };
  if (row.length !== columns.length) {
    const problem = `it has ${row.length} values, and there are ${columns.length} columns`;
    return { input: JSON.stringify(row), problem };
  }
  const input: Fields = Object.fromEntries(columns.map((name, index) => [name, row[index]!]));
  return row.some((value) => value.includes("\ufffd"))
    ? { input, problem: "it is not UTF-8 text" }
    : { input };
}
