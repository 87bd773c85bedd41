/**
 * One line of the inputs of a batch.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Variables } from "../../config/variables.ts";
import type { JsonValue } from "../../json.ts";

/** The fields of a line, by name. */
export type Fields = Readonly<Record<string, JsonValue>>;

/** A line of the inputs. */
export interface BatchLine {
  /** Which line of the file, from 1; of a table, which row below its head. */
  readonly number: number;
  /** Its fields; where it cannot be read as such, what it says. */
  readonly input: Fields | string;
  /** Why it cannot be run. */
  readonly problem?: string;
}

/**
 * Tells lines apart: by their content and where they stand, so that the same line twice is two lines.
 *
 * @param line The line, or its result.
 * @returns 16 hexadecimal digits.
 */
export function keyOf({ number, input }: Pick<BatchLine, "number" | "input">): string {
  return digest(JSON.stringify([number, input])).slice(0, 16);
}

/**
 * Hashes a text.
 *
 * @param text The text.
 * @returns 64 hexadecimal digits.
 */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Makes variables of the fields of a line. Lists and maps, and numbers as they are written, are put in as
 * JSON; what is null has no value.
 *
 * @param fields The fields.
 * @returns The variables.
 */
export function variablesOf(fields: Fields): Variables {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : value]),
  ) as Variables;
}
