/**
 * Where the inputs of a batch come from.
 *
 * @module
 */

import { ConfigurationError } from "../../errors.ts";
import { isPlainFile, readChunks } from "../../runtime/byte_chunks.ts";
import { absolutePath, exists } from "../../runtime/files.ts";
import { fileState } from "../../runtime/sqlite_file.ts";
import type { CommandContext } from "../command.ts";
import type { BatchLine } from "./batch_line.ts";
import { csvLines } from "./csv_lines.ts";
import { jsonlLines } from "./jsonl_lines.ts";

/** How the lines of inputs are written. */
export type InputFormat = "jsonl" | "csv" | "tsv";

/** The inputs of a batch. */
export interface Inputs {
  /** What they are called in messages. */
  readonly label: string;
  /** Whether they can be read again. */
  readonly isFile: boolean;
  /** Reads them from the beginning, a piece at a time. */
  lines(): AsyncIterable<BatchLine>;
}

/**
 * Finds the inputs of a batch.
 *
 * @param context The command's.
 * @param path The file; `-` for standard input.
 * @param format How they are written; what the name of the file says where it is left out.
 * @returns The inputs.
 * @throws {ConfigurationError} When there is no such file, it is a folder, or its name does not say how it is written.
 */
export function openInputs(
  { terminal, signal }: CommandContext,
  path: string,
  format: InputFormat | undefined,
): Inputs {
  const read = READERS[format ?? formatOf(path)];
  if (path === "-") {
    return { label: "standard input", isFile: false, lines: () => read(terminal.inputChunks(signal)) };
  }
  if (!exists(path)) {
    throw new ConfigurationError(`Cannot read the inputs ${path} as there is no such file or folder`, {
      code: "unreadable",
    });
  }
  if (fileState(path) === "directory") {
    throw new ConfigurationError(`Cannot read the inputs ${path} as it is a folder`, { code: "unreadable" });
  }
  return {
    label: path,
    isFile: isPlainFile(path),
    lines: () => read(readChunks(absolutePath(path), "the inputs")),
  };
}

const READERS: Readonly<
  Record<InputFormat, (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<BatchLine>>
> = {
  jsonl: jsonlLines,
  csv: (chunks) => csvLines(chunks, ","),
  tsv: (chunks) => csvLines(chunks, "\t"),
};

function formatOf(path: string): InputFormat {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase();
  if (extension === "csv" || extension === "tsv") return extension;
  if (extension === "json") {
    throw new ConfigurationError(`Cannot tell whether ${path} has an object a line`, {
      code: "unknown_format",
      suggestions: ["A batch reads one JSON object a line: say so by --format jsonl."],
    });
  }
  return "jsonl";
}
