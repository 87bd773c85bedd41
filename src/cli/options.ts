/**
 * The options that commands share.
 *
 * @module
 */

import type { Command } from "commander";
import { ConfigurationError } from "../errors.ts";
import { show } from "../options.ts";

/** The option of every command that uses a store. */
export const DB_OPTION = [
  "--db <PATH>",
  "the store: an SQLite file, file:FOLDER, file:NAME.json or a redis:// address",
] as const;

/** The option of every command that prints data. */
export const JSON_OPTION = ["--json", "print one JSON document"] as const;

/** The option of every command that runs a chain, for programs that follow it. */
export const EVENTS_OPTION = [
  "--events <FILE>",
  "add every event of the run to a file, one a line as JSON",
] as const;

/** The option of every command that may be run again and again. */
export const WATCH_OPTION = ["--watch", "do it again whenever a file that it reads changes"] as const;

/** The option of every command that prints the text of a run. */
export const ONLY_VALID_OPTION = ["--only-valid", "print the text only if it is valid"] as const;

/** Adds the options that every command has. */
export function addCommonOptions(command: Command): Command {
  return command
    .option("-q, --quiet", "be silent but for errors")
    .option(
      "-v, --verbose",
      "tell more; -vv tells everything",
      (_value: string, previous: number) => previous + 1,
      0,
    )
    .option("--no-color", "use no colour; NO_COLOR does so too");
}

/** Collects the values of an option that can be given again. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/**
 * Reads a number that an option gives.
 *
 * @param name The option, for the error.
 * @param least The smallest that will do.
 * @param most The largest that will do; none is too large where it is left out.
 * @returns A parser for commander.
 */
export function wholeNumber(name: string, least = 1, most?: number): (value: string) => number {
  const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  return (value) => {
    const number = Number(value);
    const fits = number >= least && number <= (most ?? Infinity);
    if (Number.isSafeInteger(number) && fits && value.trim() !== "") return number;
    throw new ConfigurationError(
      `${name} must be a whole number ${range}: it is ${show(value)}`,
      {
        code: "invalid_option",
      },
    );
  };
}
