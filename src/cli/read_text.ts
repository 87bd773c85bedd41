/**
 * Texts that the command line gives: as they are, from a file, or from standard input.
 *
 * @module
 */

import { ConfigurationError } from "../errors.ts";
import { decodeText, MAX_TEXT_BYTES, readTextFile } from "../runtime/files.ts";
import type { CommandContext } from "./command.ts";

/**
 * Reads a text that is given as itself, as `@file`, or as `-` for standard input.
 *
 * @param context The command's.
 * @param given What the command line says.
 * @returns The text.
 * @throws {ConfigurationError} When the file cannot be read.
 */
export async function readText(context: CommandContext, given: string): Promise<string> {
  if (given.startsWith("@")) return readFile(context, given.slice(1), "the prompt");
  return given === "-" ? await readInput(context) : given;
}

/**
 * Reads a file; `-` is standard input.
 *
 * @param context The command's.
 * @param path The file.
 * @returns Its text.
 * @throws {ConfigurationError} When it cannot be read.
 */
export async function readFileOrInput(context: CommandContext, path: string): Promise<string> {
  return path === "-" ? await readInput(context) : readFile(context, path, "the text");
}

function readFile({ watching }: CommandContext, path: string, subject: string): string {
  watching?.onFile(path);
  return readTextFile(path, { subject });
}

async function readInput({ terminal, signal }: CommandContext): Promise<string> {
  return decodeText(await terminal.readInput(MAX_TEXT_BYTES, signal), "standard input");
}

/**
 * Refuses a blank text.
 *
 * @param text The text.
 * @param subject What it is, for the error.
 * @returns The text.
 * @throws {ConfigurationError} When it is blank.
 */
export function refuseBlank(text: string, subject: string): string {
  if (text.trim() !== "") return text;
  throw new ConfigurationError(`${subject} must not be blank`, { code: "blank_text" });
}
