/**
 * Turns what was thrown into a few lines for a person and an exit status.
 *
 * @module
 */

import {
  ConfigurationError,
  CriticError,
  ModelError,
  RetrieverError,
  SifakaError,
  StorageError,
  TimeoutError,
  ValidatorError,
  WorkerLostError,
} from "../errors.ts";
import type { LocatedProblem } from "../config/problem.ts";
import { STATUS } from "./command.ts";
import type { Log } from "./log.ts";
import { printable } from "./paint.ts";

/**
 * The exit status of an error.
 *
 * @param error What was thrown.
 * @returns One of `STATUS`.
 */
export function statusOf(error: unknown): number {
  if (error instanceof ConfigurationError) return STATUS.usage;
  if (error instanceof StorageError) return STATUS.store;
  if (RUN_FAILURES.some((type) => error instanceof type)) return STATUS.model;
  return STATUS.usage;
}

const RUN_FAILURES = [ModelError, CriticError, ValidatorError, RetrieverError, TimeoutError, WorkerLostError];

/**
 * Tells of an error: what is wrong, where, what to do about it; with `-vv` also how it came about.
 *
 * @param error What was thrown.
 * @param log Where to tell it.
 */
export function report(error: unknown, log: Log): void {
  const head = log.paint.bad("error:");
  const located = locatedProblems(error);
  if (located) { for (const line of located) log.error(`${head} ${line}`); }
  else log.error(`${head} ${printable(messageOf(error))}`);
  if (error instanceof SifakaError) {
    for (const suggestion of error.suggestions) log.error(`  ${printable(suggestion)}`);
    const { requestId } = error as { requestId?: string };
    if (requestId !== undefined) log.detail(`  request id: ${printable(requestId)}`);
  }
  if (log.level >= 2) log.debug(stackOf(error));
  else if (!(error instanceof SifakaError)) {
    log.error("  This is a fault of Sifaka or of a component; -vv shows where.");
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/** The lines of a configuration error with the line of the file under each. */
function locatedProblems(error: unknown): string[] | undefined {
  if (!(error instanceof ConfigurationError) || error.metadata.file === undefined) return undefined;
  const problems = error.metadata.problems as readonly LocatedProblem[];
  const { file } = error.metadata;
  return problems.map(({ line, column, message, excerpt }) => {
    const where = line === undefined ? file : `${file}:${line}:${column}`;
    return printable(`${where}: ${message}${excerpt === undefined ? "" : `\n${excerpt}`}`);
  });
}

const MOST_CAUSES = 5;

function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (
    let here = error;
    here !== undefined && stacks.length < MOST_CAUSES;
    here = (here as { cause?: unknown }).cause
  ) {
    const text = here instanceof Error ? here.stack ?? here.message : String(here);
    stacks.push(stacks.length === 0 ? text : `caused by: ${text}`);
    if (typeof here !== "object" || here === null) break;
  }
  return stacks.join("\n");
}
