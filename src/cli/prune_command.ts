/**
 * `sifaka prune`: forgets old runs, with their texts and records.
 *
 * @module
 */

import type { Command } from "commander";
import { ConfigurationError } from "../errors.ts";
import { show } from "../options.ts";
import { ThoughtStore } from "../storage/thought_store.ts";
import {
  type CommandContext,
  type CommandResult,
  type CommonOptions,
  type StartCommand,
  STATUS,
} from "./command.ts";
import { addCommonOptions, DB_OPTION, wholeNumber } from "./options.ts";
import { withStore } from "./store.ts";
import { plural } from "./wording.ts";

interface PruneFlags extends CommonOptions {
  readonly db?: string;
  readonly olderThan?: number;
  readonly keep?: number;
  readonly yes?: boolean;
}

const EXAMPLES = `
Runs that are running stay. Without --yes nothing is removed: the command says what would be.

Examples:
  sifaka prune --older-than 30d
  sifaka prune --older-than 12h --keep 10 --yes`;

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Adds `prune` to the program. */
export function definePrune(program: Command, start: StartCommand): void {
  const command = program.command("prune").description("Remove old runs, with their texts and records.")
    .option(
      "--older-than <TIME>",
      "only those that nothing was written of for so long: 90m, 12h, 30d, 4w",
      duration,
    )
    .option("--keep <N>", "keep so many of the newest in any case", wholeNumber("--keep"))
    .option("-y, --yes", "remove them")
    .option(...DB_OPTION)
    .addHelpText("after", EXAMPLES);
  addCommonOptions(command).action((flags: PruneFlags) => start(flags, (context) => prune(context, flags)));
}

function duration(value: string): number {
  const [, number, unit] = /^(\d+)([mhdw])$/.exec(value.trim()) ?? [];
  if (number !== undefined && unit !== undefined) return Number(number) * UNITS[unit]!;
  throw new ConfigurationError(
    `--older-than must be a whole number with m, h, d or w (minutes to weeks): it is ${show(value)}`,
    { code: "invalid_option" },
  );
}

async function prune(
  context: CommandContext,
  { db, olderThan, keep, yes }: PruneFlags,
): Promise<CommandResult> {
  if (olderThan === undefined && keep === undefined) {
    throw new ConfigurationError("It must be said what to remove: --older-than, --keep, or both", {
      code: "nothing_to_prune",
    });
  }
  const choice = { olderThanMs: olderThan, keepLast: keep };
  return await withStore(context, db, async (storage, label) => {
    const thoughts = new ThoughtStore(storage);
    const found = await thoughts._prunableAsync(choice);
    const recorded = storage.runs?.prunable(choice) ?? [];
    const what = `${plural(found.length, "run")} with ${found.length === 1 ? "its" : "their"} texts and ${
      plural(recorded.length, "record")
    } in ${label}`;
    if (yes !== true) {
      context.log.notice(`would remove ${what}; to do it: the same with --yes`);
      return { status: STATUS.ok };
    }
    await thoughts._pruneAsync(choice);
    // Last, as it gives the room of both back to the file system.
    storage.runs?.prune(choice);
    context.log.notice(`removed ${what}`);
    return { status: STATUS.ok };
  });
}
