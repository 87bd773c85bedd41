/**
 * `--watch`: does what a command does again whenever a file changes that it reads.
 *
 * @module
 */

import { ConfigurationError, SifakaError } from "../errors.ts";
import { FileWatch } from "../runtime/file_watch.ts";
import { shortPath } from "../runtime/files.ts";
import { FreshModules } from "../runtime/fresh_modules.ts";
import type { CommandContext, CommandResult } from "./command.ts";
import type { Log } from "./log.ts";
import { printable } from "./paint.ts";
import { report, statusOf } from "./report.ts";
import { plural } from "./wording.ts";

/** Does once what a command does. */
type Action = (context: CommandContext) => Promise<CommandResult>;

/**
 * Refuses standard input, which can be read only once.
 *
 * @param given The options and arguments that may name it.
 * @throws {ConfigurationError} When one does.
 */
export function refuseInputWhileWatching(...given: readonly (string | undefined)[]): void {
  if (!given.includes("-")) return;
  throw new ConfigurationError("--watch cannot watch standard input: give a file instead of -", {
    code: "watch_with_input",
  });
}

/**
 * Does something again and again: at once, and whenever a file changes that it read. A change while it is under way ends it in
 * order, and it begins anew. What goes wrong is reported, and the next change waited for.
 *
 * @param context The command's.
 * @param action What to do; it tells `context.watching` of the files that it reads.
 * @returns Never, but for a failure that no file can mend.
 * @throws The reason of the context's signal, once it is aborted: Ctrl-C.
 */
export async function repeatOnChange(context: CommandContext, action: Action): Promise<CommandResult> {
  for (let round = 1;; round++) {
    const files = new FileWatch();
    const modules = new FreshModules(String(round), (path) => files.note(path));
    try {
      const result = await watchOnce(context, action, { files, modules });
      if (result !== undefined) return result;
    } finally {
      modules.close();
    }
  }
}

interface Round {
  readonly files: FileWatch;
  readonly modules: FreshModules;
}

/** One round: gives nothing when a file has changed, and the result where there is no file to wait for. */
async function watchOnce(
  context: CommandContext,
  action: Action,
  { files, modules }: Round,
): Promise<CommandResult | undefined> {
  const { log, signal } = context;
  const change = new AbortController();
  let isUnderWay = true;
  // Aborted by Ctrl-C, and when the round ends in another way.
  const end = new AbortController();
  const changed = files.changed(AbortSignal.any([signal, end.signal])).then((paths) => {
    tellChange(log, paths, isUnderWay);
    change.abort(new SifakaError("a file changed", { code: "interrupted" }));
  });
  // It is awaited below; until then nobody looks at how it ends.
  changed.catch(() => {});
  try {
    const status = await perform({
      ...context,
      signal: AbortSignal.any([signal, change.signal]),
      watching: {
        onFile: (path) => files.note(path),
        importModule: (path) => modules.load(path),
      },
    }, action);
    isUnderWay = false;
    signal.throwIfAborted();
    if (files.size === 0) return { status };
    if (!change.signal.aborted) {
      log.notice(`exit status ${status}; watching ${plural(files.size, "file")}; Ctrl-C ends`);
    }
    await changed;
  } finally {
    end.abort();
  }
}

/** Does it once, prints what comes of it, and gives the exit status that it would have. */
async function perform(context: CommandContext, action: Action): Promise<number> {
  try {
    const { status, output = "" } = await action(context);
    await context.terminal.stdout.write(output);
    return status;
  } catch (error) {
    // Then the error is but how it ended.
    if (!context.signal.aborted) report(error, context.log);
    return statusOf(error);
  } finally {
    await context.log.flush();
  }
}

function tellChange(log: Log, paths: readonly string[], isUnderWay: boolean): void {
  const what = paths.map((path) => printable(shortPath(path))).join(", ");
  log.notice(`changed: ${what}${isUnderWay ? "; the run under way ends and begins anew" : ""}`);
}
