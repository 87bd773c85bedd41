/**
 * `sifaka resume` and `sifaka replay`: start a recorded run again.
 *
 * @module
 */

import type { Command } from "commander";
import { ConfigurationError } from "../errors.ts";
import type { RunSummary } from "../storage/runs.ts";
import { type CommandContext, type CommandResult, type CommonOptions, type StartCommand } from "./command.ts";
import type { ConfigFlags } from "./config_file.ts";
import { findRecorded, shortId } from "./ids.ts";
import {
  addCommonOptions,
  collect,
  DB_OPTION,
  EVENTS_OPTION,
  JSON_OPTION,
  ONLY_VALID_OPTION,
} from "./options.ts";
import { type StartRequest, startRun } from "./start_run.ts";
import { chooseUsualStore, withStore } from "./store.ts";

interface AgainFlags extends CommonOptions, ConfigFlags {
  readonly config?: string;
  readonly db?: string;
  readonly json?: boolean;
  readonly force?: boolean;
  readonly onlyValid?: boolean;
  readonly events?: string;
}

const RESUME_EXAMPLES = `
What the run had finished is not called again. A run that failed tries the failed step again.

Examples:
  sifaka resume             the newest run that was interrupted or failed
  sifaka resume 3f2a        the run whose id begins so; \`sifaka runs\` lists them`;

const REPLAY_EXAMPLES = `
Everything is answered from the record of the run: no model, no network. The chain is made as for the run, so its
configuration must be there, and the keys that it names must be set, though they are not used.

Examples:
  sifaka replay last
  sifaka replay 3f2a --json`;

/** Adds `resume` to the program. */
export function defineResume(program: Command, start: StartCommand): void {
  const command = program.command("resume").argument("[ID]", "the run; the newest that can go on by default")
    .description("Go on with a run that was interrupted or failed.")
    .option("--force", "also when the chain has changed; what still fits is kept");
  addOptions(command, RESUME_EXAMPLES).action((id: string | undefined, flags: AgainFlags) =>
    start(flags, (context) => again(context, id, flags, false))
  );
}

/** Adds `replay` to the program. */
export function defineReplay(program: Command, start: StartCommand): void {
  const command = program.command("replay").argument("<ID>", "the run; `last` is the newest")
    .description("Run a recorded run again from its record alone.");
  addOptions(command, REPLAY_EXAMPLES).action((id: string, flags: AgainFlags) =>
    start(flags, (context) => again(context, id, flags, true))
  );
}

function addOptions(command: Command, examples: string): Command {
  command
    .option("--config <FILE>", "the configuration, where it is not what the run was started with")
    .option("--set <PATH=VALUE>", "put a value over the configuration's; can be given again", collect)
    .option(...DB_OPTION)
    .option(...ONLY_VALID_OPTION)
    .option(...EVENTS_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", examples);
  return addCommonOptions(command);
}

async function again(
  context: CommandContext,
  id: string | undefined,
  flags: AgainFlags,
  replay: boolean,
): Promise<CommandResult> {
  const { db, json, force, onlyValid, events } = flags;
  const store = await chooseUsualStore(context, db);
  const run = await withStore(context, db, (storage, label) => {
    const runs = storage.runs?.list() ?? [];
    return Promise.resolve(id === undefined ? newestOpen(runs, label) : findRecorded(runs, id, label));
  });
  const verb = replay ? "replays" : "goes on with";
  context.log.notice(`${verb} run ${shortId(run.runId)} of ${run.startedAt.slice(0, 16)}Z`);
  return await startRun(context, requestOf(context, run, flags), {
    store,
    json,
    force,
    onlyValid,
    events,
    replay,
    runId: run.runId,
  });
}

function newestOpen(runs: readonly RunSummary[], label: string): RunSummary {
  const open = runs.find(({ status }) => status === "interrupted" || status === "failed");
  if (open !== undefined) return open;
  throw new ConfigurationError(`There is no run in ${label} that was interrupted or failed`, {
    code: "nothing_to_resume",
    suggestions: ["`sifaka runs` lists the runs."],
  });
}

/** What the run was started with, and what is put over it now. */
function requestOf(context: CommandContext, { facts, runId }: RunSummary, flags: AgainFlags): StartRequest {
  const { notes } = facts;
  if (notes === undefined && flags.config === undefined) {
    throw new ConfigurationError(
      `Run ${runId} was not started by this command, so its configuration is not known`,
      {
        code: "unknown_configuration",
        suggestions: ["Give it by --config FILE."],
      },
    );
  }
  const { withheld = 0, set = [], ...request } = (notes ?? {}) as StartRequest & {
    readonly withheld?: number;
  };
  if (withheld > 0 && (flags.set ?? []).length === 0) {
    context.log.notice(
      "values of --set that may be secrets were not kept: give them again where they are needed",
    );
  }
  return { ...request, config: flags.config ?? request.config, set: [...set, ...flags.set ?? []] };
}
