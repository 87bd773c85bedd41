/**
 * The program: reads the command line, starts one command, writes its result, and says what went wrong.
 *
 * @module
 */

import { readEnvironment } from "../runtime/env.ts";
import type { Terminal } from "../runtime/terminal.ts";
import { SifakaError } from "../errors.ts";
import { type CommandContext, type CommandResult, type CommonOptions, STATUS } from "./command.ts";
import { Log, type LogLevel } from "./log.ts";
import { createPaint, wantsColor } from "./paint.ts";
import { createProgram, usageOutcome } from "./program.ts";
import { report, statusOf } from "./report.ts";
import { StatusLine } from "./status_line.ts";

export { openTerminal } from "../runtime/terminal.ts";

/** What only the caller may do. */
export interface MainOptions {
  /** Ends the process at once; for a second Ctrl-C. */
  readonly endNow: (status: number) => void;
}

/**
 * Runs the program.
 *
 * @param terminal Where it was started.
 * @param options How it is ended at once.
 * @returns Its exit status, when everything is written.
 */
export async function main(terminal: Terminal, options: MainOptions): Promise<number> {
  let status: number = STATUS.ok;
  const program = createProgram(terminal, async (flags, action) => {
    status = await perform(terminal, flags, action, options);
  });
  try {
    await program.parseAsync(terminal.args, { from: "user" });
    return status;
  } catch (error) {
    const log = createLog(terminal, {});
    const usage = usageOutcome(error);
    if (usage?.message !== undefined) log.error(`${log.paint.bad("error:")} ${usage.message}`);
    if (!usage) report(error, log);
    await log.flush();
    return usage?.status ?? statusOf(error);
  }
}

async function perform(
  terminal: Terminal,
  flags: CommonOptions,
  action: (context: CommandContext) => Promise<CommandResult>,
  { endNow }: MainOptions,
): Promise<number> {
  const log = createLog(terminal, flags);
  const paint = createPaint(wantsColor(terminal.stdout.isTerminal, flags.color, readEnvironment));
  const controller = new AbortController();
  const restore = terminal.onInterrupt((count) => {
    if (count > 1) {
      log.waiting();
      return endNow(STATUS.interrupted);
    }
    log.notice("interrupted: ends in order; Ctrl-C again ends at once");
    controller.abort(new SifakaError("interrupted", { code: "interrupted" }));
  });
  try {
    const { status, output = "" } = await action({ terminal, log, paint, signal: controller.signal });
    await terminal.stdout.write(output);
    return status;
  } catch (error) {
    if (controller.signal.aborted) return STATUS.interrupted;
    report(error, log);
    return statusOf(error);
  } finally {
    // After a first Ctrl-C the second must still find its listener, however late it comes.
    if (!controller.signal.aborted) restore();
    await log.flush();
  }
}

function createLog(terminal: Terminal, { quiet, verbose = 0, color }: CommonOptions): Log {
  const asked = readEnvironment("SIFAKA_LOG");
  const fromEnvironment = asked.state === "set" && asked.value.toLowerCase() === "debug" ? 2 : 0;
  const level = quiet ? -1 : Math.min(2, Math.max(verbose, fromEnvironment));
  const paint = createPaint(wantsColor(terminal.stderr.isTerminal, color, readEnvironment));
  const status = isAnimated(terminal) ? new StatusLine(terminal.stderr) : undefined;
  return new Log(terminal.stderr, level as LogLevel, paint, status);
}

function isAnimated({ stderr }: Terminal): boolean {
  const term = readEnvironment("TERM");
  return stderr.isTerminal && !(term.state === "set" && term.value === "dumb");
}
