/**
 * `sifaka runs`: what is running, interrupted, finished or failed, with how to go on.
 *
 * @module
 */

import type { Command } from "commander";
import type { RunStatus, RunSummary } from "../storage/runs.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  jsonOutput,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { shortId, typedId } from "./ids.ts";
import { addCommonOptions, DB_OPTION, JSON_OPTION, wholeNumber } from "./options.ts";
import { withStore } from "./store.ts";
import { minute, plural, shortLine, table, typed } from "./wording.ts";

interface RunsFlags extends CommonOptions {
  readonly db?: string;
  readonly json?: boolean;
  readonly limit: number;
}

const EXAMPLES = `
Examples:
  sifaka runs
  sifaka runs --json | jq -r '.[] | select(.status == "interrupted") | .runId'`;

const DEFAULT_LIMIT = 20;
const TEXT_COLUMNS = 60;

/** Adds `runs` to the program. */
export function defineRuns(program: Command, start: StartCommand): void {
  const command = program.command("runs")
    .description("List the recorded runs: running, interrupted, finished or failed.")
    .option("--limit <N>", "at most so many", wholeNumber("--limit"), DEFAULT_LIMIT)
    .option(...DB_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((flags: RunsFlags) => start(flags, (context) => list(context, flags)));
}

async function list(context: CommandContext, { db, json, limit }: RunsFlags): Promise<CommandResult> {
  return await withStore(context, db, (storage, label) => {
    const all = storage.runs?.list() ?? [];
    const runs = all.slice(0, limit);
    if (json) return Promise.resolve({ status: STATUS.ok, output: jsonOutput(runs) });
    const { log } = context;
    if (all.length === 0) log.notice(`there are no recorded runs in ${label}`);
    else if (all.length > limit) {
      log.notice(`not shown: ${plural(all.length - limit, "older run")}; --limit shows more`);
    }
    const open = runs.find(({ status }) => status === "interrupted" || status === "failed");
    if (open !== undefined) {
      const at = db === undefined ? "" : ` --db ${typed(label)}`;
      log.notice(`to go on with one: sifaka resume ${typedId(open.runId)}${at}`);
    }
    return Promise.resolve({ status: STATUS.ok, output: table(runs.map((run) => cells(run, context))) });
  });
}

function cells(
  { runId, status, startedAt, effects, facts }: RunSummary,
  { paint }: CommandContext,
): string[] {
  const { valid, error, prompt = "" } = facts;
  const verdict = status !== "finished" ? "" : valid ? paint.good("valid") : paint.bad("not valid");
  const about = status === "failed" && error !== undefined ? error.message : prompt;
  return [
    paint.strong(shortId(runId)),
    minute(startedAt),
    colored(status, paint),
    verdict,
    plural(effects, "effect"),
    paint.faint(shortLine(about, TEXT_COLUMNS)),
  ];
}

function colored(status: RunStatus, paint: CommandContext["paint"]): string {
  if (status === "finished") return paint.good(status);
  return status === "running" ? status : paint.bad(status);
}
